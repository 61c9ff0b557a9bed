package logic

import (
	"context"

	"tudoIM/common/errs"
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

// Put records bytes that are stored already as a file of user_id; error
func (l *PutLogic) Put(in *file_rpc.PutRequest) (*file_rpc.File, error) {
	return nil, errs.Internal
}
