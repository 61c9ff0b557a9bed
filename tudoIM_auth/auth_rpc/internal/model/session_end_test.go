package model

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tudoIM/common/errs"
)

// openAt opens a session of user 1 that was judged at ver.
func (w *world) openAt(t *testing.T, device string, ver uint64) (*SessionModel, error) {
	t.Helper()
	s := &SessionModel{UserID: 1, DeviceID: device, Platform: "web", AuthVer: ver}
	w.tokens.Renew(s, w.now)
	_, err := w.sessions.Open(t.Context(), s, LoginAll)
	return s, err
}

func TestSessionsEndBelowAnAuthVer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		one, _ := w.openAt(t, "d1", 0)
		two, _ := w.openAt(t, "d2", 0)
		other, _ := w.open(t, 2, "d1")
		end := func(user, ver, keep uint64, reason string, want ...uint64) {
			t.Helper()
			ended, err := w.sessions.EndBelow(t.Context(), user, ver, keep, reason, w.now)
			slices.Sort(ended)
			if err != nil || !slices.Equal(ended, want) {
				t.Errorf("below %d: ended %v, want %v, error %v", ver, ended, want, err)
			}
		}
		alive := func(want ...uint64) {
			t.Helper()
			var ids []uint64
			if err := w.d.Model(&SessionModel{}).Where("revoked_at = 0").Order("id").Pluck("id", &ids).Error; err != nil || !slices.Equal(ids, want) {
				t.Errorf("alive %v, want %v, error %v", ids, want, err)
			}
		}
		end(1, 0, 0, "admin") // nothing is below
		alive(one.ID, two.ID, other.ID)
		end(1, 2, two.ID, "password", one.ID)
		alive(two.ID, other.ID)
		if s := w.stored(t, one.ID); s.RevokeReason != "password" || s.RevokedAt != w.now.UnixMilli() {
			t.Errorf("the ended one: %+v", s)
		}
		if ver := w.stored(t, two.ID).AuthVer; ver != 2 {
			t.Errorf("the kept one has version %d", ver)
		}
		end(1, 1, 0, "admin")                 // late, and of before
		end(1, 2, 0, "password", one.ID)      // again: told again, but the kept one goes on
		end(1, 2, one.ID, "password", one.ID) // what ended does not come back
		alive(two.ID, other.ID)
		for ver, want := range map[uint64]*errs.Error{0: errs.BadCredentials, 1: errs.BadCredentials, 2: nil, 3: nil} {
			_, err := w.openAt(t, "d9", ver)
			wantCode(t, "a login judged before", err, want)
		}
		three, err := w.openAt(t, "d3", 3)
		wantCode(t, "a login judged later", err, nil)
		end(1, 3, other.ID, "admin", func() []uint64 { // keeping somebody else's keeps nothing
			var ids []uint64
			for _, s := range w.all(t, 1) {
				if s.RevokedAt == 0 && s.AuthVer < 3 {
					ids = append(ids, s.ID)
				}
			}
			return ids
		}()...)
		if s := w.stored(t, three.ID); s.RevokedAt != 0 {
			t.Errorf("a session of the new version ended: %+v", s)
		}
		if s := w.stored(t, other.ID); s.AuthVer != 0 || s.RevokedAt != 0 {
			t.Errorf("somebody else's: %+v", s)
		}
		end(3, 5, 0, "admin") // who never had a session
		for _, reason := range []string{"", strings.Repeat("r", 17)} {
			_, err := w.sessions.EndBelow(t.Context(), 1, 9, 0, reason, w.now)
			wantCode(t, "reason "+reason, err, errs.Bad)
		}
	})
}

func (w *world) all(t *testing.T, user uint64) (list []*SessionModel) {
	t.Helper()
	if err := w.d.Where("user_id = ?", user).Order("id").Find(&list).Error; err != nil {
		t.Fatal(err)
	}
	return list
}

// A login that was judged by the old password, in a race with its change,
// leaves no session: it is refused, or ended.
func TestNoLoginSurvivesARaceWithTheEnd(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		start := make(chan struct{})
		var wg sync.WaitGroup
		for i := range many {
			wg.Go(func() {
				<-start
				_, err := w.openAt(t, strings.Repeat("d", i+1), 0)
				if err != nil && errs.From(err).Code != errs.BadCredentials.Code {
					t.Errorf("login: %v", err)
				}
			})
		}
		wg.Go(func() {
			<-start
			if _, err := w.sessions.EndBelow(t.Context(), 1, 1, 0, "password", w.now); err != nil {
				t.Errorf("end: %v", err)
			}
		})
		close(start)
		wg.Wait()
		if n := count(t, w.d.DB, &SessionModel{}, "revoked_at = 0"); n != 0 {
			t.Errorf("%d sessions survive", n)
		}
	})
}

