package logic

import (
	"context"

	"tudoIM/tudoIM_file/file_rpc/internal/model"
	"tudoIM/tudoIM_file/file_rpc/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// CompleteUploadLogic serves one request.
type CompleteUploadLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCompleteUploadLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CompleteUploadLogic {
	return &CompleteUploadLogic{ctx: ctx, svcCtx: svcCtx}
}

// CompleteUpload makes the upload a file, whose bytes are stored where they
// were expected. Repeated it returns the same file.
func (l *CompleteUploadLogic) CompleteUpload(in *file_rpc.CompleteUploadRequest) (*file_rpc.File, error) {
	f := &model.FileModel{
		SHA256: in.Hash, Mime: in.Mime, Kind: in.Kind, BlobKey: in.Key, Width: in.Width, Height: in.Height,
	}
	if err := l.svcCtx.Uploads.Complete(l.ctx, in.UserId, in.UploadId, in.Ver, f); err != nil {
		return nil, err
	}
	return shape(f), nil
}
