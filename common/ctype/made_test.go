package ctype

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"tudoIM/common/errs"
)

func TestWhatTheServerMakesIsStoredAndNotSent(t *testing.T) {
	t.Parallel()
	lines := []string{"Ann: a\nb", "Bob: [Image]", "Ann: c", "Bob: d", "Ann: e"}
	for name, c := range map[string]struct {
		b   *Body
		doc string
	}{
		"a voice call": {Call(false, 5, 9, 1), `{"type":6,"voiceCallMsg":{"startTime":5,"endTime":9,"endReason":1}}`},
		"a video call": {Call(true, 0, 9, 3), `{"type":7,"videoCallMsg":{"startTime":0,"endTime":9,"endReason":3}}`},
		"a recall":     {Withdraw(9, 2, "Ann <3"), `{"type":8,"withdrawMsg":{"content":"Ann <3","msgId":9,"userId":2}}`},
		"a tip":        {Tip(1, "x"), `{"type":12,"tipMsg":{"status":1,"content":"x"}}`},
		"a bundle":     {Merged("A\nB", lines, 5), `{"type":15,"mergedMsg":{"title":"A B","lines":["Ann: a b","Bob: [Image]","Ann: c","Bob: d"],"count":5}}`},
		"no lines":     {Merged("A", nil, 0), `{"type":15,"mergedMsg":{"title":"A","lines":[],"count":0}}`},
	} {
		doc, err := c.b.Encode()
		if err != nil || string(doc) != c.doc {
			t.Errorf("%s: %s, %v", name, doc, err)
		}
		back, err := Decode(doc)
		if err != nil || !reflect.DeepEqual(back, c.b) {
			t.Errorf("%s came back as %+v, %v", name, back, err)
		}
		if _, err := Parse(doc, Limits{}); !errors.Is(err, errs.BadMessage) {
			t.Errorf("%s was taken from a client: %v", name, err)
		}
		if c.b.Text() != "" {
			t.Errorf("%s has a text of people", name)
		}
	}
	if got := Merged("x", []string{strings.Repeat("好", 500)}, 1).MergedMsg.Lines[0]; len([]rune(got)) != maxMergedLine {
		t.Errorf("a line of %d code points", len([]rune(got)))
	}
}
