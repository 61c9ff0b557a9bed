package model

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tudoIM/common/errs"
)

func TestDevice(t *testing.T) {
	t.Parallel()
	good := Device{ID: "d1", Platform: "web", Name: "Ann's phone", IP: "127.0.0.1"}
	for _, c := range []struct {
		name   string
		change func(d *Device)
		field  string
	}{
		{"as it should be", func(*Device) {}, ""},
		{"id at the limit", func(d *Device) { d.ID = strings.Repeat("d", 128) }, ""},
		{"id too long", func(d *Device) { d.ID = strings.Repeat("d", 129) }, "deviceId"},
		{"no id", func(d *Device) { d.ID = "" }, "deviceId"},
		{"blank in id", func(d *Device) { d.ID = "d 1" }, "deviceId"},
		{"line end in id", func(d *Device) { d.ID = "d1\r\nRole: 1" }, "deviceId"},
		{"id not ASCII", func(d *Device) { d.ID = "设备" }, "deviceId"},
		{"platform at the limit", func(d *Device) { d.Platform = strings.Repeat("p", 16) }, ""},
		{"platform too long", func(d *Device) { d.Platform = strings.Repeat("p", 17) }, "platform"},
		{"no platform", func(d *Device) { d.Platform = "" }, "platform"},
		{"NUL in platform", func(d *Device) { d.Platform = "we\x00b" }, "platform"},
		{"no name", func(d *Device) { d.Name = "" }, ""},
		{"name at the limit", func(d *Device) { d.Name = strings.Repeat("机", 64) }, ""},
		{"name too long", func(d *Device) { d.Name = strings.Repeat("机", 65) }, "deviceName"},
		{"line end in name", func(d *Device) { d.Name = "a\nb" }, "deviceName"},
		{"name that turns the writing", func(d *Device) { d.Name = "a\u202eb" }, "deviceName"},
		{"address at the limit", func(d *Device) { d.IP = strings.Repeat("1", 45) }, ""},
		{"address too long", func(d *Device) { d.IP = strings.Repeat("1", 46) }, "ip"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := good
			c.change(&d)
			err := d.Check()
			if c.field == "" {
				wantCode(t, c.name, err, nil)
				return
			}
			wantCode(t, c.name, err, errs.Bad)
			if got := errs.From(err).Data["field"]; got != c.field {
				t.Errorf("names %q, want %q", got, c.field)
			}
		})
	}
}

func TestRefreshRule(t *testing.T) {
	t.Parallel()
	const secret = "secret"
	now := time.UnixMilli(1_700_000_000_000)
	for _, c := range []struct {
		name    string
		revoked int64
		gen     uint64
		secret  string
		device  string
		late    time.Duration
		want    *errs.Error
	}{
		{"the last one", 0, 3, secret, "d1", 0, nil},
		{"at its end", 0, 3, secret, "d1", time.Hour, nil},
		{"past its end", 0, 3, secret, "d1", time.Hour + time.Millisecond, errs.RefreshExpired},
		{"one before", 0, 2, secret, "d1", 0, errs.RefreshReused},
		{"one before, past its end", 0, 2, secret, "d1", 2 * time.Hour, errs.RefreshReused},
		{"one to come", 0, 4, secret, "d1", 0, errs.RefreshExpired},
		{"another secret", 0, 3, "other", "d1", 0, errs.RefreshExpired},
		{"its hash for a secret", 0, 3, Hash(secret), "d1", 0, errs.RefreshExpired},
		{"on another device", 0, 3, secret, "D1", 0, errs.RefreshExpired},
		{"of an ended session", 1, 3, secret, "d1", 0, errs.RefreshExpired},
		{"one before of an ended session", 1, 2, secret, "d1", 0, errs.RefreshExpired},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := &SessionModel{
				Generation: 3, RefreshHash: Hash(secret), DeviceID: "d1", RevokedAt: c.revoked,
				RefreshEndsAt: now.Add(time.Hour).UnixMilli(),
			}
			wantCode(t, c.name, s.Refresh(c.secret, c.gen, c.device, now.Add(c.late)), c.want)
		})
	}
}

