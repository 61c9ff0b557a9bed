package event

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"google.golang.org/protobuf/proto"

	"tudoIM/common/wire"
	"tudoIM/core/cache"
	"tudoIM/core/embedded"
	"tudoIM/test/suite"
)

const patience = 30 * time.Second

var secret = []byte(strings.Repeat("s", 32))

// busOn returns a bus over the Redis at url, and its client.
func busOn(t *testing.T, url string) (*Bus, redis.UniversalClient) {
	t.Helper()
	rdb, err := cache.Open(url)
	if err != nil {
		t.Fatal(err)
	}
	return NewBus(rdb, secret), rdb
}

func newBus(t *testing.T) (*Bus, redis.UniversalClient) {
	t.Helper()
	r, err := embedded.StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return busOn(t, r.URL())
}

// said is what a subscription heard.
type said struct {
	channel string
	event   *wire.Event
}

// listen subscribes and returns what is heard and how often the bus came back.
func listen(t *testing.T, b *Bus, channels ...string) (s *Subscription, heard chan said, back *atomic.Int32) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	heard, back = make(chan said, 10_000), new(atomic.Int32)
	s = b.Subscribe(ctx, func(channel string, e *wire.Event) { heard <- said{channel, e} }, func() { back.Add(1) }, channels...)
	if len(channels) > 0 {
		until(t, "the bus is up", s.Up)
	}
	return s, heard, back
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("not in time: %s", what)
		}
	}
}

func next(t *testing.T, heard chan said) said {
	t.Helper()
	select {
	case s := <-heard:
		return s
	case <-time.After(patience):
		t.Fatal("nothing heard")
		return said{}
	}
}

