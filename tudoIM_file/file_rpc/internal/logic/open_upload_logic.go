package logic

import (
	"context"

	"tudoIM/tudoIM_file/file_rpc/internal/model"
	"tudoIM/tudoIM_file/file_rpc/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// OpenUploadLogic serves one request.
type OpenUploadLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewOpenUploadLogic(ctx context.Context, svcCtx *svc.ServiceContext) *OpenUploadLogic {
	return &OpenUploadLogic{ctx: ctx, svcCtx: svcCtx}
}

// OpenUpload begins a file that comes in parts, and counts it in the quota of
// user_id; errors 60002, 60005, and 10007 when too many are open.
func (l *OpenUploadLogic) OpenUpload(in *file_rpc.OpenUploadRequest) (*file_rpc.Upload, error) {
	u := &model.UploadModel{UserID: in.UserId, FileName: in.FileName, Size: in.Size, SHA256: in.Hash, PartSize: in.PartSize}
	if err := l.svcCtx.Uploads.Open(l.ctx, u); err != nil {
		return nil, err
	}
	return shapeUpload(u, nil), nil
}
