package ws

import (
	"bytes"
	"testing"
	"time"

	"tudoIM/common/event"
	"tudoIM/common/presence"
	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// watched is how many users anybody on this node watches.
func (w *world) watched() int {
	w.hub.watching.mu.Lock()
	defer w.hub.watching.mu.Unlock()
	return len(w.hub.watching.by)
}

// confUpdated tells the devices of user that the settings changed.
func (w *world) confUpdated(t *testing.T, user uint64, at ...*socket) {
	t.Helper()
	e, err := event.New(event.ConfUpdated, map[string]bool{"friendOnline": true}, user)
	if err != nil {
		t.Fatal(err)
	}
	w.publish(t, e)
	for _, s := range at {
		if f := s.next(); f.Event != "confUpdated" {
			t.Errorf("got %+v", f)
		}
	}
}

func TestFriendsAreToldUnasked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, brisk, func(w *world) {
		w.users.friends[1] = []uint64{7, 8, 9}
		w.users.blind[8] = true
	})
	w.on(t, 7, "web")
	w.on(t, 8, "web") // which nobody sees
	s, stranger := w.on(t, 1, "web"), w.on(t, 2, "web")
	s.sees(7, "web")
	nine := w.on(t, 9, "web")
	s.sees(9, "web")
	twin := w.on(t, 1, "ios") // each socket is told by itself
	for range 2 {
		if f := twin.next(); f.Event != "presence" || !bytes.Contains(f.Data, []byte(`"isOnline":true`)) {
			t.Errorf("got %+v", f)
		}
	}
	if got := s.subscribe(7, 8)[0]; !got.IsOnline {
		t.Errorf("asked for, too: %+v", got)
	}
	s.ask("u", "unsubscribe", usersBody(7, 8, 9)) // friends they are all the same
	w.on(t, 7, "ios")
	s.sees(7, "ios", "web")
	twin.sees(7, "ios", "web")
	_ = nine.Close()
	s.sees(9)
	twin.sees(9)
	stranger.ask("nothing came", "ping", "")
	_, _ = s.Close(), twin.Close()
	wait(t, "all to be forgotten", func() bool {
		w.hub.watching.mu.Lock()
		defer w.hub.watching.mu.Unlock()
		return len(w.hub.watching.by)+len(w.hub.watching.of) == 0 && len(w.hub.watching.here[1]) == 0
	})
}

func TestWhoWantsToHearOfNobodyCostsOneQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, brisk)
	s := w.join(t, 1, 1)
	w.on(t, 7, "web")
	met := func() int {
		w.users.mu.Lock()
		defer w.users.mu.Unlock()
		return w.users.met
	}
	wait(t, "both to be asked for", func() bool { return met() == 2 })
	for range 3 { // as many looks
		w.confUpdated(t, 2)
		s.ask("nothing came", "ping", "")
	}
	w.users.mu.Lock()
	defer w.users.mu.Unlock()
	if w.users.met != 2 || w.users.asked != 0 || w.watched() != 0 {
		t.Errorf("asked for %d, who may be seen %d times, %d are watched", w.users.met, w.users.asked, w.watched())
	}
}

func TestOpenSocketsFollowTheSetting(t *testing.T) {
	t.Parallel()
	w := newWorld(t, brisk, func(w *world) { w.users.friends[1] = []uint64{7} })
	s := w.join(t, 1, 1)
	wait(t, "the friend to be watched", func() bool { return w.watched() == 1 })
	w.users.change(func() { w.users.friends[1] = nil })
	w.confUpdated(t, 1, s)
	wait(t, "nobody to be watched", func() bool { return w.watched() == 0 })
	seven := w.on(t, 7, "web")
	wait(t, "the lease", func() bool {
		got, err := presence.Read(t.Context(), w.rdb, 7)
		return err == nil && got[7].IsOnline
	})
	s.ask("nothing came", "ping", "")
	w.users.change(func() { w.users.friends[1] = []uint64{7} })
	w.confUpdated(t, 1, s)
	s.sees(7, "web")
	// Who is a friend still, and must not be seen any more, is gone at once.
	w.users.change(func() { w.users.blind[7] = true })
	e, err := event.New(event.FriendUpdated, map[string]bool{"isBlack": true}, 1)
	if err != nil {
		t.Fatal(err)
	}
	w.publish(t, e)
	if f := s.next(); f.Event != "friendUpdated" {
		t.Errorf("got %+v", f)
	}
	if got := s.sees(7); got.LastSeenAt != 0 {
		t.Errorf("who must not be seen was last seen %d", got.LastSeenAt)
	}
	w.users.change(func() { w.users.blind[7] = false })
	w.confUpdated(t, 1, s)
	s.sees(7, "web")
	// What was told is taken back.
	w.users.change(func() { w.users.friends[1] = nil })
	w.confUpdated(t, 1, s)
	if got := s.sees(7); got.LastSeenAt != 0 {
		t.Errorf("of whom nothing is told any more was last seen %d", got.LastSeenAt)
	}
	wait(t, "nobody to be watched", func() bool { return w.watched() == 0 })
	_ = seven.Close()
	s.ask("nothing came", "ping", "")
}

