package proxy

import (
	"bufio"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tudoIM/core/conf"
	"tudoIM/tudoIM_gateway/internal/config"
)

// FuzzPath sends requests of any address through what decides where they go:
// what is let through means the same to everybody, and goes nowhere but to the
// service that it names, or that a list names for it.
func FuzzPath(f *testing.F) {
	for _, uri := range []string{
		"/api/chat/send", "/api/group/history/7", "/api/chat/ws/chat", "/api/auth/authentication", "/api//auth/authentication", "/api/auth/./authentication",
		"/api/auth%2fauthentication", "/api/auth/authentication/", "/api/user/../auth/authentication", "/api/user/%2e%2e/auth/authentication", "/API/auth/login",
		"/api/auth\\authentication", "/api/auth;x=1/authentication", "/api/none/x", "/api/", "/api", "*", "//host/api/chat/send", "http://host/api/chat/send",
		"/api/file/:uid?sign=1", "/api/file/x/preview?a&b", "/api/chat/send?%zz", "/api/ch\xc3\xa4t", "/api/chat/\x00", "/api/chat/send#x", "/" + strings.Repeat("a", 8<<10),
	} {
		for _, method := range []string{"GET", "POST", "HEAD", "BREW"} {
			f.Add(method, uri)
		}
	}
	services := []string{"auth", "user", "chat", "group", "file", "settings"}
	elsewhere := map[string]string{"GET /api/group/history/:id": "chat", "POST /api/group/send": "chat", "GET /api/file/:uid/preview": "user"}
	c := config.Config{
		Services: services, Inside: []string{"/api/auth/authentication"}, Half: conf.Half{Networks: "127.0.0.0/8"}, Rates: freely(), Limits: config.Limits{URLBytes: 8 << 10, Params: 100},
		Aliases: []config.Alias{{Route: "GET /api/chat/ws/chat", Path: "/api/chat/ws"}},
	}
	for route, service := range elsewhere {
		c.Elsewhere = append(c.Elsewhere, config.Elsewhere{Route: route, Service: service})
	}
	g, err := New(c, nil, nil, func(string) func() []string { return func() []string { return nil } }, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, method, uri string) {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(method + " " + uri + " HTTP/1.1\r\nHost: x\r\n\r\n")))
		if err != nil || shape(r, g.limits) != nil {
			return
		}
		p := r.URL.Path
		segments := strings.Split(p, "/")
		for i, s := range segments {
			if i == 0 != (s == "") && p != "/" || s == "." || s == ".." || strings.ContainsAny(s, "%\\;?# \x00") {
				t.Fatalf("%q is let through as %q", uri, p)
			}
		}
		if again, err := url.ParseRequestURI(p); err != nil || again.Path != p || again.EscapedPath() != p || again.RawQuery != "" {
			t.Fatalf("%q is let through as %q, which others read as %v, %v", uri, p, again, err)
		}
		got, err := g.target(r)
		if err != nil || !strings.HasPrefix(p, prefix) {
			return // refused, or answered by the gateway itself
		}
		if r.Method == "GET" && p == "/api/chat/ws/chat" {
			p = "/api/chat/ws"
		}
		want := strings.Split(p, "/")[2]
		for route, service := range elsewhere {
			if matches(route, r.Method, p) {
				want = service
			}
		}
		if got.path != p || got.pool.key != want+"_api" || p == "/api/auth/authentication" {
			t.Errorf("%s %q goes to %s as %q, want %s_api", method, uri, got.pool.key, got.path, want)
		}
	})
}

// matches reports whether method and path are route, segment by segment.
func matches(route, method, path string) bool {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	of, pattern, _ := strings.Cut(route, " ")
	wants, has := strings.Split(pattern, "/"), strings.Split(path, "/")
	if of != method || len(wants) != len(has) {
		return false
	}
	for i, w := range wants {
		if w != has[i] && !strings.HasPrefix(w, ":") {
			return false
		}
	}
	return true
}
