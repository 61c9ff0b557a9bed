package logic

import (
	"context"
	"net/http"

	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
)

// DownloadHeadLogic serves one request.
type DownloadHeadLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDownloadHeadLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DownloadHeadLogic {
	return &DownloadHeadLogic{ctx: ctx, svcCtx: svcCtx}
}

// DownloadHead answers as Download does: to a HEAD no bytes are written.
func (l *DownloadHeadLogic) DownloadHead(w http.ResponseWriter, r *http.Request, req *types.DownloadRequest) error {
	return NewDownloadLogic(l.ctx, l.svcCtx).Download(w, r, req)
}
