package hostile

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/redis/go-redis/v9"
	"google.golang.org/protobuf/proto"

	"tudoIM/common/ctype"
	"tudoIM/common/event"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/test/client"
	"tudoIM/test/suite"
)

const socketPath = "/api/chat/ws"

// dialRaw opens a socket by the gateway that the test reads and writes itself.
func dialRaw(t *testing.T, w *stage, who *client.Client, query string, header http.Header) (*websocket.Conn, error) {
	t.Helper()
	if header = header.Clone(); header == nil {
		header = http.Header{}
	}
	if who != nil {
		header.Set("Authorization", "Bearer "+who.AccessToken)
	}
	conn, resp, err := websocket.DefaultDialer.DialContext(ctx(t), "ws"+strings.TrimPrefix(w.s.URLs()[0], "http")+socketPath+query, header)
	if err == nil {
		return conn, nil
	}
	if resp != nil {
		defer resp.Body.Close()
		return nil, fmt.Errorf("%d: %w", resp.StatusCode, err)
	}
	return nil, err
}

// rowsOfUpgrades are W1, W3 and W24 that are refused, or open one's own socket.
func rowsOfUpgrades(t *testing.T, w *stage) {
	upgrade := func(more http.Header) http.Header {
		h := http.Header{
			"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="},
		}
		for k, v := range more {
			h[k] = v
		}
		return h
	}
	late, err := token.Issue(w.secretFile(t, "jwt.secret"), token.Identity{UserID: w.ann.UserID, SessionID: 1, Role: 2}, time.Now().Add(-time.Hour), time.Minute)
	must(t, "a token", err)
	w.secret("an old token", late)
	ticket, err := w.ann.Ticket(ctx(t))
	must(t, "a ticket", err)
	w.secret("a ticket", ticket)
	s, err := w.ann.DialTicket(ctx(t), ticket)
	must(t, "by ticket", err)
	s.Close()
	second, err := w.ann.Ticket(ctx(t))
	must(t, "a ticket", err)
	w.secret("a ticket", second)
	rows := []row{
		{"W1 no token", w.gateway(), nil, "GET", socketPath, upgrade(nil), nil, 401, 10002, false, ""},
		{"W1 no token of ours", w.gateway(), nil, "GET", socketPath, upgrade(http.Header{"Token": {"x.y.z"}}), nil, 401, 10002, false, ""},
		{"W1 a token that ended", w.gateway(), nil, "GET", socketPath, upgrade(http.Header{"Token": {late}}), nil, 401, 10003, false, ""},
		{"W1 a token as a protocol", w.gateway(), nil, "GET", socketPath, upgrade(http.Header{"Sec-Websocket-Protocol": {w.ann.AccessToken}}), nil, 401, 10002, false, ""},
		{"W1 a token as a cookie", w.gateway(), nil, "GET", socketPath, upgrade(http.Header{"Cookie": {"token=x; access_token=x"}}), nil, 401, 10002, false, ""},
		{"W1 forged headers", w.gateway(), nil, "GET", socketPath, upgrade(http.Header{"User-Id": {"1"}, "Role": {"1"}}), nil, 401, 10002, false, ""},
		{"W3 a ticket again", w.gateway(), nil, "GET", socketPath + "?ticket=" + ticket, upgrade(nil), nil, 401, 0, false, ""},
		{"W3 no ticket of ours", w.gateway(), nil, "GET", socketPath + "?ticket=1.x", upgrade(nil), nil, 401, 0, false, ""},
		{"W3 a long ticket", w.gateway(), nil, "GET", socketPath + "?ticket=" + strings.Repeat("x", 7000), upgrade(nil), nil, 401, 0, false, ""},
		{"W3 two tickets", w.gateway(), nil, "GET", socketPath + "?ticket=x&ticket=" + ticket, upgrade(nil), nil, 401, 0, false, ""},
		{"W3 a ticket for REST", w.gateway(), nil, "GET", me + "?ticket=" + ticket, nil, nil, 401, 10002, false, ""},
		{"W3 a ticket and a token", w.gateway(), w.bob, "GET", socketPath + "?ticket=" + second, upgrade(nil), nil, 401, 10002, false, ""},
		{"no version", w.gateway(), w.ann, "GET", socketPath, upgrade(http.Header{"Sec-Websocket-Version": {"12"}}), nil, 400, 0, false, ""},
		{"no key", w.gateway(), w.ann, "GET", socketPath, upgrade(http.Header{"Sec-Websocket-Key": {""}}), nil, 400, 0, false, ""},
		{"a key that is none", w.gateway(), w.ann, "GET", socketPath, upgrade(http.Header{"Sec-Websocket-Key": {"x"}}), nil, 400, 0, false, ""},
		{"another way in", w.gateway(), w.ann, "POST", socketPath, upgrade(nil), nil, 400, 0, false, ""},
		{"elsewhere", w.gateway(), w.ann, "GET", me, upgrade(nil), nil, 400, 0, false, ""},
		{"no upgrade", w.gateway(), w.ann, "GET", socketPath, nil, nil, 400, 0, false, ""},
		{"a body", w.gateway(), w.ann, "GET", socketPath, upgrade(nil), "{}", 400, 0, false, ""},
		{"at the half, by nobody", w.half("chat_api"), nil, "GET", socketPath, upgrade(nil), nil, 401, 0, false, ""},
		{"at the half, unsigned", w.bare("chat_api"), nil, "GET", socketPath, upgrade(http.Header{"User-Id": {"1"}}), nil, 401, 10002, false, ""},
	}
	for _, r := range rows { // not play: a ticket is a row of the database
		w.send(t, r)
	}
	// W24: whatever is named, the socket is one's own, and a new one.
	theirs := w.ears[0].socket
	for _, query := range []string{
		fmt.Sprintf("?userId=%d&user=%d&uid=%d", w.bob.UserID, w.bob.UserID, w.bob.UserID), "?connId=1&sessionId=1&resume=1", "?deviceId=" + w.bob.Device + "&platform=web", "?lastN=-1",
		"?lastN=99999999999999999999", "?lastN=x", "?deviceId=" + strings.Repeat("d", 5000),
	} {
		conn, err := dialRaw(t, w, w.ann, query, nil)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "400") {
				t.Errorf("W24 %.60s: %v", query, err)
			}
			continue
		}
		_, hello, err := conn.ReadMessage()
		if err != nil || !strings.Contains(string(hello), fmt.Sprintf(`"userId":%d`, w.ann.UserID)) {
			t.Errorf("W24 %.60s: %s, %v", query, hello, err)
		}
		_ = conn.Close()
	}
	if err := theirs.Do(ctx(t), "ping", nil, nil); err != nil {
		t.Errorf("W24 bob's socket: %v", err)
	}
}

