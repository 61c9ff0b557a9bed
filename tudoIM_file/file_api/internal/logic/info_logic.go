package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// InfoLogic serves one request.
type InfoLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewInfoLogic(ctx context.Context, svcCtx *svc.ServiceContext) *InfoLogic {
	return &InfoLogic{ctx: ctx, svcCtx: svcCtx}
}

// A file's metadata
func (l *InfoLogic) Info(req *types.InfoRequest) (resp *types.InfoResponse, err error) {
	f, err := l.svcCtx.Access.Get(l.ctx, token.From(l.ctx).UserID, req.UID)
	if err != nil {
		return nil, err
	}
	info := described(f)
	return &info, nil
}

// described is what may be known of f by who may read it.
func described(f *file_rpc.File) types.InfoResponse {
	return types.InfoResponse{
		UID: f.Uid, Src: src(f), FileName: f.FileName, Size: f.Size, Hash: f.Hash, FileType: f.Mime, Kind: f.Kind,
		CreatedAt: f.CreatedAt, Width: f.Width, Height: f.Height,
	}
}
