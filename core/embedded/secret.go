package embedded

import (
	"crypto/rand"
	"encoding/hex"
)

// secret returns 128 random bits in a form that needs no escaping in a URL.
func secret() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return hex.EncodeToString(b[:])
}
