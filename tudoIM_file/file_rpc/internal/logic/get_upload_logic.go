package logic

import (
	"context"

	"tudoIM/tudoIM_file/file_rpc/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// GetUploadLogic serves one request.
type GetUploadLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewGetUploadLogic(ctx context.Context, svcCtx *svc.ServiceContext) *GetUploadLogic {
	return &GetUploadLogic{ctx: ctx, svcCtx: svcCtx}
}

// GetUpload returns an upload of user_id; errors 10006 and 60009.
func (l *GetUploadLogic) GetUpload(in *file_rpc.GetUploadRequest) (*file_rpc.Upload, error) {
	u, err := l.svcCtx.Uploads.Get(l.ctx, in.UserId, in.UploadId)
	if err != nil {
		return nil, err
	}
	if !in.WithDone {
		return shapeUpload(u, nil), nil
	}
	done, err := l.svcCtx.Uploads.Parts(l.ctx, u)
	if err != nil {
		return nil, err
	}
	return shapeUpload(u, done), nil
}
