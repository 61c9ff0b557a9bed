package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// object is an answer, or the data of an event, as it is.
type object = map[string]any

func getJSON(t *testing.T, c *client.Client, path string) (out object, err error) {
	t.Helper()
	err = c.Call(ctx(t), http.MethodGet, path, nil, &out)
	return out, err
}

func setConf(t *testing.T, c *client.Client, change object) (out object, err error) {
	t.Helper()
	err = c.Call(ctx(t), http.MethodPut, "/api/user/conf", change, &out)
	return out, err
}

func setInfo(t *testing.T, c *client.Client, change object) error {
	t.Helper()
	return c.Call(ctx(t), http.MethodPut, "/api/user/user_info", change, nil)
}

// ask is a request with answers to questions.
func ask(t *testing.T, c *client.Client, friend uint64, body object) (out object, err error) {
	t.Helper()
	whole := maps.Clone(body)
	if whole == nil {
		whole = object{}
	}
	whole["friendId"] = friend
	err = c.Call(ctx(t), http.MethodPost, "/api/user/friends", whole, &out)
	return out, err
}

// friendsOf is a list of friends.
type friendsOf struct {
	List []struct {
		UserID   uint64 `json:"userId"`
		Nickname string `json:"nickname"`
		Avatar   string `json:"avatar"`
		Notice   string `json:"notice"`
		IsTop    bool   `json:"isTop"`
		Ver      uint64 `json:"ver"`
	} `json:"list"`
	Count   int      `json:"count"`
	Ver     uint64   `json:"ver"`
	Removed []uint64 `json:"removed"`
}

func (f friendsOf) ids() (ids []uint64) {
	for _, one := range f.List {
		ids = append(ids, one.UserID)
	}
	return ids
}

func listFriends(t *testing.T, c *client.Client, query string) (out friendsOf) {
	t.Helper()
	if err := c.Call(ctx(t), http.MethodGet, "/api/user/friends?limit=100"+query, nil, &out); err != nil {
		t.Fatalf("friends: %v", err)
	}
	return out
}

// refuses fails unless err is the refusal code with its status, and returns it.
func refuses(t *testing.T, what string, err error, status, code int) client.Error {
	t.Helper()
	var e *client.Error
	if !errors.As(err, &e) || e.HTTP != status || e.Code != code {
		t.Errorf("%s: %v, want %d %d", what, err, status, code)
		return client.Error{}
	}
	return *e
}

func keys(o object) []string { return slices.Sorted(maps.Keys(o)) }

