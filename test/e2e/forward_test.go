package e2e

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"testing"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// TestForward sends messages on, each by itself and merged, and a merged one
// within another.
func TestForward(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, eve, group := circle(t, s)
		toBob, toCat := private(ann, bob), private(ann, cat)
		one, two := say(t, ann, toBob, "one"), say(t, bob, toBob, "two")
		third := put(t, bob, toBob, "answer", client.Reply(one.MsgID, "three"))
		ids := []uint64{one.MsgID, two.MsgID, third.MsgID}

		each := client.ForwardRequest{
			IDList: ids, Targets: []string{toCat, group}, Mode: "each", ClientMsgIDs: []string{"1", "2", "3", "4", "5", "6"},
		}
		sent, err := ann.Forward(ctx(t), each)
		if err != nil || len(sent.MsgIDs) != 6 || len(sent.List) != 6 {
			t.Fatalf("each: %+v, %v", sent, err)
		}
		for n, r := range sent.List {
			if r.Code != 0 || r.Dup || r.ClientMsgID != each.ClientMsgIDs[n] || r.ConversationID != each.Targets[n/3] || r.Seq != uint64(n%3)+1 {
				t.Errorf("each: %d is %+v", n, r)
			}
		}
		for _, cid := range each.Targets {
			list, err := cat.All(ctx(t), cid)
			if err != nil || len(list) != 3 || list[0].Content() != "one" || list[2].Content() != "three" || list[2].MsgType != 1 || list[1].SendUser.UserID != ann.UserID {
				t.Errorf("each in %s: %+v, %v", cid, list, err)
			}
		}
		if again, err := ann.Forward(ctx(t), each); err != nil || !again.List[0].Dup || !again.List[5].Dup || again.MsgIDs[5] != sent.MsgIDs[5] {
			t.Errorf("each again: %+v, %v", again, err)
		}

		merged, err := ann.Forward(ctx(t), client.ForwardRequest{IDList: ids, Targets: []string{toCat}, Mode: "merged", ClientMsgIDs: []string{"m"}})
		if err != nil || len(merged.MsgIDs) != 1 {
			t.Fatalf("merged: %+v, %v", merged, err)
		}
		m, err := cat.Message(ctx(t), merged.MsgIDs[0])
		if err != nil || m.MsgType != 15 || m.Msg.MergedMsg == nil || m.Msg.MergedMsg.Count != 3 || len(m.Msg.MergedMsg.Lines) != 3 ||
			m.Msg.MergedMsg.Lines[1] != bob.Nickname+": two" {
			t.Fatalf("merged: %+v, %v", m, err)
		}
		list, err := cat.Bundle(ctx(t), m.ID)
		if err != nil || len(list) != 3 || list[0].Msg.TextMsg.Content != "one" || list[1].SendUser.UserID != bob.UserID || list[1].SendUser.Nickname != bob.Nickname ||
			list[2].MsgType != 1 || list[1].CreatedAt != two.CreatedAt {
			t.Errorf("bundle: %+v, %v", list, err)
		}
		nested, err := cat.Forward(ctx(t), client.ForwardRequest{
			IDList: []uint64{m.ID, sent.MsgIDs[0]}, Targets: []string{group}, Mode: "merged", ClientMsgIDs: []string{"n"},
		})
		if err != nil || len(nested.MsgIDs) != 1 {
			t.Fatalf("nested: %+v, %v", nested, err)
		}
		// Bob gets what ann and cat said to each other, as it was then.
		if _, err := ann.Recall(ctx(t), m.ID); err != nil {
			t.Fatal(err)
		}
		if list, err = bob.Bundle(ctx(t), nested.MsgIDs[0]); err != nil || len(list) != 2 || len(list[0].Bundle) != 3 ||
			list[0].Bundle[2].Msg.TextMsg.Content != "three" || list[1].Msg.TextMsg.Content != "one" {
			t.Errorf("nested bundle: %+v, %v", list, err)
		}
		onward, err := bob.Forward(ctx(t), client.ForwardRequest{IDList: nested.MsgIDs, Targets: []string{private(bob, bob)}, Mode: "each", ClientMsgIDs: []string{"o"}})
		if err != nil || len(onward.MsgIDs) != 1 {
			t.Fatalf("onward: %+v, %v", onward, err)
		}
		if list, err = bob.Bundle(ctx(t), onward.MsgIDs[0]); err != nil || len(list) != 2 || len(list[0].Bundle) != 3 {
			t.Errorf("onward bundle: %+v, %v", list, err)
		}
		_, err = cat.Bundle(ctx(t), m.ID)
		wantCode(t, "the bundle of what was taken back", err, 40011)
		_, err = eve.Bundle(ctx(t), nested.MsgIDs[0])
		wantCode(t, "a stranger's bundle", err, 40011)
		_, err = ann.Bundle(ctx(t), one.MsgID)
		wantCode(t, "the bundle of a text", err, 40011)

		forward := func(change func(r *client.ForwardRequest)) error {
			r := client.ForwardRequest{IDList: []uint64{one.MsgID}, Targets: []string{toCat}, Mode: "each", ClientMsgIDs: []string{"x"}}
			change(&r)
			_, err := ann.Forward(ctx(t), r)
			return err
		}
		hers := say(t, cat, private(cat, cat), "a note of cat")
		for what, c := range map[string]struct {
			code   int
			change func(r *client.ForwardRequest)
		}{
			"what was taken back":       {40021, func(r *client.ForwardRequest) { r.IDList = []uint64{m.ID} }},
			"what I cannot read":        {40021, func(r *client.ForwardRequest) { r.IDList = []uint64{hers.MsgID} }},
			"one of two I cannot read":  {40021, func(r *client.ForwardRequest) { r.IDList, r.Mode = []uint64{one.MsgID, hers.MsgID}, "merged" }},
			"nothing":                   {10001, func(r *client.ForwardRequest) { r.IDList = nil }},
			"to nobody":                 {10001, func(r *client.ForwardRequest) { r.Targets = nil }},
			"without a clientMsgId":     {10001, func(r *client.ForwardRequest) { r.ClientMsgIDs = nil }},
			"in no mode":                {10001, func(r *client.ForwardRequest) { r.Mode = "somehow" }},
			"to others' conversation":   {40001, func(r *client.ForwardRequest) { r.Targets = []string{private(bob, cat)} }},
			"the same message twice":    {40021, func(r *client.ForwardRequest) { r.IDList = []uint64{one.MsgID, one.MsgID} }},
			"to more than may be":       {10001, func(r *client.ForwardRequest) { r.Targets = make([]string, 21) }},
			"more messages than may be": {10001, func(r *client.ForwardRequest) { r.IDList = make([]uint64, 101) }},
		} {
			wantCode(t, "forward "+what, forward(c.change), c.code)
		}
		stranger, err := ann.Forward(ctx(t), client.ForwardRequest{
			IDList: []uint64{one.MsgID}, Targets: []string{private(ann, eve), toCat}, Mode: "each", ClientMsgIDs: []string{"s", "t"},
		})
		if err != nil || stranger.List[0].Code != 40002 || stranger.List[0].MsgID != 0 || stranger.List[1].Code != 0 {
			t.Errorf("to a stranger and a friend: %+v, %v", stranger, err)
		}
	})
}

