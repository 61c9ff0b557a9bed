package logic

import (
	"fmt"
	"testing"

	"tudoIM/common/ctype"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_rpc/internal/model"
)

// holds reports whether user may read a message with the file uid.
func (w *world) holds(t *testing.T, user uint64, uid string) bool {
	t.Helper()
	r, err := w.Messages.Holds(t.Context(), &wire.HoldsRequest{UserId: user, Uid: uid})
	if err != nil {
		t.Fatal(err)
	}
	return r.Holds
}

// image is a message of user 1, whose file anImage is.
func image(to uint64, client string) *wire.SendItem {
	return &wire.SendItem{UserId: 1, TargetId: to, ClientMsgId: client, Msg: []byte(`{"type":2,"imageMsg":{"uid":"` + anImage + `"}}`)}
}

// onward is a forward of what message says, and of bundle, as chat_api makes it.
func onward(t *testing.T, from, to uint64, client string, message *wire.Message, bundle []byte) *wire.SendItem {
	t.Helper()
	body, err := ctype.Decode(message.Msg)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := body.Forwarded().Encode()
	if err != nil {
		t.Fatal(err)
	}
	return &wire.SendItem{UserId: from, TargetId: to, ClientMsgId: client, Msg: doc, Made: true, Bundle: bundle}
}

// sent sends one and returns what is stored.
func (w *world) sent(t *testing.T, i *wire.SendItem) *wire.Message {
	t.Helper()
	r := w.send(t, i)[0]
	if r.Code != 0 || r.Dup {
		t.Fatalf("%s: %v", i.ClientMsgId, r)
	}
	return r.Message
}

func (w *world) changed(t *testing.T, c *wire.Change) {
	t.Helper()
	r, err := w.Messages.Change(t.Context(), &wire.ChangeRequest{List: []*wire.Change{c}})
	if err != nil || r.List[0].Code != 0 {
		t.Fatalf("%v, %v", r, err)
	}
}

func TestWhoMayReadTheMessageHoldsTheFile(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		w.friends(t, 2, 3)
		w.friends(t, 3, 4)
		is := func(what, uid string, want ...uint64) {
			t.Helper()
			for user := uint64(0); user <= 5; user++ {
				should := false
				for _, u := range want {
					should = should || u == user
				}
				if got := w.holds(t, user, uid); got != should {
					t.Errorf("%s: user %d holds it: %v", what, user, got)
				}
			}
		}
		is("never sent", anImage)
		w.sent(t, text(1, 2, "text", "/api/file/"+aFile))
		is("named in a text", aFile)
		first := w.sent(t, image(2, "image"))
		is("sent to 2", anImage, 1, 2)
		is("another file", aFile)
		for _, uid := range []string{"", "x", anImage + "x", "IMAGEIMAGEIMAGEIMAGE12", "%%%%%%%%%%%%%%%%%%%%%%"} {
			is("no such uid", uid)
		}

		reply := w.sent(t, &wire.SendItem{UserId: 2, TargetId: 1, ClientMsgId: "reply", Msg: fmt.Appendf(nil, `{"type":9,"replyMsg":{"msgId":%d,"content":"nice"}}`, first.Id)})
		w.sent(t, onward(t, 2, 3, "the reply", reply, nil))
		is("a reply to it goes on", anImage, 1, 2)
		second := w.sent(t, onward(t, 2, 3, "the image", first, nil))
		is("sent on to 3", anImage, 1, 2, 3)
		bundle := fmt.Appendf(nil, `[{"userId":1,"nickname":"","msgType":2,"msg":%s,"detail":"","createdAt":1}]`, second.Msg)
		merged, err := ctype.Merged("t", nil, 1).Encode()
		if err != nil {
			t.Fatal(err)
		}
		third := w.sent(t, onward(t, 3, 4, "a bundle", &wire.Message{Msg: merged}, bundle))
		is("sent on to 4 in a bundle", anImage, 1, 2, 3, 4)

		w.changed(t, &wire.Change{UserId: 1, MsgId: first.Id, What: &wire.Change_Recall{Recall: "x"}})
		is("the first is recalled", anImage, 2, 3, 4) // 1 owns it, which is not asked here
		w.changed(t, &wire.Change{UserId: 3, MsgId: third.Id, What: &wire.Change_Delete{Delete: true}})
		is("the bundle is deleted for everybody", anImage, 2, 3)
		if _, err := w.Messages.Delete(t.Context(), &wire.DeleteRequest{UserId: 3, Ids: []uint64{second.Id}}); err != nil {
			t.Fatal(err)
		}
		is("3 has deleted it", anImage, 2)
		if _, err := w.Messages.Set(t.Context(), &wire.SetRequest{UserId: 2, TargetId: 3, Clear: true}); err != nil {
			t.Fatal(err)
		}
		is("2 has cleared all", anImage)
		w.sent(t, onward(t, 2, 3, "again", first, nil))
		is("sent again", anImage, 2, 3)
	})
}

func TestAPlainTextWritesNothingOfFiles(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		w.say(t, 1, 2, 3)
		w.sent(t, &wire.SendItem{UserId: 1, TargetId: 2, ClientMsgId: "film", Msg: []byte(`{"type":2,"imageMsg":{"uid":"` + anImage + `","thumb":"` + anImage + `"}}`)})
		var rows []model.ChatFileModel
		if err := w.DB.Find(&rows).Error; err != nil || len(rows) != 1 || rows[0].UID != anImage || rows[0].Seq != 4 || rows[0].MessageID == 0 {
			t.Errorf("%+v, %v", rows, err)
		}
	})
}

// What has gone round everywhere is found for its readers all the same.
func TestAFileInVeryManyConversations(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		const many = 450
		var list []*wire.SendItem
		for peer := uint64(2); peer < 2+many; peer++ {
			w.friends(t, 1, peer)
			list = append(list, image(peer, "image"))
		}
		for len(list) > 0 {
			n := min(200, len(list))
			for _, r := range w.send(t, list[:n]...) {
				if r.Code != 0 {
					t.Fatal(r)
				}
			}
			list = list[n:]
		}
		w.friends(t, 2, 3)
		for _, user := range []uint64{1, 2, 3, 300, 1 + many} {
			if !w.holds(t, user, anImage) {
				t.Errorf("user %d does not hold it", user)
			}
		}
		if w.holds(t, 2+many, anImage) {
			t.Error("a stranger holds it")
		}
		if _, err := w.Messages.Set(t.Context(), &wire.SetRequest{UserId: 300, TargetId: 1, Clear: true}); err != nil {
			t.Fatal(err)
		}
		if w.holds(t, 300, anImage) {
			t.Error("who has cleared it holds it")
		}
	})
}