func TestEventsReachTheirReceiversWhole(t *testing.T) {
	t.Parallel()
	b, _ := newBus(t)
	_, heard, back := listen(t, b, UserChannel(1), UserChannel(2), Sessions)
	e, err := New(FriendAdded, map[string]any{"friendId": 2}, 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	if e.Ts < time.Now().Add(-time.Minute).UnixMilli() || string(e.Data) != `{"friendId":2}` {
		t.Errorf("made %v", e)
	}
	msg := &wire.Event{Name: Message, Ts: 5, MaxSeq: 9, Message: &wire.Message{Id: 4, Seq: 9, Msg: []byte(`{"type":1}`), MsgPreview: "你好"},
		To: []*wire.Receiver{{UserId: 2, Unread: 3, AtMe: true}}}
	kick := &wire.Event{Name: Kick, SessionIds: []uint64{7}, To: []*wire.Receiver{{UserId: 2}}}
	if err := b.Publish(t.Context(), e, msg, kick); err != nil {
		t.Fatal(err)
	}
	for _, want := range []said{{UserChannel(1), e}, {UserChannel(2), msg}, {UserChannel(2), kick}, {Sessions, kick}} {
		if got := next(t, heard); got.channel != want.channel || !proto.Equal(got.event, want.event) {
			t.Errorf("heard %v, want %v", got, want)
		}
	}
	if back.Load() != 0 {
		t.Error("it was never away, and came back")
	}
}

// However many its members are, a group hears a thing once.
func TestWhatIsForAGroupIsOnePayload(t *testing.T) {
	t.Parallel()
	b, _ := newBus(t)
	_, heard, _ := listen(t, b, GroupChannel(5), GroupChannel(6), UserChannel(1), UserChannel(5))
	joined, err := ToGroup(MemberJoined, map[string]any{"groupId": 5}, 5, 7)
	if err != nil {
		t.Fatal(err)
	}
	if joined.Group != 5 || joined.GroupVer != 7 || string(joined.Data) != `{"groupId":5}` || len(joined.To) != 0 {
		t.Errorf("made %v", joined)
	}
	if _, err := ToGroup(MemberJoined, func() {}, 5, 7); err == nil {
		t.Error("data that is no JSON")
	}
	msg := &wire.Event{Name: Message, Ts: 5, MaxSeq: 9, Message: &wire.Message{Id: 4, Seq: 9}, Group: 6, GroupVer: 2}
	mine := &wire.Event{Name: MemberLeft, Ts: 5, To: []*wire.Receiver{{UserId: 1}}}
	if err := b.Publish(t.Context(), joined, msg, mine); err != nil {
		t.Fatal(err)
	}
	for _, want := range []said{{GroupChannel(5), joined}, {GroupChannel(6), msg}, {UserChannel(1), mine}} {
		if got := next(t, heard); got.channel != want.channel || !proto.Equal(got.event, want.event) {
			t.Errorf("heard %v, want %v", got, want)
		}
	}
}

// Presence is for who watches a user, not for the user.
func TestPresenceHasChannelsOfItsOwn(t *testing.T) {
	t.Parallel()
	b, rdb := newBus(t)
	s, heard, _ := listen(t, b, UserChannel(1), UserChannel(2))
	if err := s.Add(t.Context(), PresenceChannel(1), PresenceChannel(2), PresenceChannel(3)); err != nil {
		t.Fatal(err)
	}
	if err := s.Add(t.Context()); err != nil {
		t.Error(err)
	}
	if err := s.Remove(t.Context()); err != nil {
		t.Error(err)
	}
	ring := func(user uint64) *wire.Event {
		return &wire.Event{Name: Presence, To: []*wire.Receiver{{UserId: user}}}
	}
	if err := b.Publish(t.Context(), ring(1), ring(3), ring(4)); err != nil {
		t.Fatal(err)
	}
	for _, user := range []uint64{1, 3} {
		if got := next(t, heard); got.channel != PresenceChannel(user) || got.event.Name != Presence {
			t.Errorf("heard %v", got)
		}
	}
	if err := s.Remove(t.Context(), PresenceChannel(1), PresenceChannel(2)); err != nil {
		t.Fatal(err)
	}
	until(t, "Redis knows", func() bool { return rdb.PubSubNumSub(t.Context(), PresenceChannel(2)).Val()[PresenceChannel(2)] == 0 })
	if err := b.Publish(t.Context(), ring(1), ring(2), ring(3)); err != nil {
		t.Fatal(err)
	}
	if got := next(t, heard); got.channel != PresenceChannel(3) {
		t.Errorf("heard %v", got)
	}
}

func TestPublishWithoutReceiversOrRedis(t *testing.T) {
	t.Parallel()
	b, _ := newBus(t)
	if err := b.Publish(t.Context()); err != nil {
		t.Error(err)
	}
	if err := b.Publish(t.Context(), &wire.Event{Name: Read}); err != nil {
		t.Error(err)
	}
	if _, err := New(Read, func() {}); err == nil {
		t.Error("data that is no JSON")
	}
	gone, _ := busOn(t, "127.0.0.1:1")
	if err := gone.Publish(t.Context(), &wire.Event{Name: Read, To: []*wire.Receiver{{UserId: 1}}}); err == nil {
		t.Error("published without a Redis")
	}
}

func TestForgedPayloadsAreIgnored(t *testing.T) {
	t.Parallel()
	b, rdb := newBus(t)
	_, heard, back := listen(t, b, UserChannel(1))
	genuine := &wire.Event{Name: Read, To: []*wire.Receiver{{UserId: 1}}, Data: []byte(`{}`)}
	good, err := b.seal(genuine)
	if err != nil {
		t.Fatal(err)
	}
	flip := func(at int) []byte {
		p := append([]byte{}, good...)
		p[at] ^= 1
		return p
	}
	stranger, err := NewBus(rdb, []byte(strings.Repeat("t", 32))).seal(genuine)
	if err != nil {
		t.Fatal(err)
	}
	patient := *rdb.(*redis.Client).Options() // for ten megabytes on a busy machine
	patient.ReadTimeout, patient.WriteTimeout = patience, patience
	forger := redis.NewClient(&patient)
	t.Cleanup(func() { _ = forger.Close() })
	junk := append(b.mac([]byte("junk")), "junk"...)
	plain := hmac.New(sha256.New, secret)
	plain.Write(good[macSize:])
	for name, payload := range map[string][]byte{
		"nothing": {}, "text": []byte("hello"), "JSON": []byte(`{"name":"kick","to":[{"userId":1}]}`),
		"only a signature": good[:macSize], "half a signature": good[:macSize/2], "cut by a byte": good[:len(good)-1], "a byte more": append(append([]byte{}, good...), 0),
		"unsigned": good[macSize:], "zeros for a signature": append(make([]byte, macSize), good[macSize:]...),
		"another first byte": flip(0), "another last byte": flip(len(good) - 1), "the end of the signature": flip(macSize - 1),
		"signed by a stranger": stranger, "signed with the secret itself": append(plain.Sum(nil)[:macSize], good[macSize:]...),
		"signed, but no event": junk, "ten megabytes": make([]byte, 10<<20),
	} {
		if err := forger.Publish(t.Context(), UserChannel(1), payload).Err(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if e, err := b.open(payload); err == nil {
			t.Errorf("%s was opened as %v", name, e)
		} else if name != "signed, but no event" && !errors.Is(err, ErrForged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := rdb.Publish(t.Context(), UserChannel(1), good).Err(); err != nil {
		t.Fatal(err)
	}
	if got := next(t, heard); !proto.Equal(got.event, genuine) || len(heard) > 0 {
		t.Errorf("heard %v and %d more", got, len(heard))
	}
	if back.Load() != 0 {
		t.Error("a forged payload cost the connection")
	}
}

func FuzzOpen(f *testing.F) {
	b := NewBus(nil, secret)
	good, err := b.seal(&wire.Event{Name: Read, To: []*wire.Receiver{{UserId: 1}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[macSize:])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, payload []byte) {
		e, err := b.open(payload)
		if (err == nil) != (e != nil) {
			t.Errorf("%v, %v", e, err)
		}
		if err == nil && e.Name != Read {
			t.Errorf("a stranger signed %v", e)
		}
		_, _ = b.open(append(b.mac(payload), payload...)) // signed, whatever it is
	})
}

func TestAddIsInForceWhenItReturns(t *testing.T) {
	t.Parallel()
	b, _ := newBus(t)
	s, heard, _ := listen(t, b, Sessions)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { // others talk all the time
		for n := uint64(0); ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			if err := b.Publish(t.Context(), &wire.Event{Name: Read, To: []*wire.Receiver{{UserId: 1 + n%8}}}); err != nil {
				t.Error(err)
				return
			}
		}
	})
	var mu sync.Mutex
	got := map[string]bool{}
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			case h := <-heard:
				if h.event.Name == UserUpdated {
					mu.Lock()
					got[fmt.Sprint(h.channel, h.event.Ts)] = true
					mu.Unlock()
				}
			}
		}
	})
	var users sync.WaitGroup
	for user := uint64(1); user <= 8; user++ {
		users.Go(func() {
			for round := int64(1); round <= 30; round++ {
				if err := s.Add(t.Context(), UserChannel(user)); err != nil {
					t.Errorf("add: %v", err)
					return
				}
				if err := b.Publish(t.Context(), &wire.Event{Name: UserUpdated, Ts: round, To: []*wire.Receiver{{UserId: user}}}); err != nil {
					t.Error(err)
					return
				}
				until(t, "what was said after Add is heard", func() bool {
					mu.Lock()
					defer mu.Unlock()
					return got[fmt.Sprint(UserChannel(user), round)]
				})
				if err := s.Remove(t.Context(), UserChannel(user)); err != nil {
					t.Errorf("remove: %v", err)
				}
			}
		})
	}
	users.Wait()
	close(stop)
	wg.Wait()
}

