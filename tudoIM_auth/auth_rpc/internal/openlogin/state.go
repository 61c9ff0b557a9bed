package openlogin

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/token"
)

const (
	// stateTTL is how long a login by a provider may take.
	stateTTL = 10 * time.Minute
	// maxState bounds a state before anything opens it.
	maxState = 2048
)

// State is what a login by a provider began with. It travels sealed: nothing
// of it is kept here, and nobody can read or make one.
type State struct {
	Provider string `json:"p"`
	Device   string `json:"d"`
	// Verifier is the secret of PKCE, Nonce what the id token must repeat. The
	// nonce names the state: no two have the same.
	Verifier string `json:"v"`
	Nonce    string `json:"n"`
	EndsAt   int64  `json:"e"`
}

// End is when s ends.
func (s State) End() time.Time { return time.UnixMilli(s.EndsAt) }

// seals makes states and opens them.
type seals struct{ aead cipher.AEAD }

func newSeals(secret []byte) (seals, error) {
	block, err := aes.NewCipher(token.Key(secret, "open-login"))
	if err != nil {
		return seals{}, fmt.Errorf("open login: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return seals{}, fmt.Errorf("open login: %w", err)
	}
	return seals{aead}, nil
}

func (s seals) seal(st State) (string, error) {
	plain, err := json.Marshal(st)
	if err != nil {
		return "", fmt.Errorf("state: %w", err)
	}
	sealed := s.aead.Seal(nil, nil, plain, nil) // #nosec G407 -- this AEAD makes the nonce itself
	return base64.RawURLEncoding.EncodeToString(sealed), nil
}

// open returns the state in raw if we made it for provider and device and it
// has not ended at now; everything else is errs.NotRecognised.
func (s seals) open(raw, provider, device string, now time.Time) (State, error) {
	var st State
	if raw == "" || len(raw) > maxState {
		return st, errs.NotRecognised
	}
	sealed, err := base64.RawURLEncoding.DecodeString(raw)
	if err != nil {
		return st, errs.NotRecognised
	}
	plain, err := s.aead.Open(nil, nil, sealed, nil)
	if err != nil || json.Unmarshal(plain, &st) != nil {
		return State{}, errs.NotRecognised
	}
	if st.Provider != provider || st.Device != device || device == "" || now.After(st.End()) {
		return State{}, errs.NotRecognised
	}
	return st, nil
}

// random returns text nobody can guess.
func random() string { return rand.Text() }