// frame is a client's frame, masked with zeros so that it is what it says.
func frame(head byte, payload []byte) []byte {
	f := []byte{head}
	switch n := len(payload); {
	case n < 126:
		f = append(f, 0x80|byte(n))
	case n < 1<<16:
		f = binary.BigEndian.AppendUint16(append(f, 0x80|126), uint16(n))
	default:
		f = binary.BigEndian.AppendUint64(append(f, 0x80|127), uint64(n))
	}
	return append(append(f, 0, 0, 0, 0), payload...)
}

// rss is what the processes of the suite hold in memory, in bytes.
func (w *stage) rss(t *testing.T) (bytes int64) {
	t.Helper()
	for _, m := range w.s.Members {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", m.Pid()))
		must(t, "memory of "+m.Name, err)
		_, rest, _ := strings.Cut(string(b), "VmRSS:")
		var kb int64
		_, err = fmt.Sscan(rest, &kb)
		must(t, "memory of "+m.Name, err)
		bytes += kb << 10
	}
	return bytes
}

// rowsOfFrames are W4, W6 and W11.
func rowsOfFrames(t *testing.T, w *stage) {
	before := w.rss(t)
	ping := []byte(`{"op":"ping","id":"a"}`)
	many := func(n int, f []byte) []byte { return bytes.Repeat(f, n) }
	fragments := append(frame(0x01, []byte("x")), many(10_000, frame(0x00, []byte("x")))...)
	for name, c := range map[string]struct {
		bytes []byte
		// code is how the socket is closed; 0 says that it stays open.
		code int
	}{
		"W4 64 KiB and a byte":           {frame(0x81, many(64<<10+1, []byte(" "))), 1009},
		"W4 a length of 100 MB":          {append([]byte{0x81, 0xff, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0}, many(1000, []byte("x"))...), 1009},
		"W4 a length of 2^63":            {[]byte{0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 1006},
		"W4 10,000 fragments of nothing": {append(fragments, frame(0x80, nil)...), 4000},
		"W4 fragments without end":       {append(frame(0x01, []byte("x")), many(100, frame(0x00, many(1000, []byte("x"))))...), 1009},
		"W4 a fragment of nothing":       {frame(0x80, []byte("x")), 1002},
		"W4 a text within a text":        {append(frame(0x01, []byte("x")), frame(0x81, ping)...), 1002},
		"W4 a ping of 126":               {frame(0x89, many(126, []byte("x"))), 1002},
		"W4 a ping in fragments":         {frame(0x09, []byte("x")), 1002},
		"W4 no mask":                     {[]byte{0x81, 2, '{', '}'}, 1002},
		"W4 a reserved bit":              {frame(0xc1, ping), 1002},
		"W4 a reserved code":             {frame(0x83, ping), 1002},
		"W4 a reserved control code":     {frame(0x8b, nil), 1002},
		"W6 binary":                      {frame(0x82, ping), 4000},
		"W6 no UTF-8":                    {frame(0x81, []byte("{\"op\":\"ping\",\"id\":\"\xff\"}")), 4000},
		"W6 NUL":                         {frame(0x81, []byte("\x00")), 4000},
		"W6 null":                        {frame(0x81, []byte("null")), 4000},
		"W6 a list":                      {frame(0x81, []byte("[]")), 4000},
		"W6 a string":                    {frame(0x81, []byte(`"x"`)), 4000},
		"W6 an object of nothing":        {frame(0x81, []byte("{}")), 4000},
		"W6 an empty text":               {frame(0x81, nil), 4000},
		"W6 two values":                  {frame(0x81, []byte(`{"op":"ping","id":"a"}{"op":"ping","id":"a"}`)), 4000},
		"W6 a key twice":                 {frame(0x81, []byte(`{"op":"ping","op":"ping","id":"a"}`)), 0},
		"W6 deep":                        {frame(0x81, []byte(`{"op":"send","id":"a","data":`+strings.Repeat("[", 30_000)+strings.Repeat("]", 30_000)+"}")), 4000},
		"W6 deep, as far as is read":     {frame(0x81, []byte(`{"op":"send","id":"a","data":`+strings.Repeat("[", 9_000)+strings.Repeat("]", 9_000)+"}")), 0},
		"W6 an unknown op":               {frame(0x81, []byte(`{"op":"`+strings.Repeat("x", 5000)+`","id":"a"}`)), 0},
		"W6 an id that is long":          {frame(0x81, []byte(`{"op":"ping","id":"`+strings.Repeat("x", 5000)+`"}`)), 4000},
		"W6 a byte order mark":           {frame(0x81, append([]byte("\xef\xbb\xbf"), ping...)), 4000},
		"W11 10,000 pings":               {many(10_000, frame(0x89, []byte("x"))), 0},
		"W11 10,000 pongs":               {many(10_000, frame(0x8a, nil)), 0},
		"W11 a close of 1005":            {frame(0x88, []byte{0x03, 0xed}), 1002},
		"W11 a close of 65535":           {frame(0x88, []byte{0xff, 0xff}), 1002},
		"W11 a close of one byte":        {frame(0x88, []byte{0x03}), 1005},
		"W11 a close with no UTF-8":      {frame(0x88, []byte{0x03, 0xe8, 0xff}), 1002},
		"W11 words after a close": {append(frame(0x88, []byte{0x03, 0xe8}), frame(0x81, []byte(fmt.Sprintf(
			`{"op":"send","id":"a","data":{"revUserId":%d,"clientMsgId":"after","msg":{"type":1,"textMsg":{"content":"after"}}}}`, w.bob.UserID)))...), 1000},
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := dialRaw(t, w, w.ann, "", nil)
			must(t, "socket", err)
			defer conn.Close()
			conn.SetPongHandler(func(string) error { return nil })
			ended := make(chan error, 1)
			acks := make(chan []byte, 16)
			go func() {
				for {
					_, body, err := conn.ReadMessage()
					if err != nil {
						ended <- err
						return
					}
					if strings.Contains(string(body), `"op":"ack"`) {
						acks <- body
					}
				}
			}()
			_, _ = conn.NetConn().Write(c.bytes) // it may be cut while we write
			if c.code != 0 {
				select {
				case err := <-ended:
					if got := client.CloseCode(err); got != c.code {
						t.Errorf("closed with %d, want %d: %v", got, c.code, err)
					}
				case body := <-acks:
					t.Errorf("answered %.300s", body)
				case <-ctx(t).Done():
					t.Error("still open")
				}
				return
			}
			// Still served: the last answer is that to what is asked last.
			_, err = conn.NetConn().Write(frame(0x81, []byte(`{"op":"ping","id":"last"}`)))
			must(t, "write", err)
			for {
				select {
				case err := <-ended:
					t.Fatalf("closed: %v", err)
				case body := <-acks:
					told(t, name, body, c.bytes)
					if strings.Contains(string(body), `"id":"last"`) {
						return
					}
				case <-ctx(t).Done():
					t.Fatal("no answer")
				}
			}
		})
	}
	if grown := w.rss(t) - before; grown > 200<<20 {
		t.Errorf("frames cost %d MB of memory", grown>>20)
	}
}

