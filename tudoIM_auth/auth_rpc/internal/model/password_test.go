package model

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"

	"tudoIM/common/errs"
)

func newPasswords(t *testing.T) *Passwords {
	t.Helper()
	p, err := NewPasswords()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestStrength(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, pwd string
		want      *errs.Error
	}{
		{"empty", "", errs.WeakPassword},
		{"7 characters", "1234567", errs.WeakPassword},
		{"8 characters", "12345678", nil},
		{"7 wide characters", strings.Repeat("密", 7), errs.WeakPassword},
		{"8 wide characters", strings.Repeat("密", 8), nil},
		{"128 characters", strings.Repeat("p", 128), nil},
		{"129 characters", strings.Repeat("p", 129), errs.WeakPassword},
		{"128 of four bytes", strings.Repeat("😀", 128), nil},
		{"129 of four bytes", strings.Repeat("😀", 129), errs.WeakPassword},
		{"blanks only", strings.Repeat(" ", 12), errs.WeakPassword},
		{"wide blanks only", strings.Repeat("\u3000", 12), errs.WeakPassword},
		{"blanks around", "  pass  ", nil},
		{"NUL inside", "pass\x00word", errs.WeakPassword},
		{"no text", "password\xff", errs.WeakPassword},
		{"SQL", "' OR 1=1 -- ", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantCode(t, c.name, CheckStrength(c.pwd), c.want)
		})
	}
}

func TestHashesAreArgon2id(t *testing.T) {
	t.Parallel()
	p := newPasswords(t)
	first, err := p.Hash(t.Context(), "password")
	if err != nil {
		t.Fatal(err)
	}
	second, err := p.Hash(t.Context(), "password")
	if err != nil {
		t.Fatal(err)
	}
	if first == second {
		t.Error("two hashes of one password are the same: no salt")
	}
	// An attacker's guess costs at least what OWASP asks for; the dummy costs
	// just the same, or it would tell who has an account.
	for what, hash := range map[string]string{"hash": first, "dummy": p.dummy} {
		if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("%s: %s", what, hash)
		}
		_, salt, key, err := argon2id.DecodeHash(hash)
		if err != nil || len(salt) != 16 || len(key) != 32 {
			t.Errorf("%s: salt of %d, key of %d bytes, error %v", what, len(salt), len(key), err)
		}
	}
	if len(first) > 128 {
		t.Errorf("%d bytes", len(first))
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	p := newPasswords(t)
	long := strings.Repeat("😀", 128)
	hashes := map[string]string{}
	for _, pwd := range []string{"password", long} {
		h, err := p.Hash(t.Context(), pwd)
		if err != nil {
			t.Fatal(err)
		}
		hashes[pwd] = h
	}
	for _, c := range []struct {
		name, pwd, hash string
		want            *errs.Error
	}{
		{"right", "password", hashes["password"], nil},
		{"right, the longest", long, hashes[long], nil},
		{"one character more", long + "x", hashes[long], errs.BadCredentials},
		{"other case", "Password", hashes["password"], errs.BadCredentials},
		{"blank behind", "password ", hashes["password"], errs.BadCredentials},
		{"empty", "", hashes["password"], errs.BadCredentials},
		{"no account", "password", "", errs.BadCredentials},
		{"no account, the dummy's own password", "no account has this password", "", errs.BadCredentials},
		{"no account, empty", "", "", errs.BadCredentials},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantCode(t, c.name, p.Check(t.Context(), c.pwd, c.hash), c.want)
		})
	}
	if err := p.Check(t.Context(), "password", "not a hash"); err == nil || errs.From(err) != errs.Internal {
		t.Errorf("a broken hash: %v", err)
	}
}

// A login that cannot succeed does the work of one that could: what it is
// compared with is seen by breaking it.
func TestNoAccountIsComparedToo(t *testing.T) {
	t.Parallel()
	p := newPasswords(t)
	hash, err := p.Hash(t.Context(), "password")
	if err != nil {
		t.Fatal(err)
	}
	p.dummy = "not a hash"
	for name, try := range map[string][2]string{
		"no account": {"password", ""}, "too long a password": {strings.Repeat("x", 513), hash},
	} {
		if err := p.Check(t.Context(), try[0], try[1]); !errors.Is(err, argon2id.ErrInvalidHash) {
			t.Errorf("%s: %v, so nothing was compared", name, err)
		}
	}
}

func TestHashingIsBoundedAndGivesUpWithItsCaller(t *testing.T) {
	t.Parallel()
	p := newPasswords(t)
	if cap(p.slots) != runtime.GOMAXPROCS(0) {
		t.Errorf("%d at a time", cap(p.slots))
	}
	for range cap(p.slots) {
		p.slots <- struct{}{}
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	wantCode(t, "check while all are busy", p.Check(left, "password", ""), errs.Unavailable)
	_, err := p.Hash(left, "password")
	wantCode(t, "hash while all are busy", err, errs.Unavailable)
	<-p.slots // one is free
	for range 3 {
		wantCode(t, "check", p.Check(t.Context(), "password", ""), errs.BadCredentials)
	}
	if len(p.slots) != cap(p.slots)-1 {
		t.Errorf("%d places are kept", len(p.slots)-cap(p.slots)+1)
	}
}
