package ctype

import (
	"strings"
	"testing"
)

func TestIsEmoji(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		s    string
		want bool
	}{
		"a face":                  {"😀", true},
		"of Unicode 15":           {"🫨", true},
		"of Unicode 16":           {"\U0001FAE9", true},
		"of Unicode 17":           {"\U0001FAC8", true},
		"a skin tone":             {"👍🏽", true},
		"a family":                {"👨‍👩‍👧‍👦", true},
		"a couple of two tones":   {"🧑🏻‍❤️‍💋‍🧑🏿", true},
		"the same, less selector": {"🧑🏻‍❤‍💋‍🧑🏿", true},
		"a flag":                  {"🇨🇳", true},
		"a flag of tags":          {"🏴\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F", true},
		"a rainbow flag":          {"🏳️‍🌈", true},
		"a keycap":                {"1️⃣", true},
		"a keycap, less selector": {"#⃣", true},
		"a heart":                 {"❤️", true},
		"a heart, less selector":  {"❤", true},

		"nothing":                    {"", false},
		"a digit":                    {"1", false},
		"a hash":                     {"#", false},
		"a digit with a selector":    {"1\ufe0f", false},
		"a letter":                   {"a", false},
		"a word":                     {"好", false},
		"a shortcode":                {":smile:", false},
		"two":                        {"😀😀", false},
		"a blank after":              {"😀 ", false},
		"a letter after":             {"😀a", false},
		"a letter before":            {"a😀", false},
		"a selector alone":           {"\ufe0f", false},
		"a selector too many":        {"❤\ufe0f\ufe0f", false},
		"a selector before":          {"\ufe0f❤", false},
		"a selector it has not":      {"😀\ufe0f", false},
		"the textual form":           {"❤\ufe0e", false},
		"a joiner alone":             {"\u200d", false},
		"a joiner after":             {"😀\u200d", false},
		"a sequence nobody draws":    {"😀\u200d😀", false},
		"half a flag":                {"🇨", false},
		"a flag of no country":       {"🇦🇦", false},
		"a flag and a half":          {"🇨🇳🇨", false},
		"a tone on what has none":    {"😀🏽", false},
		"an accent on it":            {"😀\u0301", false},
		"a zero-width blank":         {"😀\u200b", false},
		"broken text":                {"\xf0\x9f\x98", false},
		"a line of the data":         {"# UNICODE LICENSE V3", false},
		"an empty line of the data":  {"# ", false},
		"a long row":                 {strings.Repeat("😀", 99), false},
		"a long row of selectors":    {"❤" + strings.Repeat("\ufe0f", 99), false},
		"a terrible string of marks": {"Z\u0351\u036b\u0343\u036a", false},
	} {
		if got := IsEmoji(c.s); got != c.want {
			t.Errorf("%s: %+q is %v", name, c.s, got)
		}
	}
}

func TestAnEmojiOfTwoSpellingsIsOne(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"❤️", "❤"} {
		if got, ok := Emoji(s); !ok || got != "❤️" {
			t.Errorf("%+q is %+q, %v", s, got, ok)
		}
	}
}

func TestEveryEmojiOfUnicode(t *testing.T) {
	t.Parallel()
	if len(emojis()) != 3953 { // RGI_Emoji of Unicode 17.0
		t.Errorf("%d emoji", len(emojis()))
	}
	for short, e := range emojis() {
		for _, s := range []string{short, e} {
			if got, ok := Emoji(s); !ok || got != e || len(s) > maxEmoji {
				t.Errorf("%+q is %+q, %v", s, got, ok)
			}
		}
		if IsEmoji(e + e) {
			t.Errorf("%+q twice is one", e)
		}
	}
}
