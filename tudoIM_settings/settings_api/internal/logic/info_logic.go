package logic

import (
	"context"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/version"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_settings/settings_api/internal/svc"
	"tudoIM/tudoIM_settings/settings_api/internal/types"
	"tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
)

// InfoLogic serves one request.
type InfoLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewInfoLogic(ctx context.Context, svcCtx *svc.ServiceContext) *InfoLogic {
	return &InfoLogic{ctx: ctx, svcCtx: svcCtx}
}

// The site's public settings
func (l *InfoLogic) Info() (resp *types.InfoResponse, err error) {
	s, err := l.svcCtx.Settings.Get(l.ctx, &settings_rpc.GetRequest{})
	if err != nil {
		return nil, err
	}
	return &types.InfoResponse{
		Site:    types.Site{Title: s.Title, Abstract: s.Abstract},
		Version: version.Version, APIVersion: version.API,
		RegisterOpen:        s.RegisterOpen,
		LoginMethods:        l.methods(),
		RecallWindowSeconds: s.RecallWindowSeconds,
		MaxTextLength:       s.MaxTextLength,
		ImageMaxBytes:       s.ImageMaxBytes,
		FileMaxBytes:        s.FileMaxBytes,
		MultiLogin:          s.MultiLogin,
		Features:            features(),
	}, nil
}

// methods are the ways to log in: by password, always, and by providers. While
// auth_rpc cannot be asked nobody can log in by those, and the rest is told.
func (l *InfoLogic) methods() []string {
	list := []string{"password"}
	all, err := l.svcCtx.Auth.OpenLogins(l.ctx, &auth_rpc.OpenLoginsRequest{})
	if err != nil {
		logx.WithContext(l.ctx).Errorf("login providers are not told: %v", err)
		return list
	}
	for _, o := range all.List {
		list = append(list, o.Name)
	}
	return list
}

// features says what a client may offer its user with this server. One that
// is not named is not there.
func features() map[string]bool {
	return map[string]bool{"friends": true, "privateChat": true, "groupChat": true, "files": true}
}
