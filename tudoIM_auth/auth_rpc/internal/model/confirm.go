package model

import (
	"time"

	"github.com/golang-jwt/jwt/v4"

	"tudoIM/common/errs"
	"tudoIM/common/token"
)

// Scenes are what the owner of an account is asked for again.
const (
	SceneDeleteAccount = "deleteAccount"
	SceneSetPassword   = "setPassword"
)

const (
	// ConfirmTTL is how long a confirmation is good for.
	ConfirmTTL = 5 * time.Minute
	// maxConfirm bounds a confirmation before anything parses it.
	maxConfirm  = 2048
	confirmType = "confirm"
)

// CheckScene returns a bad-argument error for a scene that is none.
func CheckScene(scene string) error {
	if scene != SceneDeleteAccount && scene != SceneSetPassword {
		return errs.BadArgument("scene")
	}
	return nil
}

// confirmation is what a confirm token says: the type and a key of its own
// keep it apart from every other token.
type confirmation struct {
	Type      string `json:"typ"`
	ExpiresAt int64  `json:"exp"`
	UserID    uint64 `json:"uid"`
	SessionID uint64 `json:"sid"`
	Scene     string `json:"scn"`
}

// Valid leaves the checks to Confirmed, which knows the time to check against.
func (confirmation) Valid() error { return nil }

// ConfirmToken says that the owner of session was at it at now, for scene.
func (t Tokens) ConfirmToken(user, session uint64, scene string, now time.Time) (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, confirmation{
		Type: confirmType, ExpiresAt: now.Add(ConfirmTTL).Unix(), UserID: user, SessionID: session, Scene: scene,
	}).SignedString(token.Key(t.Secret, confirmType))
}

// Confirmed returns errs.NeedConfirm unless raw is a confirm token for scene
// of this very session that lasts at now.
func (t Tokens) Confirmed(raw string, user, session uint64, scene string, now time.Time) error {
	if raw == "" || len(raw) > maxConfirm {
		return errs.NeedConfirm.With("scene", scene)
	}
	var c confirmation
	_, err := jwt.NewParser(jwt.WithValidMethods([]string{"HS256"})).ParseWithClaims(raw, &c,
		func(*jwt.Token) (any, error) { return token.Key(t.Secret, confirmType), nil })
	want := confirmation{Type: confirmType, ExpiresAt: c.ExpiresAt, UserID: user, SessionID: session, Scene: scene}
	if err != nil || c != want || now.Unix() >= c.ExpiresAt {
		return errs.NeedConfirm.With("scene", scene)
	}
	return nil
}
