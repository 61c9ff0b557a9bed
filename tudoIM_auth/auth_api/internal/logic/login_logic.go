package logic

import (
	"context"
	"strconv"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_api/internal/svc"
	"tudoIM/tudoIM_auth/auth_api/internal/types"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// LoginLogic serves one request.
type LoginLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewLoginLogic(ctx context.Context, svcCtx *svc.ServiceContext) *LoginLogic {
	return &LoginLogic{ctx: ctx, svcCtx: svcCtx}
}

// Open a session by name or id
func (l *LoginLogic) Login(req *types.LoginRequest) (*types.LoginResponse, error) {
	if (req.UserName == "") == (req.UserID == 0) {
		return nil, errs.BadArgument("userName")
	}
	typed := req.UserName
	if req.UserID != 0 {
		typed = strconv.FormatUint(req.UserID, 10)
	}
	t, err := l.svcCtx.Auth.Login(l.ctx, &auth_rpc.LoginRequest{
		UserName: typed, Password: req.Password,
		Device: device(token.From(l.ctx), req.DeviceID, req.Platform, req.DeviceName),
	})
	if err != nil {
		return nil, err
	}
	return login(t), nil
}
