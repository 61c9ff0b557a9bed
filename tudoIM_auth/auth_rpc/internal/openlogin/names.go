package openlogin

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tudoIM/utils/text"
)

const (
	maxName     = 32
	maxNickname = 32
	// tries is how many names are tried for a new account.
	tries = 10
)

// Names returns user names for p to try in turn: the own one at the provider,
// else what is before the @ of the address, else flag; then with numbers, and
// in the end with one that nobody has.
func (p Person) Names(flag string) []string {
	mailbox, _, _ := strings.Cut(p.Email, "@")
	base := flag
	for _, s := range []string{p.UserName, mailbox} {
		if s = letters(s); len([]rune(s)) >= 2 {
			base = s
			break
		}
	}
	list := []string{base}
	for n := 2; n < tries; n++ {
		list = append(list, fmt.Sprint(cut(base, maxName-3), "-", n))
	}
	return append(list, cut(flag, maxName-17)+"-"+strings.ToLower(random()[:16]))
}

// letters is what of s may be in a user name. Digits alone would be an id.
func letters(s string) string {
	if len(s) > 512 {
		return ""
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_.-", r) {
			return r
		}
		return -1
	}, norm.NFKC.String(strings.ToValidUTF8(s, "")))
	if strings.IndexFunc(s, unicode.IsLetter) < 0 {
		return ""
	}
	return cut(s, maxName)
}

// Nickname is p's name as it may be shown, or "".
func (p Person) Nickname() string {
	s := cut(strings.TrimSpace(strings.ToValidUTF8(p.Name, "")), maxNickname)
	if !text.Line(s, maxNickname) || !text.Visible(s) {
		return ""
	}
	return s
}

func cut(s string, limit int) string {
	r := []rune(s)
	return string(r[:min(len(r), limit)])
}
