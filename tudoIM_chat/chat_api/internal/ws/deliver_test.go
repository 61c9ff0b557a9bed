package ws

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tudoIM/common/event"
	"tudoIM/common/wire"
	"tudoIM/core/embedded"
	"tudoIM/test/suite"
)

func TestAMessageReachesAllSocketsOfBoth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	phone, laptop, peer, stranger := w.join(t, 7, 1), w.join(t, 7, 2), w.join(t, 8, 3), w.join(t, 9, 4)
	for n := uint64(1); n <= 3; n++ {
		w.publish(t, messageEvent(7, 8, n))
		for _, c := range []struct {
			s      *socket
			isMe   bool
			unread uint64
		}{{phone, true, 0}, {laptop, true, 0}, {peer, false, n}} {
			f := c.s.next()
			if f.Op != "event" || f.Event != "message" || f.N != n || f.Ts != 1_700_000_000_000 {
				t.Fatalf("event %d is %+v", n, f)
			}
			var d struct {
				Message      json.RawMessage
				Conversation struct {
					Unread, MaxSeq uint64
					AtMe           bool
				}
			}
			if err := json.Unmarshal(f.Data, &d); err != nil {
				t.Fatal(err)
			}
			if got := keys(t, f.Data); !slices.Equal(got, []string{"conversation", "message"}) {
				t.Errorf("keys of data: %v", got)
			}
			if d.Conversation.Unread != c.unread || d.Conversation.MaxSeq != n || d.Conversation.AtMe {
				t.Errorf("conversation %+v", d.Conversation)
			}
			if got := keys(t, d.Message); !slices.Equal(got, []string{
				"clientMsgId", "conversationId", "createdAt", "id", "isMe", "msg", "msgPreview", "msgType",
				"revUserId", "sendUser", "seq", "status", "ver",
			}) {
				t.Errorf("keys of message: %v", got)
			}
			want := fmt.Sprintf(`{"id":%d,"conversationId":"p_7_8","seq":%d,"ver":%d,"clientMsgId":"c%d",`+
				`"sendUser":{"userId":7,"nickname":"Nick 7","avatar":"a.png"},"revUserId":8,"msgType":1,`+
				`"msg":{"type":1,"textMsg":{"content":"hello"}},"msgPreview":"hello","status":0,"createdAt":1700000000000,"isMe":%v}`,
				2*n, n, n, n, c.isMe)
			if string(d.Message) != want {
				t.Errorf("message %s, want %s", d.Message, want)
			}
		}
	}
	e, err := event.New("readSelf", map[string]int{"readSeq": 3}, 8)
	if err != nil {
		t.Fatal(err)
	}
	w.publish(t, e)
	if f := peer.next(); f.Event != "readSelf" || f.N != 4 || string(f.Data) != `{"readSeq":3}` {
		t.Errorf("another event: %+v %s", f, f.Data)
	}
	stranger.ask("nothing came", "ping", "")
}

func TestAMessageGoesOutWithoutItsSendersProfile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.users.away = true })
	peer := w.join(t, 8, 1)
	const n = 100
	for seq := uint64(1); seq <= n; seq++ {
		w.publish(t, messageEvent(7, 8, seq))
		if f := peer.next(); f.N != seq || !strings.Contains(string(f.Data), `"sendUser":{"userId":7,"nickname":"","avatar":""}`) {
			t.Fatalf("event %+v %s", f, f.Data)
		}
	}
	w.users.mu.Lock()
	calls := w.users.calls
	w.users.away = false
	w.users.mu.Unlock()
	if calls == n {
		t.Errorf("user_rpc was asked %d times while it was away", calls)
	}
	seq := uint64(n)
	wait(t, "the nickname to come back", func() bool {
		seq++
		w.publish(t, messageEvent(7, 8, seq))
		return strings.Contains(string(peer.next().Data), `"Nick 7"`)
	})
}

