package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_settings/settings_api/internal/svc"
	"tudoIM/tudoIM_settings/settings_api/internal/types"
	"tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
)

// roleAdmin is the user role of administrators.
const roleAdmin = 1

// ChangeLogic serves one request.
type ChangeLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewChangeLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ChangeLogic {
	return &ChangeLogic{ctx: ctx, svcCtx: svcCtx}
}

// Change the site's settings, as an administrator; only the keys present change
func (l *ChangeLogic) Change(req *types.ChangeRequest) error {
	if who := token.From(l.ctx); who.UserID == 0 || who.Role != roleAdmin {
		return errs.Forbidden
	}
	in := &settings_rpc.PutRequest{
		RegisterOpen:        req.RegisterOpen,
		RecallWindowSeconds: req.RecallWindowSeconds,
		MaxTextLength:       req.MaxTextLength,
		ImageMaxBytes:       req.ImageMaxBytes,
		FileMaxBytes:        req.FileMaxBytes,
		MultiLogin:          req.MultiLogin,
	}
	if req.Site != nil {
		in.Title, in.Abstract = req.Site.Title, req.Site.Abstract
	}
	_, err := l.svcCtx.Settings.Put(l.ctx, in)
	return err
}