func TestAlive(t *testing.T) {
	t.Parallel()
	s := &SessionModel{UserID: 7}
	wantCode(t, "the owner's", s.Alive(7), nil)
	wantCode(t, "somebody else's", s.Alive(8), errs.Kicked)
	s.RevokedAt = 1
	wantCode(t, "an ended one", s.Alive(7), errs.Kicked)
}

func TestTheDatabaseKeepsNoSecret(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s, secret := w.open(t, 1, "d1")
		if err := w.tickets.Issue(t.Context(), "ticket-in-clear", s.ID, 1, w.now); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"session_models", "ticket_models"} {
			var rows []map[string]any
			if err := w.d.Table(table).Find(&rows).Error; err != nil || len(rows) != 1 {
				t.Fatalf("%s: %d rows, error %v", table, len(rows), err)
			}
			all := fmt.Sprintf("%s", rows)
			for _, plain := range []string{secret, "ticket-in-clear"} {
				if strings.Contains(all, plain) {
					t.Errorf("%s holds %q", table, plain)
				}
			}
		}
		if got := w.stored(t, s.ID).RefreshHash; got != Hash(secret) || len(got) != 64 {
			t.Errorf("the stored hash is %q", got)
		}
	})
}

func TestRotation(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s, first := w.open(t, 1, "d1")
		_, second, err := w.refresh(t, s.ID, 1, first, "d1", time.Minute)
		wantCode(t, "the first", err, nil)
		if second == "" || second == first {
			t.Errorf("after %q comes %q", first, second)
		}
		got := w.stored(t, s.ID)
		if got.Generation != 2 || got.RefreshHash != Hash(second) || got.LastActiveAt != w.now.Add(time.Minute).UnixMilli() ||
			got.RefreshEndsAt != w.now.Add(time.Minute+w.tokens.Refresh).UnixMilli() || got.UserID != 1 || got.DeviceID != "d1" || got.Role != 2 {
			t.Errorf("stored: %+v", got)
		}
		_, third, err := w.refresh(t, s.ID, 2, second, "d1", time.Minute)
		wantCode(t, "the second", err, nil)

		reused, _, err := w.refresh(t, s.ID, 1, first, "d1", 2*time.Minute)
		wantCode(t, "the first again", err, errs.RefreshReused)
		if reused == nil || reused.UserID != 1 {
			t.Errorf("whose session was reused: %+v", reused)
		}
		if why := w.ended(t, s.ID); why != ReasonReused {
			t.Errorf("ended for %q", why)
		}
		for gen, secret := range map[uint64]string{1: first, 2: second, 3: third} {
			_, _, err = w.refresh(t, s.ID, gen, secret, "d1", 2*time.Minute)
			wantCode(t, fmt.Sprintf("generation %d of the ended session", gen), err, errs.RefreshExpired)
		}
		if got := w.stored(t, s.ID); got.Generation != 3 || got.RevokedAt != w.now.Add(2*time.Minute).UnixMilli() {
			t.Errorf("changed behind its end: %+v", got)
		}
	})
}

func TestRefusedRefreshChangesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s, secret := w.open(t, 1, "d1")
		before := *w.stored(t, s.ID)
		for _, c := range []struct {
			name   string
			id     uint64
			gen    uint64
			secret string
			device string
			after  time.Duration
		}{
			{"wrong secret", s.ID, 1, "wrong", "d1", 0},
			{"wrong device", s.ID, 1, secret, "d2", 0},
			{"generation to come", s.ID, 2, secret, "d1", 0},
			{"past its end", s.ID, 1, secret, "d1", w.tokens.Refresh + time.Millisecond},
			{"no such session", s.ID + 1, 1, secret, "d1", 0},
		} {
			_, _, err := w.refresh(t, c.id, c.gen, c.secret, c.device, c.after)
			wantCode(t, c.name, err, errs.RefreshExpired)
			if after := *w.stored(t, s.ID); after != before {
				t.Errorf("%s: %+v became %+v", c.name, before, after)
			}
		}
		_, _, err := w.refresh(t, s.ID, 1, secret, "d1", w.tokens.Refresh)
		wantCode(t, "at its end", err, nil)
	})
}

