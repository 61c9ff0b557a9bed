// Package rand makes unguessable tokens.
package rand

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
)

// Hex returns n random bytes as 2n hex digits.
func Hex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // crypto/rand.Read never fails since Go 1.24: it aborts the process instead
	return hex.EncodeToString(b)
}

// URL returns n random bytes in the alphabet that is safe in URLs.
func URL(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}