// partKeys are the keys of a body that hold what a type consists of.
func partKeys() (keys []string) {
	body := reflect.TypeFor[ctype.Body]()
	for i := range body.NumField() {
		if key, _, _ := strings.Cut(body.Field(i).Tag.Get("json"), ","); key != "type" {
			keys = append(keys, key)
		}
	}
	return keys
}

// rowsOfMessages are W7 and W20: bodies that are none, and words that are
// taken as they are.
func rowsOfMessages(t *testing.T, w *stage) {
	s, err := w.ann.Dial(ctx(t))
	must(t, "socket", err)
	defer s.Close()
	keys := partKeys()
	if len(keys) < 18 {
		t.Fatalf("only %v", keys)
	}
	before := w.photograph(t)
	mine, err := w.ann.All(ctx(t), private(w.ann, w.bob))
	if err != nil || len(mine) == 0 {
		t.Fatalf("what ann said: %v, %v", mine, err)
	}
	try := func(name string, msg any) {
		t.Helper()
		b := bytesOf(t, msg)
		data := object{"revUserId": w.bob.UserID, "clientMsgId": "w7", "msg": json.RawMessage(b)}
		for op, in := range map[string]object{"send": data, "edit": {"msgId": mine[0].ID, "msg": json.RawMessage(b)}} {
			err := s.Do(ctx(t), op, in, nil)
			var e *client.Error
			if !errors.As(err, &e) || e.Code/1000 != 40 && e.Code != 10001 {
				t.Errorf("W7 %s of %s: %v", op, name, err)
			} else {
				told(t, name, append([]byte(e.Msg), e.Data...), b)
			}
		}
		w.send(t, row{"W7 " + name, w.gateway(), w.ann, "POST", "/api/chat/send", nil, data, 0, 0, false, ""})
	}
	for kind := -1; kind <= len(keys)+2; kind++ {
		try(fmt.Sprint("type ", kind, " alone"), object{"type": kind})
		for i, key := range keys {
			own := i == kind-1
			for _, part := range []string{`null`, `{}`, `[]`, `"x"`, `7`, `{"content":{}}`, `{"content":["x"]}`, `{"src":7}`, `{"msgId":"x"}`, `{"content":null}`} {
				if own || part == `{}` {
					try(fmt.Sprint("type ", kind, " with ", key, " ", part), object{"type": kind, key: json.RawMessage(part)})
				}
			}
		}
	}
	for _, msg := range []string{
		`null`, `[]`, `"x"`, `7`, `{}`, `{"type":"1"}`, `{"type":1.5}`, `{"type":1e400}`, `{"type":99999999999999999999}`, `{"type":null,"textMsg":{"content":"x"}}`, `{"textMsg":{"content":"x"}}`,
		`{"type":9,"replyMsg":{"msgId":0,"content":"x"}}`, `{"type":9,"replyMsg":{"msgId":-1,"content":"x"}}`, `{"type":10,"quoteMsg":{"msgId":18446744073709551615,"content":"x"}}`,
		fmt.Sprintf(`{"type":9,"replyMsg":{"msgId":%d,"content":"x"}}`, w.theirs), fmt.Sprintf(`{"type":4,"fileMsg":{"title":"x","src":%q}}`, w.file.Src), `{"type":4,"fileMsg":{"src":"file:///etc/passwd"}}`,
		`{"type":2,"imageMsg":{"src":"javascript:alert(1)"}}`, `{"type":14,"cardMsg":{"userId":18446744073709551615}}`, `{"type":13,"locationMsg":{"title":"x","address":"x","lat":1e308,"lng":-1e308}}`,
		`{"type":18,"customMsg":{"kind":"x","data":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}}`, `{"type":18,"customMsg":{"kind":"../x","data":{}}}`,
	} {
		try(msg[:min(len(msg), 60)], msg)
	}
	for name, content := range map[string]string{
		"empty": "", "blank": " \t\r\n", "of zero width": "\u200b\u200d\ufeff\u2060", "4,001 letters": strings.Repeat("x", 4001), "4,001 wide letters": strings.Repeat("密", 4001), "60 KB": strings.Repeat("x", 60_000),
	} {
		try("W20 "+name, client.Text(content))
	}
	after := w.photograph(t)
	if fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("what is no message has changed something")
	}

	// What is taken comes out as it went in, to the letter.
	mal, pal := w.register(t), w.register(t)
	must(t, "friends", mal.Befriend(ctx(t), pal))
	from, to := w.dial(t, mal), w.dial(t, pal)
	for i, content := range []string{
		`<img src=x onerror=alert(1)>`, "\x1b[31mred\x1b[0m", "a\u0000b", "a\u202eb\u2066c", "a\u2028\u2029b", strings.Repeat("密", 4000), "' OR 1=1 -- ", `\u0000\"`, "\ufffd", "👩‍👩‍👧‍👦🏳️‍🌈", "\r\n" + logLine, "%s%n%x", "{{.}}${x}",
	} {
		if _, err := from.Send(ctx(t), text(pal.UserID, fmt.Sprint("w20-", i), content)); err != nil {
			t.Errorf("W20 %.40q: %v", content, err)
			continue
		}
		if d, err := to.NextMessage(ctx(t)); err != nil || d.Message.Content() != content {
			t.Errorf("W20 %.40q came as %.40q, %v", content, d.Message.Content(), err)
		}
		page, err := pal.Before(ctx(t), private(mal, pal), 0, 1)
		if err != nil || len(page.List) != 1 || page.List[0].Content() != content {
			t.Errorf("W20 %.40q is kept as %v, %v", content, page.List, err)
		}
	}
	// Half a surrogate is no text that could come out as it went in.
	err = from.Do(ctx(t), "send", json.RawMessage(fmt.Sprintf(`{"revUserId":%d,"clientMsgId":"half","msg":{"type":1,"textMsg":{"content":"a\ud800b"}}}`, pal.UserID)), nil)
	if err != nil && client.Code(err)/1000 != 40 && client.Code(err) != 10001 {
		t.Errorf("W20 half a surrogate: %v", err)
	}
}