// What a subscription was answered does not outlive a friendship that ended.
func TestAFormerFriendIsAskedAboutAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, brisk, func(w *world) { w.users.friends[1] = []uint64{7} })
	w.on(t, 7, "web")
	s := w.join(t, 1, 1)
	s.sees(7, "web")
	s.subscribe(7)
	w.users.change(func() { w.users.friends[1], w.users.blind[7] = nil, true })
	e, err := event.New(event.FriendDeleted, map[string]int{"userId": 7}, 1)
	if err != nil {
		t.Fatal(err)
	}
	w.publish(t, e)
	if f := s.next(); f.Event != "friendDeleted" {
		t.Errorf("got %+v", f)
	}
	s.sees(7)
}

func TestFriendsAreAskedForAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, brisk, func(w *world) {
		w.users.friends[1], w.users.friends[2] = []uint64{7}, []uint64{7}
		w.users.away = true
	})
	w.on(t, 7, "web")
	one, two := w.join(t, 1, 1), w.join(t, 2, 2)
	wait(t, "user_rpc to be asked in vain", func() bool {
		w.users.mu.Lock()
		defer w.users.mu.Unlock()
		return w.users.met > 0
	})
	one.ask("served", "ping", "")
	w.users.change(func() { w.users.away = false })
	one.sees(7, "web")
	two.sees(7, "web")
}

// All at once they would not fit into the queue, which closes a socket.
func TestManyFriendsDoNotMakeASocketSlow(t *testing.T) {
	t.Parallel()
	const many = 500
	w := newWorld(t, brisk)
	leases, online := presence.NewLeases(w.rdb, "elsewhere"), map[uint64][]string{}
	for u := range uint64(many) {
		online[1000+u] = []string{"web"}
		w.users.friends[1] = append(w.users.friends[1], 1000+u)
	}
	if err := leases.Set(t.Context(), time.Now(), online); err != nil {
		t.Fatal(err)
	}
	s := &Session{hub: w.hub, who: token.Identity{UserID: 1}, writing: true} // whose writer is slow
	s.drained.L = &s.mu
	w.hub.watching.come(s)
	defer w.hub.watching.leave(s)
	told := 0
	wait(t, "all to be told", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.frames > usual.QueueFrames/2+1 || s.closing != nil {
			t.Fatalf("%d frames wait", s.frames)
		}
		if s.frames == 0 || told+s.frames < many && s.frames <= usual.QueueFrames/2 {
			return false
		}
		told += s.frames
		s.queue, s.frames, s.queued = nil, 0, 0
		return told >= many
	})
	if told != many {
		t.Errorf("told %d times", told)
	}
}

// Between two who part nothing is told any more, though the answers are fresh.
func TestWhatWasKnownOfAPairIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t, brisk)
	one, seven, nine := w.on(t, 1, "web"), w.on(t, 7, "web"), w.on(t, 9, "web")
	wait(t, "the leases", func() bool {
		got, err := presence.Read(t.Context(), w.rdb, 1, 7, 9)
		return err == nil && got[1].IsOnline && got[7].IsOnline && got[9].IsOnline
	})
	for s, u := range map[*socket]uint64{one: 7, seven: 1, nine: 7} {
		if got := s.subscribe(u)[0]; !got.IsOnline {
			t.Errorf("at first: %+v", got)
		}
	}
	for typist, hearer := range map[*socket]*socket{one: seven, seven: one} {
		typist.ask("t", "typing", typingBody("p_1_7", "text", true))
		if f := hearer.next(); f.Event != "typing" {
			t.Errorf("got %+v", f)
		}
	}
	w.users.change(func() {
		w.users.strangers[1], w.users.strangers[7] = true, true
		w.users.blind[1], w.users.blind[7] = true, true
	})
	e, err := event.New(event.Pair, nil, 1, 7)
	if err != nil {
		t.Fatal(err)
	}
	w.publish(t, e)
	for s, u := range map[*socket]uint64{one: 7, seven: 1} {
		if got := s.sees(u); got.LastSeenAt != 0 {
			t.Errorf("%d was last seen %d", u, got.LastSeenAt)
		}
	}
	one.ask("t", "typing", typingBody("p_1_7", "text", false))
	seven.ask("t", "typing", typingBody("p_1_7", "text", false))
	// The typists of both have said it when they ask about others.
	one.ask("t", "typing", typingBody("p_1_3", "text", true))
	seven.ask("t", "typing", typingBody("p_3_7", "text", true))
	checks := func() int {
		w.users.mu.Lock()
		defer w.users.mu.Unlock()
		return w.users.checks
	}
	wait(t, "the hearers to be asked for again", func() bool { return checks() == 6 })
	for _, s := range []*socket{one, seven, nine} { // nine is of no concern
		s.ask("nothing came", "ping", "")
	}
}