// A refresh token that is used many times at once is a token used twice: one
// use wins, the next ends the session, the rest find it ended.
func TestOneRefreshWinsAndTheReuseEndsTheSession(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s, secret := w.open(t, 1, "d1")
		got := tally(t, atOnce(func(int) error {
			_, _, err := w.refresh(t, s.ID, 1, secret, "d1", time.Second)
			return err
		}))
		want := map[int]int{0: 1, errs.RefreshReused.Code: 1, errs.RefreshExpired.Code: many - 2}
		if !maps.Equal(got, want) {
			t.Errorf("answers by code: %v, want %v", got, want)
		}
		if s := w.stored(t, s.ID); s.Generation != 2 || s.RevokeReason != ReasonReused {
			t.Errorf("stored: %+v", s)
		}
	})
}

func TestALoginReplacesTheSessionOfItsDevice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		old, secret := w.open(t, 1, "d1")
		elsewhere, _ := w.open(t, 1, "d2")
		other, _ := w.open(t, 2, "d1")
		upper, _ := w.open(t, 1, "D1") // machines compare byte by byte
		w.now = w.now.Add(time.Minute)
		s, _, ended := w.login(t, 1, "d1")
		if !slices.Equal(ended, []uint64{old.ID}) {
			t.Errorf("ended %v, want %d", ended, old.ID)
		}
		for id, want := range map[uint64]string{old.ID: ReasonLogin, elsewhere.ID: "", other.ID: "", upper.ID: "", s.ID: ""} {
			if why := w.ended(t, id); why != want {
				t.Errorf("session %d ended for %q, want %q", id, why, want)
			}
		}
		if at := w.stored(t, old.ID).RevokedAt; at != w.now.UnixMilli() {
			t.Errorf("ended at %d", at)
		}
		_, _, err := w.refresh(t, old.ID, 1, secret, "d1", 0)
		wantCode(t, "the replaced session's token", err, errs.RefreshExpired)
	})
}

func TestOneSessionRemainsOfLoginsAtOnceOnOneDevice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		got := tally(t, atOnce(func(int) error {
			s := &SessionModel{UserID: 1, DeviceID: "d1", Platform: "web"}
			w.tokens.Renew(s, w.now)
			_, err := w.sessions.Open(t.Context(), s, LoginAll)
			return err
		}))
		if got[0] != many {
			t.Errorf("answers by code: %v", got)
		}
		if all, alive := count(t, w.d.DB, &SessionModel{}, "user_id = 1"), count(t, w.d.DB, &SessionModel{}, "revoked_at = 0"); all != many || alive != 1 {
			t.Errorf("%d sessions, %d alive", all, alive)
		}
	})
}

func TestTheIdlestSessionEndsPastTheLimit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		other, _ := w.open(t, 2, "d")
		begin := w.now
		var all []*SessionModel
		var secret string // of the first
		for i := range MaxSessions {
			w.now = begin.Add(time.Duration(i) * time.Second)
			s, of, ended := w.login(t, 1, fmt.Sprintf("d%d", i))
			if len(ended) > 0 {
				t.Fatalf("login %d ended %v", i, ended)
			}
			if i == 0 {
				secret = of
			}
			all = append(all, s)
		}
		w.now = begin.Add(time.Hour)
		if _, _, ended := w.login(t, 1, "d50"); !slices.Equal(ended, []uint64{all[50].ID}) {
			t.Errorf("on a device that has one: ended %v, want %d", ended, all[50].ID)
		}
		if _, _, err := w.refresh(t, all[0].ID, 1, secret, "d0", 0); err != nil {
			t.Fatal(err)
		}
		// The first has just been active: the second is the idlest.
		if _, _, ended := w.login(t, 1, "one more"); !slices.Equal(ended, []uint64{all[1].ID}) {
			t.Errorf("one more: ended %v, want %d", ended, all[1].ID)
		}
		if n := count(t, w.d.DB, &SessionModel{}, "user_id = 1 AND revoked_at = 0"); n != MaxSessions {
			t.Errorf("%d sessions alive", n)
		}
		if why := w.ended(t, other.ID); why != "" {
			t.Errorf("another user's ended for %q", why)
		}
	})
}

