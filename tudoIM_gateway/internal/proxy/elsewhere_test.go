package proxy

import (
	"net/http"
	"testing"

	"tudoIM/tudoIM_gateway/internal/config"
)

// What the family asks its group service for, of conversations, chat_api
// answers; the rest of groups is group_api's.
func TestRoutesThatAnotherServiceAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chats, groups := newBackend(t), newBackend(t)
	w.register("chat_api", chats.addr())
	w.register("group_api", groups.addr())
	for _, c := range []struct {
		method, path string
		by           *backend
	}{
		{http.MethodPost, "/api/group/send", chats},
		{http.MethodGet, "/api/group/history/5", chats},
		{http.MethodGet, "/api/group/history/x", chats},
		{http.MethodDelete, "/api/group/history/5", chats},
		{http.MethodGet, "/api/group/session", chats},
		{http.MethodPut, "/api/group/top", chats},

		{http.MethodGet, "/api/group/send", groups},
		{http.MethodPost, "/api/group/send/5", groups},
		{http.MethodPost, "/api/group/history/5", groups},
		{http.MethodGet, "/api/group/history", groups},
		{http.MethodGet, "/api/group/history/5/6", groups},
		{http.MethodGet, "/api/group/session/5", groups},
		{http.MethodPost, "/api/group/top", groups},
		{http.MethodGet, "/api/group/group/5", groups},
		{http.MethodGet, "/api/group/:id", groups},
	} {
		before := c.by.asked.Load()
		got := w.do(c.method, c.path, nil, "Token", access(t, 7)).seen(t)
		if c.by.asked.Load() != before+1 || !got.Verified || got.Path != c.path || got.Identity.UserID != 2 {
			t.Errorf("%s %s: %+v", c.method, c.path, got)
		}
	}
	for _, path := range []string{"/api/group/history/5", "/api/group/session"} {
		if got := w.do(http.MethodGet, path, nil); got.StatusCode != http.StatusUnauthorized || got.code() != 10002 {
			t.Errorf("%s by nobody: %d %s", path, got.StatusCode, got.body)
		}
	}
}

func TestARouteGoesToAServiceThatIs(t *testing.T) {
	t.Parallel()
	for _, e := range []config.Elsewhere{
		{Route: "GET /api/group/session", Service: "nobody"}, {Route: "GET /api/group/session"}, {Route: "/api/group/session", Service: "chat"},
		{Route: "BREW /api/group/session", Service: "chat"}, {Route: "GET /api/group/session/", Service: "chat"},
	} {
		c := config.Config{Services: []string{"chat", "group"}, Elsewhere: []config.Elsewhere{e}}
		if _, err := New(c, nil, nil, func(string) func() []string { return nil }, nil); err == nil {
			t.Errorf("%+v was taken", e)
		}
	}
}
