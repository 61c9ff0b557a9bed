// Package e2e holds what people do with Tudo IM, told once and played in both
// modes: on the single process and on every half as a process of its own.
package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// patience bounds whatever a scenario waits for; nothing is expected to take
// near as long.
const patience = 60 * time.Second

// password is every test account's.
const password = "correct horse battery staple"

func TestMain(m *testing.M) {
	code := m.Run()
	if err := shared.close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// running are the suites that scenarios share, started by the first that needs one.
type running struct {
	mu     sync.Mutex
	suites map[suite.Mode]*suite.Suite
}

var shared = running{suites: map[suite.Mode]*suite.Suite{}}

func (r *running) get(mode suite.Mode) (*suite.Suite, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.suites[mode]; s != nil {
		return s, nil
	}
	// Two of every half, so that no scenario passes only because all state is
	// in one process.
	s, err := suite.Start(suite.Config{Mode: mode, Copies: 2, Env: environment()})
	if err == nil {
		r.suites[mode] = s
	}
	return s, err
}

// environment bounds none of what tests do, and names the provider that they
// log in by.
func environment() []string {
	return slices.Concat(suite.Unlimited, provider().Env(providerName))
}

func (r *running) close() error {
	var errs []error
	for _, s := range r.suites {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

// both plays a scenario in both modes on suites that others use as well: it
// must only touch users of its own.
func both(t *testing.T, scenario func(t *testing.T, s *suite.Suite)) {
	t.Helper()
	t.Parallel()
	for name, mode := range suite.Modes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			need(t, mode)
			s, err := shared.get(mode)
			if err != nil {
				t.Fatal(err)
			}
			scenario(t, s)
		})
	}
}

// alone plays a scenario in both modes on suites of its own, which it may
// break.
func alone(t *testing.T, copies int, scenario func(t *testing.T, s *suite.Suite)) {
	t.Helper()
	for name, mode := range suite.Modes {
		t.Run(name, func(t *testing.T) { scenario(t, own(t, mode, copies)) })
	}
}

// own starts a suite that ends with the test.
func own(t *testing.T, mode suite.Mode, copies int) *suite.Suite {
	t.Helper()
	return ownOf(t, suite.Config{Mode: mode, Copies: copies})
}

// ownOf starts a suite as c says that ends with the test.
func ownOf(t *testing.T, c suite.Config) *suite.Suite {
	t.Helper()
	c.Env = append(environment(), c.Env...)
	return started(t, c)
}

// started starts a suite as c says, with the limits that a site has by itself.
func started(t *testing.T, c suite.Config) *suite.Suite {
	t.Helper()
	need(t, c.Mode)
	s, err := suite.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// need leaves out, in a short run, what needs servers that are not there.
func need(t *testing.T, mode suite.Mode) {
	t.Helper()
	if mode == suite.Many {
		suite.Need(t, suite.RequireMariaDB, suite.RequireRedis, suite.RequireEtcd, suite.RequireS3)
	}
}

// ctx ends with the test, or when patience is over.
func ctx(t *testing.T) context.Context {
	t.Helper()
	c, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return c
}

var people atomic.Uint64

// name returns a user name nobody has.
func name(t *testing.T) string {
	t.Helper()
	first, _, _ := strings.Cut(strings.TrimPrefix(t.Name(), "Test"), "/")
	return first[:min(len(first), 16)] + "." + strconv.FormatUint(people.Add(1), 10) + "." + strconv.Itoa(os.Getpid())
}

// register makes an account and returns its first device, on the i-th gateway.
func register(t *testing.T, s *suite.Suite, i int) *client.Client {
	t.Helper()
	urls := s.URLs()
	c, who := client.New(urls[i%len(urls)]), name(t)
	eventually(t, "register", func(ctx context.Context) error {
		err := c.Register(ctx, who, password)
		// A busy machine answers 503, and the account may be there all the same.
		if client.Code(err) == nameTaken {
			return c.Login(ctx, who, password)
		}
		if err != nil && client.Code(err) != unavailable {
			t.Fatalf("register: %v", err)
		}
		return err
	})
	return c
}

// Codes that a caller answers by trying again, or that show that an earlier
// try went through.
const (
	unavailable = 10010
	nameTaken   = 20001
)

// friends makes two accounts that are friends, each on another gateway if
// there are two.
func friends(t *testing.T, s *suite.Suite) (a, b *client.Client) {
	t.Helper()
	a, b = register(t, s, 0), register(t, s, 1)
	if err := a.Befriend(ctx(t), b); err != nil {
		t.Fatalf("befriend: %v", err)
	}
	return a, b
}

// dial opens a socket that ends with the test.
func dial(t *testing.T, c *client.Client) *client.Socket {
	t.Helper()
	s, err := c.Dial(ctx(t))
	if err != nil {
		t.Fatalf("socket: %v", err)
	}
	t.Cleanup(s.Close)
	return s
}

// private is the id of the conversation of two users.
func private(a, b *client.Client) string {
	return fmt.Sprintf("p_%d_%d", min(a.UserID, b.UserID), max(a.UserID, b.UserID))
}

// text is a text from c to peer.
func text(peer *client.Client, id, content string) client.SendRequest {
	return client.SendRequest{RevUserID: peer.UserID, ClientMsgID: id, Msg: client.Text(content)}
}

// eventually waits until ok returns nil, and fails with its last error.
func eventually(t *testing.T, what string, ok func(ctx context.Context) error) {
	t.Helper()
	c := ctx(t)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	var err error
	for {
		now := ok(c)
		if now == nil {
			return
		}
		if err == nil || c.Err() == nil {
			err = now // not that time was up
		}
		select {
		case <-tick.C:
		case <-c.Done():
			t.Fatalf("%s: %v", what, err)
		}
	}
}

// wantCode fails unless err is the refusal code.
func wantCode(t *testing.T, what string, err error, code int) {
	t.Helper()
	if got := client.Code(err); got != code {
		t.Errorf("%s: code %d, want %d (%v)", what, got, code, err)
	}
}
