package e2e

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tudoIM/common/token"
	"tudoIM/core/conf"
	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// link is one signed link of c.
func link(t *testing.T, c *client.Client, uid string) string {
	t.Helper()
	l, err := c.Sign(ctx(t), 600, uid)
	if err != nil || len(l.List) != 1 || l.List[0].UID != uid {
		t.Fatalf("sign: %+v, %v", l, err)
	}
	if left := time.Until(time.UnixMilli(l.ExpiresAt)); left < 8*time.Minute || left > 12*time.Minute {
		t.Errorf("the link is for %v", left)
	}
	return l.List[0].URL
}

// opens fails unless a browser that knows nothing but url gets content, from
// each gateway.
func opens(t *testing.T, s *suite.Suite, what, url string, content []byte) {
	t.Helper()
	for _, base := range s.URLs() {
		nobody := client.New(base)
		got, resp, err := nobody.Download(ctx(t), url, nil)
		if err != nil || string(got) != string(content) {
			t.Errorf("%s: %q, %v", what, got, err)
			continue
		}
		if resp.Header.Get("Referrer-Policy") != "no-referrer" || resp.Header.Get("Cache-Control") != "private, no-cache" {
			t.Errorf("%s: %v", what, resp.Header)
		}
		if n := head(t, nobody, url); n != http.StatusOK {
			t.Errorf("%s: HEAD is %d", what, n)
		}
	}
}

// isDead waits until url opens nothing any more, and looks like what is not there.
func isDead(t *testing.T, s *suite.Suite, what, url string) {
	t.Helper()
	for _, base := range s.URLs() {
		nobody := client.New(base)
		eventually(t, what, func(ctx context.Context) error {
			if _, _, err := nobody.Download(ctx, url, nil); client.Code(err) != 60006 {
				return fmt.Errorf("code %d", client.Code(err))
			}
			return nil
		})
		if n := head(t, nobody, url); n != http.StatusNotFound {
			t.Errorf("%s: HEAD is %d", what, n)
		}
	}
}

