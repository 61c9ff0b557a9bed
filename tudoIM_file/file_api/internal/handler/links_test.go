package handler

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/token"
)

// call sends body, JSON, as user.
func (h *half) call(t *testing.T, user uint64, method, path, body string) *answer {
	t.Helper()
	r := request(t, method, h.url+"/api/file/"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return h.ask(t, user, r)
}

func quoted(uids ...string) string {
	doc, err := json.Marshal(uids)
	if err != nil {
		panic(err)
	}
	return string(doc)
}

func TestLinksAreForWhatMayBeRead(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	mine, held, strange := h.put(t, 1, "a.txt", "one"), h.put(t, 2, "b.txt", "two"), h.put(t, 3, "c.txt", "three")
	h.private.set(held, 1, nil)
	before := time.Now().Unix()
	a := h.call(t, 1, http.MethodPost, "sign", `{"uids":`+quoted(mine, held)+`,"ttl":60}`)
	var got struct {
		Data struct {
			List      []struct{ UID, URL string }
			ExpiresAt int64
		}
	}
	if err := json.Unmarshal(a.body, &got); err != nil || a.status != http.StatusOK || len(got.Data.List) != 2 {
		t.Fatalf("%d %s, %v", a.status, a.body, err)
	}
	if end := got.Data.ExpiresAt / 1000; end < before+60 || end > time.Now().Unix()+60 {
		t.Errorf("ends at %d", end)
	}
	for n, uid := range []string{mine, held} {
		path, sign, _ := strings.Cut(got.Data.List[n].URL, "?sign=")
		l, err := token.OpenLink(token.LinkKey([]byte(secret)), uid, sign, time.Now())
		if err != nil || path != "/api/file/"+uid || got.Data.List[n].UID != uid || l.UserID != 1 || l.SessionID != 1 || l.ExpiresAt != got.Data.ExpiresAt/1000 {
			t.Errorf("%+v: %+v, %v", got.Data.List[n], l, err)
		}
	}
	for _, c := range []struct {
		name, body string
		want       *errs.Error
		key, value string
	}{
		{"one that is not mine to read", `{"uids":` + quoted(mine, strange, held) + `}`, errs.FileAccess, "uid", strange},
		{"one that is not", `{"uids":["x"]}`, errs.FileAccess, "uid", "x"},
		{"none", `{"uids":[]}`, errs.Bad, "field", "uids"},
		{"too many", `{"uids":` + quoted(slices.Repeat([]string{mine}, 101)...) + `}`, errs.Bad, "field", "uids"},
		{"too short", `{"uids":` + quoted(mine) + `,"ttl":59}`, errs.Bad, "field", "ttl"},
		{"too long", `{"uids":` + quoted(mine) + `,"ttl":3601}`, errs.Bad, "field", "ttl"},
		{"no list", `{}`, errs.Bad, "", ""},
	} {
		a := h.call(t, 1, http.MethodPost, "sign", c.body)
		if a.is(t, c.want); c.key != "" && a.env.Data[c.key] != c.value || strings.Contains(string(a.body), "sign=") {
			t.Errorf("%s: %s", c.name, a.body)
		}
	}
	for _, body := range []string{`{"uids":` + quoted(slices.Repeat([]string{mine}, 100)...) + `}`, `{"uids":` + quoted(mine) + `,"ttl":3600}`} {
		if a := h.call(t, 1, http.MethodPost, "sign", body); a.status != http.StatusOK {
			t.Errorf("at the limit: %d %s", a.status, a.body)
		}
	}
	h.group.set("", 0, errs.Unavailable)
	h.call(t, 1, http.MethodPost, "sign", `{"uids":`+quoted(strange)+`}`).is(t, errs.Unavailable)
}

func TestTheOwnFiles(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	uid := h.put(t, 1, "a.txt", "one")
	h.put(t, 2, "b.txt", "two")
	a := h.call(t, 1, http.MethodGet, "mine?page=2&limit=5&kind=document", "")
	for key, want := range map[string]float64{"count": 7, "usedBytes": 1, "maxBytes": 2, "usedFiles": 3, "maxFiles": 4} {
		if a.env.Data[key] != want {
			t.Errorf("%s: %v", key, a.env.Data[key])
		}
	}
	if list, _ := a.env.Data["list"].([]any); len(list) != 1 || !strings.Contains(string(a.body), `"src":"/api/file/`+uid+`"`) {
		t.Errorf("%s", a.body)
	}
	if in := h.records.mine; in.UserId != 1 || in.Page != 2 || in.Limit != 5 || in.Kind != "document" {
		t.Errorf("asked %v", in)
	}
	if a := h.call(t, 3, http.MethodGet, "mine", ""); !strings.Contains(string(a.body), `"list":[]`) {
		t.Errorf("none: %s", a.body)
	}
}

func TestWhatIsShownIsNotDeleted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		make func(h *half, uid string)
		want *errs.Error
		// bars is whether both halves were to bar it.
		bars bool
	}{
		{"shown nowhere", func(*half, string) {}, nil, true},
		{"in a private message", func(h *half, _ string) { h.private.carries = []bool{true} }, errs.FileInUse, false},
		{"in a group's", func(h *half, _ string) { h.group.carries = []bool{true} }, errs.FileInUse, false},
		{"in one, and the other half is away", func(h *half, _ string) {
			h.group.carries, h.private.err = []bool{true}, errs.Unavailable
		}, errs.FileInUse, false},
		{"a message came meanwhile", func(h *half, _ string) { h.private.carries = []bool{false, true} }, errs.FileInUse, true},
		{"the own avatar", func(h *half, uid string) { h.people.avatar = "/api/file/" + uid }, errs.FileInUse, false},
		{"another avatar", func(h *half, uid string) { h.people.avatar = "/api/file/" + uid + "x" }, nil, true},
		{"a group's avatar", func(h *half, uid string) { h.circles.avatar = "/api/file/" + uid }, errs.FileInUse, false},
		{"chat_rpc away", func(h *half, _ string) { h.private.err = errs.Unavailable }, errs.Unavailable, false},
		{"group_rpc away", func(h *half, _ string) { h.group.err = errs.Unavailable }, errs.Unavailable, false},
		{"group_rpc cannot tell", func(h *half, _ string) { h.circles.err = errs.Unavailable }, errs.Unavailable, false},
		{"user_rpc away", func(h *half, _ string) { h.people.err = errs.Unavailable }, errs.Unavailable, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := start(t, nil)
			uid := h.put(t, 1, "a.txt", "one")
			c.make(h, uid)
			h.call(t, 2, http.MethodDelete, uid, "").is(t, errs.FileAccess)
			a := h.call(t, 1, http.MethodDelete, uid, "")
			if c.want != nil {
				a.is(t, c.want)
			} else if a.status != http.StatusOK {
				t.Errorf("%d %s", a.status, a.body)
			}
			if bars := h.private.bars + h.group.bars; bars > 0 != c.bars {
				t.Errorf("barred %d times", bars)
			}
			if is := h.records.files[uid] != nil; is != (c.want != nil) {
				t.Errorf("it is there: %v", is)
			}
			if c.want == nil {
				h.call(t, 1, http.MethodDelete, uid, "").is(t, errs.FileAccess)
			}
		})
	}
}

