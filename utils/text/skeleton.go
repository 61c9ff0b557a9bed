package text

import "strings"

// Skeleton folds what looks the same to one: case, width, ligatures, and letters
// of several scripts that have the shape of a Latin one. It is compared, never
// shown.
func Skeleton(s string) string { return twins.Replace(Fold(s)) }

// twins are letters that look like a Latin one, small or capital. A name has
// letters of one such script only, so one that has any other letter of it
// still differs from every Latin name.
var twins = strings.NewReplacer(pairs(
	"аaвbсcԁdеeһhнhіiјjкkӏlмmоoрpԛqѕsтtуyүyԝwхx" + // Cyrillic
		"αaβbεeηhιiκkμmνvοoρpτtυyχxζz" + // Greek
		"օoոnսuհhզqցgյj" + // Armenian
		"ⲟoⲣpⲥcⲭxⲏhⲕkⲙmⲧtⲁaⲃbⲉeⲓiⲛnⲩyⲍz" + // Coptic
		"ꭰdꭱrꭲtꭺaꭻjꭼeꮃwꮇmꮋhꮐgꮓzꮪsꮩvꮮlꮯcꮲpꮶkᏼb" + // Cherokee
		"ꓐbꓑpꓓdꓔtꓖgꓗkꓙjꓚcꓜzꓝfꓟmꓠnꓡlꓢsꓣrꓦvꓧhꓪwꓫxꓬyꓮaꓰeꓲiꓳoꓴu" + // Lisu
		"ıiȷjɑaɡgɩi")...) // Latin

// pairs splits s into its characters.
func pairs(s string) []string { return strings.Split(s, "") }
