package possession

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"tudoIM/common/errs"
)

var (
	key   = []byte("a key for nothing but these tests")
	claim = Claim{UserID: 7, Hash: strings.Repeat("ab", 32), Size: 100 << 20}
	noon  = time.UnixMilli(1_700_000_100_000).Truncate(life)
)

func TestAChallengeIsForItsClaimAndItsTime(t *testing.T) {
	t.Parallel()
	c := Ask(key, claim, noon)
	for name, x := range map[string]struct {
		key   []byte
		id    string
		claim Claim
		at    time.Time
		ok    bool
	}{
		"at once":          {key, c.ID, claim, noon, true},
		"at the last":      {key, c.ID, claim, c.ExpiresAt.Add(-time.Millisecond), true},
		"too late":         {key, c.ID, claim, c.ExpiresAt, false},
		"another key":      {[]byte("x"), c.ID, claim, noon, false},
		"somebody else's":  {key, c.ID, Claim{8, claim.Hash, claim.Size}, noon, false},
		"another hash":     {key, c.ID, Claim{7, strings.Repeat("cd", 32), claim.Size}, noon, false},
		"another size":     {key, c.ID, Claim{7, claim.Hash, claim.Size + 1}, noon, false},
		"empty":            {key, "", claim, noon, false},
		"cut":              {key, c.ID[1:], claim, noon, false},
		"no base64":        {key, strings.Repeat("!", len(c.ID)), claim, noon, false},
		"another window":   {key, "B" + c.ID[1:], claim, noon, false},
		"another checksum": {key, c.ID[:len(c.ID)-2] + "AA", claim, noon, false},
	} {
		got, err := Check(x.key, x.id, x.claim, x.at)
		if x.ok && (err != nil || !reflect.DeepEqual(got, c.Ranges)) || !x.ok && (errs.From(err).Data["field"] != "challenge" || got != nil) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestPlacesAreWithinTheBytesAndNotToBeChosen(t *testing.T) {
	t.Parallel()
	for _, size := range []int64{1, rangeBytes, ranges * rangeBytes, ranges*rangeBytes + 1, 2 << 30, 1 << 53} {
		c := claim
		c.Size = size
		asked := Ask(key, c, noon).Ranges
		var sum int64
		for i, r := range asked {
			if r.Offset < 0 || r.Length < 1 || r.Length > size-r.Offset || i > 0 && r.Offset < asked[i-1].Offset {
				t.Errorf("%d: %+v", size, asked)
			}
			sum += r.Length
		}
		if sum != min(size, ranges*rangeBytes) {
			t.Errorf("%d: %d bytes are asked for", size, sum)
		}
	}
	asked := Ask(key, claim, noon).Ranges
	if again := Ask(key, claim, noon.Add(life-1)).Ranges; !reflect.DeepEqual(again, asked) {
		t.Error("who asks again is asked for other places")
	}
	for name, other := range map[string][]Range{
		"later":        Ask(key, claim, noon.Add(life)).Ranges,
		"another user": Ask(key, Claim{8, claim.Hash, claim.Size}, noon).Ranges,
		"another hash": Ask(key, Claim{7, strings.Repeat("cd", 32), claim.Size}, noon).Ranges,
		"another key":  Ask([]byte("x"), claim, noon).Ranges,
	} {
		if reflect.DeepEqual(other, asked) {
			t.Errorf("%s: the same places", name)
		}
	}
}

func TestAProofIsOverThePlacesInTheirOrder(t *testing.T) {
	t.Parallel()
	sum := sha256.Sum256([]byte("cdeab"))
	got, err := Proof(bytes.NewReader([]byte("abcdefgh")), []Range{{2, 3}, {0, 2}})
	if err != nil || !Equal(got, hex.EncodeToString(sum[:])) || Equal(got, "") {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := Proof(bytes.NewReader([]byte("ab")), []Range{{1, 2}}); err == nil || errors.Is(err, errs.Bad) {
		t.Errorf("past the end: %v", err)
	}
}
