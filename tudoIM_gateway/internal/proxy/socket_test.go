package proxy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tudoIM/common/token"
)

// chatBackend greets, echoes, and closes with 4001 when told "bye". "what"
// answers with the identity and query it saw.
func chatBackend(t *testing.T) *httptest.Server {
	up := websocket.Upgrader{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, err := token.Verify(r, key)
		if err != nil {
			http.Error(w, "unsigned", http.StatusUnauthorized)
			return
		}
		if r.URL.Query().Get("refuse") != "" {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = fmt.Fprint(w, `{"code":10007}`)
			return
		}
		c, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer c.Close()
		_ = c.WriteMessage(websocket.TextMessage, []byte("hello"))
		for {
			kind, b, err := c.ReadMessage()
			if err != nil {
				return
			}
			switch string(b) {
			case "bye":
				_ = c.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(4001, "kicked"), time.Now().Add(time.Second))
				return
			case "what":
				b = fmt.Appendf(nil, "user %d until %d query %s header %v", id.UserID, id.ExpiresAt, r.URL.RawQuery, r.Header)
			}
			if c.WriteMessage(kind, b) != nil {
				return
			}
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func (w *world) dial(path string, headers ...string) (*websocket.Conn, reply) {
	w.t.Helper()
	h := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		h.Add(headers[i], headers[i+1])
	}
	d := websocket.Dialer{EnableCompression: true}
	c, resp, err := d.Dial("ws"+strings.TrimPrefix(w.server.URL, "http")+path, h)
	if err != nil {
		if resp == nil {
			w.t.Fatal(err)
		}
		var b bytes.Buffer
		_, _ = b.ReadFrom(resp.Body)
		_ = resp.Body.Close()
		return nil, reply{resp, b.String()}
	}
	w.t.Cleanup(func() { _ = c.Close() })
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, b, err := c.ReadMessage(); err != nil || string(b) != "hello" {
		w.t.Fatalf("first frame: %q, %v", b, err)
	}
	return c, reply{resp, ""}
}

func TestSocketCopiesBothWays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register("chat_api", chatBackend(t).Listener.Addr().String(), deadAddr(t))
	for i, path := range []string{"/api/chat/ws", "/api/chat/ws/chat", "/api/group/ws/chat"} {
		c, _ := w.dial(path, "Token", access(t, 7))
		for _, size := range []int{1, 125, 126, 4096, 70000, 1 << 20} {
			sent := bytes.Repeat([]byte{byte('a' + size%26)}, size)
			if err := c.WriteMessage(websocket.TextMessage, sent); err != nil {
				t.Fatal(err)
			}
			if _, got, err := c.ReadMessage(); err != nil || !bytes.Equal(got, sent) {
				t.Fatalf("%s: %d bytes came back as %d, %v", path, size, len(got), err)
			}
		}
		if n := w.gateway.Sockets.Len(); n != i+1 {
			t.Errorf("%d sockets are open", n)
		}
	}
}

func TestSocketEndsWithEitherSide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register("chat_api", chatBackend(t).Listener.Addr().String())
	byBackend, _ := w.dial("/api/chat/ws", "Token", access(t, 7))
	if err := byBackend.WriteMessage(websocket.TextMessage, []byte("bye")); err != nil {
		t.Fatal(err)
	}
	_, _, err := byBackend.ReadMessage()
	if !websocket.IsCloseError(err, 4001) {
		t.Errorf("the instance's close frame arrived as %v", err)
	}
	byClient, _ := w.dial("/api/chat/ws", "Token", access(t, 7))
	_ = byClient.Close()
	await(t, "both ended", func() bool { return w.gateway.Sockets.Len() == 0 })
}

func TestSocketTicket(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register("chat_api", chatBackend(t).Listener.Addr().String())
	if _, got := w.dial("/api/chat/ws?ticket=bad"); got.StatusCode != 401 {
		t.Errorf("bad ticket: %d", got.StatusCode)
	}
	if _, got := w.dial("/api/chat/ws?ticket=good", "Token", access(t, 7)); got.StatusCode != 401 {
		t.Errorf("ticket and token: %d", got.StatusCode)
	}
	c, _ := w.dial("/api/chat/ws?ticket=good&deviceId=d1", "User-Id", "1", "Cookie", "a=b")
	_ = c.WriteMessage(websocket.TextMessage, []byte("what"))
	_, b, err := c.ReadMessage()
	if err != nil {
		t.Fatal(err)
	}
	got := string(b)
	if !strings.HasPrefix(got, "user 2 until 1099511627776 query deviceId=d1 ") {
		t.Error(got)
	}
	for _, leaked := range []string{"good", "Extensions", "Cookie"} {
		if strings.Contains(got, leaked) {
			t.Errorf("%s reached the instance: %s", leaked, got)
		}
	}
	if _, got := w.dial("/api/chat/ws?ticket=good"); got.StatusCode != 401 {
		t.Errorf("ticket used twice: %d", got.StatusCode)
	}
}

func TestSocketRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register("chat_api", chatBackend(t).Listener.Addr().String())
	for _, c := range []struct {
		name, path string
		headers    []string
		status     int
		code       int
	}{
		{"foreign origin", "/api/chat/ws", []string{"Token", access(t, 7), "Origin", "https://evil.example"}, 403, 10005},
		{"null origin", "/api/chat/ws", []string{"Token", access(t, 7), "Origin", "null"}, 403, 10005},
		{"listed origin", "/api/chat/ws", []string{"Token", access(t, 7), "Origin", "https://tudo.example"}, 101, 0},
		{"own origin", "/api/chat/ws", []string{"Token", access(t, 7), "Origin", w.server.URL}, 101, 0},
		{"no token", "/api/chat/ws", nil, 401, 10002},
		{"session ended", "/api/chat/ws", []string{"Token", access(t, 9)}, 401, 10004},
		{"the instance refuses", "/api/chat/ws?refuse=1", []string{"Token", access(t, 7)}, 429, 10007},
		{"no such socket", "/api/auth/ws", []string{"Token", access(t, 7)}, 400, 10001},
	} {
		if _, got := w.dial(c.path, c.headers...); got.StatusCode != c.status || got.code() != c.code {
			t.Errorf("%s: %d %s", c.name, got.StatusCode, got.body)
		}
	}
	none := newWorld(t)
	if _, got := none.dial("/api/group/ws/chat", "Token", "x"); got.StatusCode != 401 {
		t.Errorf("bad token: %d", got.StatusCode)
	}
}

func TestSocketsAreToldToGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register("chat_api", chatBackend(t).Listener.Addr().String())
	var all []*websocket.Conn
	for range 20 {
		c, _ := w.dial("/api/chat/ws", "Token", access(t, 7))
		all = append(all, c)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
	defer cancel()
	begin, done := time.Now(), make(chan struct{})
	go func() { w.gateway.Sockets.Close(ctx); close(done) }()
	for _, c := range all {
		if _, _, err := c.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseGoingAway) {
			t.Errorf("told %v", err)
		}
		_ = c.Close()
	}
	<-done
	if took := time.Since(begin); took > 4*time.Second || w.gateway.Sockets.Len() != 0 {
		t.Errorf("took %v, %d are open", took, w.gateway.Sockets.Len())
	}
	if _, got := w.dial("/api/chat/ws", "Token", access(t, 7)); got.StatusCode != 503 {
		t.Errorf("a new socket at the end: %d", got.StatusCode)
	}
}

func TestStopDoesNotWaitForSilentSockets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register("chat_api", chatBackend(t).Listener.Addr().String())
	w.dial("/api/chat/ws", "Token", access(t, 7)) // never reads again
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
	defer cancel()
	w.gateway.Sockets.Close(ctx)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) || w.gateway.Sockets.Len() != 0 {
		t.Error("it had to be cut")
	}
}

func TestFrames(t *testing.T) {
	t.Parallel()
	frame := func(size int, masked bool) []byte {
		var b []byte
		switch {
		case size < 126:
			b = []byte{0x81, byte(size)}
		case size < 1<<16:
			b = []byte{0x81, 126, byte(size >> 8), byte(size)}
		default:
			b = []byte{0x81, 127, 0, 0, 0, 0, byte(size >> 24), byte(size >> 16), byte(size >> 8), byte(size)}
		}
		if masked {
			b[1] |= 0x80
			b = append(b, 1, 2, 3, 4)
		}
		return append(b, make([]byte, size)...)
	}
	var stream []byte
	ends := map[int]bool{0: true}
	for _, size := range []int{0, 1, 125, 126, 127, 65535, 65536, 0} {
		for _, masked := range []bool{false, true} {
			stream = append(stream, frame(size, masked)...)
			ends[len(stream)] = true
		}
	}
	var f frames
	for at := 0; ; {
		if f.between() != ends[at] {
			t.Fatalf("after %d bytes: between is %v", at, f.between())
		}
		if at == len(stream) {
			break
		}
		next := min(len(stream), at+1+rand.IntN(200))
		f.pass(stream[at:next])
		at = next
	}
}