// TestSettings changes settings, of which own devices hear and others feel.
func TestSettings(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		onAnn, onTwin := dial(t, ann), dial(t, another(t, s, ann, 1))
		first, err := getJSON(t, ann, "/api/user/conf")
		must(t, "conf", err)
		if first["searchUser"] != 2.0 || first["verification"] != 2.0 || first["language"] != "zh" || first["showOnline"] != true || first["readReceipt"] != true || len(first) != 11 {
			t.Errorf("at first: %v", first)
		}
		question := object{"problem1": "pet?", "answer1": "Ümit", "problem2": "town?", "answer2": "Ulm"}
		now, err := setConf(t, ann, object{"sound": false, "language": "en", "recallMessage": "oh", "verification": 4, "verificationQuestion": question, "curtailChat": true, "userId": bob.UserID})
		must(t, "set", err)
		shownQuestion := object{"problem1": "pet?", "problem2": "town?", "problem3": ""}
		want := maps.Clone(first)
		maps.Copy(want, object{"sound": false, "language": "en", "recallMessage": "oh", "verification": 4.0, "verificationQuestion": shownQuestion})
		read, err := getJSON(t, ann, "/api/user/conf")
		if err != nil || fmt.Sprint(now) != fmt.Sprint(want) || fmt.Sprint(read) != fmt.Sprint(want) {
			t.Errorf("set %v, read %v, %v; want %v", now, read, err, want)
		}
		for _, on := range []*client.Socket{onAnn, onTwin} {
			var e object
			event(t, on, "confUpdated", &e)
			if !slices.Equal(keys(e), []string{"language", "recallMessage", "sound", "verification", "verificationQuestion"}) || e["sound"] != false ||
				fmt.Sprint(e["verificationQuestion"]) != fmt.Sprint(shownQuestion) {
				t.Errorf("confUpdated: %v", e)
			}
		}
		if his, err := getJSON(t, bob, "/api/user/conf"); err != nil || fmt.Sprint(his) != fmt.Sprint(first) {
			t.Errorf("bob's: %v, %v", his, err)
		}
		for what, c := range map[string]struct {
			change object
			field  string
			code   int
		}{
			"found by what is not":         {object{"searchUser": 3}, "searchUser", 10001},
			"a mode that is not":           {object{"verification": 5}, "verification", 10001},
			"a mode below":                 {object{"verification": -1}, "verification", 10001},
			"a language nobody speaks":     {object{"language": "tlh"}, "language", 10001},
			"words past the limit":         {object{"recallMessage": string(bytes.Repeat([]byte("x"), 65))}, "recallMessage", 10001},
			"a good key beside a bad one":  {object{"sound": true, "language": "tlh"}, "language", 10001},
			"a question without an answer": {object{"verificationQuestion": object{"problem1": "car?"}}, "", 30002},
			"no question":                  {object{"verificationQuestion": object{"problem1": "", "problem2": ""}}, "", 30002},
		} {
			_, err := setConf(t, ann, c.change)
			e := refuses(t, what, err, 400, c.code)
			var data struct {
				Field string `json:"field"`
			}
			if c.field != "" && (json.Unmarshal(e.Data, &data) != nil || data.Field != c.field) {
				t.Errorf("%s: names %s", what, e.Data)
			}
		}
		_, err = setConf(t, bob, object{"verification": 3})
		refuses(t, "answers to nothing", err, 400, 30002)
		if again, err := getJSON(t, ann, "/api/user/conf"); err != nil || fmt.Sprint(again) != fmt.Sprint(want) {
			t.Errorf("after what was refused: %v, %v", again, err)
		}
	})
}

