package handler

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

func TestAFileIsForWhoMayReadAMessageWithIt(t *testing.T) {
	t.Parallel()
	away := errs.Unavailable
	for _, c := range []struct {
		name                 string
		private, group       uint64 // who may read one
		noPrivate, noGroup   *errs.Error
		owner, friend, other *errs.Error
	}{
		{name: "nobody", friend: errs.FileAccess, other: errs.FileAccess},
		{name: "a friend", private: 2, other: errs.FileAccess},
		{name: "a member", group: 2, other: errs.FileAccess},
		{name: "both", private: 2, group: 2, other: errs.FileAccess},
		{name: "a friend, and groups cannot be asked", private: 2, noGroup: away, other: away},
		{name: "a member, and chats cannot be asked", group: 2, noPrivate: away, other: away},
		{name: "nobody, and chats cannot be asked", noPrivate: away, friend: away, other: away},
		{name: "nobody can be asked", noPrivate: away, noGroup: away, friend: away, other: away},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := start(t, nil)
			uid := h.put(t, 1, "a.txt", "0123456789")
			fails := func(e *errs.Error) error {
				if e == nil {
					return nil
				}
				return e
			}
			h.private.set(uid, c.private, fails(c.noPrivate))
			h.group.set(uid, c.group, fails(c.noGroup))
			for user, want := range map[uint64]*errs.Error{1: c.owner, 2: c.friend, 3: c.other} {
				if want != nil {
					h.get(t, user, uid).is(t, want)
					h.get(t, user, "info/"+uid).is(t, want)
					h.get(t, user, uid, "Range", "bytes=0-3", "If-None-Match", `"`+sum("0123456789")+`"`).is(t, want)
					continue
				}
				if a := h.get(t, user, uid); a.status != http.StatusOK || string(a.body) != "0123456789" {
					t.Errorf("%d gets %d %s", user, a.status, a.body)
				}
				if a := h.get(t, user, uid, "Range", "bytes=0-3"); a.status != http.StatusPartialContent || string(a.body) != "0123" {
					t.Errorf("%d gets %d %s of a part", user, a.status, a.body)
				}
				if a := h.get(t, user, "info/"+uid); a.status != http.StatusOK || a.env.Data["uid"] != uid || a.env.Data["fileName"] != "a.txt" {
					t.Errorf("%d is told %d %s", user, a.status, a.body)
				}
			}
			h.private.set(uid, 0, nil)
			h.group.set(uid, 0, nil)
			h.get(t, 2, uid).is(t, errs.FileAccess) // gone with the message
		})
	}
}

func TestAFileIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	uid := h.put(t, 1, "a.txt", "hello")
	for _, path := range []string{uid, "info/" + uid, "nobody", "info/nobody"} {
		a := h.get(t, 2, path)
		a.is(t, errs.FileAccess)
		if b := h.get(t, 2, "missing"); string(a.body) != string(b.body) {
			t.Errorf("%s tells that it is there: %s", path, a.body)
		}
	}
	for _, path := range []string{uid + "/x", "..", "../" + uid, "info/"} {
		if a := h.get(t, 1, path); a.status != http.StatusNotFound && a.status != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
}

func TestRanges(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	uid := h.put(t, 1, "a.txt", "0123456789")
	tag := `"` + sum("0123456789") + `"`
	for _, c := range []struct {
		name   string
		header []string
		status int
		body   string
		rng    string
	}{
		{"none", nil, 200, "0123456789", ""},
		{"first", []string{"Range", "bytes=0-3"}, 206, "0123", "bytes 0-3/10"},
		{"open", []string{"Range", "bytes=7-"}, 206, "789", "bytes 7-9/10"},
		{"last", []string{"Range", "bytes=-2"}, 206, "89", "bytes 8-9/10"},
		{"past the end", []string{"Range", "bytes=5-100"}, 206, "56789", "bytes 5-9/10"},
		{"behind the end", []string{"Range", "bytes=10-"}, 416, "", "bytes */10"},
		{"broken", []string{"Range", "bytes=a-b"}, 416, "", ""},
		{"negative", []string{"Range", "bytes=--5"}, 416, "", ""},
		{"several", []string{"Range", "bytes=0-0,2-2"}, 200, "0123456789", ""},
		{"very many", []string{"Range", "bytes=0-" + strings.Repeat(",0-", 2000)}, 200, "0123456789", ""},
		{"same tag", []string{"Range", "bytes=0-3", "If-Range", tag}, 206, "0123", "bytes 0-3/10"},
		{"other tag", []string{"Range", "bytes=0-3", "If-Range", `"x"`}, 200, "0123456789", ""},
		{"known", []string{"If-None-Match", tag}, 304, "", ""},
		{"known among others", []string{"If-None-Match", `"x", ` + tag}, 304, "", ""},
		{"not known", []string{"If-None-Match", `"x"`}, 200, "0123456789", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := h.get(t, 1, uid, c.header...)
			if a.status != c.status || c.body != "" && string(a.body) != c.body || a.header.Get("Content-Range") != c.rng && c.rng != "" {
				t.Errorf("%d %q %q", a.status, a.body, a.header.Get("Content-Range"))
			}
			if a.status < 400 && a.header.Get("Etag") != tag {
				t.Errorf("tag %s", a.header.Get("Etag"))
			}
		})
	}
	// Who may not read it is not told that his copy is good.
	h.get(t, 2, uid, "If-None-Match", tag).is(t, errs.FileAccess)
}