// rowsOfRepeats are W16: one id is one message of one sender, whatever else.
func rowsOfRepeats(t *testing.T, w *stage) {
	mal, pal := w.register(t), w.register(t)
	must(t, "friends", mal.Befriend(ctx(t), pal))
	first, err := mal.Send(ctx(t), text(pal.UserID, "same", "first"))
	must(t, "send", err)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			got, err := mal.Send(ctx(t), text(pal.UserID, "same", fmt.Sprint("other words ", i)))
			if err != nil || !got.Dup || got.MsgID != first.MsgID || got.Seq != first.Seq {
				t.Errorf("W16 again: %+v, %v", got, err)
			}
		})
	}
	wg.Wait()
	other := client.New(mal.Base)
	other.Device = "another"
	must(t, "another device", other.Login(ctx(t), mal.Name, password))
	w.keep(other)
	if got, err := other.Send(ctx(t), text(pal.UserID, "same", "from elsewhere")); err != nil || !got.Dup || got.MsgID != first.MsgID {
		t.Errorf("W16 from another device: %+v, %v", got, err)
	}
	if got, err := pal.Send(ctx(t), text(mal.UserID, "same", "mine")); err != nil || got.Dup || got.MsgID == first.MsgID {
		t.Errorf("W16 of another user: %+v, %v", got, err)
	}
	if got, err := mal.Send(ctx(t), text(pal.UserID, "SAME", "mine")); err != nil || got.Dup {
		t.Errorf("W16 in capitals: %+v, %v", got, err)
	}
	for name, id := range map[string]any{
		"none": nil, "empty": "", "65 letters": strings.Repeat("x", 65), "a number": 7, "a list": []string{"x"},
	} {
		status, answer := w.send(t, row{"W16 an id that is " + name, w.gateway(), mal, "POST", "/api/chat/send", nil, object{
			"revUserId": pal.UserID, "clientMsgId": id, "msg": client.Text(name),
		}, 400, 0, false, ""})
		if status == 200 {
			t.Errorf("W16 %s: %s", name, answer)
		}
	}
	if all, err := mal.All(ctx(t), private(mal, pal)); err != nil || len(all) != 3 || all[0].Content() != "first" {
		t.Errorf("W16 there are %d messages, %v", len(all), err)
	}
}