// TestVerification asks people who answer requests in each of the five ways.
func TestVerification(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		of := func(mode int) *client.Client {
			c := register(t, s, 1)
			_, err := setConf(t, c, object{"verification": mode, "verificationQuestion": object{"problem1": "pet?", "answer1": "Cat", "problem3": "town?", "answer3": "Ulm"}})
			must(t, "conf", err)
			return c
		}
		nobody, anybody, message, answers, right := of(0), of(1), of(2), of(3), of(4)
		for _, c := range []struct {
			who  *client.Client
			want string
		}{
			{nobody, `{0 {  }}`}, {anybody, `{1 {  }}`}, {message, `{2 {  }}`}, {answers, `{3 {pet?  town?}}`}, {right, `{4 {pet?  town?}}`},
		} {
			var asked struct {
				Verification int `json:"verification"`
				Question     struct {
					Problem1 string `json:"problem1"`
					Problem2 string `json:"problem2"`
					Problem3 string `json:"problem3"`
				} `json:"verificationQuestion"`
			}
			raw, err := getJSON(t, ann, fmt.Sprint("/api/user/valid/", c.who.UserID))
			must(t, "valid", err)
			b, _ := json.Marshal(raw)
			if err := json.Unmarshal(b, &asked); err != nil || fmt.Sprint(asked) != c.want || bytes.Contains(b, []byte("nswer")) {
				t.Errorf("asks %s, want %s", b, c.want)
			}
		}
		_, err := ask(t, ann, nobody.UserID, object{"verify": "hi"})
		refuses(t, "nobody", err, 403, 31003)
		got, err := ask(t, ann, anybody.UserID, nil)
		if err != nil || got["result"] != "added" {
			t.Errorf("anybody: %v, %v", got, err)
		}
		_, err = ask(t, ann, anybody.UserID, nil)
		refuses(t, "a friend", err, 409, 31002)
		_, err = ask(t, ann, message.UserID, nil)
		refuses(t, "without a message", err, 400, 31007)
		got, err = ask(t, ann, message.UserID, object{"verify": "hi", "notice": "pal", "source": "search"})
		if err != nil || got["result"] != "pending" {
			t.Errorf("message: %v, %v", got, err)
		}
		_, err = ask(t, ann, answers.UserID, object{"verify": "hi", "verificationQuestion": object{"answer1": "dog"}})
		refuses(t, "one answer of two", err, 400, 31007)
		got, err = ask(t, ann, answers.UserID, object{"verificationQuestion": object{"problem1": "mine?", "answer1": "dog", "answer3": "Bonn"}})
		if err != nil || got["result"] != "pending" {
			t.Errorf("answers: %v, %v", got, err)
		}
		for flag, c := range map[string]struct {
			who  *client.Client
			want object
		}{
			"send": {ann, object{"problem1": "pet?", "problem2": "", "problem3": "town?"}},
			"rev":  {answers, object{"problem1": "pet?", "problem2": "", "problem3": "town?", "answer1": "dog", "answer3": "Bonn"}},
		} {
			list, err := getJSON(t, c.who, "/api/user/valid?status=0&flag="+flag)
			must(t, "requests", err)
			one, _ := list["list"].([]any)[0].(object)
			if fmt.Sprint(one["verificationQuestion"]) != fmt.Sprint(c.want) || one["flag"] != flag || one["status"] != 0.0 {
				t.Errorf("%s: %v", flag, one)
			}
		}
		for left := 4; left >= 3; left-- {
			_, err = ask(t, ann, right.UserID, object{"verificationQuestion": object{"answer1": "cat", "answer3": "Bonn"}})
			if e := refuses(t, "a wrong answer", err, 403, 31004); !bytes.Contains(e.Data, fmt.Appendf(nil, `"%d"`, left)) {
				t.Errorf("tries left: %s, want %d", e.Data, left)
			}
		}
		got, err = ask(t, ann, right.UserID, object{"verificationQuestion": object{"answer1": " CAT", "answer3": "ulm"}})
		if err != nil || got["result"] != "added" {
			t.Errorf("right: %v, %v", got, err)
		}
		_, err = ann.Send(ctx(t), text(right, "1", "hello"))
		must(t, "a friend by answers", err)

		guesser := register(t, s, 0)
		for range 5 {
			_, err = ask(t, guesser, right.UserID, object{"verificationQuestion": object{"answer1": "x", "answer3": "x"}})
			refuses(t, "a guess", err, 403, 31004)
		}
		_, err = ask(t, guesser, right.UserID, object{"verificationQuestion": object{"answer1": "cat", "answer3": "ulm"}})
		if e := refuses(t, "one guess too many", err, 429, 10007); e.RetryAfter <= 0 {
			t.Errorf("retry after %v", e.RetryAfter)
		}
	})
}

// TestHidden: who is hidden looks like nobody, but to friends.
func TestHidden(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		eve := register(t, s, 0)
		_, err := setConf(t, ann, object{"searchUser": 0})
		must(t, "hide", err)
		const nobody = 1 << 50
		for what, f := range map[string]func(id uint64) error{
			"card":    func(id uint64) error { _, err := getJSON(t, eve, fmt.Sprint("/api/user/info/", id)); return err },
			"valid":   func(id uint64) error { _, err := getJSON(t, eve, fmt.Sprint("/api/user/valid/", id)); return err },
			"friend":  func(id uint64) error { _, err := getJSON(t, eve, fmt.Sprint("/api/user/friends/", id)); return err },
			"request": func(id uint64) error { _, err := ask(t, eve, id, object{"verify": "hi"}); return err },
			"block":   func(id uint64) error { return block(t, eve, id) },
		} {
			var hidden, none *client.Error
			if !errors.As(f(ann.UserID), &hidden) || !errors.As(f(nobody), &none) || hidden.HTTP != 404 ||
				hidden.Code != none.Code || hidden.HTTP != none.HTTP || hidden.Msg != none.Msg || string(hidden.Data) != string(none.Data) {
				t.Errorf("%s: hidden %v, nobody %v", what, hidden, none)
			}
		}
		finds := func(key string) bool {
			found, err := eve.Search(ctx(t), key)
			must(t, "search", err)
			return slices.ContainsFunc(found, func(u client.User) bool { return u.UserID == ann.UserID })
		}
		for _, key := range []string{ann.Name, ann.Nickname, fmt.Sprint(ann.UserID)} {
			if finds(key) {
				t.Errorf("found by %s", key)
			}
		}
		if card, err := getJSON(t, bob, fmt.Sprint("/api/user/info/", ann.UserID)); err != nil || card["isFriend"] != true {
			t.Errorf("to a friend: %v, %v", card, err)
		}
		_, err = setConf(t, ann, object{"searchUser": 1})
		must(t, "by id", err)
		if byID, byName := finds(fmt.Sprint(ann.UserID)), finds(ann.Name); !byID || byName {
			t.Errorf("found by id %v, by name %v", byID, byName)
		}
	})
}

// picture is a PNG that no other test has.
func picture(t *testing.T, c *client.Client) client.Image {
	t.Helper()
	f, err := c.UploadImage(ctx(t), "avatar", "me.png", faceOf(t, c))
	if err != nil || f.Width != 8 || f.Height != 8 {
		t.Fatalf("upload: %+v, %v", f, err)
	}
	return f
}

// faceOf is a PNG that only c has.
func faceOf(t *testing.T, c *client.Client) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 8, 8))
	id := c.UserID
	img.Set(1, 1, color.RGBA{R: byte(id), G: byte(id >> 8), B: byte(id >> 16), A: 255})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestProfile changes a profile, of which friends hear.
func TestProfile(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		eve := register(t, s, 0)
		onAnn, onBob, onEve := dial(t, ann), dial(t, bob), dial(t, eve)
		say(t, ann, private(ann, bob), "hello")
		if all, err := bob.All(ctx(t), private(ann, bob)); err != nil || all[0].SendUser.Nickname != ann.Nickname { // which is remembered now
			t.Fatalf("%+v, %v", all, err)
		}
		before := listFriends(t, bob, "").List[0]
		mine := picture(t, ann)
		for _, given := range []string{mine.UID, mine.URL} {
			must(t, "avatar", setInfo(t, ann, object{"avatar": given}))
			for _, on := range []*client.Socket{onAnn, onBob} {
				var e object
				if event(t, on, "userUpdated", &e); len(e) != 2 || e["userId"] != float64(ann.UserID) || e["avatar"] != mine.URL {
					t.Errorf("userUpdated: %v", e)
				}
			}
		}
		must(t, "nickname", setInfo(t, ann, object{"nickname": "Annabel", "role": 1, "userId": bob.UserID, "pwd": "x", "createdAt": 1}))
		var e object
		if event(t, onBob, "userUpdated", &e); len(e) != 2 || e["nickname"] != "Annabel" {
			t.Errorf("userUpdated: %v", e)
		}
		me, err := getJSON(t, ann, "/api/user/user_info")
		if err != nil || me["nickname"] != "Annabel" || me["avatar"] != mine.URL || me["role"] != 2.0 || me["userId"] != float64(ann.UserID) {
			t.Errorf("%v, %v", me, err)
		}
		if after := listFriends(t, bob, "").List[0]; after.Ver <= before.Ver || after.Nickname != "Annabel" || after.Avatar != mine.URL {
			t.Errorf("from %+v to %+v", before, after)
		}
		if one, err := getJSON(t, bob, fmt.Sprint("/api/user/friends/", ann.UserID)); err != nil || one["nickname"] != "Annabel" || one["avatar"] != mine.URL {
			t.Errorf("friend: %v, %v", one, err)
		}
		for range 4 { // on every node
			eventually(t, "the new name beside an old message", func(c context.Context) error {
				all, err := bob.All(c, private(ann, bob))
				if err == nil && (all[0].SendUser.Nickname != "Annabel" || all[0].SendUser.Avatar != mine.URL) {
					err = fmt.Errorf("%+v", all[0].SendUser)
				}
				return err
			})
		}
		must(t, "no avatar, no words", setInfo(t, ann, object{"avatar": "", "abstract": ""}))
		if me, err := getJSON(t, ann, "/api/user/user_info"); err != nil || me["avatar"] != "" {
			t.Errorf("cleared: %v, %v", me, err)
		}
		must(t, "nothing", setInfo(t, ann, object{}))
		for _, e := range onEve.Events() {
			t.Errorf("a stranger is told %+v", e)
		}
	})
}

// TestFriendsSince keeps a list of friends with what changed since.
func TestFriendsSince(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		carl, dora := register(t, s, 1), register(t, s, 0)
		must(t, "befriend", ann.Befriend(ctx(t), carl))
		must(t, "befriend", dora.Befriend(ctx(t), ann))
		const longAgo = 1_700_000_000_000
		old := func(ids ...uint64) {
			for _, id := range ids {
				inDatabase(t, s, "UPDATE user_models SET shown_at = ? WHERE id = ?", longAgo, id)
				inDatabase(t, s, "UPDATE friend_models SET low_changed_at = ?, high_changed_at = ? WHERE low_user_id = ? AND high_user_id = ?", longAgo, longAgo, min(ann.UserID, id), max(ann.UserID, id))
			}
		}
		old(bob.UserID, carl.UserID, dora.UserID)
		all := listFriends(t, ann, "")
		if all.Count != 3 || len(all.List) != 3 || all.Ver == 0 || len(all.Removed) != 0 {
			t.Fatalf("%+v", all)
		}
		since := fmt.Sprint("&sinceVer=", all.Ver)
		if none := listFriends(t, ann, since); none.Count != 0 || len(none.List) != 0 || len(none.Removed) != 0 || none.Ver < all.Ver {
			t.Errorf("nothing changed: %+v", none)
		}
		must(t, "on top", ann.Call(ctx(t), http.MethodPut, "/api/user/friends", object{"friendId": carl.UserID, "isTop": true}, nil))
		must(t, "nickname", setInfo(t, bob, object{"nickname": "Robert"}))
		changed := listFriends(t, ann, since)
		if !slices.Equal(changed.ids(), []uint64{carl.UserID, bob.UserID}) || !changed.List[0].IsTop || changed.List[1].Nickname != "Robert" || len(changed.Removed) != 0 {
			t.Errorf("one on top, one with another name: %+v", changed)
		}
		if again := listFriends(t, ann, ""); again.Count != 3 || again.List[0].UserID != carl.UserID {
			t.Errorf("all, one on top: %+v", again)
		}
		if his := listFriends(t, carl, ""); his.List[0].IsTop {
			t.Errorf("on carl's top: %+v", his)
		}
		must(t, "unfriend", unfriend(t, dora, ann.UserID))
		gone := listFriends(t, ann, since)
		if !slices.Equal(gone.Removed, []uint64{dora.UserID}) || slices.Contains(gone.ids(), dora.UserID) {
			t.Errorf("one ended it: %+v", gone)
		}
		onAnn := dial(t, ann)
		boss := administrator(t, s)
		err := boss.Call(ctx(t), http.MethodDelete, "/api/user/admin/users", object{"idList": []uint64{bob.UserID}}, nil)
		if err != nil {
			t.Fatalf("delete: %v", err)
		}
		var told object
		if event(t, onAnn, "friendDeleted", &told); told["userId"] != float64(bob.UserID) {
			t.Errorf("friendDeleted: %v", told)
		}
		gone = listFriends(t, ann, since)
		slices.Sort(gone.Removed)
		if want := []uint64{min(bob.UserID, dora.UserID), max(bob.UserID, dora.UserID)}; !slices.Equal(gone.Removed, want) {
			t.Errorf("one was deleted: %+v", gone)
		}
		for _, id := range []uint64{bob.UserID, dora.UserID} {
			_, err := getJSON(t, ann, fmt.Sprint("/api/user/friends/", id))
			refuses(t, "no friend", err, 404, 31012)
		}
		_, err = getJSON(t, ann, fmt.Sprint("/api/user/friends?sinceVer=", uint64(1)<<52))
		refuses(t, "a version to come", err, 409, 40016)
	})
}

// TestUnfriendClears ends a friendship, and what was said on the own side.
func TestUnfriendClears(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		cid := private(ann, bob)
		say(t, ann, cid, "hello")
		say(t, bob, cid, "hi")
		must(t, "unfriend", ann.Call(ctx(t), http.MethodDelete, fmt.Sprintf("/api/user/friends/%d?clearChat=true", bob.UserID), nil, nil))
		if all, err := ann.All(ctx(t), cid); err != nil || len(all) != 0 {
			t.Errorf("on her side: %+v, %v", all, err)
		}
		if list, err := ann.Sessions(ctx(t)); err != nil || len(list.List) != 0 {
			t.Errorf("her list: %+v, %v", list, err)
		}
		if all, err := bob.All(ctx(t), cid); err != nil || len(all) != 2 {
			t.Errorf("on his side: %+v, %v", all, err)
		}
		must(t, "again", ann.Call(ctx(t), http.MethodDelete, fmt.Sprintf("/api/user/friends/%d?clearChat=true", bob.UserID), nil, nil))
		eve := register(t, s, 0)
		refuses(t, "a stranger", eve.Call(ctx(t), http.MethodDelete, fmt.Sprintf("/api/user/friends/%d?clearChat=true", bob.UserID), nil, nil), 404, 31012)
		if all, err := bob.All(ctx(t), cid); err != nil || len(all) != 2 {
			t.Errorf("after a stranger: %+v, %v", all, err)
		}
	})
}

// states asks who of users is online.
func states(t *testing.T, c *client.Client, users ...uint64) []client.Presence {
	t.Helper()
	var out struct {
		List []client.Presence `json:"list"`
	}
	must(t, "online", c.Call(ctx(t), http.MethodPost, "/api/user/online", object{"userIds": users}, &out))
	return out.List
}

// TestOnline tells who is online to who may know, and takes it back at once.
func TestOnline(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		eve := register(t, s, 0)
		onAnn := dial(t, ann)
		dial(t, bob)
		shown(t, "a friend comes", onAnn, bob, true)
		ids := []uint64{bob.UserID, eve.UserID, 1 << 50, bob.UserID, ann.UserID}
		is := func(what string, bobs bool) {
			t.Helper()
			list := states(t, ann, ids...)
			if len(list) != 4 || list[0].UserID != bob.UserID || list[3].UserID != ann.UserID {
				t.Fatalf("%s: %+v", what, list)
			}
			for n, p := range list {
				want := n == 0 && bobs || n == 3
				if p.IsOnline != want || slices.Equal(p.Platforms, []string{"web"}) != want || (p.LastSeenAt != 0) != want || p.Platforms == nil {
					t.Errorf("%s: %+v", what, p)
				}
			}
			var found struct {
				List []client.User `json:"list"`
			}
			err := ann.Call(ctx(t), http.MethodGet, "/api/user/search?online=true&key="+bob.Name, nil, &found)
			if err != nil || (len(found.List) == 1) != bobs {
				t.Errorf("%s: search among who is online finds %+v, %v", what, found, err)
			}
		}
		is("a friend", true)
		for _, p := range states(t, eve, ann.UserID, bob.UserID) {
			if p.IsOnline || p.LastSeenAt != 0 || len(p.Platforms) != 0 {
				t.Errorf("to a stranger: %+v", p)
			}
		}
		_, err := setConf(t, bob, object{"showOnline": false})
		must(t, "hide it", err)
		if p, err := onAnn.NextPresence(ctx(t)); err != nil || p.UserID != bob.UserID || p.IsOnline || p.LastSeenAt != 0 {
			t.Errorf("hides it: %+v, %v", p, err)
		}
		is("hides it", false)
		if isOnline(t, ann, bob) {
			t.Error("online in the list of friends")
		}
		_, err = setConf(t, bob, object{"showOnline": true})
		must(t, "show it", err)
		shown(t, "shows it", onAnn, bob, true)
		is("shows it", true)
		must(t, "block", block(t, bob, ann.UserID))
		shown(t, "blocks me", onAnn, bob, false)
		is("blocks me", false)
		many := make([]uint64, 201)
		for n := range many {
			many[n] = uint64(n + 1)
		}
		refuses(t, "201", ann.Call(ctx(t), http.MethodPost, "/api/user/online", object{"userIds": many}, nil), 400, 10001)
		must(t, "200", ann.Call(ctx(t), http.MethodPost, "/api/user/online", object{"userIds": many[:200]}, nil))
	})
}

// request is one line of a list of requests.
type requestLine struct {
	ID     uint64 `json:"id"`
	UserID uint64 `json:"userId"`
	Status int    `json:"status"`
	Flag   string `json:"flag"`
}