// Row F12: a link is for one file, in the name of one session, for a while.
func TestSignedLinks(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, eve, cid := circle(t, s)
		f, content := upload(t, ann, "plan.pdf", "the plan, signed")
		other, _ := upload(t, ann, "other.pdf", "another plan")
		sent := put(t, ann, cid, "f", fileBody(f))
		url := link(t, bob, f.UID)
		opens(t, s, "bob's", url, content)
		part, resp, err := client.New(eve.Base).Download(ctx(t), url, http.Header{"Range": {"bytes=1-3"}})
		if err != nil || string(part) != "PDF" || resp.StatusCode != http.StatusPartialContent {
			t.Errorf("a part: %q, %v", part, err)
		}
		_, resp, err = client.New(eve.Base).Download(ctx(t), url+"&dl=1", nil)
		if err != nil || !strings.HasPrefix(resp.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("to save it: %v", err)
		}

		face := picture(t, ann)
		both, err := ann.Sign(ctx(t), 60, f.UID, face.UID)
		if err != nil || len(both.List) != 2 || both.List[0].ThumbURL != "" {
			t.Fatalf("%+v, %v", both, err)
		}
		small, resp, err := client.New(eve.Base).Download(ctx(t), both.List[1].ThumbURL, nil)
		if err != nil || len(small) == 0 || !strings.HasPrefix(resp.Header.Get("Content-Type"), "image/") {
			t.Errorf("a small picture: %d bytes, %v", len(small), err)
		}

		path, sign, _ := strings.Cut(url, "?sign=")
		nobody := client.New(eve.Base)
		for what, to := range map[string]string{
			"another file": "/api/file/" + other.UID + "?sign=" + sign, "no file": "/api/file/mine?sign=" + sign,
			"cut": url[:len(url)-1], "longer": url + "A", "empty": path + "?sign=", "twice": url + "&sign=" + sign,
			"changed": path + "?sign=" + map[bool]string{true: "B", false: "A"}[sign[0] == 'A'] + sign[1:],
		} {
			_, _, err := nobody.Download(ctx(t), to, nil)
			wantCode(t, what, err, 60006)
		}
		_, _, err = eve.Download(ctx(t), url, nil)
		wantCode(t, "a link and a token", err, 10002)
		for _, route := range []string{"DELETE " + url, "GET /api/file/info/" + f.UID + "?sign=" + sign, "GET /api/user/user_info?sign=" + sign} {
			method, to, _ := strings.Cut(route, " ")
			wantCode(t, route, nobody.Call(ctx(t), method, to, nil, nil), 10002)
		}

		// Made with the suite's own key, for what no waiting brings.
		secret, err := conf.Secret(filepath.Join(s.Dir, "data"), "internal.secret", "")
		must(t, "secret", err)
		l, err := token.OpenLink(token.LinkKey(secret), f.UID, sign, time.Now())
		must(t, "open", err)
		if l.UserID != bob.UserID || l.SessionID == 0 {
			t.Errorf("%+v", l)
		}
		for what, change := range map[string]func(l *token.Link){
			"over":             func(l *token.Link) { l.ExpiresAt = time.Now().Unix() - 1 },
			"another user":     func(l *token.Link) { l.UserID = cat.UserID },
			"no such session":  func(l *token.Link) { l.SessionID = 1 << 50 },
			"nobody":           func(l *token.Link) { l.UserID = 0 },
			"who may not read": func(l *token.Link) { l.UserID, l.SessionID = eve.UserID, mySessions(t, eve)[0].ID },
		} {
			c := l
			change(&c)
			_, _, err := nobody.Download(ctx(t), path+"?sign="+c.Seal(token.LinkKey(secret)), nil)
			wantCode(t, what, err, 60006)
		}
		_, _, err = nobody.Download(ctx(t), path+"?sign="+l.Seal(secret), nil)
		wantCode(t, "another key", err, 60006)

		// One that may not be read, and none is signed.
		_, err = bob.Sign(ctx(t), 600, f.UID, other.UID)
		wantCode(t, "one that is not bob's to read", err, 60006)
		_, err = eve.Sign(ctx(t), 600, f.UID)
		wantCode(t, "eve's", err, 60006)
		for _, ttl := range []int{0, 59, 3601, -1} {
			_, err := bob.Sign(ctx(t), ttl, f.UID)
			wantCode(t, fmt.Sprint(ttl, " seconds"), err, 10001)
		}

		// What ends it.
		must(t, "refresh", bob.Refresh(ctx(t)))
		opens(t, s, "with a new token", url, content)
		phone := loggedIn(t, bob, "phone")
		byPhone := link(t, phone, f.UID)
		must(t, "log out", phone.Logout(ctx(t), false))
		isDead(t, s, "logged out", byPhone)
		opens(t, s, "the other session", url, content)
		must(t, "kick", ann.KickMember(ctx(t), number(t, cid), bob.UserID))
		isDead(t, s, "bob was put out", url)
		byCat := link(t, cat, f.UID)
		opens(t, s, "cat's", byCat, content)
		if _, err := ann.Recall(ctx(t), sent.MsgID); err != nil {
			t.Fatal(err)
		}
		isDead(t, s, "recalled", byCat)
		mine := link(t, ann, f.UID)
		opens(t, s, "the owner's", mine, content)
		must(t, "delete", ann.DeleteFile(ctx(t), f.UID))
		isDead(t, s, "deleted", mine)
		boss := administrator(t, s)
		rest := link(t, ann, other.UID)
		must(t, "disable", boss.Call(ctx(t), http.MethodPut, fmt.Sprintf("/api/user/admin/users/%d/status", ann.UserID), client.Fields{"disabled": true}, nil))
		isDead(t, s, "ann is disabled", rest)
	})
}

// TestOwnFiles lists files and deletes them, when nothing shows them any more.
func TestOwnFiles(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, _, cid := circle(t, s)
		empty, err := cat.MyFiles(ctx(t), "", 1, 20)
		if err != nil || empty.List == nil || len(empty.List) != 0 || empty.UsedBytes != 0 || empty.MaxBytes == 0 || empty.MaxFiles == 0 {
			t.Errorf("%+v, %v", empty, err)
		}
		f, content := upload(t, ann, "plan.pdf", "the plan that goes")
		face, logo := picture(t, ann), picture(t, ann)
		all, err := ann.MyFiles(ctx(t), "", 1, 2)
		if err != nil || all.Count != 3 || len(all.List) != 2 || all.List[0].UID != logo.UID || all.UsedFiles != 3 ||
			all.UsedBytes != f.Size+face.Size+logo.Size || all.List[0].CreatedAt == 0 || all.List[0].Src != logo.URL || all.List[0].Width != 8 {
			t.Errorf("%+v, %v", all, err)
		}
		images, err := ann.MyFiles(ctx(t), "image", 2, 1)
		if err != nil || images.Count != 2 || len(images.List) != 1 || images.List[0].UID != face.UID || images.UsedFiles != 3 {
			t.Errorf("%+v, %v", images, err)
		}
		_, err = ann.MyFiles(ctx(t), "program", 1, 1)
		wantCode(t, "no such kind", err, 10001)

		del := func(what string, c *client.Client, uid string, code int) {
			t.Helper()
			wantCode(t, what, c.DeleteFile(ctx(t), uid), code)
		}
		del("somebody else's", bob, f.UID, 60006)
		del("somebody else's that everybody may see", bob, face.UID, 60006)
		_, err = bob.Send(ctx(t), client.SendRequest{ConversationID: private(bob, bob), ClientMsgID: "face", Msg: client.Body{Type: 2, ImageMsg: &client.MediaMsg{UID: face.UID}}})
		wantCode(t, "bob sends ann's face as his own", err, 40010)
		del("none", ann, strings.Repeat("A", 22), 60006)
		sent := put(t, ann, private(ann, bob), "f", fileBody(f))
		del("in a message", ann, f.UID, 60011)
		bundle, err := bob.Forward(ctx(t), client.ForwardRequest{IDList: []uint64{sent.MsgID}, Targets: []string{cid}, Mode: "merged", ClientMsgIDs: []string{"m"}})
		if err != nil || len(bundle.MsgIDs) != 1 {
			t.Fatalf("%+v, %v", bundle, err)
		}
		must(t, "bob deletes it for himself", second(bob.Delete(ctx(t), false, sent.MsgID)))
		must(t, "recall", second(ann.Recall(ctx(t), sent.MsgID)))
		del("in a bundle, in a group", ann, f.UID, 60011)
		reads(t, "the refusals", f, content, map[string]*client.Client{"ann": ann, "cat": cat}, "ann", "cat")
		must(t, "cat deletes it for herself", second(cat.Delete(ctx(t), false, bundle.MsgIDs[0])))
		del("the others have it", ann, f.UID, 60011)
		must(t, "delete for all", second(bob.Delete(ctx(t), true, bundle.MsgIDs[0])))

		must(t, "avatar", ann.Call(ctx(t), http.MethodPut, "/api/user/user_info", client.Fields{"avatar": face.UID}, nil))
		must(t, "group's avatar", ann.Call(ctx(t), http.MethodPut, "/api/group/group", client.Fields{"id": number(t, cid), "avatar": logo.UID}, nil))
		del("the avatar", ann, face.UID, 60011)
		del("somebody else's avatar", bob, face.UID, 60006)
		del("the group's", ann, logo.UID, 60011)
		must(t, "no avatar", ann.Call(ctx(t), http.MethodPut, "/api/user/user_info", client.Fields{"avatar": ""}, nil))
		must(t, "dissolve", ann.Dissolve(ctx(t), number(t, cid)))

		for _, uid := range []string{f.UID, face.UID, logo.UID} {
			del("shown nowhere", ann, uid, 0)
			del("once more", ann, uid, 60006)
			_, _, err := ann.Download(ctx(t), "/api/file/"+uid, nil)
			wantCode(t, "what is deleted", err, 60006)
			_, err = ann.Send(ctx(t), client.SendRequest{ConversationID: private(ann, bob), ClientMsgID: "late" + uid, Msg: fileBody(client.File{UID: uid})})
			wantCode(t, "sent when it is gone", err, 40010)
		}
		if left, err := ann.MyFiles(ctx(t), "", 1, 20); err != nil || left.Count != 0 || left.UsedBytes != 0 || left.UsedFiles != 0 {
			t.Errorf("%+v, %v", left, err)
		}
	})
}

// second is the error of what returns something beside it.
func second[T any](_ T, err error) error { return err }

