package logic

import (
	"context"

	"tudoIM/tudoIM_auth/auth_api/internal/svc"
	"tudoIM/tudoIM_auth/auth_api/internal/types"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// OpenLoginsLogic serves one request.
type OpenLoginsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewOpenLoginsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *OpenLoginsLogic {
	return &OpenLoginsLogic{ctx: ctx, svcCtx: svcCtx}
}

// The providers one can log in by, and where a device begins
func (l *OpenLoginsLogic) OpenLogins(req *types.OpenLoginsRequest) (*types.OpenLoginsResponse, error) {
	all, err := l.svcCtx.Auth.OpenLogins(l.ctx, &auth_rpc.OpenLoginsRequest{DeviceId: req.DeviceID}, providerWait)
	if err != nil {
		return nil, err
	}
	list := make([]types.OpenLogin, len(all.List))
	for i, o := range all.List {
		list[i] = types.OpenLogin{Name: o.Name, Title: o.Title, Icon: o.Icon, Href: o.Href}
	}
	return &types.OpenLoginsResponse{List: list, Count: len(list)}, nil
}
