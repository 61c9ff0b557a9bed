package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/admin"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// AccountsLogic serves one request.
type AccountsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAccountsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AccountsLogic {
	return &AccountsLogic{ctx: ctx, svcCtx: svcCtx}
}

// Users as administrators see them
func (l *AccountsLogic) Accounts(req *types.AccountsRequest) (resp *types.AccountsResponse, err error) {
	err = admin.Act(l.ctx, l.svcCtx.Users, "user.list", 0, "", func(uint64) error {
		r, err := l.svcCtx.Users.Accounts(l.ctx, &user_rpc.AccountsRequest{
			Key: req.Key, Status: req.Status, Role: req.Role, Page: req.Page, Limit: req.Limit,
		})
		if err != nil {
			return err
		}
		resp = &types.AccountsResponse{List: accounts(l.ctx, l.svcCtx, r.List...), Count: r.Count}
		return nil
	})
	return resp, err
}
