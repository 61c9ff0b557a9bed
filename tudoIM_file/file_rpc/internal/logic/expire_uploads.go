package logic

import (
	"context"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/tudoIM_file/file_rpc/internal/svc"
)

// expireEvery is how often uploads are looked for whose time is over.
const expireEvery = time.Minute

// ExpireUploads ends uploads in parts whose time is over, a few at a time,
// until ctx ends.
func ExpireUploads(ctx context.Context, s *svc.ServiceContext) {
	t := time.NewTicker(expireEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		switch n, err := s.Uploads.Expire(ctx); {
		case ctx.Err() != nil:
			return
		case err != nil:
			logx.Errorf("the next turn goes on: %v", err)
		case n > 0:
			logx.Infof("uploads in parts: %d expired", n)
		}
	}
}