type requestList struct {
	List    []requestLine `json:"list"`
	Count   int           `json:"count"`
	Pending int           `json:"pendingCount"`
}

func requests(t *testing.T, c *client.Client, query string) (out requestList) {
	t.Helper()
	must(t, "requests", c.Call(ctx(t), http.MethodGet, "/api/user/valid?"+query, nil, &out))
	return out
}

// TestRequests goes both ways, and each side has a status of its own.
func TestRequests(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		var others []*client.Client
		var ids []uint64
		for n := range 4 { // two ask ann, she asks two
			c := register(t, s, n)
			from, to := c, ann
			if n >= 2 {
				from, to = ann, c
			}
			result, id, err := from.AddFriend(ctx(t), to.UserID, "hi")
			if err != nil || result != "pending" {
				t.Fatalf("%s, %v", result, err)
			}
			others, ids = append(others, c), append(ids, id)
		}
		for query, want := range map[string]requestList{
			"flag=rev":           {[]requestLine{{ids[1], others[1].UserID, 0, "rev"}, {ids[0], others[0].UserID, 0, "rev"}}, 2, 2},
			"flag=send":          {[]requestLine{{ids[3], others[3].UserID, 0, "send"}, {ids[2], others[2].UserID, 0, "send"}}, 2, 2},
			"page=2&limit=3":     {[]requestLine{{ids[0], others[0].UserID, 0, "rev"}}, 4, 2},
			"status=1":           {[]requestLine{}, 0, 2},
			"status=0&flag=send": {[]requestLine{{ids[3], others[3].UserID, 0, "send"}, {ids[2], others[2].UserID, 0, "send"}}, 2, 2},
		} {
			if got := requests(t, ann, query); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %+v, want %+v", query, got, want)
			}
		}
		onAnn, onAsker := dial(t, ann), dial(t, others[0])
		must(t, "ignore", ann.Handle(ctx(t), ids[0], 3))
		var e struct {
			Verify  requestLine `json:"verify"`
			Pending int         `json:"pendingCount"`
		}
		if event(t, onAnn, "friendHandled", &e); e.Verify != (requestLine{ids[0], others[0].UserID, 3, "rev"}) || e.Pending != 1 {
			t.Errorf("friendHandled: %+v", e)
		}
		if got := requests(t, others[0], "flag=send"); got.List[0].Status != 0 {
			t.Errorf("who was ignored sees %+v", got)
		}
		refuses(t, "accept what was ignored", ann.Handle(ctx(t), ids[0], 1), 409, 31010)
		must(t, "delete", ann.Handle(ctx(t), ids[0], 4))
		if got := requests(t, ann, "flag=rev"); got.Count != 1 || got.Pending != 1 {
			t.Errorf("after a delete: %+v", got)
		}
		must(t, "refuse", ann.Handle(ctx(t), ids[1], 2))
		for _, c := range []*client.Client{ann, others[1]} {
			if got := requests(t, c, "status=2"); got.Count != 1 || got.List[0].ID != ids[1] {
				t.Errorf("refused: %+v", got)
			}
		}
		refuses(t, "accept what was refused", ann.Handle(ctx(t), ids[1], 1), 409, 31010)
		refuses(t, "accept one's own", ann.Handle(ctx(t), ids[2], 1), 403, 31011)
		refuses(t, "accept another's", others[0].Handle(ctx(t), ids[3], 1), 403, 31011)
		refuses(t, "accept nothing", ann.Handle(ctx(t), 1<<50, 1), 403, 31011)
		refuses(t, "a status that is not", others[2].Handle(ctx(t), ids[2], 5), 400, 10001)
		var made struct {
			Friend client.User `json:"friend"`
		}
		must(t, "accept", others[2].Call(ctx(t), http.MethodPut, "/api/user/valid/status", object{"verifyId": ids[2], "status": 1, "notice": "pal"}, &made))
		if made.Friend.UserID != ann.UserID {
			t.Errorf("accepted: %+v", made)
		}
		if l := listFriends(t, others[2], ""); l.Count != 1 || l.List[0].Notice != "pal" {
			t.Errorf("named: %+v", l)
		}
		must(t, "accept again", others[2].Handle(ctx(t), ids[2], 1))
		result, id, err := others[3].AddFriend(ctx(t), ann.UserID, "me too")
		if err != nil || result != "added" || id != ids[3] {
			t.Errorf("to ask back is to accept: %s %d, %v", result, id, err)
		}
		for _, e := range onAsker.Events() {
			t.Errorf("who was ignored is told %+v", e)
		}
	})
}

