package proxy

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tudoIM/common/token"
	"tudoIM/tudoIM_gateway/internal/config"
)

const aFile = "AAAAAAAAAAAAAAAAAAAAAA"

// sign is a link of user 2 to aFile.
func sign(session uint64, end time.Duration) string {
	return token.Link{File: aFile, UserID: 2, SessionID: session, ExpiresAt: time.Now().Add(end).Unix()}.Seal(token.LinkKey(secret))
}

func TestASignedLinkIsReadInItsUsersName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newBackend(t)
	w.register("file_api", b.addr())
	good := sign(7, time.Hour)
	for _, c := range []struct{ path, query, left string }{
		{"/api/file/" + aFile, "sign=" + good, ""},
		{"/api/file/" + aFile, "dl=1&sign=" + good, "dl=1"},
		{"/api/file/" + aFile + "/preview", "sign=" + good + "&w=320", "w=320"},
	} {
		r := w.do(http.MethodGet, c.path+"?"+c.query, nil)
		got := r.seen(t)
		if !got.Verified || got.Path != c.path || got.Query != c.left || got.Identity.UserID != 2 || got.Identity.SessionID != 7 {
			t.Errorf("%s: %+v", c.path, got)
		}
		if p := r.Header.Get("Referrer-Policy"); p != "no-referrer" {
			t.Errorf("%s: Referrer-Policy %q", c.path, p)
		}
		if r := w.do(http.MethodHead, c.path+"?"+c.query, nil); r.StatusCode != http.StatusOK {
			t.Errorf("HEAD %s: %d", c.path, r.StatusCode)
		}
	}
	if r := w.do(http.MethodGet, "/api/file/"+aFile, nil, "Token", access(t, 7)); r.Header.Get("Referrer-Policy") != "" || r.seen(t).Identity.UserID != 2 {
		t.Errorf("with a token: %v", r.Header)
	}
}

func TestASignedLinkOpensNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newBackend(t)
	w.register("file_api", b.addr())
	w.register("user_api", b.addr())
	good, path := sign(7, time.Hour), "/api/file/"+aFile
	for _, c := range []struct {
		name, method, target string
		headers              []string
		status, code         int
	}{
		{"another file", http.MethodGet, "/api/file/" + strings.Repeat("B", 22) + "?sign=" + good, nil, 404, 60006},
		{"what is no file", http.MethodGet, "/api/file/mine?sign=" + good, nil, 404, 60006},
		{"over", http.MethodGet, path + "?sign=" + sign(7, 0), nil, 404, 60006},
		{"session ended", http.MethodGet, path + "?sign=" + sign(9, time.Hour), nil, 404, 60006},
		{"auth_rpc away", http.MethodGet, path + "?sign=" + sign(8, time.Hour), nil, 503, 10010},
		{"empty", http.MethodGet, path + "?sign=", nil, 404, 60006},
		{"two", http.MethodGet, path + "?sign=" + good + "&sign=" + good, nil, 404, 60006},
		{"cut", http.MethodGet, path + "?sign=" + good[:len(good)-1], nil, 404, 60006},
		{"with a token", http.MethodGet, path + "?sign=" + good, []string{"Token", access(t, 7)}, 401, 10002},
		{"with a bearer", http.MethodGet, path + "?sign=" + good, []string{"Authorization", "Bearer " + access(t, 7)}, 401, 10002},
		{"to delete", http.MethodDelete, path + "?sign=" + good, nil, 401, 10002},
		{"to change", http.MethodPut, path + "?sign=" + good, nil, 401, 10002},
		{"its metadata", http.MethodGet, "/api/file/info/" + aFile + "?sign=" + good, nil, 401, 10002},
		{"below it", http.MethodGet, path + "/preview/x?sign=" + good, nil, 401, 10002},
		{"another service", http.MethodGet, "/api/user/" + aFile + "?sign=" + good, nil, 401, 10002},
		{"as a token", http.MethodGet, path, []string{"Token", good}, 401, 10002},
	} {
		if got := w.do(c.method, c.target, nil, c.headers...); got.StatusCode != c.status || got.code() != c.code {
			t.Errorf("%s: %d %s", c.name, got.StatusCode, got.body)
		}
	}
	if b.asked.Load() != 0 {
		t.Error("an instance was asked")
	}
}

func TestASignedRouteNamesItsFile(t *testing.T) {
	t.Parallel()
	for _, route := range []string{"GET /api/file/x", "GET /api/file/:id", "GET /api/file/:uids", "/api/file/:uid", "GET /api/file/:uid/"} {
		if _, err := New(config.Config{Signed: []string{route}}, nil, nil, nil, nil); err == nil {
			t.Errorf("%q was taken", route)
		}
	}
}
