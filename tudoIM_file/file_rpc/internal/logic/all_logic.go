package logic

import (
	"context"

	"tudoIM/tudoIM_file/file_rpc/internal/model"
	"tudoIM/tudoIM_file/file_rpc/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// AllLogic serves one request.
type AllLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAllLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AllLogic {
	return &AllLogic{ctx: ctx, svcCtx: svcCtx}
}

// What follows is for administrators of the site; who calls has judged them.
func (l *AllLogic) All(in *file_rpc.AllRequest) (*file_rpc.AllResponse, error) {
	list, count, err := l.svcCtx.Files.All(l.ctx, model.Find{
		UserID: in.UserId, UID: in.Uid, Kind: in.Kind, Key: in.Key, Page: in.Page, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	return &file_rpc.AllResponse{List: shapes(list), Count: count}, nil
}
