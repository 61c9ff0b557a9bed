// Package sweep removes stored bytes that no file has: those of uploads that
// were refused at the very end, or whose process died before they were
// recorded, and those of files that were deleted. file_rpc says which; no
// place in the store is ever used again, so none is removed too late.
package sweep

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_rpc/files"
)

const (
	// first is how long after the start the first sweep begins.
	first = time.Minute
	every = 10 * time.Minute
)

// Sweep clears a store. Several at the same time do no harm.
type Sweep struct {
	Store store.Store
	Files files.Files
}

// Run sweeps now and then until ctx ends.
func (s Sweep) Run(ctx context.Context) {
	timer := time.NewTimer(first)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		n, err := s.Once(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			logx.Errorf("sweep: %d removed, the next one goes on: %v", n, err)
		case n > 0:
			logx.Infof("sweep: %d removed that no file had", n)
		}
		timer.Reset(every)
	}
}

// Once removes all there is to remove and returns how much it was. What cannot
// be removed is left for the next time, and keeps nothing else from it. While
// file_rpc does not answer, nothing is removed.
func (s Sweep) Once(ctx context.Context) (removed int, err error) {
	var failed error
	for after := uint64(0); ; {
		list, err := s.garbage(ctx, after)
		if err != nil || len(list) == 0 {
			return removed, errors.Join(err, failed)
		}
		var gone []uint64
		for _, g := range list {
			after = g.Id
			if err := s.Store.Remove(ctx, g.Key); err != nil {
				failed = err
				continue
			}
			gone = append(gone, g.Id)
		}
		if err := s.cleared(ctx, gone); err != nil {
			return removed, err
		}
		removed += len(gone)
	}
}

func (s Sweep) garbage(ctx context.Context, after uint64) ([]*files.Garbage, error) {
	r, err := s.Files.Garbage(ctx, &files.GarbageRequest{After: after})
	if err != nil {
		return nil, fmt.Errorf("ask: %w", err)
	}
	return r.List, nil
}

func (s Sweep) cleared(ctx context.Context, ids []uint64) error {
	if _, err := s.Files.Cleared(ctx, &files.ClearedRequest{Ids: ids}); err != nil {
		return fmt.Errorf("tell: %w", err)
	}
	return nil
}
