package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_settings/settings_rpc/internal/svc"
	"tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
)

// GetLogic serves one request.
type GetLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewGetLogic(ctx context.Context, svcCtx *svc.ServiceContext) *GetLogic {
	return &GetLogic{ctx: ctx, svcCtx: svcCtx}
}

func (l *GetLogic) Get(in *settings_rpc.GetRequest) (*settings_rpc.Site, error) {
	return nil, errs.Internal
}
