package ctype

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tudoIM/common/errs"
)

// Limits of texts.
const (
	// MaxText is the longest text in code points, MaxTextBytes in bytes.
	MaxText      = 4000
	MaxTextBytes = 16 << 10
	// MaxAt is the number of users that one message may name.
	MaxAt = 20
)

// maxID is the highest id: above it a client's numbers are no longer exact.
const maxID = 1<<53 - 1

// TextMsg is the part of a text and of a markdown.
type TextMsg struct {
	Content string `json:"content"`
}

func (t *TextMsg) check(l Limits) error { return checkText(t.Content, l) }
func (t *TextMsg) text() string         { return t.Content }
func (t *TextMsg) detail() string       { return t.Content }

// AtMsg is a text that calls users by name.
type AtMsg struct {
	Content string   `json:"content"`
	UserIDs []uint64 `json:"userIds"`
}

// check leaves each user once, in the order of the first mention.
func (a *AtMsg) check(l Limits) error {
	users := make([]uint64, 0, min(len(a.UserIDs), MaxAt))
	for _, u := range a.UserIDs {
		if slices.Contains(users, u) {
			continue
		}
		if !isID(u) || len(users) == MaxAt {
			return bad("userIds")
		}
		users = append(users, u)
	}
	if len(users) == 0 {
		return bad("userIds")
	}
	a.UserIDs = users
	return checkText(a.Content, l)
}

func (a *AtMsg) text() string   { return a.Content }
func (a *AtMsg) detail() string { return a.Content }

// checkText judges a text, which is stored as it is.
func checkText(s string, l Limits) error {
	longest := MaxText
	if l.Text > 0 {
		longest = min(l.Text, MaxText)
	}
	if len(s) > MaxTextBytes || utf8.RuneCountInString(s) > longest || blank(s) {
		return errs.BadLength
	}
	return nil
}

// blank reports whether s shows nothing at all: white space, controls and the
// characters that only format others.
func blank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.IsControl(r) && !unicode.Is(unicode.Cf, r)
	}) < 0
}

// isLine reports whether s is on one line and has at most n code points.
func isLine(s string, n int) bool {
	return utf8.RuneCountInString(s) <= n && strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	}) < 0
}

func isID(id uint64) bool { return 0 < id && id <= maxID }