// TestFilesInMessages sends one's own uploads, and those of another.
func TestFilesInMessages(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		cid := private(ann, bob)
		var picture bytes.Buffer
		if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
			t.Fatal(err)
		}
		doc, err := ann.Upload(ctx(t), "plan.pdf", []byte("%PDF-1.4\nplan\n"))
		if err != nil {
			t.Fatal(err)
		}
		img, err := ann.Upload(ctx(t), "cat.png", picture.Bytes())
		if err != nil || img.Kind != "image" {
			t.Fatalf("upload: %+v, %v", img, err)
		}
		his, err := bob.Upload(ctx(t), "his.pdf", []byte("%PDF-1.4\nhis\n"))
		if err != nil {
			t.Fatal(err)
		}
		file := put(t, ann, cid, "file", client.Body{Type: 4, FileMsg: &client.MediaMsg{UID: doc.UID}})
		photo := put(t, ann, cid, "image", client.Body{Type: 2, ImageMsg: &client.MediaMsg{Src: img.Src, Title: "our cat"}})
		list, err := bob.All(ctx(t), cid)
		if err != nil || len(list) != 2 {
			t.Fatalf("%+v, %v", list, err)
		}
		if f := list[0].Msg.FileMsg; f == nil || f.UID != doc.UID || f.Src != doc.Src || f.Title != "plan.pdf" || f.Size != doc.Size {
			t.Errorf("file: %+v", f)
		}
		if f := list[1].Msg.ImageMsg; f == nil || f.UID != img.UID || f.Src != img.Src || f.Title != "our cat" || f.Size != img.Size {
			t.Errorf("image: %+v", f)
		}
		for kind, want := range map[string]uint64{"image": photo.MsgID, "file": file.MsgID, "video": 0} {
			h, err := bob.Media(ctx(t), cid, kind, 0, 10)
			if err != nil || want == 0 && len(h.List) != 0 || want != 0 && (len(h.List) != 1 || h.List[0].ID != want) {
				t.Errorf("%s of the conversation: %+v, %v", kind, h, err)
			}
		}
		_, err = bob.Media(ctx(t), cid, "everything", 0, 10)
		wantCode(t, "media of no kind", err, 10001)
		for what, c := range map[string]struct {
			code int
			body client.Body
		}{
			"another's file":           {40010, client.Body{Type: 4, FileMsg: &client.MediaMsg{UID: his.UID}}},
			"a file that is not":       {40010, client.Body{Type: 4, FileMsg: &client.MediaMsg{UID: "AAAAAAAAAAAAAAAAAAAAAA"}}},
			"a file as an image":       {40005, client.Body{Type: 2, ImageMsg: &client.MediaMsg{UID: doc.UID}}},
			"a file without a uid":     {40005, client.Body{Type: 4, FileMsg: &client.MediaMsg{}}},
			"a file of somewhere else": {40005, client.Body{Type: 4, FileMsg: &client.MediaMsg{Src: "http://example.org/x"}}},
		} {
			_, err := ann.Send(ctx(t), client.SendRequest{ConversationID: cid, ClientMsgID: what, Msg: c.body})
			wantCode(t, what, err, c.code)
		}
		_, err = ann.Edit(ctx(t), file.MsgID, client.Text("no file"))
		wantCode(t, "edit of a file", err, 40017)
	})
}

