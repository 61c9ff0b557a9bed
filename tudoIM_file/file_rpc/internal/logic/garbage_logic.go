package logic

import (
	"context"

	"tudoIM/tudoIM_file/file_rpc/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// GarbageLogic serves one request.
type GarbageLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewGarbageLogic(ctx context.Context, svcCtx *svc.ServiceContext) *GarbageLogic {
	return &GarbageLogic{ctx: ctx, svcCtx: svcCtx}
}

// Garbage says which stored bytes nobody needs, for who clears them away.
func (l *GarbageLogic) Garbage(in *file_rpc.GarbageRequest) (*file_rpc.GarbageResponse, error) {
	found, err := l.svcCtx.Files.Garbage(l.ctx, in.After)
	if err != nil {
		return nil, err
	}
	list := make([]*file_rpc.Garbage, len(found))
	for i, g := range found {
		list[i] = &file_rpc.Garbage{Id: g.ID, Key: g.BlobKey}
	}
	return &file_rpc.GarbageResponse{List: list}, nil
}
