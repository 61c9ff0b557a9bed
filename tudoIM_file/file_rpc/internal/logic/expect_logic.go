package logic

import (
	"context"

	"tudoIM/tudoIM_file/file_rpc/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// ExpectLogic serves one request.
type ExpectLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewExpectLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ExpectLogic {
	return &ExpectLogic{ctx: ctx, svcCtx: svcCtx}
}

// Expect says where bytes that are about to be stored belong. Nobody clears
// that place away within the next hour, whatever becomes of them.
func (l *ExpectLogic) Expect(in *file_rpc.ExpectRequest) (*file_rpc.ExpectResponse, error) {
	key, err := l.svcCtx.Files.Expect(l.ctx, in.Hash, in.Size)
	if err != nil {
		return nil, err
	}
	return &file_rpc.ExpectResponse{Key: key}, nil
}
