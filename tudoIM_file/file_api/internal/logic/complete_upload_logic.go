package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
)

// CompleteUploadLogic serves one request.
type CompleteUploadLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCompleteUploadLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CompleteUploadLogic {
	return &CompleteUploadLogic{ctx: ctx, svcCtx: svcCtx}
}

// Make the parts a file
func (l *CompleteUploadLogic) CompleteUpload(req *types.UploadIDRequest) (resp *types.UploadResponse, err error) {
	f, err := l.svcCtx.Joiner.Join(l.ctx, token.From(l.ctx).UserID, req.UploadID)
	if err != nil {
		return nil, err
	}
	return uploaded(f), nil
}
