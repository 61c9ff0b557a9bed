package model

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tudoIM/common/errs"
	"tudoIM/utils/text"
)

// Bounds of texts, in characters.
const (
	minName     = 2
	maxName     = 32
	maxNickname = 32
	maxAbstract = 200
	maxNotice   = 32
	maxRecall   = 64
	maxSource   = 32
	maxKey      = 64
)

// maxNameBytes bounds what is normalised: a character may be written as a
// letter and several marks.
const maxNameBytes = 512

// Name is a user name as it is shown, and the key under which it is unique:
// names that differ only in case, width, ligatures or letters of another
// script that look the same have the same key.
type Name struct{ Shown, Key string }

// ParseName returns errs.BadName for what may not be a user name.
func ParseName(raw string) (Name, error) {
	if len(raw) > maxNameBytes || !utf8.ValidString(raw) {
		return Name{}, errs.BadName
	}
	shown := norm.NFKC.String(raw)
	if n := utf8.RuneCountInString(shown); n < minName || n > maxName {
		return Name{}, errs.BadName
	}
	digits := true
	for _, r := range shown {
		if !nameRune(r) {
			return Name{}, errs.BadName
		}
		digits = digits && unicode.IsDigit(r)
	}
	// Digits alone would be taken for an id at login.
	if digits || mixed(shown) {
		return Name{}, errs.BadName
	}
	return Name{Shown: shown, Key: text.Skeleton(shown)}, nil
}

func nameRune(r rune) bool {
	// Some letters have no shape: Hangul fillers.
	if unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) {
		return false
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_.-", r)
}

// alike are scripts many of whose letters look the same.
var alike = []*unicode.RangeTable{
	unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Armenian, unicode.Cherokee, unicode.Coptic, unicode.Lisu,
}

// mixed reports whether s has letters of several scripts that look alike: a
// Cyrillic letter among Latin ones only serves to copy a name.
func mixed(s string) bool {
	found := 0
	for _, script := range alike {
		if strings.IndexFunc(s, func(r rune) bool { return unicode.Is(script, r) }) >= 0 {
			found++
		}
	}
	return found > 1
}
