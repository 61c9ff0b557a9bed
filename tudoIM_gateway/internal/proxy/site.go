package proxy

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/response"
	"tudoIM/tudoIM_gateway/web"
)

// Site answers what is not under /api/: the start page and the two questions
// of whoever watches over the process. missing returns what is missing, by
// name; leaving, whether the process is about to end.
func Site(missing func(ctx context.Context) map[string]string, leaving func() bool) http.Handler {
	state := &state{missing: missing}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		names := state.names(r.Context())
		if leaving() {
			names = []string{"the server is stopping"}
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		if len(names) > 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"ready": len(names) == 0, "missing": names})
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		_, _ = w.Write(web.Index)
	})
	mux.Handle("/", response.Refuse(errs.NotFound))
	return mux
}

// isWatch reports whether p is for who watches over the process, who may ask as
// often as he likes.
func isWatch(p string) bool { return p == "/healthz" || p == "/readyz" }

// state is what is missing, asked now and then: anybody may look.
type state struct {
	missing func(ctx context.Context) map[string]string

	mu   sync.Mutex
	at   time.Time
	last []string
}

// names returns what is missing without where it was looked for, which is
// nobody's business outside.
func (s *state) names(ctx context.Context) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh := time.Second
	if len(s.last) > 0 { // that it is there again is to be known at once
		fresh = 100 * time.Millisecond
	}
	if time.Since(s.at) < fresh {
		return s.last
	}
	s.last = []string{}
	for name := range s.missing(context.WithoutCancel(ctx)) {
		name, _, _ = strings.Cut(name, " ")
		s.last = append(s.last, name)
	}
	slices.Sort(s.last)
	s.at = time.Now()
	return s.last
}
