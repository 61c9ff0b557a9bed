package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// TestExamplesOfTheProtocol plays the frames of protocol.md.
func TestExamplesOfTheProtocol(t *testing.T) {
	frames := blocks(read(t, "docs/protocol.md"), "frames")
	if len(frames) < 10 {
		t.Fatalf("%d blocks of frames", len(frames))
	}
	a := loadAsyncAPI(t)
	both(t, func(t *testing.T, s *suite.Suite) {
		for n, block := range frames {
			t.Run(strconv.Itoa(n+1), func(t *testing.T) { newPlay(t, s, a).play(block) })
		}
	})
}

// play is a block of frames between people of its own: Ann and Bob are
// friends, Eve is a stranger to both.
type play struct {
	t    *testing.T
	api  *asyncAPI
	cast [3]*player
	// bound are the values that placeholders stand for.
	bound map[string]string
}

// player is one of the cast on a device of hers.
type player struct {
	*client.Client
	conn *websocket.Conn
	// waiting are frames that came before an example of them.
	waiting []map[string]any
	// asked are the ops of requests by id.
	asked map[any]any
	// answer is that of the last request over REST.
	answer map[string]any
}

func newPlay(t *testing.T, s *suite.Suite, a *asyncAPI) *play {
	t.Helper()
	ann, bob := friends(t, s)
	eve := register(t, s, 0)
	p := &play{t: t, api: a, bound: map[string]string{
		"ann": fmt.Sprint(ann.UserID), "bob": fmt.Sprint(bob.UserID), "eve": fmt.Sprint(eve.UserID), "conversation": private(ann, bob),
		"accessToken": ann.AccessToken, "userName": ann.Name, "password": password, "deviceId": ann.Device,
	}}
	for n, c := range []*client.Client{ann, bob, eve} {
		c.Lang, c.Nickname = "en", []string{"Ann", "Bob", "Eve"}[n]
		if err := c.Call(ctx(t), http.MethodPut, "/api/user/user_info", map[string]any{"nickname": c.Nickname}, nil); err != nil {
			t.Fatal(err)
		}
	}
	for n, c := range []*client.Client{ann, bob, eve} {
		p.cast[n] = &player{Client: c, conn: raw(t, c), asked: map[any]any{}}
		if err := p.cast[n].receive(p); err != nil { // hello: from now on it hears everything
			t.Fatal(err)
		}
	}
	return p
}

