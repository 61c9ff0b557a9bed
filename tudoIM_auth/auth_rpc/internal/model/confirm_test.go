package model

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v4"

	"tudoIM/common/errs"
	"tudoIM/common/token"
)

func TestAConfirmationIsForOneSessionSceneAndTime(t *testing.T) {
	t.Parallel()
	w := newWorld(nil)
	good, err := w.tokens.ConfirmToken(7, 3, SceneDeleteAccount, w.now)
	if err != nil {
		t.Fatal(err)
	}
	s := &SessionModel{UserID: 7, DeviceID: "d1", Platform: "web"}
	s.ID = 3
	refresh := w.tokens.RefreshToken(s, w.tokens.Renew(s, w.now))
	access, err := w.tokens.AccessToken(s, w.now)
	if err != nil {
		t.Fatal(err)
	}
	key := token.Key(w.tokens.Secret, confirmType)
	sign := func(method jwt.SigningMethod, key any, c confirmation) string {
		t.Helper()
		raw, err := jwt.NewWithClaims(method, c).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	is := confirmation{Type: confirmType, ExpiresAt: w.now.Add(time.Minute).Unix(), UserID: 7, SessionID: 3, Scene: SceneDeleteAccount}
	other := is
	other.Type = "access"
	for what, c := range map[string]struct {
		raw           string
		user, session uint64
		scene         string
		late          time.Duration
		want          error
	}{
		"as it should be":     {good, 7, 3, SceneDeleteAccount, 0, nil},
		"just before its end": {good, 7, 3, SceneDeleteAccount, ConfirmTTL - time.Second, nil},
		"at its end":          {good, 7, 3, SceneDeleteAccount, ConfirmTTL, errs.NeedConfirm},
		"another user's":      {good, 8, 3, SceneDeleteAccount, 0, errs.NeedConfirm},
		"another session's":   {good, 7, 4, SceneDeleteAccount, 0, errs.NeedConfirm},
		"for another scene":   {good, 7, 3, SceneSetPassword, 0, errs.NeedConfirm},
		"none":                {"", 7, 3, SceneDeleteAccount, 0, errs.NeedConfirm},
		"cut":                 {good[:len(good)-1], 7, 3, SceneDeleteAccount, 0, errs.NeedConfirm},
		"without end":         {strings.Repeat(".", 1<<20), 7, 3, SceneDeleteAccount, 0, errs.NeedConfirm},
		"an access token":     {access, 7, 3, SceneDeleteAccount, 0, errs.NeedConfirm},
		"a refresh token":     {refresh, 7, 3, SceneDeleteAccount, 0, errs.NeedConfirm},
		"made by hand":        {sign(jwt.SigningMethodHS256, key, is), 7, 3, SceneDeleteAccount, 0, nil},
		"of another type":     {sign(jwt.SigningMethodHS256, key, other), 7, 3, SceneDeleteAccount, 0, errs.NeedConfirm},
		"with another key":    {sign(jwt.SigningMethodHS256, w.tokens.Secret, is), 7, 3, SceneDeleteAccount, 0, errs.NeedConfirm},
		"signed by nobody":    {sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, is), 7, 3, SceneDeleteAccount, 0, errs.NeedConfirm},
		"by another method":   {sign(jwt.SigningMethodHS512, key, is), 7, 3, SceneDeleteAccount, 0, errs.NeedConfirm},
	} {
		if err := w.tokens.Confirmed(c.raw, c.user, c.session, c.scene, w.now.Add(c.late)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, _, err := token.Parse(w.tokens.Secret, good, w.now); !errors.Is(err, errs.Unauthorized) {
		t.Errorf("as an access token: %v", err)
	}
	if _, _, _, err := w.tokens.ParseRefresh(good); !errors.Is(err, errs.RefreshExpired) {
		t.Errorf("as a refresh token: %v", err)
	}
	for scene, want := range map[string]error{SceneDeleteAccount: nil, SceneSetPassword: nil, "": errs.Bad, "login": errs.Bad} {
		if err := CheckScene(scene); !errors.Is(err, want) {
			t.Errorf("scene %q: %v", scene, err)
		}
	}
}
