package hostile

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// fallen is what a log says of a process that has lost its way.
var fallen = regexp.MustCompile(`(?i)\bpanic\b|fatal error|runtime error|goroutine \d+ \[|WARNING: DATA RACE`)

// afterwards looks at what all rows together have left in the logs.
func (w *stage) afterwards(t *testing.T) {
	w.alive(t)
	for _, m := range w.s.Members {
		log, err := m.Output()
		must(t, m.Log, err)
		if at := fallen.FindStringIndex(log); at != nil {
			t.Errorf("the log of %s: %s", m.Name, log[max(0, at[0]-200):min(len(log), at[1]+2000)])
		}
		for value, what := range w.secrets {
			if at := strings.Index(log, value); at >= 0 {
				t.Errorf("the log of %s has %s: %.300s", m.Name, what, log[max(0, at-200):at])
			}
		}
		for line := range strings.SplitSeq(strings.ReplaceAll(log, "\r", "\n"), "\n") {
			if strings.HasPrefix(line, `{"level":"error"`) || strings.HasPrefix(line, "hostile-line") {
				t.Errorf("G26 the log of %s has a line of somebody else's: %.200s", m.Name, line)
			}
		}
		if len(log) == 0 {
			t.Errorf("%s has no log", m.Name)
		}
	}
	if len(w.secrets) < 20 {
		t.Errorf("only %d secrets were looked for", len(w.secrets))
	}
}

// gauge reads a gauge of the member's metrics.
func gauge(t *testing.T, m *suite.Member, name string) float64 {
	t.Helper()
	resp, err := http.Get("http://" + m.Inner + "/metrics")
	must(t, "metrics", err)
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			n, err := strconv.ParseFloat(value, 64)
			must(t, name, err)
			return n
		}
	}
	t.Fatalf("%s has no %s", m.Name, name)
	return 0
}

// rowsOfManyRequests are G27: requests leave nothing behind in the gateway,
// nor in what is behind it.
func rowsOfManyRequests(t *testing.T, w *stage) {
	storm := func(n int) {
		transport := &http.Transport{MaxIdleConnsPerHost: 8}
		defer transport.CloseIdleConnections()
		c := client.New(w.s.URLs()[0])
		c.HTTP, c.AccessToken = &http.Client{Transport: transport, Timeout: patience}, w.ann.AccessToken
		var wg sync.WaitGroup
		for worker := range 8 {
			wg.Go(func() {
				for i := worker; i < n; i += 8 {
					path := []string{me, "/api/settings/info", "/api/chat/session", "/api/unknown/x", "/api/group/group/0", "/healthz"}[i%6]
					resp, err := c.Do(t.Context(), http.MethodGet, path, nil, nil)
					if err != nil {
						t.Errorf("request %d: %v", i, err)
						return
					}
					_, _ = io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
					if resp.StatusCode >= 500 {
						t.Errorf("G27 %s: %s", path, resp.Status)
					}
				}
			})
		}
		wg.Wait()
	}
	requests.CloseIdleConnections()
	storm(500) // so that pools are as full as they get
	type size struct{ goroutines, fds float64 }
	sizes := func() map[string]size {
		all := map[string]size{}
		for _, m := range w.s.Members {
			all[m.Name] = size{gauge(t, m, "go_goroutines"), gauge(t, m, "process_open_fds")}
		}
		return all
	}
	// What a connection that closed has used goes a little later.
	const goroutines, fds = 50, 20
	before := sizes()
	storm(5000)
	grown := ""
	if !until(t, func(context.Context) bool {
		grown = ""
		for name, now := range sizes() {
			if then := before[name]; now.goroutines > then.goroutines+goroutines || now.fds > then.fds+fds {
				grown += fmt.Sprintf("%s: %v, was %v; ", name, now, then)
			}
		}
		return grown == ""
	}) {
		t.Errorf("G27 %s", grown)
	}
}
