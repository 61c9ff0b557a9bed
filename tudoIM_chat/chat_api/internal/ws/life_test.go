package ws

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func authBody(token string) string { return fmt.Sprintf(`,"data":{"accessToken":%q}`, token) }

func TestASocketEndsWithItsToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	short := w.dialWith(t, 7, 1, "&ends=2")
	renewed := w.dialWith(t, 7, 2, "&ends=2")
	refused := w.dialWith(t, 7, 3, "&ends=2")
	long := w.join(t, 7, 4)
	for _, s := range []*socket{short, renewed, refused} {
		if f := s.next(); f.Event != "hello" {
			t.Fatalf("first is %+v", f)
		}
	}
	if f := renewed.ask("a", "auth", authBody("7.2.1000")); f.Code != 0 || string(f.Data) != `{"expiresIn":1000}` {
		t.Errorf("auth: %+v %s", f, f.Data)
	}
	if f := refused.ask("a", "auth", authBody("7.2.1000")); f.Code != 10002 {
		t.Errorf("auth with another device's token: %+v", f)
	}
	begin := time.Now()
	for name, s := range map[string]*socket{"short": short, "refused": refused} {
		if got := s.closed(); got != CloseToken {
			t.Errorf("%s closed with %d", name, got)
		}
	}
	if took := time.Since(begin); took > 20*time.Second {
		t.Errorf("that took %v", took)
	}
	renewed.ask("r", "ping", "")
	long.ask("l", "ping", "")
}

func TestAuthAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.join(t, 7, 1)
	w.auth.ended[2] = true
	for n, c := range []struct {
		name, data, field string
		code              int
	}{
		{"no data", "", "data", 10001},
		{"null", `,"data":null`, "data", 10001},
		{"a list", `,"data":[]`, "data", 10001},
		{"no token", `,"data":{}`, "accessToken", 10001},
		{"an empty token", authBody(""), "accessToken", 10001},
		{"a number", `,"data":{"accessToken":7}`, "accessToken", 10001},
		{"no token of ours", authBody("x"), "", 10002},
		{"another user's", authBody("8.1.10"), "", 10002},
		{"another device's", authBody("7.3.10"), "", 10002},
		{"an ended one", authBody("7.1.0"), "", 10003},
		{"of an ended session", authBody("7.2.10"), "", 10004},
		{"a good one", authBody("7.1.10"), "", 0},
	} {
		f := s.ask(fmt.Sprint(n), "auth", c.data)
		if f.Code != c.code || c.field != "" && !strings.Contains(string(f.Data), fmt.Sprintf(`{"field":%q}`, c.field)) {
			t.Errorf("%s: %+v %s", c.name, f, f.Data)
		}
	}
	w.auth.change(func() { w.auth.away = true })
	if f := s.ask("away", "auth", authBody("7.1.10")); f.Code != 10010 {
		t.Errorf("auth_rpc is away: %+v", f)
	}
}
