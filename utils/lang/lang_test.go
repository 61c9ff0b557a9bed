package lang

import "testing"

func TestOf(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{
		"": "zh", "zh": "zh", "zh-CN,zh;q=0.9,en;q=0.8": "zh", "ZH-TW": "zh", "en": "en", "EN-us": "en", "en-GB, zh": "en", "zh,en": "zh",
		"fr, en;q=0.5": "en", "fr,de": "zh", "*": "zh", " en ": "en", ",,,en": "en", "xen": "zh", "\xff": "zh",
	} {
		if got := Of(accept); got != want {
			t.Errorf("Of(%q) = %q, want %q", accept, got, want)
		}
	}
}
