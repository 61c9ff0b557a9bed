package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/admin"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// AccountLogic serves one request.
type AccountLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAccountLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AccountLogic {
	return &AccountLogic{ctx: ctx, svcCtx: svcCtx}
}

// One user as administrators see them, deleted or not
func (l *AccountLogic) Account(req *types.AccountRequest) (resp *types.Account, err error) {
	err = admin.Act(l.ctx, l.svcCtx.Users, "user.see", req.ID, "", func(uint64) error {
		r, err := l.svcCtx.Users.AccountOf(l.ctx, &user_rpc.UserIdRequest{UserId: req.ID})
		if err != nil {
			return err
		}
		resp = &accounts(l.ctx, l.svcCtx, r)[0]
		return nil
	})
	return resp, err
}
