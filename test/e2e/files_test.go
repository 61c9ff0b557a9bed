package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// upload is a file of c, and what is in it.
func upload(t *testing.T, c *client.Client, name, content string) (client.File, []byte) {
	t.Helper()
	bytes := []byte("%PDF-1.4\n" + content + "\n")
	f, err := c.Upload(ctx(t), name, bytes)
	if err != nil {
		t.Fatalf("upload %s: %v", name, err)
	}
	return f, bytes
}

func fileBody(f client.File) client.Body {
	return client.Body{Type: 4, FileMsg: &client.MediaMsg{UID: f.UID}}
}

// reads fails unless those of who are in may, and nobody else, get the bytes,
// a part of them and the metadata of f.
func reads(t *testing.T, what string, f client.File, content []byte, who map[string]*client.Client, may ...string) {
	t.Helper()
	for name, c := range who {
		should := false
		for _, n := range may {
			should = should || n == name
		}
		got, resp, err := c.Download(ctx(t), f.Src, nil)
		part, partly, errPart := c.Download(ctx(t), f.Src, http.Header{"Range": {"bytes=1-3"}})
		var info client.File
		errInfo := c.Call(ctx(t), http.MethodGet, "/api/file/info/"+f.UID, nil, &info)
		if !should {
			wantCode(t, what+": "+name+" downloads", err, 60006)
			wantCode(t, what+": "+name+" downloads a part", errPart, 60006)
			wantCode(t, what+": "+name+" asks what it is", errInfo, 60006)
			continue
		}
		if err != nil || errPart != nil || errInfo != nil {
			t.Errorf("%s: %s gets %v, %v, %v", what, name, err, errPart, errInfo)
			continue
		}
		if !bytes.Equal(got, content) || resp.Header.Get("Cache-Control") != "private, no-cache" || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %s gets %q, %v", what, name, got, resp.Header)
		}
		if string(part) != "PDF" || partly.StatusCode != http.StatusPartialContent || info.FileName != f.FileName || info.Size != f.Size {
			t.Errorf("%s: %s gets %q of it, and is told %+v", what, name, part, info)
		}
	}
}

