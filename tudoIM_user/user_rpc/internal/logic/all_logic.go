package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// AllLogic serves one request.
type AllLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAllLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AllLogic {
	return &AllLogic{ctx: ctx, svcCtx: svcCtx}
}

// All returns the numbers of all accounts, page by page.
func (l *AllLogic) All(in *user_rpc.AllRequest) (*user_rpc.AllResponse, error) {
	ids, err := l.svcCtx.Users.After(l.ctx, in.After, int(in.Limit))
	if err != nil {
		return nil, err
	}
	return &user_rpc.AllResponse{UserIds: ids}, nil
}
