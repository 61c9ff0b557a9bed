// Package sweep removes stored bytes that no file has: those of uploads that
// were refused at the very end, or whose process died before they were
// recorded, and those of files that were deleted.
package sweep

import (
	"context"
	"fmt"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_rpc/files"
)

const (
	// first is how long after the start the first sweep begins.
	first = time.Minute
	every = time.Hour
	// age is how long bytes are left alone after they were stored. An upload
	// stores its bytes and records them seconds later; what nobody has
	// recorded by then, and nobody stores anew, nobody will.
	age = time.Hour
)

// Sweep goes through a store. Several at the same time do no harm.
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
		n, err := s.Once(ctx, time.Now().Add(-age))
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			logx.Errorf("sweep: gave up after %d removed, the next one goes on: %v", n, err)
		case n > 0:
			logx.Infof("sweep: %d removed that no file had", n)
		}
		timer.Reset(every)
	}
}

// Once removes what was stored last before t and no file has, and returns how
// many it removed. While file_rpc does not answer, nothing is removed.
func (s Sweep) Once(ctx context.Context, t time.Time) (removed int, err error) {
	err = s.Store.Old(ctx, t, func(hashes []string) error {
		unused, err := s.Files.Unused(ctx, &files.UnusedRequest{Hashes: hashes})
		if err != nil {
			return fmt.Errorf("ask: %w", err)
		}
		for _, hash := range unused.Hashes {
			if err := s.Store.Remove(ctx, hash, t); err != nil {
				return err
			}
			removed++
		}
		return nil
	})
	return removed, err
}
