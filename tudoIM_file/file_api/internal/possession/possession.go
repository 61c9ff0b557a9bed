// Package possession lets somebody prove that he has the bytes of a file
// without sending them: he is asked for the hash of places in them that he
// cannot choose.
package possession

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"time"

	"tudoIM/common/errs"
)

const (
	// ranges is how many places are asked for, of at most rangeBytes each. A
	// file that is no longer than all of them is asked for as a whole.
	ranges     = 8
	rangeBytes = 32 << 10
	// life is how long a challenge may be answered, and for how long the same
	// places are asked for however often one asks: who knows a part of a file
	// cannot ask until it is that part.
	life = 5 * time.Minute
)

// Claim is what somebody says he has.
type Claim struct {
	UserID uint64
	// Hash is the SHA-256 of the bytes in hex.
	Hash string
	Size int64
}

// Range is a place in the bytes.
type Range struct{ Offset, Length int64 }

// Challenge is what has to be answered to a claim.
type Challenge struct {
	// ID is sealed; nothing is kept of it.
	ID        string
	Ranges    []Range
	ExpiresAt time.Time
}

const (
	sealed = 2 * 8 // the window and the end
	sumLen = sha256.Size / 2
)

// Ask returns the challenge for c at now.
func Ask(key []byte, c Claim, now time.Time) Challenge {
	end := now.Add(life)
	window := now.UnixMilli() / life.Milliseconds()
	b := binary.BigEndian.AppendUint64(nil, uint64(window))       // #nosec G115 -- read back as it was
	b = binary.BigEndian.AppendUint64(b, uint64(end.UnixMilli())) // #nosec G115 -- as well
	id := base64.RawURLEncoding.EncodeToString(append(b, c.sum(key, "id", b)[:sumLen]...))
	return Challenge{ID: id, Ranges: c.ranges(key, b[:8]), ExpiresAt: end}
}

// Check returns the places that the challenge id asks for, or a bad-argument
// error if it is not one for c, or its time is over at now.
func Check(key []byte, id string, c Claim, now time.Time) ([]Range, error) {
	bad := errs.BadArgument("challenge")
	if len(id) != base64.RawURLEncoding.EncodedLen(sealed+sumLen) {
		return nil, bad
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(id)
	if err != nil || !hmac.Equal(b[sealed:], c.sum(key, "id", b[:sealed])[:sumLen]) {
		return nil, bad
	}
	if now.UnixMilli() >= int64(binary.BigEndian.Uint64(b[8:])) { // #nosec G115 -- as it was sealed
		return nil, bad
	}
	return c.ranges(key, b[:8]), nil
}

// sum is over the claim and b, for one purpose.
func (c Claim) sum(key []byte, purpose string, b []byte) []byte {
	m := hmac.New(sha256.New, key)
	// Each part has its length or a fixed one: no two claims say the same.
	_, _ = fmt.Fprintf(m, "%s %d %d %s ", purpose, c.UserID, c.Size, c.Hash)
	m.Write(b)
	return m.Sum(nil)
}

// ranges are the places that c is asked for in a window of time.
func (c Claim) ranges(key, window []byte) []Range {
	if c.Size <= ranges*rangeBytes {
		return []Range{{0, c.Size}}
	}
	random := rand.New(rand.NewChaCha8([32]byte(c.sum(key, "ranges", window)))) // #nosec G404 -- nobody knows the seed
	list := make([]Range, ranges)
	for n := range list {
		list[n] = Range{random.Int64N(c.Size - rangeBytes + 1), rangeBytes}
	}
	slices.SortFunc(list, func(a, b Range) int { return cmp.Compare(a.Offset, b.Offset) })
	return list
}

// Proof returns the SHA-256, in hex, over the places of bytes that list names,
// one behind the other.
func Proof(bytes io.ReadSeeker, list []Range) (string, error) {
	sum := sha256.New()
	for _, r := range list {
		if _, err := bytes.Seek(r.Offset, io.SeekStart); err != nil {
			return "", err
		}
		if _, err := io.CopyN(sum, bytes, r.Length); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// Equal compares two proofs in a time that tells nothing of them.
func Equal(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }
