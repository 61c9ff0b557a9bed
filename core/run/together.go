package run

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"

	"github.com/zeromicro/go-zero/core/service"
)

// Together is several halves in one process, seen as one.
type Together []service.Service

// Missing returns what any of the halves misses now, by name.
func (t Together) Missing(ctx context.Context) map[string]string {
	all := map[string]string{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, s := range t {
		h, ok := s.(interface {
			Missing(ctx context.Context) map[string]string
		})
		if !ok {
			continue
		}
		wg.Go(func() {
			missing := h.Missing(ctx)
			mu.Lock()
			defer mu.Unlock()
			for name, why := range missing {
				all[name] = why
			}
		})
	}
	wg.Wait()
	return all
}

// ServeHTTP answers /readyz for all halves.
func (t Together) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	writeReady(w, t.Missing(r.Context()))
}

// Inner serves /healthz, /readyz and /metrics of the process on addr until
// the process ends.
func (t Together) Inner(addr string) error {
	if err := free("the inner address", addr); err != nil {
		return err
	}
	inner("the inner address", addr, t)
	return nil
}

// Missing returns what the half misses now.
func (a *API) Missing(ctx context.Context) map[string]string { return a.Ready.Missing(ctx) }

// Missing returns what the half misses now.
func (r *RPC) Missing(ctx context.Context) map[string]string { return r.Ready.Missing(ctx) }

// Missing returns what the server misses now.
func (e *Edge) Missing(ctx context.Context) map[string]string { return e.Ready.Missing(ctx) }

func writeReady(w http.ResponseWriter, missing map[string]string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if len(missing) > 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"ready": len(missing) == 0, "missing": missing})
}
