package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
)

// UploadLogic serves one request.
type UploadLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewUploadLogic(ctx context.Context, svcCtx *svc.ServiceContext) *UploadLogic {
	return &UploadLogic{ctx: ctx, svcCtx: svcCtx}
}

// Upload a file: multipart, field file
func (l *UploadLogic) Upload() (resp *types.UploadResponse, err error) {
	return resp, errs.Internal
}
