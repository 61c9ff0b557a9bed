// Package media says what a file is by its bytes, how it may be shown, and
// how its name may be written.
package media

import (
	"mime"
	"path"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"tudoIM/common/errs"
)

// HeadBytes is how much of a file's beginning tells its type.
const HeadBytes = 3072

// Unknown is the type of bytes that are nothing known.
const Unknown = "application/octet-stream"

// plain is the type texts without a listed type of their own are taken for.
const plain = "text/plain"

// a listed type is taken in.
type listed struct {
	kind string
	// inline types may open in the browser that asks: they run nothing.
	inline bool
	// exts are the endings, without dots, that a file's name may claim the
	// type with. One that is listed anywhere is wrong for all other types.
	exts string
}

const (
	image    = "image"
	video    = "video"
	audio    = "audio"
	document = "document"
	archive  = "archive"
	other    = "other"
)

// types is all that is taken in. PDF is not inline: browsers do not open it
// inside the sandbox that every answer is put into.
var types = map[string]listed{
	"image/jpeg":                {image, true, "jpg jpeg jpe jfif"},
	"image/png":                 {image, true, "png"},
	"image/apng":                {image, true, "png apng"},
	"image/gif":                 {image, true, "gif"},
	"image/webp":                {image, true, "webp"},
	"image/bmp":                 {image, true, "bmp dib"},
	"image/avif":                {image, true, "avif"},
	"image/heic":                {image, false, "heic heif"},
	"image/heic-sequence":       {image, false, "heic heif"},
	"image/heif":                {image, false, "heif heic"},
	"image/heif-sequence":       {image, false, "heif heic"},
	"image/tiff":                {other, false, "tif tiff"},
	"image/x-icon":              {other, false, "ico"},
	"image/vnd.adobe.photoshop": {other, false, "psd"},
	"image/vnd.dwg":             {other, false, "dwg"},

	"video/mp4":        {video, true, "mp4 m4v mov 3gp m4a"},
	"video/x-m4v":      {video, false, "m4v mp4"},
	"video/quicktime":  {video, false, "mov qt mp4"},
	"video/webm":       {video, true, "webm weba"},
	"video/ogg":        {video, true, "ogv ogg"},
	"video/matroska":   {video, false, "mkv mka"},
	"video/3gpp":       {video, false, "3gp mp4"},
	"video/3gpp2":      {video, false, "3g2"},
	"video/mpeg":       {video, false, "mpeg mpg"},
	"video/x-msvideo":  {video, false, "avi"},
	"video/x-flv":      {video, false, "flv"},
	"video/x-ms-asf":   {video, false, "wmv wma asf"},
	"audio/mpeg":       {audio, true, "mp3 mp2 mpga"},
	"audio/mp4":        {audio, true, "m4a mp4"},
	"audio/x-m4a":      {audio, true, "m4a mp4"},
	"audio/ogg":        {audio, true, "ogg oga opus"},
	"application/ogg":  {audio, false, "ogg ogx oga opus"},
	"audio/wav":        {audio, true, "wav"},
	"audio/flac":       {audio, true, "flac"},
	"audio/aac":        {audio, true, "aac"},
	"audio/amr":        {audio, false, "amr"},
	"audio/aiff":       {audio, false, "aif aiff"},
	"audio/midi":       {audio, false, "mid midi"},
	"application/pdf":  {document, false, "pdf"},
	plain:              {document, true, "txt csv tsv json ndjson md log srt vtt vcf ics rtf"},
	"text/csv":         {document, false, "csv txt"},
	"text/rtf":         {document, false, "rtf doc"},
	"application/json": {document, false, "json txt"},

	"text/tab-separated-values": {document, false, "tsv txt"},
	"application/epub+zip":      {document, false, "epub"},
	"application/msword":        {document, false, "doc dot wps"},
	"application/vnd.ms-excel":  {document, false, "xls xlt et"},
	"application/vnd.ms-powerpoint": {
		document, false, "ppt pps pot dps",
	},
	"application/x-ole-storage": {document, false, "doc xls ppt dot xlt pps pot wps et dps"},
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": {
		document, false, "docx",
	},
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
		document, false, "xlsx",
	},
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": {
		document, false, "pptx ppsx",
	},
	"application/vnd.oasis.opendocument.text":         {document, false, "odt"},
	"application/vnd.oasis.opendocument.spreadsheet":  {document, false, "ods"},
	"application/vnd.oasis.opendocument.presentation": {document, false, "odp"},

	// Some programs write office files whose beginning does not tell them
	// from other archives.
	"application/zip":             {archive, false, "zip docx xlsx pptx ppsx odt ods odp epub"},
	"application/gzip":            {archive, false, "gz tgz"},
	"application/x-tar":           {archive, false, "tar"},
	"application/x-bzip2":         {archive, false, "bz2 tbz2"},
	"application/x-xz":            {archive, false, "xz txz"},
	"application/zstd":            {archive, false, "zst tzst"},
	"application/x-7z-compressed": {archive, false, "7z"},
	"application/vnd.rar":         {archive, false, "rar"},

	Unknown: {other, false, ""},
}

