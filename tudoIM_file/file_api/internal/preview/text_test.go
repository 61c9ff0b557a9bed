package preview

import (
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

func TestTheBeginningOfATextIsUTF8(t *testing.T) {
	t.Parallel()
	full := strings.Repeat("a", MaxText)
	for _, c := range []struct {
		name, raw, want string
		more            bool
	}{
		{"nothing", "", "", false},
		{"short", "hello\n", "hello\n", false},
		{"Chinese", "你好，🎉", "你好，🎉", false},
		{"the limit", full, full, false},
		{"one past it", full + "b", full, true},
		{"a character across the limit", full[1:] + "你", full[1:], true},
		{"a character that ends at the limit", full[3:] + "你", full[3:] + "你", false},
		{"a character of four bytes across the limit", full[3:] + "🎉", full[3:], true},
		{"broken", "a\xffb\xc3", "a\ufffdb\ufffd", false},
		{"nothing but broken bytes, which grow", strings.Repeat("\xff", MaxText/3+1), strings.Repeat("\ufffd", MaxText/3), true},
		{"UTF-8 with its mark", "\xef\xbb\xbfhello", "hello", false},
		{"UTF-16 little endian", "\xff\xfeh\x00i\x00\x60\x4f", "hi你", false},
		{"UTF-16 big endian", "\xfe\xff\x00h\x00i\x4f\x60", "hi你", false},
		{"UTF-16 with a pair", "\xfe\xff\xd8\x3c\xdf\x89", "🎉", false},
		{"UTF-16 with half a pair", "\xfe\xff\xd8\x3c\x00a", "\ufffda", false},
		{"UTF-16 cut", "\xff\xfeh\x00i", "h\ufffd", false},
		{"UTF-16 that grows", "\xff\xfe" + strings.Repeat("\x60\x4f", MaxText/2), strings.Repeat("你", MaxText/3), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			text, more, err := beginning(iotest.OneByteReader(strings.NewReader(c.raw)))
			if string(text) != c.want || more != c.more || err != nil {
				t.Errorf("%d bytes %.40q, more %v, error %v", len(text), text, more, err)
			}
		})
	}
	if _, _, err := beginning(iotest.ErrReader(errAway)); err == nil {
		t.Error("a store that fails is an empty text")
	}
}

func FuzzBeginning(f *testing.F) {
	for _, s := range []string{"", "hello", "\xff\xfeh\x00", "\xfe\xff\x00h", "a\xff", strings.Repeat("你", MaxText/3+1)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		text, more, err := beginning(strings.NewReader(raw))
		if err != nil || !utf8.Valid(text) || len(text) > MaxText || more && len(text) < MaxText-utf8.UTFMax {
			t.Errorf("%d bytes, more %v, error %v", len(text), more, err)
		}
	})
}
