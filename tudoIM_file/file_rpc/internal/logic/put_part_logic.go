package logic

import (
	"context"

	"tudoIM/tudoIM_file/file_rpc/internal/model"
	"tudoIM/tudoIM_file/file_rpc/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// PutPartLogic serves one request.
type PutPartLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewPutPartLogic(ctx context.Context, svcCtx *svc.ServiceContext) *PutPartLogic {
	return &PutPartLogic{ctx: ctx, svcCtx: svcCtx}
}

// PutPart records a part whose bytes are stored where they were expected;
// error 60008 if no such part belongs to the upload.
func (l *PutPartLogic) PutPart(in *file_rpc.PutPartRequest) (*file_rpc.PutPartResponse, error) {
	p := in.GetPart()
	err := l.svcCtx.Uploads.Put(l.ctx, in.UserId, in.UploadId, &model.UploadPartModel{
		N: p.GetN(), Size: p.GetSize(), SHA256: p.GetHash(), BlobKey: p.GetKey(),
	})
	if err != nil {
		return nil, err
	}
	return &file_rpc.PutPartResponse{}, nil
}
