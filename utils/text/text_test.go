package text

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"ann", "Ann", "ANN", "ａｎｎ", "ＡＮＮ"}, {"straße", "STRASSE", "Strasse"}, {"é", "e\u0301", "É"}, {"σ", "ς", "Σ"}, {"ﬁ", "fi", "FI"}, {"①", "1"},
	} {
		for _, s := range same {
			if Fold(s) != Fold(same[0]) {
				t.Errorf("%q folds to %q, %q to %q", s, Fold(s), same[0], Fold(same[0]))
			}
		}
	}
	if Fold("ann") == Fold("anne") || Fold("а") == Fold("a") { // the first is Cyrillic
		t.Error("what differs is the same")
	}
}

func TestPlainAndLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, s     string
		plain, line bool
	}{
		{"nothing", "", true, true}, {"a word", "ann", true, true}, {"at the limit", "12345", true, true}, {"one more", "123456", false, false},
		{"characters, not bytes", "你好你好你", true, true}, {"emoji at the limit", "🙂🙂🙂🙂🙂", true, true}, {"one emoji more", "🙂🙂🙂🙂🙂🙂", false, false},
		{"lines", "a\r\nb", true, false}, {"a tab", "a\tb", true, false}, {"a separator of lines", "a\u2028b", true, false}, {"one of paragraphs", "a\u2029b", true, false}, {"NUL", "a\x00b", false, false}, {"escape", "\x1b[0m", false, false}, {"delete", "\x7f", false, false},
		{"C1", "\u0085", false, false}, {"right to left", "a\u202eb", false, false}, {"isolate", "\u2066", false, false}, {"mark", "\u200f", false, false},
		{"no UTF-8", "\xff", false, false}, {"joiners of emoji", "👨\u200d👩", true, true}, {"Hebrew", "שלום", true, true},
	} {
		if got := Plain(c.s, 5); got != c.plain {
			t.Errorf("%s: Plain %v", c.name, got)
		}
		if got := Line(c.s, 5); got != c.line {
			t.Errorf("%s: Line %v", c.name, got)
		}
	}
}

func TestVisible(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"": false, " \t\n": false, "\u3000": false, "\u200b\u200d\ufeff": false, "\u3164": false, "\u115f": false, "\x00": false, "\u00ad": false,
		"a": true, " 你 ": true, "🙂": true, "\u200ba": true, ".": true,
	} {
		if Visible(s) != want {
			t.Errorf("Visible(%q) = %v", s, !want)
		}
	}
}

func TestIsHex(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{"09af": true, "09AF": false, "09a": false, "09aff": false, "09ag": false, "": false, "0 af": false, "٣af": false} {
		if IsHex(s, 4) != want {
			t.Errorf("IsHex(%q) = %v", s, !want)
		}
	}
}

func TestLike(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{"": "%%", "a": "%a%", "100%": "%100!%%", "a_b": "%a!_b%", "!": "%!!%", "!%_": "%!!!%!_%"} {
		if got := Like(key); got != want {
			t.Errorf("Like(%q) = %q, want %q", key, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"", "Ann", "e\u0301", "\xff", "\u202e", "ﬁ", "İ", "%_!"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if utf8.ValidString(s) && !utf8.ValidString(Fold(s)) {
			t.Errorf("Fold(%q) is no text", s)
		}
		if Line(s, 10) && (!Plain(s, 10) || strings.ContainsAny(s, "\r\n") || utf8.RuneCountInString(s) > 10) {
			t.Errorf("%q is no line", s)
		}
		// Unescaped, the pattern is the key again.
		p := strings.NewReplacer("!!", "!", "!%", "%", "!_", "_").Replace(Like(s))
		if p != "%"+s+"%" {
			t.Errorf("Like(%q) = %q", s, Like(s))
		}
	})
}
