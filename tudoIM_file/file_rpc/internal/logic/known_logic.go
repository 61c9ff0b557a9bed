package logic

import (
	"context"
	"errors"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_rpc/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// KnownLogic serves one request.
type KnownLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewKnownLogic(ctx context.Context, svcCtx *svc.ServiceContext) *KnownLogic {
	return &KnownLogic{ctx: ctx, svcCtx: svcCtx}
}

// Known says where bytes are that a file has; of whose, it does not say.
func (l *KnownLogic) Known(in *file_rpc.KnownRequest) (*file_rpc.KnownResponse, error) {
	f, err := l.svcCtx.Files.Known(l.ctx, in.UserId, in.Hash, in.Size, in.Anybody)
	if errors.Is(err, errs.FileAccess) {
		return &file_rpc.KnownResponse{}, nil
	}
	if err != nil {
		return nil, err
	}
	return &file_rpc.KnownResponse{IsKnown: true, Key: f.BlobKey, Width: f.Width, Height: f.Height}, nil
}