// rowsOfReceivers are W17: to whom one may not send, or there is nobody.
func rowsOfReceivers(t *testing.T, w *stage) {
	s, err := w.ann.Dial(ctx(t))
	must(t, "socket", err)
	defer s.Close()
	big := json.Number("9223372036854775808")
	before := w.photograph(t)
	for _, c := range []struct {
		name  string
		to    object
		codes []int
	}{
		{"a stranger", object{"revUserId": w.eve.UserID}, []int{40002}},
		{"nobody", object{"revUserId": 0}, []int{10001, 40001}},
		{"a user there is not", object{"revUserId": 1 << 50}, []int{40002}},
		{"user 2^63", object{"revUserId": big}, []int{10001, 40001, 40002}},
		{"user 2^64-1", object{"revUserId": json.Number("18446744073709551615")}, []int{10001, 40001, 40002}},
		{"user -1", object{"revUserId": -1}, []int{10001}},
		{"a group of others", object{"groupId": w.team}, []int{50003}},
		{"a group there is not", object{"groupId": 1 << 50}, []int{50003, 50005}},
		{"group 2^63", object{"groupId": big}, []int{10001, 40001, 50003, 50005}},
		{"two at once", object{"revUserId": w.bob.UserID, "groupId": w.team}, []int{10001, 50003}},
		{"a conversation of others", object{"conversationId": private(w.eve, w.fay)}, []int{40001}},
		{"their group's conversation", object{"conversationId": fmt.Sprint("g_", w.team)}, []int{50003, 40001}},
		{"a conversation the wrong way round", object{"conversationId": fmt.Sprintf("p_%d_%d", w.bob.UserID, w.ann.UserID)}, []int{40001}},
		{"no conversation", object{"conversationId": "x"}, []int{40001, 10001}},
		{"a conversation of zeros", object{"conversationId": fmt.Sprintf("p_0_%d", w.ann.UserID)}, []int{40001}},
		{"a conversation with a sign", object{"conversationId": fmt.Sprintf("p_+%d_%d", w.ann.UserID, w.bob.UserID)}, []int{40001}},
		{"a conversation with a zero", object{"conversationId": fmt.Sprintf("p_0%d_%d", w.ann.UserID, w.bob.UserID)}, []int{40001}},
		{"the system", object{"conversationId": fmt.Sprint("s_", w.ann.UserID)}, []int{10005, 40001, 40002, 40005}},
		{"the system of another", object{"conversationId": fmt.Sprint("s_", w.bob.UserID)}, []int{40001}},
		{"a long id", object{"conversationId": strings.Repeat("9", 10_000)}, []int{10001, 40001}},
		{"SQL", object{"conversationId": "p_1_2' OR 1=1 -- "}, []int{40001}},
	} {
		c.to["clientMsgId"], c.to["msg"] = "w17", client.Text("hello")
		for op, more := range map[string]object{"send": {}, "typing": {"kind": "text", "on": true}, "read": {"readSeq": 1}} {
			in := object{}
			for k, v := range c.to {
				in[k] = v
			}
			for k, v := range more {
				in[k] = v
			}
			if in["conversationId"] == nil && op != "send" {
				continue
			}
			err := s.Do(ctx(t), op, in, nil)
			var e *client.Error
			if op == "typing" && err == nil {
				continue // that it was dropped nobody is told; the ears say whether it was
			}
			if !errors.As(err, &e) || e.Code == 10500 || e.Code == 10010 {
				t.Errorf("W17 %s to %s: %v", op, c.name, err)
				continue
			}
			ok := op != "send"
			for _, code := range c.codes {
				ok = ok || e.Code == code
			}
			if !ok {
				t.Errorf("W17 to %s: %v, want one of %v", c.name, err, c.codes)
			}
		}
		w.send(t, row{"W17 to " + c.name, w.gateway(), w.ann, "POST", "/api/chat/send", nil, c.to, 0, 0, false, ""})
	}
	if fmt.Sprint(before) != fmt.Sprint(w.photograph(t)) {
		t.Error("what was refused has changed something")
	}
}

