package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// SetRoleLogic serves one request.
type SetRoleLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSetRoleLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SetRoleLogic {
	return &SetRoleLogic{ctx: ctx, svcCtx: svcCtx}
}

// SetRole makes a user an administrator, or none.
func (l *SetRoleLogic) SetRole(in *user_rpc.SetRoleRequest) (*user_rpc.SetRoleResponse, error) {
	if err := l.svcCtx.Users.MayJudge(l.ctx, in.OperatorId, in.UserId); err != nil {
		return nil, err
	}
	if _, err := l.svcCtx.Users.SetRole(l.ctx, in.UserId, in.Role, l.svcCtx.DB.Clock.Now(l.ctx)); err != nil {
		return nil, err
	}
	return &user_rpc.SetRoleResponse{}, nil
}
