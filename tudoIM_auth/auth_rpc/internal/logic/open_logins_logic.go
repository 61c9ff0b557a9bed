package logic

import (
	"context"

	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
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

// OpenLogins lists the providers one can log in by.
func (l *OpenLoginsLogic) OpenLogins(in *auth_rpc.OpenLoginsRequest) (*auth_rpc.OpenLoginsResponse, error) {
	if in.DeviceId != "" {
		if err := model.CheckDeviceID(in.DeviceId); err != nil {
			return nil, err
		}
	}
	resp := &auth_rpc.OpenLoginsResponse{}
	for _, c := range l.svcCtx.Providers.Choices(l.ctx, in.DeviceId, l.svcCtx.DB.Clock.Now(l.ctx)) {
		resp.List = append(resp.List, &auth_rpc.OpenLogin{Name: c.Name, Title: c.Title, Icon: c.Icon, Href: c.Href})
	}
	return resp, nil
}
