package site

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zeromicro/go-zero/core/logx"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"tudoIM/tudoIM_settings/settings_rpc/internal/model"
	"tudoIM/tudoIM_settings/settings_rpc/settings"
	"tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
)

func init() { logx.Disable() }

// rpc is a settings_rpc that takes its time.
type rpc struct {
	settings.Settings
	mu    sync.Mutex
	asked int
	takes time.Duration
	fail  error
	multi string
}

func (r *rpc) Get(ctx context.Context, _ *settings_rpc.GetRequest, _ ...grpc.CallOption) (*settings_rpc.Site, error) {
	r.mu.Lock()
	r.asked++
	takes, fail, multi := r.takes, r.fail, r.multi
	r.mu.Unlock()
	select {
	case <-time.After(takes):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if fail != nil {
		return nil, fail
	}
	return &settings_rpc.Site{MultiLogin: multi}, nil
}

func (r *rpc) set(takes time.Duration, fail error, multi string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.takes, r.fail, r.multi = takes, fail, multi
}

func (r *rpc) questions() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.asked
}

func TestDefaultsAreThoseOfSettingsRPC(t *testing.T) {
	t.Parallel()
	d := model.Default()
	want := &settings_rpc.Site{
		Title: d.Title, Abstract: d.Abstract, RegisterOpen: d.RegisterOpen, RecallWindowSeconds: d.RecallWindowSeconds,
		MaxTextLength: d.MaxTextLength, ImageMaxBytes: d.ImageMaxBytes, FileMaxBytes: d.FileMaxBytes, MultiLogin: d.MultiLogin, Ver: d.Ver,
	}
	if got := defaults(); !proto.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// In the bubble of synctest time passes only when everybody waits.
func TestGet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &rpc{multi: "class"}
		s := New(r)
		get := func(what, want string, asked int, took time.Duration) {
			t.Helper()
			begin := time.Now()
			if got := s.Get(t.Context()).MultiLogin; got != want {
				t.Errorf("%s: %s, want %s", what, got, want)
			}
			if d := time.Since(begin); d != took {
				t.Errorf("%s took %v, want %v", what, d, took)
			}
			if n := r.questions(); n != asked {
				t.Errorf("%s: asked %d times, want %d", what, n, asked)
			}
		}
		r.set(10*time.Second, nil, "class")
		get("before the first answer", "all", 1, firstWait)
		time.Sleep(patience)
		get("the first question has failed", "all", 1, 0)
		r.set(time.Millisecond, nil, "class")
		time.Sleep(fresh)
		get("the first answer", "class", 2, time.Millisecond)
		r.set(time.Millisecond, nil, "single")
		time.Sleep(fresh - time.Millisecond - 1)
		get("still fresh", "class", 2, 0)
		time.Sleep(time.Nanosecond)
		get("no longer", "single", 3, time.Millisecond)
		r.set(0, errors.New("away"), "")
		time.Sleep(time.Hour)
		get("it fails", "single", 4, 0)
		get("and is not asked again", "single", 4, 0)
		r.set(time.Second, nil, "all")
		time.Sleep(fresh)
		get("it is slow", "single", 5, nextWait)
		time.Sleep(time.Second)
		get("its answer has come", "all", 5, 0)
	})
}

func TestOneQuestionForAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &rpc{multi: "class", takes: 10 * time.Millisecond}
		s := New(r)
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if got := s.Get(t.Context()).MultiLogin; got != "class" {
					t.Errorf("got %s", got)
				}
			})
		}
		wg.Wait()
		if n := r.questions(); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

// Who asked first may leave: the answer is for all.
func TestACallerThatLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := New(&rpc{multi: "class", takes: 10 * time.Millisecond})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if got := s.Get(ctx).MultiLogin; got != "all" {
			t.Errorf("got %s", got)
		}
		if got := s.Get(t.Context()).MultiLogin; got != "class" {
			t.Errorf("got %s", got)
		}
	})
}
