package model

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/utils/rand"
)

// Tokens makes a session's pair.
type Tokens struct {
	Secret          []byte
	Access, Refresh time.Duration
}

// Renew moves s to its next generation and returns the refresh secret of it.
func (t Tokens) Renew(s *SessionModel, now time.Time) (secret string) {
	secret = rand.URL(32)
	s.Generation++
	s.RefreshHash = Hash(secret)
	s.RefreshEndsAt = now.Add(t.Refresh).UnixMilli()
	s.LastActiveAt = now.UnixMilli()
	return secret
}

// RefreshToken is what the client keeps: session, generation and secret, and
// a MAC over them. The MAC proves that an old token was really ours, so
// nobody can end a session by guessing its number.
func (t Tokens) RefreshToken(s *SessionModel, secret string) string {
	body := fmt.Sprintf("%d.%d.%s", s.ID, s.Generation, secret)
	return body + "." + t.mac(body)
}

// ParseRefresh takes a refresh token apart; one that we did not make answers
// errs.RefreshExpired.
func (t Tokens) ParseRefresh(raw string) (session, generation uint64, secret string, err error) {
	cut := strings.LastIndexByte(raw, '.')
	if len(raw) > 256 || cut < 0 || !hmac.Equal([]byte(raw[cut+1:]), []byte(t.mac(raw[:cut]))) {
		return 0, 0, "", errs.RefreshExpired
	}
	parts := strings.Split(raw[:cut], ".")
	if len(parts) != 3 {
		return 0, 0, "", errs.RefreshExpired
	}
	session, err1 := strconv.ParseUint(parts[0], 10, 64)
	generation, err2 := strconv.ParseUint(parts[1], 10, 64)
	if err1 != nil || err2 != nil {
		return 0, 0, "", errs.RefreshExpired
	}
	return session, generation, parts[2], nil
}

// AccessToken returns the JWT of s.
func (t Tokens) AccessToken(s *SessionModel, now time.Time) (string, error) {
	return token.Issue(t.Secret, token.Identity{
		UserID: s.UserID, Role: int(s.Role), SessionID: s.ID, DeviceID: s.DeviceID, Platform: s.Platform,
	}, now, t.Access)
}

func (t Tokens) mac(body string) string {
	m := hmac.New(sha256.New, token.Key(t.Secret, "refresh"))
	m.Write([]byte(body))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}
