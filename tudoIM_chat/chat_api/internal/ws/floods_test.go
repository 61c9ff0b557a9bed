package ws

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tudoIM/common/rate"
)

// few are five an hour.
func few(name string) *rate.Limiter {
	return rate.New(name, rate.Rate{Count: 5, Per: time.Hour, Burst: 5})
}

func TestAUserMayAskAndSendSoMuch(t *testing.T) {
	t.Parallel()
	group := func(n int) string {
		return fmt.Sprintf(`,"data":{"groupId":%d,"clientMsgId":"c","msg":{"type":1,"textMsg":{"content":"x"}}}`, n)
	}
	peer := strings.Replace(group(9), "groupId", "revUserId", 1)
	for name, c := range map[string]struct {
		set      func(w *world)
		op, data string
		code     int // of the answers below the limit
		other    [2]string
	}{
		"asks":             {func(w *world) { w.asks = few("ask") }, "ping", "", 0, [2]string{}},
		"asks for nothing": {func(w *world) { w.asks = few("ask") }, "fly", "", 10001, [2]string{}},
		"sends":            {func(w *world) { w.rates.User = few("send") }, "send", peer, 0, [2]string{"ping", ""}},
		"sends to nowhere": {func(w *world) { w.rates.User = few("send") }, "send", group(5), 50003, [2]string{"ping", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.set)
			one, two, stranger := w.join(t, 7, 1), w.join(t, 7, 2), w.join(t, 8, 3)
			for n := range 5 {
				from := one
				if n%2 == 1 { // sockets of one user count together
					from = two
				}
				if f := from.ask(fmt.Sprint(n), c.op, c.data); f.Code != c.code {
					t.Fatalf("%d: %v", n, f)
				}
			}
			for _, from := range []*socket{one, two} {
				if f := from.ask("past", c.op, c.data); f.Code != 10007 || !strings.Contains(string(f.Data), `"retryAfter":"7`) {
					t.Errorf("past the limit: %v", f)
				}
			}
			if c.other[0] != "" {
				if f := one.ask("other", c.other[0], c.other[1]); f.Code == 10007 {
					t.Errorf("what is not bounded: %v", f)
				}
			}
			if f := stranger.ask("s", c.op, c.data); f.Code == 10007 {
				t.Errorf("another user: %v", f)
			}
		})
	}
}

func TestASocketThatDoesNotWaitIsClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.rates.User = few("send") })
	s, other := w.join(t, 7, 1), w.join(t, 7, 2)
	acks := make(chan int)
	go func() { // as fast as it can, and hears what it is told meanwhile
		n := 0
		defer func() { acks <- n }()
		for {
			if _, body, err := s.ReadMessage(); err != nil {
				if !websocket.IsCloseError(err, websocket.ClosePolicyViolation) {
					t.Errorf("closed with %v", err)
				}
				return
			} else if strings.Contains(string(body), `"code":10007`) {
				n++
			}
		}
	}()
	for n := range 1000 {
		if s.WriteMessage(websocket.TextMessage, []byte(sendFrame(n, 9, "c"))) != nil {
			break // the connection is gone
		}
	}
	if n := <-acks; n != maxRefused+1 {
		t.Errorf("%d refusals before the close", n)
	}
	if f := other.ask("1", "ping", ""); f.Code != 0 {
		t.Errorf("the user's other socket: %v", f)
	}
}

// TestWhoMayNotSendToAGroupCostsItNothing: its members have all of its rate.
func TestWhoMayNotSendToAGroupCostsItNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.rates.Group = few("group") })
	s := w.join(t, 7, 1)
	for n := range 20 {
		f := s.ask(fmt.Sprint(n), "send", `,"data":{"groupId":5,"clientMsgId":"c","msg":{"type":1,"textMsg":{"content":"x"}}}`)
		if f.Code != 50003 {
			t.Fatalf("%d: %v", n, f)
		}
	}
}
