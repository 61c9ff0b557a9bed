package media

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// MaxName bounds a file's name in bytes.
	MaxName = 255
	// maxExt is how much of a name that is cut may be its ending.
	maxExt   = 32
	nameless = "file"
)

// Name returns raw as it may be shown to people: without folders, without
// characters that cannot be seen or turn the writing direction, without the
// dots and blanks some systems drop at the end, cut to MaxName bytes with its
// ending kept. It is never empty, and never names anything on a disk.
func Name(raw string) string {
	raw = raw[strings.LastIndexAny(raw, `/\`)+1:]
	name := strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) ||
			unicode.In(r, unicode.Zl, unicode.Zp) {
			return -1
		}
		return r
	}, raw)
	name = strings.TrimRight(strings.TrimSpace(name), ". ")
	if len(name) > MaxName {
		ext := path.Ext(name)
		if len(ext) > maxExt {
			ext = ""
		}
		name = strings.TrimRight(cut(name[:len(name)-len(ext)], MaxName-len(ext))+ext, ". ")
	}
	if name == "" {
		return nameless
	}
	return name
}

// cut returns the first n bytes of s, less those of a character that would be
// cut in two.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// Disposition returns the Content-Disposition of a file called name (RFC
// 6266), which opens where it is asked for if inline, else is saved.
func Disposition(name string, inline bool) string {
	how := "attachment"
	if inline {
		how = "inline"
	}
	name = Name(name)
	var plain, full strings.Builder
	for _, r := range name {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%`, r) {
			r = '_'
		}
		plain.WriteRune(r)
	}
	for _, c := range []byte(name) {
		if isAttr(c) {
			full.WriteByte(c)
		} else {
			fmt.Fprintf(&full, "%%%02X", c)
		}
	}
	return fmt.Sprintf(`%s; filename="%s"; filename*=UTF-8''%s`, how, plain.String(), full.String())
}

// isAttr reports whether c is an attr-char of RFC 5987, which stands for
// itself.
func isAttr(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0
}
