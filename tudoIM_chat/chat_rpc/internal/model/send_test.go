package model

import (
	"encoding/json"
	"strconv"
	"testing"

	"tudoIM/common/ctype"
	"tudoIM/common/msglog"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

func TestDatabasesKeepTextVerbatim(t *testing.T) {
	t.Parallel()
	texts := []string{
		"x\x00y", "a\x1b[31mb", "\u202eabc\u2066", "<img onerror=x>", "😀 & 你好", " padded \n", "\u2028x", `"\`, "'; --", "\ufffd\uffff\U0010ffff",
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFixture(t, d)
		c := f.pair(t, 1, 2)
		for i, s := range texts {
			raw, err := json.Marshal(map[string]any{"type": ctype.TypeText, "textMsg": map[string]string{"content": s}})
			if err != nil {
				t.Fatal(err)
			}
			body, err := ctype.Parse(raw, ctype.Limits{})
			if err != nil {
				t.Fatalf("%q: %v", s, err)
			}
			doc, err := body.Encode()
			if err != nil {
				t.Fatal(err)
			}
			item := &msglog.Item{
				Conversation: c, Sender: 1, Target: 2, ClientMsgID: strconv.Itoa(i), MsgType: body.Type, Body: doc, Preview: body.Detail(),
			}
			f.send(t, item)
		}
		kept := f.stored(t, c)
		if len(kept) != len(texts) {
			t.Fatalf("%d of %d are there", len(kept), len(texts))
		}
		for i, m := range kept {
			b, err := ctype.Decode(m.Msg)
			if err != nil || b.Text() != texts[i] || m.MsgPreview != b.Detail() {
				t.Errorf("%q came back as %s, preview %q, %v", texts[i], m.Msg, m.MsgPreview, err)
			}
		}
	}, Migration)
}
