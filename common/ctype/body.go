// Package ctype holds the bodies of messages: one struct a type, one validator
// for all, and the short text a list shows of each.
package ctype

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"tudoIM/common/errs"
)

// Types of messages. The numbers are the protocol's and never change.
const (
	TypeText int32 = 1
)

// Limits of bodies.
const (
	// MaxText is the longest text in code points, MaxTextBytes in bytes.
	MaxText      = 4000
	MaxTextBytes = 16 << 10
	// previewLen is the length of a preview in code points.
	previewLen = 64
)

// Body is a message's body as clients send and get it: its type, and the part
// of that type under its own key.
type Body struct {
	Type int32 `json:"type"`
	Text *Text `json:"textMsg,omitempty"`
}

// Text is a body of type 1.
type Text struct {
	Content string `json:"content"`
}

// kind is what one type of message must satisfy.
type kind struct {
	// check reports what is wrong with the body, which has the part it needs.
	check func(b *Body) error
	// has reports whether the part of this type is there.
	has     func(b *Body) bool
	preview func(b *Body) string
}

var kinds = map[int32]kind{
	TypeText: {
		has:     func(b *Body) bool { return b.Text != nil },
		check:   func(b *Body) error { return checkText(b.Text.Content) },
		preview: func(b *Body) string { return b.Text.Content },
	},
}

// Parse reads and judges a body that a client sent: errs.BadMessage for a
// type that clients may not send or whose part is missing, errs.BadLength for
// an empty or too long one. Fields it does not know are dropped.
func Parse(raw []byte) (*Body, error) {
	var b Body
	if len(raw) == 0 || json.Unmarshal(raw, &b) != nil {
		return nil, errs.BadMessage
	}
	k, ok := kinds[b.Type]
	if !ok || !k.has(&b) {
		return nil, errs.BadMessage
	}
	if err := k.check(&b); err != nil {
		return nil, err
	}
	return &b, nil
}

// Encode returns b as the document that is stored and shown, with its text
// verbatim: '<' stays '<', for bodies are never put into HTML as they are.
func (b *Body) Encode() ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(b); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte{'\n'}), nil
}

// Preview returns the line a conversation list shows of b.
func (b *Body) Preview() string {
	return Shorten(kinds[b.Type].preview(b), previewLen)
}

// Shorten returns the first n code points of s on one line.
func Shorten(s string, n int) string {
	out := make([]rune, 0, n)
	for _, r := range s {
		if len(out) == n {
			return string(out) + "…"
		}
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			r = ' '
		}
		out = append(out, r)
	}
	return string(out)
}

func checkText(s string) error {
	if len(s) > MaxTextBytes || utf8.RuneCountInString(s) > MaxText || blank(s) {
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
