package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// CreateLogic serves one request.
type CreateLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCreateLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CreateLogic {
	return &CreateLogic{ctx: ctx, svcCtx: svcCtx}
}

// Create makes an account; for somebody of another provider who has one
// already it returns that.
func (l *CreateLogic) Create(in *user_rpc.CreateRequest) (*user_rpc.CreateResponse, error) {
	u, err := model.NewUser(in.UserName, in.Nickname, in.Pwd, in.RegisterSource)
	if err != nil {
		return nil, err
	}
	if in.OpenId == nil {
		err = l.svcCtx.Users.Create(l.ctx, u)
	} else {
		u, err = l.open(u, in.OpenId)
	}
	if err != nil {
		return nil, err
	}
	return &user_rpc.CreateResponse{UserId: u.ID, Role: u.Role}, nil
}

func (l *CreateLogic) open(u *model.UserModel, id *user_rpc.OpenId) (*model.UserModel, error) {
	o, err := model.NewOpenID(id.Provider, id.Subject)
	if err != nil {
		return nil, err
	}
	return l.svcCtx.Users.Open(l.ctx, u, o)
}