// Who comes is asked about once, however many friends are to be told.
func TestManyWatchersAreOneQuestion(t *testing.T) {
	t.Parallel()
	const many = 30
	w := newWorld(t, brisk, func(w *world) {
		w.pace.trust, w.pace.renew = -1, time.Hour // no answer lasts, and nothing is asked but at a bell
		for u := range uint64(many) {
			w.users.friends[100+u] = []uint64{7, 8}
		}
	})
	var all []*socket
	for u := range uint64(many) {
		all = append(all, w.join(t, 100+u, 100+u))
	}
	wait(t, "all to watch", func() bool {
		w.hub.watching.mu.Lock()
		defer w.hub.watching.mu.Unlock()
		return len(w.hub.watching.by[7]) == many && len(w.hub.watching.due) == 0
	})
	asked := func() (n int) {
		w.users.change(func() { n = w.users.asked })
		return n
	}
	before := asked()
	w.on(t, 7, "web")
	for _, s := range all {
		s.sees(7, "web")
	}
	if n := asked() - before; n != 1 {
		t.Errorf("asked %d times", n)
	}
	w.users.change(func() { w.users.blind[8] = true })
	w.on(t, 8, "web")
	wait(t, "it to be asked whether 8 is seen", func() bool { return asked() == before+2 })
	for _, s := range all {
		s.ask("nothing came", "ping", "")
	}
}

// While user_rpc is asked, the answer may become wrong: then it is none, and
// asked for again.
func TestAnAnswerFromBeforeADoubtIsNone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		doubt func(w *watching)
		kept  bool
	}{
		"no doubt":                    {func(*watching) {}, true},
		"of the two":                  {func(w *watching) { w.part(7, 1) }, false},
		"of everybody who watches":    {func(w *watching) { w.doubtAll(7) }, false},
		"of others":                   {func(w *watching) { w.part(2, 7) }, true},
		"of everybody who watches me": {func(w *watching) { w.doubtAll(1) }, true},
	} {
		for way, keep := range map[string]func(w *watching, s *Session, at time.Time) error{
			"subscribe": func(w *watching, s *Session, at time.Time) error {
				return w.add(s, []uint64{7}, map[uint64]bool{7: true}, at)
			},
			"follow": func(w *watching, _ *Session, at time.Time) error {
				w.befriend(1, &user_rpc.FollowingResponse{UserIds: []uint64{7}, WatchableIds: []uint64{7}}, at)
				return nil
			},
			"ask again": func(w *watching, s *Session, at time.Time) error {
				w.view(s, 7)
				w.keep(doubt{1, 7}, true, at)
				return nil
			},
		} {
			t.Run(way+", "+name, func(t *testing.T) {
				t.Parallel()
				w, s := newWatching(nil, nil, pace{}), &Session{who: token.Identity{UserID: 1}}
				w.come(s)
				at := time.Now()
				c.doubt(w)
				if err := keep(w, s, at); err != nil {
					t.Fatal(err)
				}
				if v := w.of[s][7]; v.may != c.kept || v.asked.IsZero() == c.kept {
					t.Errorf("kept %+v", v)
				}
				if err := keep(w, s, time.Now()); err != nil {
					t.Fatal(err)
				}
				if v := w.of[s][7]; !v.may || v.asked.IsZero() {
					t.Errorf("asked afterwards: %+v", v)
				}
				for d := range w.doubted {
					w.doubted[d] = time.Now().Add(-2 * doubtKept)
				}
				if w.lookAll(); len(w.doubted) > 0 {
					t.Errorf("remembered for ever: %v", w.doubted)
				}
			})
		}
	}
}
