package logic

import (
	"fmt"
	"slices"
	"testing"

	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

func TestWhatAdministratorsMayRead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		w.say(t, 1, 2, 3)
		mine := w.all(t, 1, 2)
		w.set(t, &wire.SetRequest{UserId: 2, TargetId: 1, Clear: true})
		w.aged(t, mine[0].Id, 1<<40)
		history := func() ([]uint64, int) {
			r, err := NewAdminHistoryLogic(t.Context(), w.ServiceContext).AdminHistory(&chat_rpc.AdminHistoryRequest{UserId: 2, PeerId: 1, BeforeSeq: 3})
			return seqs(r.GetList()), code(err)
		}
		sessions := func() (int, int) {
			r, err := NewAdminSessionsLogic(t.Context(), w.ServiceContext).AdminSessions(&chat_rpc.AdminSessionsRequest{UserId: 1})
			for _, c := range r.GetList() {
				if c.Draft != "" {
					t.Errorf("a draft is shown: %v", c)
				}
			}
			return len(r.GetList()), code(err)
		}
		remove := func(ids ...uint64) (int32, int) {
			r, err := NewAdminDeleteLogic(t.Context(), w.ServiceContext).AdminDelete(&chat_rpc.AdminDeleteRequest{Ids: ids})
			return r.GetDeleted(), code(err)
		}
		if _, c := history(); c != 10005 {
			t.Errorf("reading is off: %d", c)
		}
		if _, c := sessions(); c != 10005 {
			t.Errorf("reading is off: %d", c)
		}
		w.Config.AdminReads = true
		if got, c := history(); c != 0 || !slices.Equal(got, []uint64{1, 2}) {
			t.Errorf("what was cleared, too: %v, %d", got, c)
		}
		w.set(t, &wire.SetRequest{UserId: 1, TargetId: 2, Draft: words("not said to anybody")})
		if n, c := sessions(); n != 1 || c != 0 {
			t.Errorf("%d, %d", n, c)
		}
		heard := w.listen(t, 2)
		if n, c := remove(mine[0].Id, mine[1].Id, 1<<40); n != 2 || c != 0 {
			t.Errorf("%d, %d", n, c)
		}
		if n, c := remove(mine[0].Id); n != 0 || c != 0 {
			t.Errorf("again: %d, %d", n, c)
		}
		for range 2 {
			if e := hear(t, heard); e.Name != "deleted" {
				t.Errorf("told %s %s", e.Name, e.Data)
			}
		}
		if _, c := remove(make([]uint64, 101)...); c != 10001 {
			t.Errorf("too many: %d", c)
		}
		if all := w.all(t, 1, 2); len(all) != 3 || all[0].Status != 4 || all[1].Status != 4 || all[2].Status != 0 {
			t.Errorf("%v", all)
		}
		r, err := NewCountsLogic(t.Context(), w.ServiceContext).Counts(&chat_rpc.CountsRequest{UserIds: []uint64{2, 1, 3}})
		if err != nil || fmt.Sprint(r.List) != fmt.Sprint([]*chat_rpc.Count{{UserId: 2, Conversations: 1}, {UserId: 1, Conversations: 1, Sent: 3}, {UserId: 3}}) {
			t.Errorf("counts: %v, %v", r, err)
		}
		if _, err := NewCountsLogic(t.Context(), w.ServiceContext).Counts(&chat_rpc.CountsRequest{UserIds: make([]uint64, 101)}); code(err) != 10001 {
			t.Errorf("counts of too many: %v", err)
		}
	})
}
