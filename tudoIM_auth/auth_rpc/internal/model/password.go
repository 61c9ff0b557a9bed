package model

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"tudoIM/common/errs"
)

// params are OWASP's first choice for argon2id (19 MiB, two passes, one
// lane): https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
var params = &argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Passwords hashes and checks passwords, a bounded number at a time: each
// costs 19 MiB and tens of milliseconds of CPU.
type Passwords struct {
	slots chan struct{}
	// dummy is compared with when there is no such account, so that the
	// answer takes as long as for a wrong password.
	dummy string
}

// NewPasswords returns a Passwords that works on as many as there are CPUs.
func NewPasswords() (*Passwords, error) {
	dummy, err := argon2id.CreateHash("no account has this password", params)
	if err != nil {
		return nil, fmt.Errorf("argon2id: %w", err)
	}
	return &Passwords{slots: make(chan struct{}, runtime.GOMAXPROCS(0)), dummy: dummy}, nil
}

// CheckStrength reports why nobody may have pwd for a password, or nil.
func CheckStrength(pwd string) error {
	n := utf8.RuneCountInString(pwd)
	if n < 8 || n > 128 || strings.TrimSpace(pwd) == "" || strings.ContainsRune(pwd, 0) || !utf8.ValidString(pwd) {
		return errs.WeakPassword
	}
	return nil
}

// Hash returns pwd's hash in its encoded form.
func (p *Passwords) Hash(ctx context.Context, pwd string) (hash string, err error) {
	err = p.do(ctx, func() error {
		hash, err = argon2id.CreateHash(pwd, params)
		return err
	})
	return hash, err
}

// Check answers errs.BadCredentials unless pwd is the one of hash. An empty
// hash stands for no account and costs the same.
func (p *Passwords) Check(ctx context.Context, pwd, hash string) error {
	if len(pwd) > 4*128 {
		pwd, hash = "", ""
	}
	compare := hash
	if hash == "" {
		compare = p.dummy
	}
	return p.do(ctx, func() error {
		ok, err := argon2id.ComparePasswordAndHash(pwd, compare)
		if err != nil {
			return fmt.Errorf("argon2id: %w", err)
		}
		if !ok || hash == "" {
			return errs.BadCredentials
		}
		return nil
	})
}

func (p *Passwords) do(ctx context.Context, f func() error) error {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
		return f()
	case <-ctx.Done():
		return errs.Unavailable
	}
}
