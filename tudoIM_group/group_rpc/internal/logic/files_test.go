package logic

import (
	"testing"

	"tudoIM/common/wire"
)

func TestMembersHoldTheFilesOfWhatTheyMayRead(t *testing.T) {
	t.Parallel()
	const uid = "imageimageimageimage12"
	inRoom(t, func(t *testing.T, r *room) {
		is := func(what string, want ...uint64) {
			t.Helper()
			for user := uint64(1); user <= 5; user++ {
				should := false
				for _, u := range want {
					should = should || u == user
				}
				got, err := r.Messages.Holds(t.Context(), &wire.HoldsRequest{UserId: user, Uid: uid})
				if err != nil || got.Holds != should {
					t.Errorf("%s: user %d: %v, %v", what, user, got, err)
				}
			}
		}
		send := func(client string) *wire.Message {
			got := r.send(t, &wire.SendItem{
				UserId: 1, TargetId: r.id, ClientMsgId: client, Made: true,
				Msg: []byte(`{"type":2,"imageMsg":{"uid":"` + uid + `","src":"/api/file/` + uid + `"}}`),
			})
			if got.Code != 0 {
				t.Fatal(got)
			}
			return got.Message
		}
		first := send("first")
		is("sent", 1, 2, 3, 4)
		r.member(t, 4, map[string]any{"join_seq": 1})
		is("4 came later", 1, 2, 3)
		r.group(t, map[string]any{"history_visible": true})
		is("the history is shown", 1, 2, 3, 4)
		r.member(t, 3, map[string]any{"deleted_at": 1})
		is("3 has left", 1, 2, 4)
		r.member(t, 2, map[string]any{"clear_seq": 1})
		is("2 has cleared it", 1, 4)
		second := send("second")
		is("sent again", 1, 2, 4)
		for _, m := range []*wire.Message{first, second} {
			if code := r.change(t, 1, m.Id, &wire.Change{What: &wire.Change_Recall{Recall: "x"}}); code != 0 {
				t.Fatal(code)
			}
		}
		is("recalled")
		send("third")
		is("once more", 1, 2, 4)
		r.group(t, map[string]any{"deleted_at": 1})
		is("dissolved")
	})
}