func TestOneSessionEndsAnother(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		one, _ := w.open(t, 1, "d1")
		two, _ := w.open(t, 1, "d2")
		other, _ := w.open(t, 2, "d1")
		end := func(what string, user, id, by uint64, want *errs.Error) {
			t.Helper()
			got, err := w.sessions.EndOne(t.Context(), user, id, by, w.now)
			wantCode(t, what, err, want)
			if err == nil && got.ID != by {
				t.Errorf("%s: by %+v", what, got)
			}
		}
		end("somebody else's", 1, other.ID, one.ID, errs.NotFound)
		end("by somebody else's", 1, two.ID, other.ID, errs.Kicked)
		end("nobody's", 1, 1<<40, one.ID, errs.NotFound)
		end("none", 1, 0, one.ID, errs.NotFound)
		end("past numbers", 1, 1<<63, one.ID, errs.NotFound)
		end("at the end of numbers", 1, 1<<64-1, one.ID, errs.NotFound)
		end("the other", 1, two.ID, one.ID, nil)
		end("the other again", 1, two.ID, one.ID, errs.NotFound)
		end("by the ended one", 1, one.ID, two.ID, errs.Kicked)
		end("itself", 1, one.ID, one.ID, nil)
		for id, want := range map[uint64]string{one.ID: ReasonLogout, two.ID: ReasonLogout, other.ID: ""} {
			if why := w.ended(t, id); why != want {
				t.Errorf("session %d ended for %q, want %q", id, why, want)
			}
		}
	})
}

func TestListOfSessions(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		begin := w.now
		var want []uint64
		for i, device := range []string{"d1", "d2", "d3", "d4"} {
			w.now = begin.Add(time.Duration(i) * time.Minute)
			s, _ := w.open(t, 1, device)
			want = append(want, s.ID)
		}
		w.open(t, 2, "d1")
		if _, err := w.sessions.End(t.Context(), 1, want[3], false, ReasonLogout, w.now); err != nil {
			t.Fatal(err)
		}
		slices.Reverse(want)
		list := func(now time.Time, want ...uint64) {
			t.Helper()
			got, err := w.sessions.List(t.Context(), 1, now)
			if err != nil || !slices.Equal(ids(got), want) {
				t.Errorf("%v, want %v, error %v", ids(got), want, err)
			}
		}
		list(w.now, want[1:]...)
		list(begin.Add(w.tokens.Refresh), want[1:]...)
		list(begin.Add(w.tokens.Refresh+time.Millisecond), want[1:3]...) // the first cannot be refreshed any more
		list(begin.Add(2 * w.tokens.Refresh))
	})
}

func TestActivityIsNotedEveryFiveMinutes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s, _ := w.open(t, 1, "d1")
		begin := s.LastActiveAt
		note := func(after time.Duration, want time.Duration) {
			t.Helper()
			w.sessions.Active(t.Context(), w.stored(t, s.ID), w.now.Add(after))
			if got := w.stored(t, s.ID).LastActiveAt - begin; got != want.Milliseconds() {
				t.Errorf("after %v: noted at %d ms", after, got)
			}
		}
		note(0, 0)
		note(activeEvery-time.Millisecond, 0)
		note(activeEvery, activeEvery)
		note(activeEvery+time.Minute, activeEvery)
		stale := w.stored(t, s.ID)
		note(time.Hour, time.Hour)
		w.sessions.Active(t.Context(), stale, w.now.Add(30*time.Minute)) // who read before does not turn it back
		note(time.Hour, time.Hour)
		if _, err := w.sessions.End(t.Context(), 1, s.ID, false, ReasonLogout, w.now); err != nil {
			t.Fatal(err)
		}
		note(3*time.Hour, time.Hour)
	})
}

func TestWhichDevicesAUserHad(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.open(t, 1, "d1")
		s, _ := w.open(t, 1, "d2")
		w.open(t, 2, "d3")
		if _, err := w.sessions.End(t.Context(), 1, s.ID, false, ReasonLogout, w.now); err != nil {
			t.Fatal(err)
		}
		for device, want := range map[string]bool{"d1": true, "d2": true, "d3": false, "D1": false, "": false} {
			if got, err := w.sessions.Had(t.Context(), 1, device); err != nil || got != want {
				t.Errorf("%q: %v, %v", device, got, err)
			}
		}
		if got, err := w.sessions.Had(t.Context(), 0, "d1"); err != nil || got {
			t.Errorf("of nobody: %v, %v", got, err)
		}
	})
}