// runs are endings that some system starts as a program, or opens as a page
// that can run one, when the file is saved and clicked on.
const runs = "apk app bat chm cmd com cpl crx dll dmg exe hta htm html iso jar jnlp js jse lnk mht mhtml msi msix msp " +
	"pif pkg ps1 reg scf scr shtml svg svgz swf url vb vbe vbs wsf wsh xhtml xht xml xsl"

// owners maps a listed ending to the types that may have it.
var owners = func() map[string][]string {
	m := map[string][]string{}
	for name, t := range types {
		for ext := range strings.FieldsSeq(t.exts) {
			m[ext] = append(m[ext], name)
		}
	}
	for ext := range strings.FieldsSeq(runs) {
		m[ext] = nil
	}
	return m
}()

// Detect returns type and kind of the file called name that begins with head:
// HeadBytes, or all of it if it is shorter. It answers errs.FileType if the
// type is not taken in, or is not what the name's ending says.
func Detect(head []byte, name string) (media, kind string, err error) {
	media, ok := listedType(mimetype.Detect(head))
	if !ok {
		return "", "", errs.FileType
	}
	if of, known := owners[ending(name)]; known && !slices.Contains(of, media) {
		return "", "", errs.FileType
	}
	return media, types[media].kind, nil
}

// Refuses reports whether no file may have name, whatever is in it, because of
// how it ends.
func Refuses(name string) bool {
	of, known := owners[ending(name)]
	return known && len(of) == 0
}

func ending(name string) string { return strings.ToLower(strings.TrimPrefix(path.Ext(name), ".")) }

// listedType returns the listed type m is, or may be taken for: texts that
// are not pages are all plain texts. Archives are not taken for their outer
// form, some are programs.
func listedType(m *mimetype.MIME) (string, bool) {
	name := base(m)
	if _, ok := types[name]; ok {
		return name, true
	}
	for ; m != nil; m = m.Parent() {
		switch base(m) {
		case "text/html", "text/xml", "image/svg+xml":
			return "", false
		case plain:
			return plain, true
		}
	}
	return "", false
}

func base(m *mimetype.MIME) string {
	name, _, err := mime.ParseMediaType(m.String())
	if err != nil {
		return m.String()
	}
	return name
}

// Inline reports whether a file of this type may open in the browser that
// asks for it; all others are saved.
func Inline(media string) bool { return types[media].inline }

// ContentType returns the header value for bytes of this type.
func ContentType(media string) string {
	switch {
	case types[media].kind == "":
		return Unknown // a type of another version of this list
	case media == plain:
		return plain + "; charset=utf-8"
	}
	return media
}