func TestBrowsersAreKeptFromRunningWhatTheyGet(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	for _, c := range []struct {
		name, file, content string
		query               string
		contentType         string
		how                 string
	}{
		{"image", "a.png", png, "", "image/png", "inline"},
		{"image to save", "a.png", png, "?dl=1", "image/png", "attachment"},
		{"image not to save", "a.png", png, "?dl=0", "image/png", "inline"},
		{"text", "a.txt", "hello", "", "text/plain; charset=utf-8", "inline"},
		{"pdf", "a.pdf", "%PDF-1.7\n%âãÏÓ\n1 0 obj", "", "application/pdf", "attachment"},
		{"archive", "a.zip", "PK\x03\x04\x14\x00\x00\x00\x00\x00", "", "application/zip", "attachment"},
		{"unknown", "a.bin", "\x00\x01\x02\x03\xfe\xff\x80", "", "application/octet-stream", "attachment"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := h.get(t, 1, h.put(t, 1, c.file, c.content)+c.query)
			for name, want := range map[string]string{
				"Content-Type":            c.contentType,
				"Content-Disposition":     c.how + `; filename="` + c.file + `"; filename*=UTF-8''` + c.file,
				"X-Content-Type-Options":  "nosniff",
				"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
				"Cache-Control":           "private, no-cache",
				"Accept-Ranges":           "bytes",
			} {
				if got := a.header.Get(name); got != want {
					t.Errorf("%s: %s, want %s", name, got, want)
				}
			}
			if string(a.body) != c.content {
				t.Errorf("%q", a.body)
			}
		})
	}
	h.get(t, 1, h.put(t, 1, "a.txt", "hello")+"?dl=yes").is(t, errs.Bad)
}

func TestNamesAreForPeopleOnly(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	for raw, want := range map[string]string{
		`../../etc/passwd.txt`:          "passwd.txt",
		`C:\Users\ann\a.txt`:            "a.txt",
		`a"; filename="b.exe"; x=".txt`: `a"; filename="b.exe"; x=".txt`,
		"a\r\nSet-Cookie: x=1.txt":      "",
		"\u202etxt.a":                   "txt.a",
		`文件 🎉.txt`:                      "文件 🎉.txt",
		`..`:                            "file",
	} {
		a := h.upload(t, 1, part{"file", raw, "hello"})
		uid, _ := a.env.Data["uid"].(string)
		if a.status != http.StatusOK || want != "" && a.env.Data["fileName"] != want {
			t.Errorf("%q: %d %s", raw, a.status, a.body)
			continue
		}
		got := h.get(t, 1, uid)
		if got.status != http.StatusOK || got.header.Get("Set-Cookie") != "" || string(got.body) != "hello" {
			t.Errorf("%q: %d %v", raw, got.status, got.header)
		}
	}
	if got := h.stored(t); !slices.Equal(got, []string{sum("hello")}) {
		t.Errorf("stored %q", got)
	}
}

func TestStoredBytesThatAreNotThere(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	gone, cut := h.put(t, 1, "a.txt", "gone"), h.put(t, 1, "a.txt", "cut off")
	place := func(hash string) string { return filepath.Join(h.dir, hash[:2], hash[2:4], hash) }
	if err := os.Remove(place(sum("gone"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(place(sum("cut off")), 3); err != nil {
		t.Fatal(err)
	}
	h.get(t, 1, gone).is(t, errs.Internal)
	h.get(t, 1, cut).is(t, errs.Internal)
	if a := h.get(t, 1, "info/"+gone); a.status != http.StatusOK {
		t.Errorf("its metadata: %d %s", a.status, a.body)
	}
	// Uploaded again, it is there again for all who have it.
	h.put(t, 2, "b.txt", "gone")
	if a := h.get(t, 1, gone); a.status != http.StatusOK || string(a.body) != "gone" {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// endless is a store of which every file is longer than any buffer between us
// and its reader.
type endless struct {
	store.Store
	closed chan struct{}
}

const endlessSize = 1 << 40

func (s endless) Open(context.Context, string) (io.ReadSeekCloser, int64, error) {
	return &zeros{closed: s.closed}, endlessSize, nil
}

type zeros struct {
	closed chan struct{}
	at     int64
}

func (z *zeros) Read(p []byte) (int, error) {
	n := min(int64(len(p)), endlessSize-z.at)
	z.at += n
	return int(n), nil
}

func (z *zeros) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += z.at
	case io.SeekEnd:
		offset += endlessSize
	}
	z.at = offset
	return offset, nil
}

func (z *zeros) Close() error {
	close(z.closed)
	return nil
}

func TestAReaderWhoDoesNotReadIsGivenUp(t *testing.T) {
	t.Parallel()
	closed := make(chan struct{})
	h := start(t, func(s *svc.ServiceContext) {
		s.Store = endless{s.Store, closed}
		s.Patience.Stall = 200 * time.Millisecond
	})
	h.records.files["long"] = &file_rpc.File{Uid: "long", UserId: 1, Size: endlessSize, Mime: "video/mp4", FileName: "a.mp4"}
	c := h.dial(t)
	r := request(t, http.MethodGet, h.url+"/api/file/long", nil)
	token.Identity{UserID: 1}.Sign(r.Header, token.Key([]byte(secret), "identity"), r.Method, r.URL.Path)
	if err := r.Write(c); err != nil {
		t.Fatal(err)
	}
	select {
	case <-closed:
	case <-time.After(30 * time.Second):
		t.Error("still waiting for the reader")
	}
}