func TestAMessageEventWithoutAMessageIsIgnored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.join(t, 7, 1)
	w.publish(t, &wire.Event{Name: event.Message, To: []*wire.Receiver{{UserId: 7}}}, messageEvent(8, 7, 1))
	if f := s.next(); f.Event != "message" || f.N != 1 {
		t.Errorf("got %+v", f)
	}
}

func TestForgedEventsAreIgnored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.join(t, 7, 1)
	forger := event.NewBus(w.rdb, []byte(strings.Repeat("x", 32)))
	if err := forger.Publish(t.Context(), messageEvent(8, 7, 1)); err != nil {
		t.Fatal(err)
	}
	for _, payload := range []string{"", "hello", `{"name":"message"}`, strings.Repeat("x", 1<<20)} {
		if n, err := w.rdb.Publish(t.Context(), event.UserChannel(7), payload).Result(); n == 0 || err != nil {
			t.Fatalf("reached %d, %v", n, err)
		}
	}
	// One of ours on a channel of a user it is not for.
	w.publish(t, messageEvent(8, 9, 1))
	w.publish(t, messageEvent(8, 7, 2))
	if f := s.next(); f.N != 1 || !strings.Contains(string(f.Data), `"seq":2`) {
		t.Errorf("got %+v %s", f, f.Data)
	}
}

func TestTheEleventhSocketClosesTheOldest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all []*socket
	for n := range uint64(usual.PerUser) {
		all = append(all, w.join(t, 7, n))
	}
	other := w.join(t, 8, 1)
	for _, s := range all {
		s.ask("all ten are served", "ping", "")
	}
	eleventh := w.join(t, 7, 10)
	if got := all[0].closed(); got != CloseTooMany {
		t.Errorf("the oldest is closed with %d", got)
	}
	for _, s := range append(all[1:], eleventh, other) {
		s.ask("still there", "ping", "")
	}
	wait(t, "ten to be left", func() bool { return len(w.hub.sessions(7)) == usual.PerUser })
}

func TestAKickClosesTheSocketsOfItsSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, twin, b, other := w.join(t, 7, 1), w.join(t, 7, 1), w.join(t, 7, 2), w.join(t, 8, 1)
	kick := func(sessions ...uint64) {
		t.Helper()
		e, err := event.New(event.Kick, map[string]string{"reason": "login"}, 7)
		if err != nil {
			t.Fatal(err)
		}
		e.SessionIds = sessions
		w.publish(t, e)
	}
	kick(1)
	for _, s := range []*socket{a, twin} {
		if f := s.next(); f.Event != "kick" || f.N != 1 || string(f.Data) != `{"reason":"login"}` {
			t.Errorf("got %+v %s", f, f.Data)
		}
		if got := s.closed(); got != CloseKicked {
			t.Errorf("closed with %d", got)
		}
	}
	b.ask("not meant", "ping", "")
	other.ask("not meant", "ping", "")
	kick()
	if f := b.next(); f.Event != "kick" {
		t.Errorf("got %+v", f)
	}
	if got := b.closed(); got != CloseKicked {
		t.Errorf("closed with %d", got)
	}
	other.ask("not meant", "ping", "")
}

// A session that was told to close is not served any more, whatever its client
// does with the close.
func TestAKickedSocketIsNotServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.join(t, 7, 1)
	session := w.hub.sessions(7)[0]
	session.Close(CloseKicked, "the session has ended")
	for i := range 20 {
		if s.WriteMessage(websocket.TextMessage, []byte(sendFrame(i, 2, "c"))) != nil {
			break
		}
	}
	if got := s.closed(); got != CloseKicked {
		t.Errorf("closed with %d", got)
	}
	wait(t, "the socket to be forgotten", func() bool { return len(w.hub.all()) == 0 })
	w.chat.mu.Lock()
	defer w.chat.mu.Unlock()
	if len(w.chat.sent) != 0 {
		t.Errorf("%d sends of a kicked session went out", len(w.chat.sent))
	}
}

