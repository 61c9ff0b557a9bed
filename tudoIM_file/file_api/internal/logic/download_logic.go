package logic

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_file/file_api/internal/conn"
	"tudoIM/tudoIM_file/file_api/internal/media"
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
	bytes, size, err := l.svcCtx.Store.Open(l.ctx, f.Key)
	switch {
	case errors.Is(err, store.ErrMissing):
		return fmt.Errorf("file %s: %w", f.Uid, err)
	case err != nil:
		return fmt.Errorf("%w: file %s: %w", errs.Unavailable, f.Uid, err)
	}
	defer func() { _ = bytes.Close() }()
	if size != f.Size {
		return fmt.Errorf("file %s: %d of %d bytes are stored at %s", f.Uid, size, f.Size, f.Key)
	}
	describe(w.Header(), f, req.DL == "1")
	// Several ranges at once serve nobody but who wants to keep us busy.
	if strings.Contains(r.Header.Get("Range"), ",") {
		r.Header.Del("Range")
	}
	http.ServeContent(conn.Writer(w, l.svcCtx.Patience), r, "", time.Time{}, bytes)
	return nil
}

// describe sets what a browser needs to know of f, and what keeps it from
// taking the bytes for anything else or running them.
func describe(h http.Header, f *file_rpc.File, save bool) {
	h.Set("Content-Type", media.ContentType(f.Mime))
	h.Set("Content-Disposition", media.Disposition(f.FileName, media.Inline(f.Mime) && !save))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	h.Set("ETag", `"`+f.Hash+`"`)
	// A copy may be kept, but not shown without asking: access can end.
	h.Set("Cache-Control", "private, no-cache")
}
