package logic

import (
	"context"

	"tudoIM/tudoIM_file/file_rpc/internal/svc"
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

// CancelUpload gives back all that an upload holds.
func (l *CancelUploadLogic) CancelUpload(in *file_rpc.CancelUploadRequest) (*file_rpc.CancelUploadResponse, error) {
	if err := l.svcCtx.Uploads.Cancel(l.ctx, in.UserId, in.UploadId); err != nil {
		return nil, err
	}
	return &file_rpc.CancelUploadResponse{}, nil
}