// rowsOfPieces are W21: how frames are cut does not matter.
func rowsOfPieces(t *testing.T, w *stage) {
	mal, pal := w.register(t), w.register(t)
	must(t, "friends", mal.Befriend(ctx(t), pal))
	to := w.dial(t, pal)
	send := func(id string) []byte {
		return frame(0x81, []byte(fmt.Sprintf(`{"op":"send","id":%q,"data":{"revUserId":%d,"clientMsgId":%q,"msg":{"type":1,"textMsg":{"content":%q}}}}`, id, pal.UserID, id, id)))
	}
	expect := func(ids ...string) {
		t.Helper()
		for _, id := range ids {
			if d, err := to.NextMessage(ctx(t)); err != nil || d.Message.Content() != id {
				t.Fatalf("W21 got %q, want %q: %v", d.Message.Content(), id, err)
			}
		}
	}
	conn, err := dialRaw(t, w, mal, "", nil)
	must(t, "socket", err)
	defer conn.Close()
	nc := conn.NetConn()
	_, err = nc.Write(append(send("one"), send("two")...))
	must(t, "two at once", err)
	expect("one", "two")
	for _, b := range send("byte by byte") {
		_, err = nc.Write([]byte{b})
		must(t, "a byte", err)
	}
	expect("byte by byte")
	whole := send("in fragments")
	cut := whole[6+2:] // behind the header of 4 bytes and the mask
	_, err = nc.Write(append(append(frame(0x01, cut[:10]), frame(0x89, []byte("between"))...), frame(0x80, cut[10:])...))
	must(t, "in fragments", err)
	expect("in fragments")

	// Together with the request to upgrade, before it is answered.
	early, err := net.Dial("tcp", w.s.Half("gateway")[0].Addr)
	must(t, "connect", err)
	defer early.Close()
	request := fmt.Sprintf("GET %s HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\nAuthorization: Bearer %s\r\n\r\n",
		socketPath, base64.StdEncoding.EncodeToString([]byte("0123456789abcdef")), mal.AccessToken)
	_, err = early.Write(append([]byte(request), append(send("early"), send("and earlier")...)...))
	must(t, "early", err)
	expect("early", "and earlier")
	resp, err := http.ReadResponse(bufio.NewReader(early), nil)
	must(t, "the upgrade", err)
	resp.Body.Close()
	if resp.StatusCode != http.StatusSwitchingProtocols {
		t.Errorf("W21 early: %s", resp.Status)
	}
}

