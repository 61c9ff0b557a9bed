package logic

import (
	"context"

	"tudoIM/tudoIM_file/file_rpc/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// ClearedLogic serves one request.
type ClearedLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewClearedLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ClearedLogic {
	return &ClearedLogic{ctx: ctx, svcCtx: svcCtx}
}

// Cleared says that the bytes of these are gone.
func (l *ClearedLogic) Cleared(in *file_rpc.ClearedRequest) (*file_rpc.ClearedResponse, error) {
	if err := l.svcCtx.Files.Cleared(l.ctx, in.Ids); err != nil {
		return nil, err
	}
	return &file_rpc.ClearedResponse{}, nil
}