func TestWhatWasRemovedIsNotHeard(t *testing.T) {
	t.Parallel()
	b, rdb := newBus(t)
	s, heard, _ := listen(t, b, Sessions)
	if err := s.Add(t.Context(), UserChannel(1)); err != nil {
		t.Fatal(err)
	}
	if err := s.Remove(t.Context(), UserChannel(1)); err != nil {
		t.Fatal(err)
	}
	until(t, "Redis knows", func() bool { return rdb.PubSubNumSub(t.Context(), UserChannel(1)).Val()[UserChannel(1)] == 0 })
	both := &wire.Event{Name: Kick, To: []*wire.Receiver{{UserId: 1}}}
	if err := b.Publish(t.Context(), both); err != nil {
		t.Fatal(err)
	}
	if got := next(t, heard); got.channel != Sessions {
		t.Errorf("heard on %s", got.channel)
	}
}

func TestAddEndsWithItsContext(t *testing.T) {
	t.Parallel()
	b, _ := busOn(t, "127.0.0.1:1")
	s, _, _ := listen(t, b)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Add(ctx, UserChannel(1)); err == nil {
		t.Error("added without a Redis")
	}
	if err := s.Add(ctx, UserChannel(1), UserChannel(2)); err == nil {
		t.Error("added without a Redis")
	}
	if s.Up() {
		t.Error("up without a Redis")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) > 0 {
		t.Errorf("who gave up is remembered: %v", s.waiting)
	}
}

