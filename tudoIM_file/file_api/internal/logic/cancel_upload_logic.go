package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// CancelUploadLogic serves one request.
type CancelUploadLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCancelUploadLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CancelUploadLogic {
	return &CancelUploadLogic{ctx: ctx, svcCtx: svcCtx}
}

// Give an upload in parts up
func (l *CancelUploadLogic) CancelUpload(req *types.UploadIDRequest) error {
	_, err := l.svcCtx.Files.CancelUpload(l.ctx, &file_rpc.CancelUploadRequest{
		UserId: token.From(l.ctx).UserID, UploadId: req.UploadID,
	})
	return err
}