// TestNotices is what the system tells users, and that nobody else tells it.
func TestNotices(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := register(t, s, 0), register(t, s, 1)
		_, err := ann.Notify(ctx(t), "1", client.Text("I am the system"), bob.UserID)
		wantCode(t, "a notice of a plain user", err, 10005)

		if _, err := database(t, s).ExecContext(ctx(t), "UPDATE user_models SET role = 1 WHERE id = ?", ann.UserID); err != nil {
			t.Fatal(err)
		}
		admin := another(t, s, ann, 0)
		his := device(t, bob)
		n, err := admin.Notify(ctx(t), "1", client.Text("maintenance at noon"), bob.UserID, 1<<40)
		if err != nil || n != 1 {
			t.Fatalf("sent to %d, %v", n, err)
		}
		cid := fmt.Sprint("s_", bob.UserID)
		hears(t, his, cid, "the notice", func(k *client.Known) bool { return k.Messages[1].Content() == "maintenance at noon" && k.Unread() == 1 })
		same(t, his, cid)
		if list, err := bob.Sessions(ctx(t)); err != nil || len(list.List) != 1 || list.List[0].Type != 3 || list.List[0].Target.Title == "" || list.TotalUnread != 1 {
			t.Errorf("sessions: %+v, %v", list, err)
		}
		m := his.Known[cid].Messages[1]
		_, err = bob.Recall(ctx(t), m.ID)
		wantCode(t, "recall of a notice", err, 40012)
		_, err = bob.Delete(ctx(t), true, m.ID)
		wantCode(t, "delete of a notice for both", err, 40014)
		if _, err := bob.Send(ctx(t), client.SendRequest{ConversationID: cid, ClientMsgID: "1", Msg: client.Text("thanks")}); client.Code(err) <= 0 {
			t.Errorf("an answer to the system: %v", err)
		}
		if _, _, err := bob.Read(ctx(t), cid, 1); err != nil {
			t.Errorf("read: %v", err)
		}
		if err := bob.Hide(ctx(t), cid, true); err != nil {
			t.Errorf("clear: %v", err)
		}
	})
}
