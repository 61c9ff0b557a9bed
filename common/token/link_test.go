package token

import (
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"tudoIM/common/errs"
)

func TestALinkOpensOneFileForOneSessionForAWhile(t *testing.T) {
	t.Parallel()
	key, uid := LinkKey(secret), "AAAAAAAAAAAAAAAAAAAAAA"
	link := Link{File: uid, UserID: 7, SessionID: 9, ExpiresAt: now.Unix() + 60}
	raw := link.Seal(key)
	if got, err := OpenLink(key, uid, raw, now.Add(59*time.Second)); err != nil || got != link {
		t.Errorf("%+v, %v", got, err)
	}
	turned := func(at int) string {
		b, err := base64.RawURLEncoding.DecodeString(raw)
		if err != nil {
			t.Fatal(err)
		}
		b[at] ^= 1
		return base64.RawURLEncoding.EncodeToString(b)
	}
	for _, c := range []struct {
		name, file, raw string
		key             []byte
		now             time.Time
	}{
		{"at its end", uid, raw, key, now.Add(60 * time.Second)},
		{"long over", uid, raw, key, now.Add(time.Hour)},
		{"another file", "AAAAAAAAAAAAAAAAAAAAAB", raw, key, now},
		{"a part of the file", uid[:21], raw, key, now},
		{"no file", "", raw, key, now},
		{"another user", uid, turned(7), key, now},
		{"another session", uid, turned(15), key, now},
		{"another end", uid, turned(23), key, now},
		{"another sum", uid, turned(24), key, now},
		{"the end of the sum", uid, turned(linkBody + linkSum - 1), key, now},
		{"another key", uid, raw, LinkKey([]byte("another")), now},
		{"the key of another purpose", uid, raw, Key(secret, "identity"), now},
		{"the secret itself", uid, raw, secret, now},
		{"cut", uid, raw[:len(raw)-1], key, now},
		{"longer", uid, raw + "A", key, now},
		{"empty", uid, "", key, now},
		{"no base64", uid, raw[:len(raw)-1] + "%", key, now},
		{"a newline in it", uid, raw[:len(raw)-1] + "\n", key, now},
		{"without a sum", uid, base64.RawURLEncoding.EncodeToString(make([]byte, linkBody+linkSum)), key, now},
	} {
		if got, err := OpenLink(c.key, c.file, c.raw, c.now); !errors.Is(err, errs.FileAccess) {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
}