func TestARestartOfRedisIsToldAndHealed(t *testing.T) {
	t.Parallel()
	suite.Need(t, suite.RequireRedis)
	r, err := suite.StartRedis(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	b, _ := busOn(t, r.URL())
	s, heard, back := listen(t, b, Sessions)
	if err := s.Add(t.Context(), UserChannel(1)); err != nil {
		t.Fatal(err)
	}
	for round := range int32(2) {
		r.Kill()
		until(t, "the loss is noticed", func() bool { return !s.Up() })
		if back.Load() != round {
			t.Errorf("back while away: %d", back.Load())
		}
		if err := r.Start(); err != nil {
			t.Fatal(err)
		}
		until(t, "the bus is told to be back", func() bool { return back.Load() == round+1 })
		if !s.Up() {
			t.Error("back, but not up")
		}
		// Both what was subscribed at first and what was added are heard again.
		if err := b.Publish(t.Context(), &wire.Event{Name: Kick, Ts: int64(round), To: []*wire.Receiver{{UserId: 1}}}); err != nil {
			t.Fatal(err)
		}
		for _, channel := range []string{UserChannel(1), Sessions} {
			if got := next(t, heard); got.channel != channel || got.event.Ts != int64(round) {
				t.Errorf("heard %v, want it on %s", got, channel)
			}
		}
	}
}

// wall is a way to a server on which connections can die without a sign.
type wall struct {
	net.Listener
	to   string
	mu   sync.Mutex
	dead []*atomic.Bool
}

func newWall(t *testing.T, to string) *wall {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wall{Listener: l, to: to}
	t.Cleanup(func() { l.Close() })
	go w.run()
	return w
}

func (w *wall) run() {
	for {
		near, err := w.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", w.to)
		if err != nil {
			near.Close()
			continue
		}
		dead := new(atomic.Bool)
		w.mu.Lock()
		w.dead = append(w.dead, dead)
		w.mu.Unlock()
		pass := func(to, from net.Conn) {
			defer to.Close()
			defer from.Close()
			buf := make([]byte, 4096)
			for {
				n, err := from.Read(buf)
				if err != nil {
					return
				}
				if dead.Load() {
					continue // read and lost, as by a wall on the way
				}
				if _, err := to.Write(buf[:n]); err != nil {
					return
				}
			}
		}
		go pass(near, far)
		go pass(far, near)
	}
}

// cut makes the connections there are now say nothing any more.
func (w *wall) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, d := range w.dead {
		d.Store(true)
	}
}

func TestAConnectionThatDiedInSilenceIsReplaced(t *testing.T) {
	t.Parallel()
	r, err := embedded.StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	u, err := url.Parse(r.URL())
	if err != nil {
		t.Fatal(err)
	}
	w := newWall(t, u.Host)
	u.Host = w.Addr().String()
	far, _ := busOn(t, u.String())
	near, _ := busOn(t, r.URL())
	s, heard, back := listen(t, far, UserChannel(1))
	w.cut()
	until(t, "the bus is heard over a new connection", func() bool { return back.Load() == 1 && s.Up() })
	if err := near.Publish(t.Context(), &wire.Event{Name: Read, To: []*wire.Receiver{{UserId: 1}}}); err != nil {
		t.Fatal(err)
	}
	if got := next(t, heard); got.event.Name != Read {
		t.Errorf("heard %v", got)
	}
}