// TestADeleteAndAMessageNeverMissEachOther sends a file to one and to a group
// and deletes it at the same time: who has a message with it can read it.
func TestADeleteAndAMessageNeverMissEachOther(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, _, _, cid := circle(t, s)
		outcomes := map[string]int{}
		for n := range 20 {
			f, content := upload(t, ann, "race.pdf", fmt.Sprint("race ", n))
			var privately, inGroup, deleted error
			var wg sync.WaitGroup
			wg.Go(func() {
				_, privately = ann.Send(ctx(t), client.SendRequest{ConversationID: private(ann, bob), ClientMsgID: f.UID, Msg: fileBody(f)})
			})
			wg.Go(func() {
				_, inGroup = ann.Send(ctx(t), client.SendRequest{ConversationID: cid, ClientMsgID: f.UID, Msg: fileBody(f)})
			})
			wg.Go(func() { deleted = ann.DeleteFile(ctx(t), f.UID) })
			wg.Wait()
			got, _, err := bob.Download(ctx(t), f.Src, nil)
			switch client.Code(deleted) {
			case 0:
				if client.Code(privately) != 40010 || client.Code(inGroup) != 40010 || client.Code(err) != 60006 {
					t.Errorf("deleted, and %v, %v, %v", privately, inGroup, err)
				}
				outcomes["deleted"]++
			case 60011:
				if privately != nil && inGroup != nil || err != nil || string(got) != string(content) {
					t.Errorf("in use, and %v, %v, %v", privately, inGroup, err)
				}
				outcomes["in use"]++
			default:
				t.Errorf("delete: %v", deleted)
			}
		}
		t.Log(outcomes)
	})
}

// TestAdministratorsDeleteFiles takes a file away from those who have it in their
// messages.
func TestAdministratorsDeleteFiles(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		boss := administrator(t, s)
		ann, bob := friends(t, s)
		f, content := upload(t, ann, "bad.pdf", "what nobody should read")
		kept, _ := upload(t, ann, "good.pdf", "what everybody may")
		put(t, ann, private(ann, bob), "f", fileBody(f))
		who := map[string]*client.Client{"ann": ann, "bob": bob, "boss": boss}
		reads(t, "sent", f, content, who, "ann", "bob")

		list := func(filter string) (out client.OwnFiles) {
			t.Helper()
			must(t, filter, boss.Call(ctx(t), http.MethodGet, "/api/file/admin/files?"+filter, nil, &out))
			return out
		}
		for filter, want := range map[string]int{
			fmt.Sprint("userId=", ann.UserID): 2, fmt.Sprint("kind=document&userId=", ann.UserID): 2, fmt.Sprint("kind=image&userId=", ann.UserID): 0,
			"key=" + f.UID: 1, fmt.Sprint("key=bad&userId=", ann.UserID): 1, fmt.Sprint("limit=1&userId=", ann.UserID): 1,
		} {
			out := list(filter)
			if len(out.List) != want || want > 0 && out.List[0].UserID != ann.UserID {
				t.Errorf("%s: %+v", filter, out)
			}
		}
		var out struct {
			Deleted int `json:"deleted"`
			Refused []struct {
				UID  string `json:"uid"`
				Code int    `json:"code"`
			} `json:"refused"`
		}
		none := strings.Repeat("A", 22)
		remove := func(uids any) error {
			return boss.Call(ctx(t), http.MethodDelete, "/api/file/admin/files", client.Fields{"uids": uids, "reason": "spam"}, &out)
		}
		must(t, "delete", remove([]string{f.UID, none, f.UID}))
		if out.Deleted != 1 || len(out.Refused) != 2 || out.Refused[0].UID != none || out.Refused[0].Code != 60006 || out.Refused[1].UID != f.UID {
			t.Errorf("%+v", out)
		}
		reads(t, "deleted by an administrator", f, content, who)
		if left, err := ann.MyFiles(ctx(t), "", 1, 20); err != nil || left.Count != 1 || left.UsedBytes != kept.Size {
			t.Errorf("%+v, %v", left, err)
		}
		wantCode(t, "none", remove([]string{}), 10001)
		wantCode(t, "no uid", remove([]string{"x"}), 10001)
		found, told := 0, 0
		for _, a := range audit(t, boss, "operatorId="+fmt.Sprint(boss.UserID)) {
			if a.Act == "file.delete" && strings.HasPrefix(a.About, "file "+f.UID) && strings.HasSuffix(a.About, ": spam") {
				found++
				if a.TargetID == ann.UserID && strings.Contains(a.About, f.FileName) && strings.Contains(a.About, f.Hash) {
					told++
				}
			}
		}
		if found != 2 || told != 1 {
			t.Errorf("%d lines of the audit, %d say whose file it was", found, told)
		}
	})
}
