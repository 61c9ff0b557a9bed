package proxy

import (
	"maps"
	"net/http"
	"testing"

	"tudoIM/tudoIM_gateway/internal/config"
)

func TestAFixedRouteWinsOverAPattern(t *testing.T) {
	t.Parallel()
	table := routes[string]{}
	for _, route := range []string{
		"GET /a/:id", "GET /a/mine", "GET /a/:id/preview", "PUT /a/parts/:upload/:n", "PUT /a/parts/:upload/all", "GET /b",
	} {
		if err := table.add(route, route); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		method, path, want string
		names              map[string]string
	}{
		{http.MethodGet, "/a/5", "GET /a/:id", map[string]string{"id": "5"}},
		{http.MethodHead, "/a/5", "GET /a/:id", map[string]string{"id": "5"}},
		{http.MethodGet, "/a/:id", "GET /a/:id", map[string]string{"id": ":id"}},
		{http.MethodGet, "/a/mine", "GET /a/mine", nil},
		{http.MethodGet, "/a/mine/preview", "GET /a/:id/preview", map[string]string{"id": "mine"}},
		{http.MethodPut, "/a/parts/u/7", "PUT /a/parts/:upload/:n", map[string]string{"upload": "u", "n": "7"}},
		{http.MethodPut, "/a/parts/u/all", "PUT /a/parts/:upload/all", map[string]string{"upload": "u"}},
		{http.MethodGet, "/b", "GET /b", nil},

		{http.MethodPost, "/a/5", "", nil},
		{http.MethodHead, "/a/parts/u/7", "", nil},
		{http.MethodGet, "/a", "", nil},
		{http.MethodGet, "/a/5/6", "", nil},
		{http.MethodGet, "/a/5/preview/6", "", nil},
		{http.MethodPut, "/a/parts/u", "", nil},
		{http.MethodPut, "/a/parts/u/7/8", "", nil},
		{http.MethodGet, "/", "", nil},
	} {
		got, names, ok := table.find(c.method, c.path)
		if got != c.want || ok != (c.want != "") || !maps.Equal(names, c.names) {
			t.Errorf("%s %s: %q %v %v", c.method, c.path, got, names, ok)
		}
	}
}

func TestARouteHasAMethodAPathAndOneMeaning(t *testing.T) {
	t.Parallel()
	for _, routes := range [][]string{
		{"/a"}, {"GET"}, {"BREW /a"}, {"GET a"}, {"GET /a/"}, {"GET //a"}, {"GET /a/:"}, {"GET /:/a"}, {"GET /a/{id}"},
		{"GET /a", "GET /a"}, {"GET /a/:id", "GET /a/:id"},
	} {
		var c config.Config
		for _, route := range routes {
			c.Uploads = append(c.Uploads, config.Upload{Route: route, MaxBytes: 1})
		}
		if _, err := New(c, nil, nil, nil, nil); err == nil {
			t.Errorf("%v was taken", routes)
		}
	}
}