// raw opens a socket without the client.
func raw(t *testing.T, c *client.Client) *websocket.Conn {
	t.Helper()
	conn, resp, err := websocket.DefaultDialer.DialContext(ctx(t), "ws"+strings.TrimPrefix(c.Base, "http")+"/api/chat/ws",
		http.Header{"Authorization": {"Bearer " + c.AccessToken}, "Accept-Language": {"en"}})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// request is what is sent over REST in an example.
var request = regexp.MustCompile(`^(GET|POST|PUT|DELETE) (\S+)(?: (.*))?$`)

// play plays a block line by line.
func (p *play) play(block string) {
	p.t.Helper()
	for line := range strings.Lines(block) {
		direction, example, _ := strings.Cut(strings.TrimSpace(line), " ")
		who := len(strings.TrimSuffix(direction, "x"))
		if who < 1 || who > len(p.cast) {
			p.t.Fatalf("line %q", line)
		}
		a := p.cast[who-1]
		switch strings.TrimLeft(direction, "<>") + direction[:1] {
		case ">":
			p.say(a, fill(example, p.bound))
		case "<":
			p.expect(a, example)
		case "x>":
			_ = a.conn.Close() // it is only to be gone
		case "x<":
			p.end(a, example)
		default:
			p.t.Fatalf("line %q", line)
		}
	}
}

// say sends a frame, or a request over REST.
func (p *play) say(a *player, what string) {
	p.t.Helper()
	r := request.FindStringSubmatch(what)
	if r == nil {
		var frame map[string]any
		if err := json.Unmarshal([]byte(what), &frame); err != nil {
			p.t.Fatalf("%v in %s", err, what)
		}
		a.asked[frame["id"]] = frame["op"]
		if err := a.conn.WriteMessage(websocket.TextMessage, []byte(what)); err != nil {
			p.t.Fatal(err)
		}
		return
	}
	header := http.Header{"Content-Type": {"application/json"}}
	resp, err := a.Do(ctx(p.t), r[1], r[2], strings.NewReader(r[3]), header)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	a.answer = nil
	if err != nil || json.Unmarshal(body, &a.answer) != nil || a.answer["code"] != 0.0 {
		p.t.Fatalf("%s\n got %s, %v", what, body, err)
	}
}

// expect waits for a frame of the example's op, event, id and placeholders,
// and compares it. An example without an op is the answer over REST.
func (p *play) expect(a *player, example string) {
	p.t.Helper()
	var want map[string]any
	if err := json.Unmarshal([]byte(quoted(example)), &want); err != nil {
		p.t.Fatalf("%v in the example %s", err, example)
	}
	got := a.answer
	if want["op"] != nil {
		got = p.find(a, want, example)
	}
	if why := p.differ("", want, got); why != "" {
		p.t.Errorf("%s\n got     %v\n example %s", why, got, example)
	}
}

// find takes the first frame that want is an example of.
func (p *play) find(a *player, want map[string]any, example string) map[string]any {
	p.t.Helper()
	for n := 0; ; n++ {
		if n == len(a.waiting) {
			if err := a.receive(p); err != nil {
				p.t.Fatalf("waiting for %s: %v\n left: %v", example, err, a.waiting)
			}
		}
		got := a.waiting[n]
		if got["op"] == want["op"] && got["event"] == want["event"] && got["id"] == want["id"] && p.means(want, got) {
			a.waiting = slices.Delete(a.waiting, n, n+1)
			return got
		}
	}
}

// receive takes a frame, which must be as asyncapi.yaml says.
func (a *player) receive(p *play) error {
	_, body, err := a.conn.ReadMessage()
	if err != nil {
		return err
	}
	var frame map[string]any
	if err := json.Unmarshal(body, &frame); err != nil {
		p.t.Fatalf("%v in %s", err, body)
	}
	a.waiting = append(a.waiting, frame)
	if err := p.api.check(messageOf(frame, a.asked), frame); err != nil {
		p.t.Errorf("%s\n%v", body, err)
	}
	return nil
}

// end waits for the server to close a's socket with a code.
func (p *play) end(a *player, code string) {
	p.t.Helper()
	for {
		err := a.receive(p)
		if err == nil {
			continue
		}
		var closed *websocket.CloseError
		if !errors.As(err, &closed) || strconv.Itoa(closed.Code) != code {
			p.t.Errorf("the socket ended with %v, not with %s", err, code)
		}
		return
	}
}

// A placeholder stands in an example for a value: that of the play's own
// people, or that which came at this place the first time. A bare one is a
// number.
var (
	placeholder = regexp.MustCompile(`\{(\w+)\}`)
	bare        = regexp.MustCompile(`([:,\[])(\{\w+\})`)
)

// fill puts values in the place of placeholders.
func fill(example string, values map[string]string) string {
	return placeholder.ReplaceAllStringFunc(example, func(s string) string {
		if v, ok := values[strings.Trim(s, "{}")]; ok {
			return v
		}
		return s
	})
}

// quoted makes JSON of an example: placeholders become strings.
func quoted(example string) string { return bare.ReplaceAllString(example, `$1"$2"`) }

// named returns the placeholder that want is, or "".
func named(want any) string {
	s, _ := want.(string)
	if m := placeholder.FindStringSubmatch(s); m != nil && m[0] == s {
		return m[1]
	}
	return ""
}

// plain is v as a placeholder's value.
func plain(v any) string {
	if f, ok := v.(float64); ok {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// means reports whether got has what the placeholders of want stand for.
func (p *play) means(want, got any) bool {
	if name := named(want); name != "" {
		value, ok := p.bound[name]
		return !ok || value == plain(got)
	}
	switch w := want.(type) {
	case map[string]any:
		g, _ := got.(map[string]any)
		for k := range w {
			if !p.means(w[k], g[k]) {
				return false
			}
		}
	case []any:
		g, _ := got.([]any)
		for i := range min(len(w), len(g)) {
			if !p.means(w[i], g[i]) {
				return false
			}
		}
	}
	return true
}

// loose are the keys whose values differ from one play to the next.
var loose = map[string]bool{
	"n": true, "id": true, "ts": true, "connId": true, "serverTime": true, "createdAt": true, "editedAt": true, "pinnedAt": true,
	"updatedAt": true, "lastSeenAt": true, "originMsgDate": true, "expiresIn": true, "requestId": true,
}

// differ compares an example with what came: the keys of objects, the length of
// lists, and all values but loose ones, of which the type.
func (p *play) differ(at string, want, got any) string {
	if name := named(want); name != "" {
		if p.bound[name] == "" {
			p.bound[name] = plain(got)
		}
		if p.bound[name] != plain(got) {
			return fmt.Sprintf("%s is %v, not %s", at, got, p.bound[name])
		}
		return ""
	}
	if s, ok := want.(string); ok {
		want = fill(s, p.bound)
	}
	if reflect.TypeOf(want) != reflect.TypeOf(got) {
		return fmt.Sprintf("%s is %T, not %T", at, got, want)
	}
	switch w := want.(type) {
	case map[string]any:
		g := got.(map[string]any)
		keys := slices.Sorted(maps.Keys(w))
		if have := slices.Sorted(maps.Keys(g)); !slices.Equal(keys, have) {
			return fmt.Sprintf("%s has %v, the example %v", at, have, keys)
		}
		for _, k := range keys {
			if why := p.differ(at+"."+k, w[k], g[k]); why != "" {
				return why
			}
		}
	case []any:
		g := got.([]any)
		if len(w) != len(g) {
			return fmt.Sprintf("%s has %d, the example %d", at, len(g), len(w))
		}
		for i := range g {
			if why := p.differ(fmt.Sprintf("%s[%d]", at, i), w[i], g[i]); why != "" {
				return why
			}
		}
	default:
		key := regexp.MustCompile(`\w+`).FindString(at[strings.LastIndexByte(at, '.')+1:])
		if !loose[key] && want != got {
			return fmt.Sprintf("%s is %v, the example says %v", at, got, want)
		}
	}
	return ""
}
