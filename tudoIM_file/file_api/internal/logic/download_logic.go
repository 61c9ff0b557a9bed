package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
)

// DownloadLogic serves one request.
type DownloadLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDownloadLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DownloadLogic {
	return &DownloadLogic{ctx: ctx, svcCtx: svcCtx}
}

// A file's bytes
func (l *DownloadLogic) Download(req *types.DownloadRequest) error {
	return errs.Internal
}
