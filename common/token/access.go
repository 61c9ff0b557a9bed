// Package token carries identity: the access token between client and gateway,
// and the signed identity between gateway and halves.
package token

import (
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v4"

	"tudoIM/common/errs"
)

const (
	issuer   = "tudoIM"
	audience = "tudoIM"
	access   = "access"
	// maxToken bounds a token before anything parses it.
	maxToken = 2048
	// leeway for clocks that differ, as RFC 7519 §4.1.4 allows.
	leeway = 30 * time.Second
)

type claims struct {
	Issuer    string `json:"iss"`
	Audience  string `json:"aud"`
	Type      string `json:"typ"`
	IssuedAt  int64  `json:"iat"`
	ExpiresAt int64  `json:"exp"`
	UserID    uint64 `json:"uid"`
	SessionID uint64 `json:"sid"`
	Role      int    `json:"role"`
	DeviceID  string `json:"dev"`
	Platform  string `json:"plt"`
}

// Valid leaves the checks to Parse, which knows the time to check against.
func (claims) Valid() error { return nil }

// Issue returns an access token for i that ends at now+ttl.
func Issue(secret []byte, i Identity, now time.Time, ttl time.Duration) (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		Issuer: issuer, Audience: audience, Type: access,
		IssuedAt: now.Unix(), ExpiresAt: now.Add(ttl).Unix(),
		UserID: i.UserID, SessionID: i.SessionID, Role: i.Role, DeviceID: i.DeviceID, Platform: i.Platform,
	}).SignedString(secret)
}

// Parse returns the identity in raw and when it ends. It takes HS256 only and
// answers errs.TokenExpired for a good token past its end, errs.Unauthorized
// for everything else.
func Parse(secret []byte, raw string, now time.Time) (Identity, time.Time, error) {
	none := time.Time{}
	if raw == "" || len(raw) > maxToken {
		return Identity{}, none, errs.Unauthorized
	}
	var c claims
	_, err := jwt.NewParser(jwt.WithValidMethods([]string{"HS256"})).ParseWithClaims(raw, &c,
		func(*jwt.Token) (any, error) { return secret, nil })
	if err != nil || len(secret) == 0 {
		return Identity{}, none, errors.Join(errs.Unauthorized, err)
	}
	if c.Issuer != issuer || c.Audience != audience || c.Type != access ||
		c.UserID == 0 || c.SessionID == 0 || c.ExpiresAt == 0 || c.IssuedAt > now.Add(leeway).Unix() {
		return Identity{}, none, errs.Unauthorized
	}
	end := time.Unix(c.ExpiresAt, 0)
	if now.After(end.Add(leeway)) {
		return Identity{}, none, errs.TokenExpired
	}
	return Identity{
		UserID: c.UserID, SessionID: c.SessionID, Role: c.Role, DeviceID: c.DeviceID, Platform: c.Platform,
	}, end, nil
}
