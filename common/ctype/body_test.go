package ctype

import (
	"errors"
	"strings"
	"testing"

	"tudoIM/common/errs"
)

func TestParse(t *testing.T) {
	t.Parallel()
	text := func(s string) string { return `{"type":1,"textMsg":{"content":"` + s + `"}}` }
	for _, c := range []struct {
		name, raw string
		want      error
	}{
		{"a text", text("hello"), nil},
		{"a text at the limit", text(strings.Repeat("好", MaxText)), nil},
		{"a text one past the limit", text(strings.Repeat("好", MaxText+1)), errs.BadLength},
		{"a text over the bytes", text(strings.Repeat("😀", MaxText) + strings.Repeat("a", 400)), errs.BadLength},
		{"an empty text", text(""), errs.BadLength},
		{"a blank text", text(` \n\t　`), errs.BadLength},
		{"a text of zero-width characters", text(`\u200b\u200d\ufeff`), errs.BadLength},
		{"no part", `{"type":1}`, errs.BadMessage},
		{"the part of another type", `{"type":1,"imageMsg":{"src":"x"}}`, errs.BadMessage},
		{"a part that is null", `{"type":1,"textMsg":null}`, errs.BadMessage},
		{"a type of the server", `{"type":12,"tipMsg":{"content":"x"}}`, errs.BadMessage},
		{"an unknown type", `{"type":99}`, errs.BadMessage},
		{"no type", `{"textMsg":{"content":"x"}}`, errs.BadMessage},
		{"an array", `[]`, errs.BadMessage},
		{"null", `null`, errs.BadMessage},
		{"nothing", ``, errs.BadMessage},
		{"a type that is text", `{"type":"1"}`, errs.BadMessage},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, err := Parse([]byte(c.raw)); !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestTextIsKeptVerbatim(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"<img onerror=x>", "a\x1b[31mb", "\u202eabc", "x\x00y", "😀 & 你好", " padded "} {
		b := &Body{Type: TypeText, Text: &Text{Content: s}}
		raw, err := b.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := Parse(raw)
		if err != nil || back.Text.Content != s {
			t.Fatalf("%q came back as %+v, %v", s, back, err)
		}
	}
}

func TestPreviewIsOneShortLine(t *testing.T) {
	t.Parallel()
	b := &Body{Type: TypeText, Text: &Text{Content: "a\nb" + strings.Repeat("好", 100)}}
	got := b.Preview()
	if strings.Contains(got, "\n") || len([]rune(got)) != previewLen+1 {
		t.Fatalf("preview %q", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"type":1,"textMsg":{"content":"hello"}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := Parse(raw)
		if err != nil {
			return
		}
		if out, err := b.Encode(); err != nil || len(out) == 0 || b.Preview() == "" {
			t.Fatalf("an accepted body does not encode: %v", err)
		}
	})
}
