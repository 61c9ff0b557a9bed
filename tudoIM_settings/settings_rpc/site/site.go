// Package site keeps what settings_rpc last said, for halves that go by it in
// every request.
package site

import (
	"context"
	"sync"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/tudoIM_settings/settings_rpc/settings"
	"tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
)

const (
	// fresh is how long an answer is used without asking again. settings_rpc
	// may be as late itself, so a change is followed within 10 s.
	fresh = 5 * time.Second
	// firstWait is how long a caller waits while there is no answer at all,
	// nextWait while there is only an old one.
	firstWait = time.Second
	nextWait  = 100 * time.Millisecond
	// patience bounds one question, which nobody may wait for any more.
	patience = 2 * time.Second
)

// defaults are those of model.Default in settings_rpc: what holds on a site
// of which nothing was changed.
func defaults() *settings_rpc.Site {
	return &settings_rpc.Site{
		Title: "Tudo IM", RegisterOpen: true, RecallWindowSeconds: 120, MaxTextLength: 4000,
		ImageMaxBytes: 10 << 20, FileMaxBytes: 50 << 20, MultiLogin: "all",
	}
}

// Site is the site's settings as they were lately.
type Site struct {
	rpc settings.Settings
	now func() time.Time

	mu     sync.Mutex
	last   *settings_rpc.Site // nil before the first answer
	at     time.Time          // when last was asked for
	tried  time.Time          // when anything was
	asking chan struct{}      // closed with the end of the question under way
}

// New returns the settings behind rpc. Nothing is asked before the first Get.
func New(rpc settings.Settings) *Site { return &Site{rpc: rpc, now: time.Now} }

// Get returns the last answer of settings_rpc, which is not to be changed:
// one of the last 5 s while it answers, an older one while it does not, the
// defaults before it ever has. It waits for an answer a second at most the
// first time, later a tenth of that, and never because of one that failed
// in the last 5 s.
func (s *Site) Get(ctx context.Context) *settings_rpc.Site {
	s.mu.Lock()
	now := s.now()
	if s.last != nil && now.Sub(s.at) < fresh {
		defer s.mu.Unlock()
		return s.last
	}
	if s.asking == nil && now.Sub(s.tried) >= fresh {
		s.tried, s.asking = now, make(chan struct{})
		go s.ask(context.WithoutCancel(ctx), now, s.asking)
	}
	asking, wait := s.asking, nextWait
	if s.last == nil {
		wait = firstWait
	}
	s.mu.Unlock()
	if asking != nil {
		t := time.NewTimer(wait)
		defer t.Stop()
		select {
		case <-asking:
		case <-t.C:
		case <-ctx.Done():
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == nil {
		return defaults()
	}
	return s.last
}

func (s *Site) ask(ctx context.Context, at time.Time, done chan struct{}) {
	defer close(done)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	got, err := s.rpc.Get(ctx, &settings_rpc.GetRequest{})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asking = nil
	if err != nil {
		logx.WithContext(ctx).Errorf("the site's settings of before are used: %v", err)
		return
	}
	s.last, s.at = got, at
}