func TestAHeadIsADownloadWithoutItsBytes(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	uid := h.put(t, 1, "a.txt", "one")
	get := h.get(t, 1, uid)
	a := h.ask(t, 1, request(t, http.MethodHead, h.url+"/api/file/"+uid, nil))
	if a.status != http.StatusOK || len(a.body) > 0 {
		t.Errorf("%d %q", a.status, a.body)
	}
	for _, name := range []string{"Content-Type", "Content-Length", "Content-Disposition", "Etag", "Cache-Control"} {
		if got := a.header.Get(name); got == "" || got != get.header.Get(name) {
			t.Errorf("%s: %q, GET has %q", name, got, get.header.Get(name))
		}
	}
	if a := h.ask(t, 2, request(t, http.MethodHead, h.url+"/api/file/"+uid, nil)); a.status != http.StatusNotFound {
		t.Errorf("somebody else: %d", a.status)
	}
}

func TestAdministratorsSeeAndDeleteFiles(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	uid := h.put(t, 2, "a.txt", "one")
	const real = "AAAAAAAAAAAAAAAAAAAAAA"
	h.records.files[real] = h.records.files[uid]
	delete(h.records.files, uid)
	h.records.files[real].Uid = real
	h.private.carries = []bool{true} // which does not hold an administrator up

	for _, path := range []string{http.MethodGet + " ", http.MethodDelete + ` {"uids":` + quoted(real) + `}`} {
		method, body, _ := strings.Cut(path, " ")
		h.call(t, 2, method, "admin/files", body).is(t, errs.Forbidden)
	}
	a := h.call(t, 1, http.MethodGet, "admin/files?userId=2&kind=document&key=a&page=3&limit=4", "")
	if a.env.Data["count"] != 9.0 || !strings.Contains(string(a.body), `"userId":2,"uid":"`+real+`"`) {
		t.Errorf("%d %s", a.status, a.body)
	}
	if in := h.records.all; in.UserId != 2 || in.Kind != "document" || in.Key != "a" || in.Page != 3 || in.Limit != 4 {
		t.Errorf("asked %v", in)
	}
	for name, c := range map[string]struct{ body, field string }{
		"none":          {`{"uids":[]}`, "uids"},
		"too many":      {`{"uids":` + quoted(slices.Repeat([]string{real}, 101)...) + `}`, "uids"},
		"no uid":        {`{"uids":` + quoted(real, "x") + `}`, "uids"},
		"a long reason": {`{"uids":` + quoted(real) + `,"reason":"` + strings.Repeat("r", 201) + `"}`, "reason"},
	} {
		a := h.call(t, 1, http.MethodDelete, "admin/files", c.body)
		if a.is(t, errs.Bad); a.env.Data["field"] != c.field {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	h.people.judge = nil
	other := strings.Repeat("B", 22)
	a = h.call(t, 1, http.MethodDelete, "admin/files", `{"uids":`+quoted(real, other)+`,"reason":"spam"}`)
	if refused := fmt.Sprint(a.env.Data["refused"]); a.env.Data["deleted"] != 1.0 || !strings.Contains(refused, other) || !strings.Contains(refused, "60006") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if len(h.records.files) != 0 {
		t.Error("it is still there")
	}
	about := "file " + real + ` "a.txt" sha256 ` + sum("one") + ": spam"
	if j := h.people.judge; len(j) != 2 || j[0].Act != "file.delete" || j[0].TargetId != 2 || j[0].About != about ||
		j[1].TargetId != 0 || j[1].About != "file "+other+": spam" || !slices.Equal(h.people.codes, []int32{60006}) {
		t.Errorf("written down %v, %v", j, h.people.codes)
	}
}