// head is the status of a HEAD.
func head(t *testing.T, c *client.Client, src string) int {
	t.Helper()
	resp, err := c.Do(ctx(t), http.MethodHead, src, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// TestFilesAreForWhoMayReadTheirMessages sends a file, and sends it on.
func TestFilesAreForWhoMayReadTheirMessages(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, eve, group := circle(t, s)
		who := map[string]*client.Client{"ann": ann, "bob": bob, "cat": cat, "eve": eve}
		f, content := upload(t, ann, "plan.pdf", "the plan")
		reads(t, "not sent", f, content, who, "ann")
		sent := put(t, ann, private(ann, bob), "f", fileBody(f))
		reads(t, "sent to bob", f, content, who, "ann", "bob")
		if a, b, e := head(t, ann, f.Src), head(t, bob, f.Src), head(t, eve, f.Src); a != 200 || b != 200 || e != 404 {
			t.Errorf("HEAD is %d for ann, %d for bob and %d for eve", a, b, e)
		}
		missing := "/api/file/" + "AAAAAAAAAAAAAAAAAAAAAA"
		_, _, err := eve.Download(ctx(t), missing, nil)
		wantCode(t, "a file that is not", err, 60006)
		_, err = bob.Send(ctx(t), client.SendRequest{ConversationID: private(ann, bob), ClientMsgID: "mine", Msg: fileBody(f)})
		wantCode(t, "bob sends ann's file as his own", err, 40010)

		// An answer shows of the file what its preview says, and no more.
		reply := put(t, bob, private(ann, bob), "reply", client.Reply(sent.MsgID, "thanks"))
		quote := put(t, ann, private(ann, bob), "quote", client.Quote(sent.MsgID, "", "that one"))
		for n, id := range []uint64{reply.MsgID, quote.MsgID} {
			if _, err := ann.Forward(ctx(t), client.ForwardRequest{
				IDList: []uint64{id}, Targets: []string{group}, Mode: "each", ClientMsgIDs: []string{fmt.Sprint("answer", n)},
			}); err != nil {
				t.Fatal(err)
			}
		}
		reads(t, "answers to it are sent on", f, content, who, "ann", "bob")

		// Only who may read a message sends it on, with what it carries.
		_, err = eve.Forward(ctx(t), client.ForwardRequest{IDList: []uint64{sent.MsgID}, Targets: []string{private(eve, eve)}, Mode: "each", ClientMsgIDs: []string{"e"}})
		wantCode(t, "eve sends on what she cannot read", err, 40021)
		_, err = eve.Forward(ctx(t), client.ForwardRequest{IDList: []uint64{sent.MsgID}, Targets: []string{private(eve, eve)}, Mode: "merged", ClientMsgIDs: []string{"e"}})
		wantCode(t, "eve bundles what she cannot read", err, 40021)
		for what, body := range map[string]client.Body{
			"of her own making":      fileBody(f),
			"with a thumb of ann's":  {Type: 2, ImageMsg: &client.MediaMsg{UID: f.UID}},
			"as a bundle of her own": {Type: 15, MergedMsg: &client.MergedMsg{Title: "x", Count: 1}},
		} {
			if _, err := eve.Send(ctx(t), client.SendRequest{ConversationID: private(eve, eve), ClientMsgID: what, Msg: body}); err == nil {
				t.Errorf("eve sends ann's file %s", what)
			}
		}
		reads(t, "eve tried", f, content, who, "ann", "bob")

		onward, err := bob.Forward(ctx(t), client.ForwardRequest{IDList: []uint64{sent.MsgID}, Targets: []string{group}, Mode: "merged", ClientMsgIDs: []string{"m"}})
		if err != nil || len(onward.MsgIDs) != 1 || onward.MsgIDs[0] == 0 {
			t.Fatalf("%+v, %v", onward, err)
		}
		reads(t, "bob sends it to the group, bundled", f, content, who, "ann", "bob", "cat")
		if err := cat.Befriend(ctx(t), eve); err != nil {
			t.Fatal(err)
		}
		last, err := cat.Forward(ctx(t), client.ForwardRequest{IDList: onward.MsgIDs, Targets: []string{private(cat, eve)}, Mode: "each", ClientMsgIDs: []string{"c"}})
		if err != nil || len(last.MsgIDs) != 1 || last.List[0].Code != 0 {
			t.Fatalf("%+v, %v", last, err)
		}
		reads(t, "cat sends the bundle on to eve", f, content, who, "ann", "bob", "cat", "eve")

		if _, err := cat.Recall(ctx(t), last.MsgIDs[0]); err != nil {
			t.Fatal(err)
		}
		reads(t, "cat recalls it", f, content, who, "ann", "bob", "cat")
		if _, err := bob.Delete(ctx(t), true, onward.MsgIDs[0]); err != nil {
			t.Fatal(err)
		}
		reads(t, "bob deletes the bundle for all", f, content, who, "ann", "bob")
		if _, err := bob.Delete(ctx(t), false, sent.MsgID); err != nil {
			t.Fatal(err)
		}
		reads(t, "bob deletes it for himself", f, content, who, "ann")
	})
}

// TestFilesOfAGroup is who of a group reads what was sent there.
func TestFilesOfAGroup(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, eve, cid := circle(t, s)
		who := map[string]*client.Client{"ann": ann, "bob": bob, "cat": cat, "eve": eve}
		group := number(t, cid)
		f, content := upload(t, ann, "plan.pdf", "the plan of the group")
		sent := put(t, ann, cid, "f", fileBody(f))
		reads(t, "sent", f, content, who, "ann", "bob", "cat")
		must(t, "kick", ann.KickMember(ctx(t), group, cat.UserID))
		reads(t, "cat was put out", f, content, who, "ann", "bob")
		bringIn(t, ann, group, cat)
		reads(t, "cat has come back later", f, content, who, "ann", "bob")
		must(t, "show", ann.UpdateGroup(ctx(t), group, client.Fields{"historyVisible": true}))
		reads(t, "the history is shown", f, content, who, "ann", "bob", "cat")
		must(t, "quit", cat.Quit(ctx(t), group))
		reads(t, "cat has left", f, content, who, "ann", "bob")
		if err := bob.Call(ctx(t), http.MethodDelete, "/api/chat/session/"+cid+"?clear=true", nil, nil); err != nil {
			t.Fatal(err)
		}
		reads(t, "bob has cleared it", f, content, who, "ann")
		again := put(t, ann, cid, "again", fileBody(f))
		reads(t, "sent again", f, content, who, "ann", "bob")
		other, more := upload(t, bob, "list.pdf", "a list, of bob's")
		put(t, bob, cid, "other", fileBody(other))
		reads(t, "bob's", other, more, who, "ann", "bob")
		for _, id := range []uint64{sent.MsgID, again.MsgID} {
			if _, err := ann.Recall(ctx(t), id); err != nil {
				t.Fatal(err)
			}
		}
		reads(t, "recalled", f, content, who, "ann")
		must(t, "dissolve", ann.Dissolve(ctx(t), group))
		reads(t, "the group is no more", other, more, who, "bob")
	})
}

