package logic

import (
	"testing"
	"time"

	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

func (w *world) sender(t *testing.T, in *chat_rpc.SetSenderRequest) {
	t.Helper()
	if _, err := NewSetSenderLogic(t.Context(), w.ServiceContext).SetSender(in); err != nil {
		t.Fatal(err)
	}
}

func TestSetSender(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		w.friends(t, 1, 3)
		now := time.Now().UnixMilli()
		step := func(what string, in *chat_rpc.SetSenderRequest, ofOne, ofTwo int32) {
			t.Helper()
			if in != nil {
				w.sender(t, in)
			}
			for _, c := range []struct {
				from, to uint64
				want     int32
			}{{1, 2, ofOne}, {1, 3, ofOne}, {1, 1, ofOne}, {2, 1, ofTwo}} {
				if got := w.send(t, text(c.from, c.to, what, "x"))[0].Code; got != c.want {
					t.Errorf("%s: %d to %d is answered %d, want %d", what, c.from, c.to, got, c.want)
				}
			}
		}
		step("nothing was said", nil, 0, 0)
		step("curtailed", &chat_rpc.SetSenderRequest{UserId: 1, Refusal: 40004, Version: 2}, 40004, 0)
		step("an old word", &chat_rpc.SetSenderRequest{UserId: 1, Version: 1}, 40004, 0)
		step("lifted", &chat_rpc.SetSenderRequest{UserId: 1, Version: 3}, 0, 0)
		step("until it is over", &chat_rpc.SetSenderRequest{UserId: 1, Refusal: 40004, Until: now + 3_600_000, Version: 4}, 40004, 0)
		step("it is over", &chat_rpc.SetSenderRequest{UserId: 1, Refusal: 40004, Until: now - 60_000, Version: 5}, 0, 0)
		step("gone", &chat_rpc.SetSenderRequest{UserId: 1, Refusal: 40004, Gone: true, Version: 6}, 40004, 40002)
		if r := w.send(t, text(2, 1, "lifted", "again"))[0]; r.Code != 0 || !r.Dup {
			t.Errorf("a repeat is answered for ever: %v", r)
		}
		_, err := NewSetSenderLogic(t.Context(), w.ServiceContext).SetSender(&chat_rpc.SetSenderRequest{Version: 1})
		if code(err) != 10001 {
			t.Errorf("nobody: %v", err)
		}
	})
}
