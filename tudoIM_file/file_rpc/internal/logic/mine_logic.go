package logic

import (
	"context"

	"tudoIM/tudoIM_file/file_rpc/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// MineLogic serves one request.
type MineLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewMineLogic(ctx context.Context, svcCtx *svc.ServiceContext) *MineLogic {
	return &MineLogic{ctx: ctx, svcCtx: svcCtx}
}

// Mine returns a page of a user's files, the newest first.
func (l *MineLogic) Mine(in *file_rpc.MineRequest) (*file_rpc.MineResponse, error) {
	list, count, used, err := l.svcCtx.Files.Mine(l.ctx, in.UserId, in.Kind, in.Page, in.Limit)
	if err != nil {
		return nil, err
	}
	most := l.svcCtx.Files.Quota
	return &file_rpc.MineResponse{
		List: shapes(list), Count: count,
		UsedBytes: used.Bytes, MaxBytes: most.Bytes, UsedFiles: used.Files, MaxFiles: most.Files,
	}, nil
}
