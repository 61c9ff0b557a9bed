package logic

import (
	"context"

	"tudoIM/tudoIM_file/file_rpc/internal/model"
	"tudoIM/tudoIM_file/file_rpc/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// GetLogic serves one request.
type GetLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewGetLogic(ctx context.Context, svcCtx *svc.ServiceContext) *GetLogic {
	return &GetLogic{ctx: ctx, svcCtx: svcCtx}
}

// Get returns a file to who may read it; to everybody else it does not exist
// (60006).
func (l *GetLogic) Get(in *file_rpc.GetRequest) (*file_rpc.File, error) {
	var f *model.FileModel
	var err error
	if in.Owned {
		f, err = l.svcCtx.Files.Own(l.ctx, in.UserId, in.Uid)
	} else {
		f, err = l.svcCtx.Files.Get(l.ctx, in.UserId, in.Uid, in.Held)
	}
	if err != nil {
		return nil, err
	}
	return shape(f), nil
}
