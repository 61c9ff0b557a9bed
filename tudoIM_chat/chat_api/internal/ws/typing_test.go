package ws

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func typingBody(conversation, kind string, on bool) string {
	return fmt.Sprintf(`,"data":{"conversationId":%q,"kind":%q,"on":%v}`, conversation, kind, on)
}

func TestTypingReachesTheOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.users.strangers[9] = true })
	me, mine, peer, stranger := w.join(t, 7, 1), w.join(t, 7, 2), w.join(t, 8, 3), w.join(t, 9, 4)
	say := func(s *socket, conversation string, on bool) {
		t.Helper()
		if f := s.ask("t", "typing", typingBody(conversation, "voice", on)); f.Code != 0 || string(f.Data) != "null" {
			t.Errorf("typing in %s: %+v %s", conversation, f, f.Data)
		}
	}
	hears := func(on bool) {
		t.Helper()
		f := peer.next()
		if want := fmt.Sprintf(`{"conversationId":"p_7_8","userId":7,"kind":"voice","on":%v}`, on); f.Event != "typing" || string(f.Data) != want {
			t.Errorf("got %+v %s, want %s", f, f.Data, want)
		}
	}
	say(stranger, "p_8_9", true)
	say(stranger, "p_7_8", true) // where it is not
	say(stranger, "g_5", true)
	say(me, "p_7_7", true)
	say(me, "p_7_9", true)
	say(me, "p_7_8", true)
	hears(true)
	for range 100 {
		say(me, "p_7_8", true) // too soon
	}
	say(me, "p_7_8", false)
	hears(false)
	for range 100 {
		say(me, "p_7_8", false) // said already
	}
	say(mine, "p_7_8", true) // each socket by itself
	hears(true)
	for _, s := range []*socket{me, mine, peer, stranger} {
		s.ask("nothing else came", "ping", "")
	}
}

func TestTypingAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.join(t, 7, 1)
	for n, c := range []struct{ data, field string }{
		{"", "data"}, {`,"data":null`, "data"}, {`,"data":{}`, "conversationId"},
		{typingBody("", "text", true), "conversationId"}, {typingBody("p_8_7", "text", true), "conversationId"},
		{typingBody("p_0_7", "text", true), "conversationId"}, {typingBody("p_7", "text", true), "conversationId"},
		{typingBody("g_", "text", true), "conversationId"}, {typingBody("g_0", "text", true), "conversationId"},
		{typingBody("g_07", "text", true), "conversationId"}, {typingBody("g_7 ", "text", true), "conversationId"},
		{typingBody("p_7_8_9", "text", true), "conversationId"}, {typingBody("x_7", "text", true), "conversationId"},
		{`,"data":{"conversationId":7}`, "conversationId"},
		{typingBody("p_7_8", "", true), "kind"}, {typingBody("p_7_8", "video", true), "kind"}, {typingBody("p_7_8", "Text", true), "kind"},
		{`,"data":{"conversationId":"p_7_8","kind":"text"}`, "on"}, {`,"data":{"conversationId":"p_7_8","kind":"text","on":1}`, "on"},
		{typingBody("p_7_8", "text", true), ""}, {typingBody("p_1_2", "voice", false), ""}, {typingBody("g_7", "text", true), ""},
		{typingBody("p_7_7", "text", true), ""},
	} {
		f := s.ask(fmt.Sprint(n), "typing", c.data)
		want, code := fmt.Sprintf(`{"field":%q}`, c.field), 10001
		if c.field == "" {
			want, code = "null", 0
		}
		if f.Code != code || string(f.Data) != want {
			t.Errorf("%s: %+v %s", c.data, f, f.Data)
		}
	}
	w.users.change(func() { w.users.away = true })
	if f := s.ask("away", "typing", typingBody("p_7_9", "text", true)); f.Code != 0 {
		t.Errorf("nobody can say who hears it: %+v", f)
	}
}

func TestPasses(t *testing.T) {
	t.Parallel()
	begin := time.UnixMilli(1_700_000_000_000)
	for _, c := range []struct {
		name string
		said []string // conversation, on or off, after so many ms
		want []bool
	}{
		{"once in three seconds", []string{"a on 0", "a on 2999", "a on 3000", "a on 3001"}, []bool{true, false, true, false}},
		{"each conversation by itself", []string{"a on 0", "b on 0", "a off 0", "b off 0"}, []bool{true, true, true, true}},
		{"an end behind a beginning only", []string{"a off 0", "a on 0", "a off 1", "a off 2"}, []bool{false, true, true, false}},
		{"ends do not make room", []string{"a on 0", "a off 1", "a on 2", "a off 3", "a on 3000"}, []bool{true, true, false, false, true}},
		{"an end long after", []string{"a on 0", "a off 100000"}, []bool{true, true}},
	} {
		at := typist{}
		var got []bool
		for _, said := range c.said {
			var id, on string
			var ms int
			if _, err := fmt.Sscanf(said, "%s %s %d", &id, &on, &ms); err != nil {
				t.Fatal(err)
			}
			got = append(got, at.passes(id, on == "on", begin.Add(time.Duration(ms)*time.Millisecond)))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	at, passed := typist{}, 0
	for n := range 1000 {
		if at.passes(fmt.Sprint(n), true, begin) {
			passed++
		}
	}
	if passed != typingKept || len(at) != typingKept {
		t.Errorf("%d passed, %d kept", passed, len(at))
	}
	if !at.passes("later", true, begin.Add(typingEvery)) || len(at) != 1 {
		t.Errorf("later: %d kept", len(at))
	}
}

// Who hears it is asked once in a while, and a failure is not kept.
func TestHearersAreRemembered(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	h := &Hub{heardBy: newHeard()}
	h.Hearers = func(_ context.Context, user uint64, id string) ([]uint64, error) {
		if asked.Add(1) == 1 {
			return nil, errors.New("away")
		}
		return []uint64{1, user, 2}, nil
	}
	if _, err := h.hearers(t.Context(), hearing{7, "g_5"}); err == nil {
		t.Error("no error")
	}
	for range 3 {
		if got, err := h.hearers(t.Context(), hearing{7, "g_5"}); err != nil || !slices.Equal(got, []uint64{1, 2}) {
			t.Errorf("%v, %v", got, err)
		}
	}
	for n := range hearersKept * 2 {
		if _, err := h.hearers(t.Context(), hearing{8, fmt.Sprint(n)}); err != nil {
			t.Fatal(err)
		}
	}
	if n := h.heardBy.Len(); n > hearersKept {
		t.Errorf("%d kept", n)
	}
	if got := asked.Load(); got != 2+hearersKept*2 {
		t.Errorf("asked %d times", got)
	}
}

func TestTypingInAGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hub.Hearers = func(_ context.Context, user uint64, id string) ([]uint64, error) {
		if id != "g_5" {
			return nil, nil
		}
		return []uint64{7, 8, 9}, nil
	}
	me, a, b, other := w.join(t, 7, 1), w.join(t, 8, 2), w.join(t, 9, 3), w.join(t, 10, 4)
	me.ask("t", "typing", typingBody("g_5", "text", true))
	me.ask("t", "typing", typingBody("g_6", "text", true))
	for _, s := range []*socket{a, b} {
		if f := s.next(); f.Event != "typing" || !strings.Contains(string(f.Data), `"conversationId":"g_5"`) {
			t.Errorf("got %+v %s", f, f.Data)
		}
	}
	for _, s := range []*socket{me, a, b, other} {
		s.ask("nothing else came", "ping", "")
	}
}
