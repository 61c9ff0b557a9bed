package ws

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gorilla/websocket"

	"tudoIM/common/event"
)

func keys(t *testing.T, raw json.RawMessage) []string {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return slices.Sorted(maps.Keys(m))
}

func TestHelloIsTheFirstFrame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := w.dial(t, 7, 1).next()
	if f.Op != "event" || f.Event != "hello" || f.N != 0 || f.Ts == 0 {
		t.Errorf("hello %+v", f)
	}
	if got := keys(t, f.Data); !slices.Equal(got, []string{"connId", "heartbeatSeconds", "limits", "n", "serverTime", "userId"}) {
		t.Errorf("keys %v", got)
	}
	var d struct {
		UserID           uint64
		HeartbeatSeconds int
		Limits           map[string]int
	}
	if err := json.Unmarshal(f.Data, &d); err != nil || d.UserID != 7 || d.HeartbeatSeconds != 25 ||
		d.Limits["frameBytes"] != 65536 || d.Limits["inFlight"] != 32 {
		t.Errorf("hello %s, %v", f.Data, err)
	}
}

// A socket of a user who is heard already gets events while it opens.
func TestHelloIsTheFirstFrameWhileEventsRain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_ = w.join(t, 7, 1)
	var stop atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		for seen := map[*Session]bool{}; !stop.Load(); {
			for _, s := range w.hub.sessions(7) {
				for range 20 {
					if !seen[s] {
						s.event("rain", 1, []byte("{}"))
					}
				}
				seen[s] = true
			}
		}
	}()
	for range 50 {
		s := w.dial(t, 7, 1)
		if f := s.next(); f.Event != "hello" {
			t.Errorf("first is %+v", f)
		}
		for n := uint64(1); n <= 20; n++ {
			if f := s.next(); f.Event != "rain" || f.N != n {
				t.Fatalf("event %d is %+v", n, f)
			}
		}
		_ = s.Close()
	}
	stop.Store(true)
	<-done
}

// What is said after hello is not missed.
func TestHelloComesWhenTheBusIsHeard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for user := uint64(1); user <= 50; user++ {
		s := w.join(t, user, 1)
		channel := event.UserChannel(user)
		if n, err := w.rdb.PubSubNumSub(t.Context(), channel).Result(); err != nil || n[channel] != 1 {
			t.Fatalf("user %d got hello, heard by %v, %v", user, n, err)
		}
		w.publish(t, messageEvent(99, user, 1))
		if f := s.next(); f.Event != "message" {
			t.Fatalf("got %+v", f)
		}
	}
}

