package preview

import (
	"context"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// MaxText bounds what is shown of a text, in bytes of UTF-8.
const MaxText = 64 << 10

// Text returns the beginning of f, a text, as UTF-8, and whether there is more
// of it. What begins with the mark of UTF-16 is read as that; what no
// encoding explains becomes U+FFFD.
func (m *Maker) Text(ctx context.Context, f File) (text []byte, more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, m.limits.Wait)
	defer cancel()
	b, err := m.open(ctx, f)
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = b.Close() }()
	if text, more, err = beginning(&patient{ctx, b}); err != nil {
		return nil, false, unavailable(fmt.Errorf("preview of %s: %w", f.Key, err))
	}
	return text, more, nil
}

func beginning(r io.Reader) (text []byte, more bool, err error) {
	decoder := unicode.BOMOverride(unicode.UTF8.NewDecoder())
	text, err = io.ReadAll(io.LimitReader(transform.NewReader(r, decoder), MaxText+1))
	if err != nil || len(text) <= MaxText {
		return text, false, err
	}
	end := MaxText
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end], true, nil
}
