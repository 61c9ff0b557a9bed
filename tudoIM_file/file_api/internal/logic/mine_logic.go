package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
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

// The own files, the newest first, and what they hold together
func (l *MineLogic) Mine(req *types.MineRequest) (resp *types.MineResponse, err error) {
	r, err := l.svcCtx.Files.Mine(l.ctx, &file_rpc.MineRequest{
		UserId: token.From(l.ctx).UserID, Kind: req.Kind, Page: req.Page, Limit: req.Limit,
	})
	if err != nil {
		return nil, err
	}
	resp = &types.MineResponse{
		List: make([]types.InfoResponse, len(r.List)), Count: r.Count,
		UsedBytes: r.UsedBytes, MaxBytes: r.MaxBytes, UsedFiles: r.UsedFiles, MaxFiles: r.MaxFiles,
	}
	for n, f := range r.List {
		resp.List[n] = described(f)
	}
	return resp, nil
}
