package token

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"

	"tudoIM/common/errs"
)

const (
	// linkBody is three numbers, linkSum the half of a SHA-256 that RFC 2104 §5
	// asks to keep at least.
	linkBody = 3 * 8
	linkSum  = sha256.Size / 2
)

// Link is leave to read one file in somebody's name where no token can be sent,
// while the session that asked for it lives. It says no more of itself than
// that: whether the user may read the file is judged when it is used.
type Link struct {
	File              string
	UserID, SessionID uint64
	// ExpiresAt is when the leave ends, in Unix seconds.
	ExpiresAt int64
}

// LinkKey is the key links are sealed with, by the internal secret.
func LinkKey(secret []byte) []byte { return Key(secret, "file-link") }

// Seal returns l as it stands in an address beside the file.
func (l Link) Seal(key []byte) string {
	b := make([]byte, 0, linkBody+linkSum)
	for _, n := range []uint64{l.UserID, l.SessionID, uint64(l.ExpiresAt)} { // #nosec G115 -- read back as it was
		b = binary.BigEndian.AppendUint64(b, n)
	}
	return base64.RawURLEncoding.EncodeToString(append(b, sumLink(key, b, l.File)...))
}

// OpenLink returns the link that raw is for file, or errs.FileAccess: also if
// it is for another file, or its time is over.
func OpenLink(key []byte, file, raw string, now time.Time) (Link, error) {
	if len(raw) != base64.RawURLEncoding.EncodedLen(linkBody+linkSum) {
		return Link{}, errs.FileAccess
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(raw)
	if err != nil || !hmac.Equal(b[linkBody:], sumLink(key, b[:linkBody], file)) {
		return Link{}, errs.FileAccess
	}
	l := Link{
		File: file, UserID: binary.BigEndian.Uint64(b), SessionID: binary.BigEndian.Uint64(b[8:]),
		ExpiresAt: int64(binary.BigEndian.Uint64(b[16:])), // #nosec G115 -- as it was sealed
	}
	if now.Unix() >= l.ExpiresAt {
		return Link{}, errs.FileAccess
	}
	return l, nil
}

// sumLink is over the body, whose length is fixed, and the file behind it.
func sumLink(key, body []byte, file string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write(body)
	m.Write([]byte(file))
	return m.Sum(nil)[:linkSum]
}