// stuck is a connection to a client that reads nothing.
func stuck(t *testing.T, w *world, user uint64) net.Conn {
	t.Helper()
	s := w.join(t, user, 1)
	if tcp, ok := s.NetConn().(*net.TCPConn); ok {
		_ = tcp.SetReadBuffer(4 << 10)
	}
	return s.NetConn()
}

func TestASlowSocketIsCutAndNobodyElseWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stuck(t, w, 7)
	slow := w.hub.sessions(7)[0]
	twin, other := w.join(t, 7, 2), w.join(t, 8, 3)
	big := bytes.Repeat([]byte("x"), 60<<10)
	data, err := json.Marshal(string(big))
	if err != nil {
		t.Fatal(err)
	}
	const n = 400 // 24 MB, far above what sockets and queue hold
	var peak int
	for i := uint64(1); i <= n; i++ {
		for _, user := range []uint64{7, 8} { // as from the bus, which is too slow for this
			w.hub.heard(event.UserChannel(user), &wire.Event{Name: "big", Ts: 1, Data: data, To: []*wire.Receiver{{UserId: user}}})
		}
		for _, s := range []*socket{twin, other} {
			if f := s.next(); f.Event != "big" || f.N != i {
				t.Fatalf("event %d is %s %d", i, f.Event, f.N)
			}
		}
		slow.mu.Lock()
		peak = max(peak, slow.queued, len(slow.queue))
		slow.mu.Unlock()
	}
	if peak > usual.QueueBytes {
		t.Errorf("%d bytes were queued", peak)
	}
	wait(t, "the slow socket to be cut", func() bool { return len(w.hub.sessions(7)) == 1 })
	slow.mu.Lock()
	if slow.queue != nil || !slow.closed || slow.closing == nil {
		t.Error("the slow session is not at its end")
	}
	slow.mu.Unlock()
	twin.ask("still there", "ping", "")
}

func TestASlowSocketThatReadsAgainLearnsWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.join(t, 7, 1)
	session := w.hub.sessions(7)[0]
	session.mu.Lock() // the writer stands still
	for range usual.QueueFrames + 1 {
		session.events++
		session.enqueue(eventFrame("many", session.events, 1, []byte("{}")))
	}
	if session.queue != nil {
		t.Error("what a slow client would get is kept")
	}
	session.mu.Unlock()
	if got := s.closed(); got != CloseSlow {
		t.Errorf("closed with %d", got)
	}
}

func TestAfterTheBusWasAwayEverybodyIsToldToSync(t *testing.T) {
	t.Parallel()
	suite.Need(t, suite.RequireRedis)
	redis, err := suite.StartRedis(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(redis.Close)
	w := emptyWorld()
	w.start(t, redis.URL())
	a, b := w.join(t, 7, 1), w.join(t, 8, 2)
	redis.Kill()
	if err := redis.Start(); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*socket{a, b} {
		if f := s.next(); f.Event != "resync" || f.N != 1 || string(f.Data) != `{"reason":"the bus was away"}` {
			t.Errorf("got %+v %s", f, f.Data)
		}
	}
	wait(t, "events to be heard again", func() bool {
		w.publish(t, messageEvent(7, 8, 1))
		return b.next().Event == "message"
	})
}

// With the bus away sockets come and go as ever: nothing of it is done under
// the lock of the hub.
func TestSocketsComeAndGoWhileTheBusIsAway(t *testing.T) {
	t.Parallel()
	redis, err := embedded.StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	w := emptyWorld()
	w.start(t, redis.URL())
	var before []*socket
	for user := uint64(1); user <= 20; user++ {
		before = append(before, w.join(t, user, 1))
	}
	redis.Close()
	s := w.join(t, 100, 1)
	s.ask("served", "ping", "")
	for _, old := range before {
		_ = old.Close()
	}
	s.ask("served", "ping", "")
	wait(t, "the others to be forgotten", func() bool { return len(w.hub.all()) == 1 })
	s.ask("served", "ping", "")
}

func TestAtTheEndSocketsAreClosedAndNewOnesRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b := w.join(t, 7, 1), w.join(t, 8, 2)
	ended := make(chan struct{})
	go func() { w.hub.End(context.Background()); close(ended) }()
	for _, s := range []*socket{a, b} {
		if got := s.closed(); got != websocket.CloseGoingAway {
			t.Errorf("closed with %d", got)
		}
	}
	late := w.dial(t, 9, 1)
	if _, body, err := late.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseServiceRestart) {
		t.Errorf("a new socket gets %s, %v", body, err)
	}
	<-ended
	if n := len(w.hub.all()); n > 0 {
		t.Errorf("%d sockets are left behind the end", n)
	}
}

func TestTheEndDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.dial(t, 7, 1) // which reads nothing, and so answers no close
	wait(t, "it is there", func() bool { return len(w.hub.all()) == 1 })
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	begin := time.Now()
	w.hub.End(ctx)
	if took := time.Since(begin); took > closeWait/2 {
		t.Errorf("the end took %v", took)
	}
	wait(t, "it is cut", func() bool { return len(w.hub.all()) == 0 })
}

// The last socket's leaving may be late, and undo what a new one has begun.
func TestANewSocketIsHeardThoughTheLastOneLeaves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.join(t, 7, 1)
	w.hub.unhear(7)
	if f := s.next(); f.Event != "resync" {
		t.Errorf("got %+v", f)
	}
	w.publish(t, messageEvent(8, 7, 1))
	if f := s.next(); f.Event != "message" {
		t.Errorf("got %+v", f)
	}
	_ = s.Close()
	channel := event.UserChannel(7)
	wait(t, "the hearing to end behind the last", func() bool {
		n, err := w.rdb.PubSubNumSub(t.Context(), channel).Result()
		return err == nil && n[channel] == 0
	})
}

func TestAFullLineTellsItsUsersToSync(t *testing.T) {
	t.Parallel()
	h := &Hub{limits: usual, users: map[uint64][]*Session{}}
	for i := range h.lines {
		h.lines[i] = make(chan delivery, 1)
	}
	s := &Session{hub: h, writing: true}
	h.users[7] = []*Session{s}
	e := messageEvent(8, 7, 1)
	h.heard(event.UserChannel(7), e)
	if len(s.queue) != 0 || len(h.lines[7%lines]) != 1 {
		t.Fatalf("queued %q", s.queue)
	}
	h.heard(event.UserChannel(7), e)
	if len(s.queue) != 1 || !bytes.Contains(s.queue[0], []byte(`"event":"resync"`)) {
		t.Errorf("queued %q", s.queue)
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	t.Run("a node's life", func(t *testing.T) {
		w := newWorld(t)
		for user := uint64(1); user <= 10; user++ {
			w.group.set(user, 1, 0, user, 1)
			s := w.join(t, user, 1)
			w.publish(t, groupMessage(user, 1, user, 1))
			if f := s.next(); f.Event != "message" {
				t.Errorf("got %+v", f)
			}
			s.ask("served", "ping", "")
			s.write(sendFrame("s", 99, "c"))
			s.next()
			if user%2 == 0 {
				_ = s.Close()
			}
		}
		w.end()
	})
	// What is left may be the pools of Redis clients, one each, that live as
	// long as the process: the hub's own are none.
	own := func() string {
		buf := make([]byte, 4<<20)
		var left []string
		for _, g := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
			if strings.Contains(g, "chat_api/internal/") && !strings.Contains(g, "_test.go") || strings.Contains(g, "event.(*Subscription)") {
				left = append(left, g)
			}
		}
		return strings.Join(left, "\n\n")
	}
	left := own()
	for deadline := time.Now().Add(patience); left != "" && time.Now().Before(deadline); left = own() {
		runtime.Gosched()
	}
	if left != "" {
		t.Errorf("left behind:\n%s", left)
	}
}
