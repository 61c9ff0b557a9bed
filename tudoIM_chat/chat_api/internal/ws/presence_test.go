package ws

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"tudoIM/common/event"
	"tudoIM/common/presence"
	"tudoIM/core/cache"
	"tudoIM/core/embedded"
)

func usersBody(ids ...uint64) string {
	return strings.ReplaceAll(fmt.Sprintf(`,"data":{"userIds":%v}`, ids), " ", ",")
}

// subscribe asks for users and returns their states.
func (s *socket) subscribe(ids ...uint64) []state {
	s.t.Helper()
	f := s.ask("sub", "subscribe", usersBody(ids...))
	var d struct{ List []state }
	if err := json.Unmarshal(f.Data, &d); err != nil || f.Code != 0 {
		s.t.Fatalf("subscribe: %+v %s", f, f.Data)
	}
	return d.List
}

// sees fails unless the next frame says that user is on platforms; none is
// offline.
func (s *socket) sees(user uint64, platforms ...string) state {
	s.t.Helper()
	f := s.next()
	var got state
	if err := json.Unmarshal(f.Data, &got); err != nil || f.Event != "presence" {
		s.t.Fatalf("got %+v %s, want the presence of %d", f, f.Data, user)
	}
	if got.UserID != user || got.IsOnline != (len(platforms) > 0) || !slices.Equal(got.Platforms, platforms) {
		s.t.Fatalf("got %s, want %d on %v", f.Data, user, platforms)
	}
	if !strings.Contains(string(f.Data), `"platforms":[`) {
		s.t.Errorf("no list of platforms: %s", f.Data)
	}
	return got
}

// brisk is a world whose hub has little patience.
func brisk(w *world) {
	w.pace = pace{renew: 200 * time.Millisecond, grace: 200 * time.Millisecond, trust: time.Hour}
}

func TestPresenceIsToldToWhoWatches(t *testing.T) {
	t.Parallel()
	w := newWorld(t, brisk, func(w *world) { w.users.blind[8] = true })
	begin := time.Now().UnixMilli()
	other, hidden := w.on(t, 9, "web"), w.on(t, 8, "web")
	watcher, stranger := w.on(t, 1, "web"), w.on(t, 2, "web")
	wait(t, "the leases", func() bool {
		got, err := presence.Read(t.Context(), w.rdb, 8, 9)
		return err == nil && got[8].IsOnline && got[9].IsOnline
	})
	list := watcher.subscribe(7, 8, 9, 7, 10)
	if len(list) != 4 {
		t.Fatalf("states %+v", list)
	}
	for i, want := range []state{{7, false, []string{}, 0}, {8, false, []string{}, 0}, {9, true, []string{"web"}, list[2].LastSeenAt}, {10, false, []string{}, 0}} {
		if got := list[i]; got.UserID != want.UserID || got.IsOnline != want.IsOnline || !slices.Equal(got.Platforms, want.Platforms) || got.LastSeenAt != want.LastSeenAt {
			t.Errorf("state %d is %+v, want %+v", i, got, want)
		}
	}
	if list[2].LastSeenAt < begin {
		t.Errorf("last seen %d", list[2].LastSeenAt)
	}
	_ = hidden.Close() // which nobody sees
	web := w.on(t, 7, "web")
	watcher.sees(7, "web")
	twin := w.on(t, 7, "web") // which changes nothing
	twin.ask("here", "ping", "")
	ios := w.on(t, 7, "ios")
	watcher.sees(7, "ios", "web")
	_ = ios.Close()
	watcher.sees(7, "web")
	_ = web.Close()
	_ = twin.Close()
	if got := watcher.sees(7); got.LastSeenAt < begin || got.LastSeenAt > time.Now().UnixMilli() {
		t.Errorf("last seen %d", got.LastSeenAt)
	}
	_ = other.Close()
	watcher.sees(9)
	if again := watcher.subscribe(7)[0]; again.IsOnline || again.LastSeenAt < begin {
		t.Errorf("asked again: %+v", again)
	}
	stranger.ask("nothing came", "ping", "")
}

// Who loses a socket and has another at once was never gone.
func TestAFlickerIsNotShown(t *testing.T) {
	t.Parallel()
	one := newWorld(t, func(w *world) { brisk(w); w.pace.grace = time.Second })
	two := emptyWorld()
	two.pace = one.pace
	two.start(t, one.redis)
	watcher := two.join(t, 1, 1)
	s := one.on(t, 7, "web")
	wait(t, "the lease", func() bool {
		got, err := presence.Read(t.Context(), one.rdb, 7)
		return err == nil && got[7].IsOnline
	})
	if got := watcher.subscribe(7)[0]; !got.IsOnline {
		t.Errorf("at first: %+v", got)
	}
	for range 3 {
		_ = s.Close()
		s = one.on(t, 7, "web") // on the same node
	}
	first, err := one.rdb.HKeys(t.Context(), "tudo:on:{7}").Result()
	if err != nil || len(first) != 1 {
		t.Fatalf("leases of %v, %v", first, err)
	}
	_ = s.Close()
	s = two.on(t, 7, "web") // on another node
	wait(t, "the first node to give up", func() bool {
		nodes, err := one.rdb.HKeys(t.Context(), "tudo:on:{7}").Result()
		return err == nil && len(nodes) == 1 && nodes[0] != first[0]
	})
	_ = one.on(t, 7, "ios")
	watcher.sees(7, "ios", "web")
	_ = s.Close()
	watcher.sees(7, "ios")
}

