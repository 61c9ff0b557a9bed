package logic

import (
	"context"

	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_settings/settings_api/internal/svc"
	"tudoIM/tudoIM_settings/settings_api/internal/types"
)

// OpenLoginLogic serves one request.
type OpenLoginLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewOpenLoginLogic(ctx context.Context, svcCtx *svc.ServiceContext) *OpenLoginLogic {
	return &OpenLoginLogic{ctx: ctx, svcCtx: svcCtx}
}

// The providers one can log in by, and where a device begins
func (l *OpenLoginLogic) OpenLogin(req *types.OpenLoginRequest) (*types.OpenLoginResponse, error) {
	all, err := l.svcCtx.Auth.OpenLogins(l.ctx, &auth_rpc.OpenLoginsRequest{DeviceId: req.DeviceID})
	if err != nil {
		return nil, err
	}
	list := make([]types.OpenLogin, len(all.List))
	for i, o := range all.List {
		list[i] = types.OpenLogin{Name: o.Name, Icon: o.Icon, Href: o.Href}
	}
	return &types.OpenLoginResponse{List: list, Count: len(list)}, nil
}
