package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// InfoLogic serves one request.
type InfoLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewInfoLogic(ctx context.Context, svcCtx *svc.ServiceContext) *InfoLogic {
	return &InfoLogic{ctx: ctx, svcCtx: svcCtx}
}

// Info returns all of one's own, but the answers to one's questions.
func (l *InfoLogic) Info(in *user_rpc.UserIdRequest) (*user_rpc.UserInfoResponse, error) {
	u, err := l.svcCtx.Users.ByID(l.ctx, in.UserId)
	if err != nil {
		return nil, err
	}
	c, err := l.svcCtx.Users.Conf(l.ctx, in.UserId)
	if err != nil {
		return nil, err
	}
	return &user_rpc.UserInfoResponse{
		Profile: profile(u), Role: u.Role, RegisterSource: u.RegisterSource, Conf: conf(c),
	}, nil
}