// Who has lost the socket of one device may be back on it, whatever other
// device comes meanwhile.
func TestAnotherDeviceDoesNotEndAFlicker(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { brisk(w); w.pace.grace = time.Second })
	watcher := w.join(t, 1, 1)
	s := w.on(t, 7, "web")
	wait(t, "the lease", func() bool {
		got, err := presence.Read(t.Context(), w.rdb, 7)
		return err == nil && got[7].IsOnline
	})
	watcher.subscribe(7)
	_ = s.Close()
	wait(t, "the socket to be gone", func() bool { return len(w.hub.sessions(7)) == 0 })
	w.on(t, 7, "ios")
	watcher.sees(7, "ios", "web")
	watcher.sees(7, "ios")
}

// A node that dies does not say so.
func TestUsersOfADeadNodeGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, brisk)
	dead := presence.NewLeases(w.rdb, "dead")
	if err := dead.Set(t.Context(), time.Now().Add(-70*time.Second), map[uint64][]string{7: {"web"}}); err != nil {
		t.Fatal(err)
	}
	watcher := w.join(t, 1, 1)
	if got := watcher.subscribe(7)[0]; !got.IsOnline {
		t.Errorf("its lease lasts: %+v", got)
	}
	watcher.sees(7)
}

func TestWhatRedisForgetsComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, brisk)
	w.on(t, 7, "web")
	online := func() bool {
		got, err := presence.Read(t.Context(), w.rdb, 7)
		return err == nil && got[7].IsOnline
	}
	wait(t, "the lease", online)
	if err := w.rdb.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	wait(t, "the lease again", online)
}

func TestTheRightToSeeIsAskedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { brisk(w); w.pace.trust = -1 })
	watcher, twin := w.join(t, 1, 1), w.join(t, 1, 2)
	watcher.subscribe(7)
	twin.subscribe(7)
	w.on(t, 7, "web")
	watcher.sees(7, "web")
	twin.sees(7, "web")
	w.users.change(func() { w.users.blind[7] = true })
	ios := w.on(t, 7, "ios")
	for _, s := range []*socket{watcher, twin} {
		if got := s.sees(7); got.LastSeenAt != 0 {
			t.Errorf("who must not be seen was last seen %d", got.LastSeenAt)
		}
	}
	w.users.change(func() { w.users.blind[7], w.users.away = false, true })
	_ = ios.Close()
	w.on(t, 7, "mini")
	asked := func() int {
		w.users.mu.Lock()
		defer w.users.mu.Unlock()
		return w.users.asked
	}
	before := asked()
	wait(t, "user_rpc to be asked", func() bool { return asked() > before+1 })
	watcher.ask("nothing is shown while nobody can say", "ping", "")
	w.users.change(func() { w.users.away = false })
	watcher.sees(7, "mini", "web")
}

// A good answer is not asked for again, however often a user comes and goes.
func TestAnAnswerIsGoodForAWhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, brisk)
	watcher := w.join(t, 1, 1)
	watcher.subscribe(7)
	for range 3 {
		s := w.on(t, 7, "web")
		watcher.sees(7, "web")
		_ = s.Close()
		watcher.sees(7)
	}
	w.users.mu.Lock()
	defer w.users.mu.Unlock()
	if w.users.asked != 1 {
		t.Errorf("asked %d times", w.users.asked)
	}
}

func TestSubscribeAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.join(t, 1, 1)
	ids := func(from, n uint64) []uint64 {
		list := make([]uint64, n)
		for i := range list {
			list[i] = from + uint64(i)
		}
		return list
	}
	for _, op := range []string{"subscribe", "unsubscribe"} {
		for n, c := range []struct{ data, field string }{
			{"", "data"}, {`,"data":null`, "data"}, {`,"data":[7]`, "data"}, {`,"data":{}`, "userIds"}, {`,"data":{"userIds":null}`, "userIds"},
			{`,"data":{"userIds":7}`, "userIds"}, {`,"data":{"userIds":["7"]}`, "userIds"}, {`,"data":{"userIds":[-7]}`, "userIds"},
			{`,"data":{"userIds":[1.5]}`, "userIds"}, {`,"data":{"userIds":[7,0]}`, "userIds"}, {usersBody(), "userIds"}, {usersBody(ids(1, 201)...), "userIds"},
		} {
			f := s.ask(fmt.Sprint(op, n), op, c.data)
			if f.Code != 10001 || string(f.Data) != fmt.Sprintf(`{"field":%q}`, c.field) {
				t.Errorf("%s %.60s: %+v %s", op, c.data, f, f.Data)
			}
		}
	}
	for n := range uint64(3) { // 500, some of them again
		if got := s.subscribe(ids(1+150*n, 200)...); len(got) != 200 {
			t.Errorf("%d states", len(got))
		}
	}
	if f := s.ask("over", "subscribe", usersBody(1000)); f.Code != 10001 || string(f.Data) != `{"field":"userIds"}` {
		t.Errorf("the 501st: %+v %s", f, f.Data)
	}
	if f := s.ask("gone", "unsubscribe", usersBody(500, 2000)); f.Code != 0 || string(f.Data) != "null" {
		t.Errorf("unsubscribe: %+v %s", f, f.Data)
	}
	if got := s.subscribe(1000); len(got) != 1 {
		t.Errorf("in its place: %+v", got)
	}
	if f := s.ask("over again", "subscribe", usersBody(500)); f.Code != 10001 {
		t.Errorf("the 501st again: %+v", f)
	}
	w.users.change(func() { w.users.away = true })
	if f := s.ask("away", "subscribe", usersBody(1)); f.Code != 10010 {
		t.Errorf("nobody can say: %+v", f)
	}
}

func TestWhoIsNotWatchedIsNotHeard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, brisk)
	a, b := w.join(t, 1, 1), w.join(t, 2, 2)
	a.subscribe(7, 9)
	b.subscribe(7)
	heard := func(user uint64) bool {
		n, err := w.rdb.PubSubNumSub(t.Context(), event.PresenceChannel(user)).Result()
		return err == nil && n[event.PresenceChannel(user)] > 0
	}
	if !heard(7) || !heard(9) || heard(10) {
		t.Error("the wrong bells are heard")
	}
	a.ask("u", "unsubscribe", usersBody(7, 9))
	wait(t, "nobody to hear of 9", func() bool { return !heard(9) })
	s := w.on(t, 7, "web")
	b.sees(7, "web")
	a.ask("nothing came", "ping", "")
	_ = b.Close()
	wait(t, "nobody to hear of 7", func() bool { return !heard(7) })
	_ = s.Close()
	w.hub.watching.mu.Lock()
	defer w.hub.watching.mu.Unlock()
	if len(w.hub.watching.by) != 0 || len(w.hub.watching.of) != 0 {
		t.Errorf("left: %v %v", w.hub.watching.by, w.hub.watching.of)
	}
}

// A watcher's leaving may be late, and undo what the next one has begun.
func TestWhoWatchesAgainIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { brisk(w); w.pace.renew = time.Hour }) // nothing but bells
	watcher := w.join(t, 1, 1)
	watcher.subscribe(7)
	for range 50 {
		watcher.ask("u", "unsubscribe", usersBody(7))
		watcher.subscribe(7)
		s := w.on(t, 7, "web")
		watcher.sees(7, "web")
		_ = s.Close()
		watcher.sees(7)
	}
}

func TestWithoutRedisEverybodyLooksOffline(t *testing.T) {
	t.Parallel()
	server, err := embedded.StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	w := emptyWorld()
	brisk(w)
	w.start(t, server.URL())
	w.on(t, 7, "web")
	watcher := w.join(t, 1, 1)
	server.Close()
	begin := time.Now()
	if got := watcher.subscribe(7, 9); got[0].IsOnline || got[1].IsOnline {
		t.Errorf("states %+v", got)
	}
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("that took %v", took)
	}
	watcher.ask("served", "ping", "")
}

// stumbling is a way to Redis on which some talks fail.
type stumbling struct{ talks atomic.Int32 }

func (*stumbling) DialHook(next redis.DialHook) redis.DialHook          { return next }
func (*stumbling) ProcessHook(next redis.ProcessHook) redis.ProcessHook { return next }

func (s *stumbling) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if s.talks.Add(-1) >= 0 {
			return context.DeadlineExceeded
		}
		return next(ctx, cmds)
	}
}

// A moment without Redis does not keep the users of a node that ends online.
func TestAtTheEndLeasesFade(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.pace.grace = time.Second })
	way := &stumbling{}
	rdb, err := cache.Open(w.redis) // the hub's own
	if err != nil {
		t.Fatal(err)
	}
	rdb.AddHook(way)
	w.on(t, 7, "web")
	online := func() bool {
		got, err := presence.Read(t.Context(), w.rdb, 7)
		return err == nil && got[7].IsOnline
	}
	wait(t, "the lease", online)
	way.talks.Store(2)
	w.end()
	wait(t, "the lease to end", func() bool { return !online() })
}
