// Package text judges and compares what people type.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold maps spellings of the same text to one.
func Fold(s string) string {
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s)))
}

// Line reports whether s is a text of one line with at most limit characters.
func Line(s string, limit int) bool {
	return Plain(s, limit) && !strings.ContainsAny(s, "\r\n\t\u2028\u2029")
}

// Plain reports whether s has at most limit characters and none that changes
// how others are shown: controls, and marks that turn the writing direction.
func Plain(s string, limit int) bool {
	if len(s) > limit*utf8.UTFMax || utf8.RuneCountInString(s) > limit || !utf8.ValidString(s) {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && !strings.ContainsRune("\r\n\t", r) || unicode.Is(unicode.Bidi_Control, r)
	}) < 0
}

// Visible reports whether anything of s can be seen.
func Visible(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
	}) >= 0
}

// IsHex reports whether s is n digits of hex in lower case.
func IsHex(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789abcdef") == ""
}

// Like is the pattern for LIKE ... ESCAPE '!' that finds key anywhere.
func Like(key string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(key) + "%"
}
