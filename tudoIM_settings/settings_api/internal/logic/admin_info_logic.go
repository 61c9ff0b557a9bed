package logic

import (
	"context"

	"tudoIM/tudoIM_settings/settings_api/internal/svc"
	"tudoIM/tudoIM_settings/settings_api/internal/types"
	"tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
	"tudoIM/tudoIM_user/user_rpc/admin"
)

// AdminInfoLogic serves one request.
type AdminInfoLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAdminInfoLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AdminInfoLogic {
	return &AdminInfoLogic{ctx: ctx, svcCtx: svcCtx}
}

// All settings, for administrators
func (l *AdminInfoLogic) AdminInfo() (resp *types.AdminInfoResponse, err error) {
	err = admin.Act(l.ctx, l.svcCtx.Users, "settings.read", 0, "", func(uint64) error {
		s, err := l.svcCtx.Settings.Get(l.ctx, &settings_rpc.GetRequest{Now: true})
		if err != nil {
			return err
		}
		resp = &types.AdminInfoResponse{
			Site:                types.Site{Title: s.Title, Abstract: s.Abstract},
			RegisterOpen:        s.RegisterOpen,
			RecallWindowSeconds: s.RecallWindowSeconds,
			MaxTextLength:       s.MaxTextLength,
			ImageMaxBytes:       s.ImageMaxBytes,
			FileMaxBytes:        s.FileMaxBytes,
			MultiLogin:          s.MultiLogin,
			InviteCode:          s.InviteCode,
		}
		return nil
	})
	return resp, err
}
