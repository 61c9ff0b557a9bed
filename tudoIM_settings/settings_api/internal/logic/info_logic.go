package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_settings/settings_api/internal/svc"
	"tudoIM/tudoIM_settings/settings_api/internal/types"
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
	return resp, errs.Internal
}
