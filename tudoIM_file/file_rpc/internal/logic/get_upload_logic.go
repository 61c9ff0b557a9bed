package logic

import (
	"context"

	"tudoIM/tudoIM_file/file_rpc/internal/model"
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

// GetUpload returns an upload of user_id, with what came of it if with_done,
// and the length of part n; errors 10006 and 60009.
func (l *GetUploadLogic) GetUpload(in *file_rpc.GetUploadRequest) (*file_rpc.Upload, error) {
	u, err := l.svcCtx.Uploads.Get(l.ctx, in.UserId, in.UploadId)
	if err != nil {
		return nil, err
	}
	var done []model.UploadPartModel
	if in.WithDone {
		if done, err = l.svcCtx.Uploads.Parts(l.ctx, u); err != nil {
			return nil, err
		}
	}
	shape := shapeUpload(u, done)
	shape.Bytes = u.PartBytes(in.N)
	return shape, nil
}