func TestEveryRequestGetsOneAckAndTheSocketStaysOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.join(t, 7, 1)
	body := func(data string) string { return `,"data":` + data }
	send := func(where, msg string) string {
		return body(fmt.Sprintf(`{%s,"clientMsgId":"c","msg":%s}`, where, msg))
	}
	good := `{"type":1,"textMsg":{"content":"x"}}`
	for n, c := range []struct {
		op, data string
		code     int
	}{
		{"ping", "", 0},
		{"ping", body("null"), 0},
		{"fly", "", 10001},
		{"fly", body("[]"), 10001},
		{"Send", "", 10001},
		{"send", "", 10001},
		{"send", body("null"), 10001},
		{"send", body("[]"), 10001},
		{"send", body(`"x"`), 10001},
		{"send", body("7"), 10001},
		{"send", body("{}"), 10001},
		{"send", body(`{"revUserId":"2"}`), 10001},
		{"send", body(`{"revUserId":-2}`), 10001},
		{"send", body(`{"revUserId":1.5}`), 10001},
		{"send", body(`{"revUserId":18446744073709551616}`), 10001},
		{"send", send(`"revUserId":2`, good), 0},
		{"send", send(`"conversationId":"p_2_7"`, good), 0},
		{"send", send(`"conversationId":"p_7_7"`, good), 0},
		{"send", send(`"conversationId":"p_7_2"`, good), 40001},
		{"send", send(`"conversationId":"p_2_3"`, good), 40001},
		{"send", send(`"conversationId":"p_0_7"`, good), 40001},
		{"send", send(`"conversationId":"g_7"`, good), 50003},
		{"send", send(`"groupId":7`, good), 50003},
		{"send", send(`"conversationId":"g_0"`, good), 40001},
		{"send", send(`"conversationId":"s_7"`, good), 0},
		{"send", send(`"revUserId":2`, `{"type":1}`), 40005},
		{"send", send(`"revUserId":2`, "null"), 40005},
		{"send", send(`"revUserId":2`, strings.Repeat("[", 500)+strings.Repeat("]", 500)), 40005},
		{"read", "", 10001},
		{"read", body("null"), 10001},
		{"read", body("[]"), 10001},
		{"read", body(`"x"`), 10001},
		{"read", body("{}"), 40001},
		{"read", body(`{"conversationId":"p_2_7","readSeq":3}`), 0},
		{"read", body(`{"conversationId":"p_2_7","readSeq":11}`), 40015},
		{"read", body(`{"conversationId":"p_2_7","readSeq":-1}`), 10001},
		{"sync", "", 10001},
		{"sync", body("null"), 10001},
		{"sync", body("[]"), 10001},
		{"sync", body(`{"conversations":{}}`), 10001},
		{"sync", body(`{"conversations":[null]}`), 40001},
		{"sync", body(`{"conversations":[{"id":"p_2_7","seq":4}]}`), 0},
		{"sync", body(`{"conversations":[{"id":"p_2_3"}]}`), 40001},
	} {
		got := s.ask(fmt.Sprintf("r%d", n), c.op, c.data)
		if got.Code != c.code || (got.Code != 0) != (got.Msg != "") {
			t.Errorf("%s %s: %d %q %s", c.op, c.data, got.Code, got.Msg, got.Data)
		}
	}
	if got := s.ask(strings.Repeat("i", 64), "ping", ""); got.Code != 0 {
		t.Errorf("the longest id: %+v", got)
	}
	if got := s.ask("", "ping", ""); got.Code != 0 {
		t.Errorf("no id: %+v", got)
	}
	if got := keys(t, s.ask("k", "send", send(`"revUserId":2`, good)).Data); !slices.Equal(got,
		[]string{"conversationId", "createdAt", "dup", "msgId", "msgPreview", "seq", "ver"}) {
		t.Errorf("keys of a send's answer: %v", got)
	}
	if got := keys(t, s.ask("k", "read", body(`{"conversationId":"p_2_7","readSeq":3}`)).Data); !slices.Equal(got, []string{"readSeq", "totalUnread", "unread"}) {
		t.Errorf("keys of a read's answer: %v", got)
	}
	if got := s.ask("k", "sync", body(`{"conversations":[{"id":"p_2_7","seq":4}]}`)).Data; !strings.Contains(string(got), `"nickname":"Nick 2"`) {
		t.Errorf("sync: %s", got)
	}
	// Nothing else was said: the next frame is the answer to the next request.
	s.ask("last", "ping", "")
}

func TestFramesOutsideTheProtocolCloseTheSocket(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	text := func(body string) func(*socket) {
		return func(s *socket) { s.write(body) }
	}
	raw := func(frames ...[]byte) func(*socket) {
		return func(s *socket) {
			for _, f := range frames {
				if _, err := s.NetConn().Write(f); err != nil {
					return // it was closed, as it should be
				}
			}
		}
	}
	fragment := func(head byte, n int) []byte { // masked with zeros
		f := []byte{head, 0x80 | 126, byte(n >> 8), byte(n), 0, 0, 0, 0}
		return append(f, bytes.Repeat([]byte{'x'}, n)...)
	}
	ping := `{"op":"ping","id":"%s"}`
	endless := [][]byte{fragment(0x01, 1000)}
	for range 1000 {
		endless = append(endless, fragment(0x00, 1000))
	}
	for _, c := range []struct {
		name string
		do   func(*socket)
		code int
	}{
		{"binary", func(s *socket) { _ = s.WriteMessage(websocket.BinaryMessage, []byte(`{"op":"ping"}`)) }, 4000},
		{"not JSON", text("hello"), 4000},
		{"empty", text(""), 4000},
		{"null", text("null"), 4000},
		{"a list", text("[]"), 4000},
		{"a string", text(`"x"`), 4000},
		{"no op", text("{}"), 4000},
		{"op of another type", text(`{"op":1}`), 4000},
		{"two values", text(`{"op":"ping"}{"op":"ping"}`), 4000},
		{"an id that is too long", text(fmt.Sprintf(ping, strings.Repeat("i", 65))), 4000},
		{"an id that is a number", text(`{"op":"ping","id":7}`), 4000},
		{"nested too deep", text(`{"op":"send","data":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`), 4000},
		{"not UTF-8", func(s *socket) { s.write("{\"op\":\"ping\",\"id\":\"\xff\"}") }, 4000},
		{"a byte too many", text(`{"op":"ping","id":"` + strings.Repeat(" ", int(usual.FrameBytes)) + `"}`), 1009},
		{"a declared length of 2^62", raw([]byte{0x81, 0x80 | 127, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'x'}), 1009},
		{"fragments without end", raw(endless...), 1009},
		{"a control frame too long", raw([]byte{0x89, 0x80 | 126, 0, 200, 0, 0, 0, 0}), 1002},
		{"a frame without a mask", raw([]byte{0x81, 2, '{', '}'}), 1002},
		{"a reserved bit", raw([]byte{0xC1, 0x82, 0, 0, 0, 0, '{', '}'}), 1002},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := w.join(t, 7, 1)
			c.do(s)
			if got := s.closed(); got != c.code {
				t.Errorf("closed with %d, want %d", got, c.code)
			}
		})
	}
}

func TestTheLargestFrameIsServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.join(t, 7, 1)
	frame := `{"op":"ping","id":"a","data":"`
	s.write(frame + strings.Repeat("x", int(usual.FrameBytes)-len(frame)-2) + `"}`)
	if f := s.next(); f.ID != "a" || f.Code != 0 {
		t.Errorf("got %+v", f)
	}
}

func TestAPingIsAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.join(t, 7, 1)
	var pong string
	s.SetPongHandler(func(data string) error { pong = data; return nil })
	if err := s.WriteMessage(websocket.PingMessage, []byte("are you there")); err != nil {
		t.Fatal(err)
	}
	if got := keys(t, s.ask("p", "ping", "").Data); !slices.Equal(got, []string{"serverTime"}) {
		t.Errorf("keys %v", got)
	}
	if pong != "are you there" {
		t.Errorf("pong %q", pong)
	}
}

func TestTheClientsCloseIsAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.join(t, 7, 1)
	if err := s.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, "bye")); err != nil {
		t.Fatal(err)
	}
	if got := s.closed(); got != websocket.CloseNormalClosure {
		t.Errorf("closed with %d", got)
	}
	wait(t, "the session to be forgotten", func() bool { return len(w.hub.all()) == 0 })
}

func TestUpgradesAreRefusedWithAnEnvelope(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for path, want := range map[string]int{"/?user=0": http.StatusUnauthorized, "/?user=7": http.StatusBadRequest, "/?user=7&ends=0": http.StatusUnauthorized} {
		resp, err := http.Get("http" + strings.TrimPrefix(w.url, "ws") + path)
		if err != nil {
			t.Fatal(err)
		}
		var env struct{ Code int }
		err = json.NewDecoder(resp.Body).Decode(&env)
		_ = resp.Body.Close()
		if resp.StatusCode != want || err != nil || env.Code == 0 {
			t.Errorf("%s: %d, code %d, %v", path, resp.StatusCode, env.Code, err)
		}
	}
}

func TestUpgradesThatAreNoneAreRefusedWithAnEnvelope(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, header := range map[string]http.Header{
		"another version": {"Sec-Websocket-Version": {"12"}, "Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="}},
		"no key":          {"Sec-Websocket-Version": {"13"}},
		"a short key":     {"Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"eA=="}},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http"+strings.TrimPrefix(w.url, "ws")+"/?user=7", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header = header
		r.Header.Set("Connection", "Upgrade")
		r.Header.Set("Upgrade", "websocket")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var env struct{ Code int }
		err = json.NewDecoder(resp.Body).Decode(&env)
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusBadRequest || err != nil || env.Code != 10001 {
			t.Errorf("%s: %d, code %d, %v", name, resp.StatusCode, env.Code, err)
		}
	}
}

// A client that takes its answers may ask whether we are there as often as it likes.
func TestPingsDoNotMakeASocketSlow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.join(t, 7, 1)
	many := 20 * usual.QueueFrames
	go func() {
		for range many {
			if s.WriteMessage(websocket.PingMessage, nil) != nil {
				return
			}
		}
		_ = s.WriteMessage(websocket.TextMessage, []byte(`{"op":"ping","id":"last"}`))
	}()
	pongs := 0
	s.SetPongHandler(func(string) error { pongs++; return nil })
	if f := s.next(); f.ID != "last" || pongs != many {
		t.Errorf("%d pongs, then %+v", pongs, f)
	}
}

func TestAcksOfPipelinedSendsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.join(t, 7, 1)
	const n = 500
	go func() {
		for i := range n {
			if s.WriteMessage(websocket.TextMessage, []byte(sendFrame(i, 2, fmt.Sprint(i)))) != nil {
				return
			}
		}
	}()
	for i := range n {
		f := s.next()
		var d struct{ Seq int }
		if err := json.Unmarshal(f.Data, &d); err != nil || f.ID != fmt.Sprint(i) || f.Code != 0 || d.Seq != i+1 {
			t.Fatalf("ack %d is %+v %s", i, f, f.Data)
		}
	}
	w.chat.mu.Lock()
	defer w.chat.mu.Unlock()
	for i, item := range w.chat.sent {
		if item.ClientMsgId != fmt.Sprint(i) || item.UserId != 7 || item.TargetId != 2 {
			t.Fatalf("item %d is %v", i, item)
		}
	}
}

func TestASocketWithTooMuchUnderWayIsNotRead(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	w := newWorld(t, func(w *world) { w.chat.gate = gate })
	s := w.join(t, 7, 1)
	for i := range usual.InFlight {
		s.write(sendFrame(i, 2, "c"))
	}
	session := w.hub.sessions(7)[0]
	wait(t, "the slots to be taken", func() bool { return len(session.slots) == usual.InFlight })
	if f := s.ask("before", "ping", ""); f.Code != 0 {
		t.Errorf("with %d under way: %+v", usual.InFlight, f)
	}
	s.write(sendFrame("one too many", 2, "c"))
	s.write(`{"op":"ping","id":"after"}`)
	other := w.join(t, 8, 1)
	other.ask("other", "ping", "") // nobody else waits
	close(gate)
	// What came behind is read when the first send is answered: the sends' acks
	// keep their order, the ping's may come anywhere behind the first.
	var sends []string
	for n := range usual.InFlight + 2 {
		f := s.next()
		if f.ID != "after" {
			sends = append(sends, f.ID)
		} else if n == 0 {
			t.Error("the ping was read while too much was under way")
		}
		if f.Code != 0 {
			t.Errorf("%+v", f)
		}
	}
	for i, id := range sends {
		if want := fmt.Sprint(i); id != want && (i != usual.InFlight || id != "one too many") {
			t.Fatalf("ack %d of the sends is %s", i, id)
		}
	}
}

func TestASendThatWaitsForASlotIsAnsweredWhenTheNodeStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	h := &Hub{limits: usual}
	s := &Session{hub: h, slots: make(chan struct{}, 1), writing: true}
	s.slots <- struct{}{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.opSend(ctx, s, &request{ID: "x", Data: []byte(`{"revUserId":2}`)})
	}()
	cancel()
	<-done
	if len(s.queue) != 1 || !bytes.Contains(s.queue[0], []byte(`"id":"x","code":10010`)) {
		t.Errorf("queued %q", s.queue)
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"op":"ping","id":"1"}`, sendFrame(1, 2, "c"), `null`, `[]`, `"x"`, `{}`, ``, `{"op":"send","id":"1","data":null}`,
		`{"op":"send","data":{"conversationId":"p_1_2","msg":{"type":1}}}`, `{"op":"send","data":{"conversationId":"p_0_1"}}`,
		`{"op":"send","data":{"revUserId":18446744073709551615,"msg":[]}}`, "{\"op\":\"\xff\"}",
		`{"op":"ping","id":"` + strings.Repeat("i", 65) + `"}`, `{"OP":"ping","op":"x"}`, strings.Repeat(`{"op":`, 100),
	} {
		f.Add(websocket.TextMessage, []byte(seed))
	}
	f.Add(websocket.BinaryMessage, []byte(`{"op":"ping"}`))
	f.Fuzz(func(t *testing.T, kind int, body []byte) {
		req, ok := decode(kind, body)
		if !ok {
			return
		}
		if kind != websocket.TextMessage || req.Op == "" || len(req.ID) > maxID {
			t.Fatalf("accepted %d %q as %+v", kind, body, req)
		}
		var ack struct {
			Op, ID string
			Code   *int
		}
		frame := ackFrame(req.ID, "zh", nil, nil)
		if err := json.Unmarshal(frame[bytes.IndexByte(frame, '{'):], &ack); err != nil || ack.ID != req.ID || ack.Code == nil {
			t.Fatalf("ack %q of %q: %v", frame, body, err)
		}
	})
}
