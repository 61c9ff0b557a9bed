package logic

import (
	"context"

	"tudoIM/tudoIM_file/file_rpc/internal/model"
	"tudoIM/tudoIM_file/file_rpc/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// PutLogic serves one request.
type PutLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewPutLogic(ctx context.Context, svcCtx *svc.ServiceContext) *PutLogic {
	return &PutLogic{ctx: ctx, svcCtx: svcCtx}
}

// Put records bytes that are stored where they were expected as a file of
// user_id; error 60005 when the quota does not allow it.
func (l *PutLogic) Put(in *file_rpc.PutRequest) (*file_rpc.File, error) {
	f := &model.FileModel{
		UserID: in.UserId, FileName: in.FileName, Size: in.Size, SHA256: in.Hash, Mime: in.Mime, Kind: in.Kind,
		BlobKey: in.Key, Width: in.Width, Height: in.Height, IsPublic: in.IsPublic,
	}
	if err := l.svcCtx.Files.Put(l.ctx, f); err != nil {
		return nil, err
	}
	return shape(f), nil
}