// TestFriendshipRaces has two people, on several devices, do at once what
// cannot be done together: it comes to one thing, of which everybody knows.
func TestFriendshipRaces(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		// may reports whether from may send to the other, who is a friend.
		may := func(from, to *client.Client) int {
			_, err := from.Send(ctx(t), text(to, fmt.Sprint("race-", lineMsg.Add(1)), "may I?"))
			return client.Code(err)
		}
		areFriends := func(a, b *client.Client) bool {
			n := listFriends(t, a, "").Count
			if m := listFriends(t, b, "").Count; n != m || n > 1 {
				t.Errorf("one has %d friends, the other %d", n, m)
			}
			return n == 1
		}
		for _, c := range []struct {
			name string
			// asked says whether a request of a's waits.
			asked bool
			calls func(a, b *client.Client, id uint64) []func() error
			// codes are those with which a call may be refused.
			codes []int
			// friends are what may come of it; blocked that a may not write to b then.
			friends []bool
			blocked bool
		}{
			{"both apply", false, func(a, b *client.Client, _ uint64) (calls []func() error) {
				for range 8 {
					calls = append(calls, func() error { _, _, err := a.AddFriend(ctx(t), b.UserID, "hi"); return err },
						func() error { _, _, err := b.AddFriend(ctx(t), a.UserID, "hi"); return err })
				}
				return calls
			}, []int{31002}, []bool{true}, false},
			{"fifty accepts", true, func(_, b *client.Client, id uint64) []func() error {
				return slices.Repeat([]func() error{func() error { return b.Handle(ctx(t), id, 1) }}, 50)
			}, nil, []bool{true}, false},
			{"accept against refuse", true, func(_, b *client.Client, id uint64) []func() error {
				return []func() error{func() error { return b.Handle(ctx(t), id, 1) }, func() error { return b.Handle(ctx(t), id, 2) }}
			}, []int{31010}, []bool{true, false}, false},
			{"accept against block", true, func(a, b *client.Client, id uint64) []func() error {
				return []func() error{func() error { return b.Handle(ctx(t), id, 1) }, func() error { return block(t, b, a.UserID) }}
			}, nil, []bool{true}, true},
			{"accept against unfriend", true, func(a, b *client.Client, id uint64) []func() error {
				return []func() error{func() error { return b.Handle(ctx(t), id, 1) }, func() error { return unfriend(t, a, b.UserID) }}
			}, []int{31012}, []bool{true, false}, false},
		} {
			for range 3 {
				a, b := register(t, s, 0), register(t, s, 1)
				var id uint64
				if c.asked {
					var err error
					if _, id, err = a.AddFriend(ctx(t), b.UserID, "hi"); err != nil {
						t.Fatal(err)
					}
				}
				var wg sync.WaitGroup
				start := make(chan struct{})
				for _, call := range c.calls(a, b, id) {
					wg.Go(func() {
						<-start
						if err := call(); err != nil && !slices.Contains(c.codes, client.Code(err)) {
							t.Errorf("%s: %v", c.name, err)
						}
					})
				}
				close(start)
				wg.Wait()
				are := areFriends(a, b)
				if !slices.Contains(c.friends, are) {
					t.Errorf("%s: friends %v", c.name, are)
				}
				want := [2]int{40002, 40002}
				if are {
					want = [2]int{}
				}
				if c.blocked {
					want[0] = 40003
				}
				if got := [2]int{may(a, b), may(b, a)}; got != want {
					t.Errorf("%s: friends %v, sends are answered %v", c.name, are, got)
				}
				for _, who := range []*client.Client{a, b} {
					if r := requests(t, who, "status=0"); r.Count != 0 || r.Pending != 0 {
						t.Errorf("%s: a request waits: %+v", c.name, r)
					}
				}
			}
		}
	})
}