// rowsOfTheBus are W22: what somebody else has put on the bus nobody hears.
func rowsOfTheBus(t *testing.T, w *stage) {
	if w.s.Mode == suite.One {
		return // its Redis is inside, behind a password that nobody is told; see doc.go
	}
	o, err := redis.ParseURL(w.s.Redis.URL())
	must(t, "redis", err)
	rdb := redis.NewClient(o)
	defer func() { _ = rdb.Close() }()
	bob := w.bob.UserID
	message := &wire.Event{Name: event.Message, To: []*wire.Receiver{{UserId: bob}}, Message: &wire.Message{
		Id: 1, Type: 1, TargetId: bob, Seq: 1, Ver: 1, SendUserId: w.ann.UserID, MsgType: 1, Msg: []byte(`{"type":1,"textMsg":{"content":"forged"}}`),
	}}
	kick := &wire.Event{Name: event.Kick, To: []*wire.Receiver{{UserId: bob}}, Data: []byte(`{"reason":"admin"}`)}
	var payloads [][]byte
	for _, e := range []*wire.Event{message, kick, {}, {Name: "friendAdded", To: []*wire.Receiver{{UserId: bob}}, Data: []byte("no JSON")}} {
		body, err := proto.Marshal(e)
		must(t, "marshal", err)
		payloads = append(payloads, body, append(make([]byte, 16), body...), append(make([]byte, 32), body...), append(body, make([]byte, 16)...))
	}
	payloads = append(payloads, nil, []byte("x"), []byte("not JSON {"), []byte(`{"name":"kick"}`), make([]byte, 16), bytes.Repeat([]byte{0xff}, 10<<20))
	// Signed, but with the key of somebody else.
	foreign := event.NewBus(rdb, []byte("another internal secret, of 32 bytes"))
	for _, e := range []*wire.Event{message, kick} {
		must(t, "publish", foreign.Publish(ctx(t), e))
	}
	for _, channel := range []string{event.UserChannel(bob), event.GroupChannel(w.team), event.PresenceChannel(bob), event.Sessions, event.Pairs} {
		for _, p := range payloads {
			must(t, "publish", rdb.Publish(ctx(t), channel, p).Err())
		}
	}
	if err := w.ears[0].socket.Do(ctx(t), "ping", nil, nil); err != nil {
		t.Errorf("W22 bob's socket: %v", err)
	}
	w.send(t, row{"W22 bob goes on", w.gateway(), w.bob, "GET", me, nil, nil, 200, 0, false, ""})
}

// rowsOfSilence are W11: who has said nothing for a minute, not even pong, is
// told so and let go. That minute has passed while the other rows were played.
func rowsOfSilence(t *testing.T, w *stage) {
	must(t, "deadline", w.silent.SetReadDeadline(time.Now().Add(patience+15*time.Second)))
	said, err := io.ReadAll(w.silent)
	if err != nil || !bytes.Contains(said, []byte{0x0f, 0xa9}) { // 4009
		t.Errorf("W11 %d bytes, %v: %q", len(said), err, said[max(0, len(said)-100):])
	}
}