// bringIn has ann bring her friend who into group.
func bringIn(t *testing.T, ann *client.Client, group uint64, who *client.Client) {
	t.Helper()
	if r, err := ann.Invite(ctx(t), group, who.UserID); err != nil || len(r.Added) != 1 {
		t.Fatalf("brought in: %+v, %v", r, err)
	}
}

// Row F20: who is logged out while his upload comes has uploaded nothing.
func TestAnUploadEndsWithItsSession(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		body, content := io.Pipe()
		form := multipart.NewWriter(content)
		answered := make(chan error, 1)
		go func() {
			_, err := ann.UploadForm(context.Background(), form.FormDataContentType(), body)
			_ = body.CloseWithError(errors.New("it was answered before its end"))
			answered <- err
		}()
		part, err := form.CreateFormFile("file", "long.txt")
		must(t, "begin", err)
		for range 100 { // more than any buffer on the way
			must(t, "send", second(io.WriteString(part, strings.Repeat("0123456789abcdef", 4<<10))))
		}
		must(t, "logout", ann.Logout(ctx(t), false))
		must(t, "send", second(io.WriteString(part, "the end")))
		must(t, "send", form.Close())
		must(t, "send", content.Close())
		wantCode(t, "the upload of an ended session", <-answered, 10004)
		must(t, "login", ann.Login(ctx(t), ann.Name, password))
		mine, err := ann.MyFiles(ctx(t), "", 1, 20)
		if err != nil || mine.Count != 0 || mine.UsedBytes != 0 {
			t.Errorf("%+v, %v", mine, err)
		}
	})
}

// TestWhileS3IsAway kills the service that has the bytes and starts it again.
func TestWhileS3IsAway(t *testing.T) {
	t.Parallel()
	s := own(t, suite.Many, 1)
	ann, bob := friends(t, s)
	f, content := upload(t, ann, "plan.pdf", "the plan that is in S3")
	face := picture(t, ann)
	put(t, ann, private(ann, bob), "f", fileBody(f))
	before, err := s.S3.Objects(ctx(t))
	must(t, "objects", err)

	s.S3.Kill()
	_, err = ann.Upload(ctx(t), "more.pdf", []byte("%PDF-1.4\nmore"))
	wantCode(t, "upload", err, unavailable)
	_, err = ann.UploadImage(ctx(t), "chat", "more.png", faceOf(t, bob))
	wantCode(t, "upload an image", err, unavailable)
	for _, path := range []string{f.Src, f.Src + "/preview", face.ThumbURL} {
		_, _, err = ann.Download(ctx(t), path, nil)
		wantCode(t, path, err, unavailable)
	}
	put(t, ann, private(ann, bob), "text", client.Text("messages go on"))
	mine, err := ann.MyFiles(ctx(t), "", 1, 20)
	if err != nil || mine.Count != 2 || mine.UsedBytes != f.Size+face.Size {
		t.Errorf("%+v, %v", mine, err)
	}

	must(t, "start", s.S3.Start())
	eventually(t, "the bytes are back", func(ctx context.Context) error {
		got, _, err := bob.Download(ctx, f.Src, nil)
		if err == nil && !bytes.Equal(got, content) {
			t.Errorf("got %q", got)
		}
		return err
	})
	after, err := s.S3.Objects(ctx(t))
	must(t, "objects", err)
	if len(after) != len(before) {
		t.Errorf("%q is left of what was refused", after)
	}
	more, err := ann.Upload(ctx(t), "more.pdf", []byte("%PDF-1.4\nmore"))
	must(t, "upload again", err)
	reads(t, "uploaded again", more, []byte("%PDF-1.4\nmore"), map[string]*client.Client{"ann": ann}, "ann")
}