func TestEnd(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		one, secret := w.open(t, 1, "d1")
		two, _ := w.open(t, 1, "d2")
		three, _ := w.open(t, 1, "d3")
		other, _ := w.open(t, 2, "d1")
		end := func(user, id uint64, all bool, reason string, want ...uint64) {
			t.Helper()
			ended, err := w.sessions.End(t.Context(), user, id, all, reason, w.now)
			slices.Sort(ended)
			if err != nil || !slices.Equal(ended, want) {
				t.Errorf("ended %v, want %v, error %v", ended, want, err)
			}
		}
		end(1, other.ID, false, ReasonLogout) // somebody else's
		end(1, 1<<40, false, ReasonLogout)    // nobody's
		end(0, 0, true, ReasonLogout)
		end(1, one.ID, false, ReasonLogout, one.ID)
		end(1, one.ID, false, "again") // keeps its first reason
		_, _, err := w.refresh(t, one.ID, 1, secret, "d1", 0)
		wantCode(t, "a refresh behind the logout", err, errs.RefreshExpired)
		end(1, one.ID, true, ReasonReused, two.ID, three.ID)
		end(1, one.ID, true, ReasonReused)
		for id, want := range map[uint64]string{one.ID: ReasonLogout, two.ID: ReasonReused, three.ID: ReasonReused, other.ID: ""} {
			if why := w.ended(t, id); why != want {
				t.Errorf("session %d ended for %q, want %q", id, why, want)
			}
		}
	})
}

func TestARefreshNeverRevivesASessionThatEndsMeanwhile(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s, secret := w.open(t, 1, "d1")
		got := tally(t, atOnce(func(i int) error {
			if i%2 == 0 {
				_, err := w.sessions.End(t.Context(), 1, s.ID, false, ReasonLogout, w.now)
				return err
			}
			_, _, err := w.refresh(t, s.ID, 1, secret, "d1", 0)
			return err
		}))
		if got[0] < many/2 || got[0] > many/2+1 || w.ended(t, s.ID) == "" {
			t.Errorf("answers by code: %v; stored %+v", got, w.stored(t, s.ID))
		}
	})
}

func TestBrokenDatabaseIsNoVerdict(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s, secret := w.open(t, 1, "d1")
		if err := w.tickets.Issue(t.Context(), "t", s.ID, 1, w.now); err != nil {
			t.Fatal(err)
		}
		pool, err := w.d.DB.DB()
		if err != nil {
			t.Fatal(err)
		}
		if err := pool.Close(); err != nil {
			t.Fatal(err)
		}
		_, byID := w.sessions.ByID(t.Context(), s.ID)
		_, _, rotate := w.refresh(t, s.ID, 1, secret, "d1", 0)
		_, end := w.sessions.End(t.Context(), 1, s.ID, false, ReasonLogout, w.now)
		_, _, redeem := w.tickets.Redeem(t.Context(), "t", w.now)
		_, open := w.sessions.Open(t.Context(), &SessionModel{UserID: 1, DeviceID: "d1"}, LoginAll)
		for what, err := range map[string]error{"by id": byID, "rotate": rotate, "end": end, "redeem": redeem, "open": open} {
			if err == nil || errs.From(err) != errs.Internal {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}
