package logic

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_file/file_api/internal/conn"
	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// DownloadLogic serves one download.
type DownloadLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDownloadLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DownloadLogic {
	return &DownloadLogic{ctx: ctx, svcCtx: svcCtx}
}

// Download writes a file's bytes, or the range of them that r asks for. An
// error means that nothing is written yet.
func (l *DownloadLogic) Download(w http.ResponseWriter, r *http.Request, req *types.DownloadRequest) error {
	f, err := l.svcCtx.Access.Get(l.ctx, token.From(l.ctx).UserID, req.UID)
	if err != nil {
		return err
	}
	bytes, err := open(l.ctx, l.svcCtx, f)
	if err != nil {
		return err
	}
	defer func() { _ = bytes.Close() }()
	describe(w.Header(), f, req.DL == "1")
	serve(w, r, l.svcCtx.Patience, bytes)
	return nil
}

// open returns the bytes of f, all of which are there.
func open(ctx context.Context, s *svc.ServiceContext, f *file_rpc.File) (io.ReadSeekCloser, error) {
	bytes, size, err := s.Store.Open(ctx, f.Key)
	switch {
	case errors.Is(err, store.ErrMissing):
		return nil, fmt.Errorf("file %s: %w", f.Uid, err)
	case err != nil:
		return nil, fmt.Errorf("%w: file %s: %w", errs.Unavailable, f.Uid, err)
	}
	if size != f.Size {
		_ = bytes.Close()
		return nil, fmt.Errorf("file %s: %d of %d bytes are stored at %s", f.Uid, size, f.Size, f.Key)
	}
	return bytes, nil
}

// serve writes bytes, or what r asks for of them, under the headers w has.
func serve(w http.ResponseWriter, r *http.Request, p conn.Patience, bytes io.ReadSeeker) {
	// Several ranges at once serve nobody but who wants to keep us busy.
	if strings.Contains(r.Header.Get("Range"), ",") {
		r.Header.Del("Range")
	}
	http.ServeContent(conn.Writer(w, p), r, "", time.Time{}, bytes)
}
