package model

import (
	"fmt"
	"slices"
	"testing"
)

func TestReplaces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		multiLogin, mine, other string
		want                    bool
	}{
		{LoginAll, "ios", "ios", false},
		{"", "ios", "ios", false},
		{"another version's", "ios", "ios", false},
		{LoginSingle, "ios", "web", true},
		{LoginClass, "ios", "android", true},
		{LoginClass, "harmony", "mobile", true},
		{LoginClass, "iOS", "Android", true},
		{LoginClass, "windows", "macos", true},
		{LoginClass, "mac", "linux", true},
		{LoginClass, "desktop", "pc", true},
		{LoginClass, "web", "h5", true},
		{LoginClass, "mini", "wechat", true},
		{LoginClass, "ios", "web", false},
		{LoginClass, "web", "windows", false},
		{LoginClass, "mini", "ios", false},
		{LoginClass, "fridge", "Fridge", true},
		{LoginClass, "fridge", "oven", false},
	} {
		s, o := &SessionModel{DeviceID: "d1", Platform: c.mine}, &SessionModel{DeviceID: "d2", Platform: c.other}
		if got := s.Replaces(o, c.multiLogin); got != c.want {
			t.Errorf("%s: %s replaces %s: %v", c.multiLogin, c.mine, c.other, got)
		}
		if o.DeviceID = "d1"; !s.Replaces(o, c.multiLogin) {
			t.Errorf("%s: %s does not replace the session of its device", c.multiLogin, c.mine)
		}
	}
}

func TestALoginEndsWhatTheSiteDoesNotAllowBeside(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		login := func(user uint64, platform, multiLogin string) (uint64, []uint64) {
			t.Helper()
			w.now = w.now.Add(1)
			s := &SessionModel{UserID: user, DeviceID: fmt.Sprint(platform, w.now.UnixNano()), Platform: platform}
			w.tokens.Renew(s, w.now)
			ended, err := w.sessions.Open(t.Context(), s, multiLogin)
			if err != nil {
				t.Fatal(err)
			}
			return s.ID, ids(ended)
		}
		other, _ := login(2, "ios", LoginSingle)
		phone, _ := login(1, "ios", LoginAll)
		second, ended := login(1, "android", LoginAll)
		web, _ := login(1, "web", LoginAll)
		if len(ended) > 0 {
			t.Errorf("all: ended %v", ended)
		}
		third, ended := login(1, "harmony", LoginClass)
		if !slices.Equal(ended, []uint64{phone, second}) {
			t.Errorf("class: ended %v", ended)
		}
		last, ended := login(1, "linux", LoginSingle)
		if !slices.Equal(ended, []uint64{web, third}) {
			t.Errorf("single: ended %v", ended)
		}
		for id, want := range map[uint64]string{other: "", phone: ReasonLogin, second: ReasonLogin, web: ReasonLogin, third: ReasonLogin, last: ""} {
			if why := w.ended(t, id); why != want {
				t.Errorf("session %d ended for %q, want %q", id, why, want)
			}
		}
	})
}

// Of logins at the same time on several devices one remains where one may.
func TestOneSessionRemainsOfLoginsAtOnceWhereOneMay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		got := tally(t, atOnce(func(i int) error {
			s := &SessionModel{UserID: 1, DeviceID: fmt.Sprint("d", i), Platform: "web"}
			w.tokens.Renew(s, w.now)
			_, err := w.sessions.Open(t.Context(), s, LoginSingle)
			return err
		}))
		if got[0] != many {
			t.Errorf("answers by code: %v", got)
		}
		if alive := count(t, w.d.DB, &SessionModel{}, "revoked_at = 0"); alive != 1 {
			t.Errorf("%d sessions alive", alive)
		}
	})
}
