package proxy

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/zeromicro/go-zero/core/search"
)

// routes is what is known of some routes, each "METHOD /path"; of a segment
// that is :name any may stand there. A fixed route wins over such a one.
type routes[V any] map[string]*search.Tree

// add makes v what is known of route. It refuses a route that is there, and
// one that differs from such only in its names, or either might be found.
func (t routes[V]) add(route string, v V) error {
	method, path, _ := strings.Cut(route, " ")
	if !isRoute(route) || strings.Contains(path, "/:/") || strings.HasSuffix(path, "/:") {
		return fmt.Errorf("route %q: not of the form METHOD /path", route)
	}
	if t[method] == nil {
		t[method] = search.NewTree()
	}
	if found, ok := t[method].Search(path); ok && len(found.Params) == strings.Count(path, "/:") && len(found.Params) > 0 {
		return fmt.Errorf("route %q: another one says the same in other words", route)
	}
	return t[method].Add(path, v)
}

// find returns what is known of the route of method and path, and what stands
// at its names. Who asks with HEAD asks for the head of what GET answers.
func (t routes[V]) find(method, path string) (v V, names map[string]string, ok bool) {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	tree := t[method]
	if tree == nil {
		return v, nil, false
	}
	found, ok := tree.Search(path)
	if !ok {
		return v, nil, false
	}
	return found.Item.(V), found.Params, true
}
