package ws

import (
	"fmt"
	"testing"
)

func TestInTheBackgroundThereIsLessToHear(t *testing.T) {
	t.Parallel()
	w := newWorld(t, brisk)
	s, awake := w.join(t, 8, 1), w.join(t, 8, 2)
	for n, data := range []string{"", `,"data":{}`, `,"data":{"on":1}`, `,"data":{"on":null}`, `,"data":true`} {
		if f := s.ask(fmt.Sprint(n), "background", data); f.Code != 10001 {
			t.Errorf("%s: %+v", data, f)
		}
	}
	s.subscribe(7)
	awake.subscribe(7)
	if f := s.ask("on", "background", `,"data":{"on":true}`); f.Code != 0 || string(f.Data) != "null" {
		t.Errorf("got %+v %s", f, f.Data)
	}
	seven := w.on(t, 7, "web")
	awake.sees(7, "web")
	seven.ask("t", "typing", typingBody("p_7_8", "text", true))
	if f := awake.next(); f.Event != "typing" {
		t.Errorf("got %+v", f)
	}
	w.publish(t, messageEvent(7, 8, 1))
	for _, at := range []*socket{s, awake} {
		if f := at.next(); f.Event != "message" {
			t.Errorf("got %+v", f)
		}
	}
	s.ask("off", "background", `,"data":{"on":false}`)
	s.sees(7, "web")
	if got := s.subscribe(7)[0]; !got.IsOnline {
		t.Errorf("asked again: %+v", got)
	}
	_ = seven.Close()
	s.sees(7)
	awake.sees(7)
}
