package ctype

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed emoji.txt
var emojiList string

// maxEmoji is more bytes than any emoji has.
const maxEmoji = 64

// variation asks for the coloured form of the character before it. Not every
// keyboard sends it.
const variation = '\uFE0F'

// emojis maps an emoji without variations to the emoji as Unicode writes it.
var emojis = sync.OnceValue(func() map[string]string {
	m := make(map[string]string, 4096)
	for line := range strings.Lines(emojiList) {
		e := strings.TrimSuffix(line, "\n")
		if e != "" && e != "#" && !strings.HasPrefix(e, "# ") {
			m[unvaried(e)] = e
		}
	}
	return m
})

// Emoji returns s as Unicode writes it when it is exactly one emoji, so that
// one that is sent in two spellings is still one.
func Emoji(s string) (string, bool) {
	if len(s) > maxEmoji {
		return "", false
	}
	e, ok := emojis()[unvaried(s)]
	if !ok {
		return "", false
	}
	// s is e, less some of its variations.
	rest := s
	for _, r := range e {
		next, size := utf8.DecodeRuneInString(rest)
		if size > 0 && next == r {
			rest = rest[size:]
		} else if r != variation {
			return "", false
		}
	}
	return e, rest == ""
}

// IsEmoji reports whether s is exactly one emoji: a character, a flag, a
// keycap, a sequence, with a skin tone or without.
func IsEmoji(s string) bool {
	_, ok := Emoji(s)
	return ok
}

func unvaried(s string) string { return strings.ReplaceAll(s, string(variation), "") }
