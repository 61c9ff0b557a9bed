package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// UserInfoLogic serves one request.
type UserInfoLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewUserInfoLogic(ctx context.Context, svcCtx *svc.ServiceContext) *UserInfoLogic {
	return &UserInfoLogic{ctx: ctx, svcCtx: svcCtx}
}

// All of my own account
func (l *UserInfoLogic) UserInfo() (resp *types.UserInfoResponse, err error) {
	me, err := l.svcCtx.Users.Info(l.ctx, &user_rpc.UserIdRequest{UserId: token.From(l.ctx).UserID})
	if err != nil {
		return nil, err
	}
	p := me.Profile
	return &types.UserInfoResponse{
		UserID: p.UserId, UserName: p.UserName, Nickname: p.Nickname, Abstract: p.Abstract, Avatar: p.Avatar,
		Role: me.Role, RegisterSource: me.RegisterSource, Conf: conf(me.Conf),
	}, nil
}
