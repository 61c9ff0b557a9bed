package logic

import (
	"context"

	"tudoIM/tudoIM_file/file_rpc/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// UnusedLogic serves one request.
type UnusedLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewUnusedLogic(ctx context.Context, svcCtx *svc.ServiceContext) *UnusedLogic {
	return &UnusedLogic{ctx: ctx, svcCtx: svcCtx}
}

// Unused says which stored bytes no file has, for who clears them away.
func (l *UnusedLogic) Unused(in *file_rpc.UnusedRequest) (*file_rpc.UnusedResponse, error) {
	hashes, err := l.svcCtx.Files.Unused(l.ctx, in.Hashes)
	if err != nil {
		return nil, err
	}
	return &file_rpc.UnusedResponse{Hashes: hashes}, nil
}
