package rand

import (
	"encoding/base64"
	"encoding/hex"
	"testing"
)

func TestTokensAreOfTheLengthAskedForAndDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		h, u := Hex(16), URL(16)
		if b, err := hex.DecodeString(h); err != nil || len(b) != 16 {
			t.Fatalf("%q: %v", h, err)
		}
		if b, err := base64.RawURLEncoding.DecodeString(u); err != nil || len(b) != 16 {
			t.Fatalf("%q: %v", u, err)
		}
		if seen[h] || seen[u] {
			t.Fatal("one came twice")
		}
		seen[h], seen[u] = true, true
	}
	if Hex(0) != "" || URL(0) != "" {
		t.Error("of no length")
	}
}
