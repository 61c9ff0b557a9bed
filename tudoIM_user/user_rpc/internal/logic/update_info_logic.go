package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// UpdateInfoLogic serves one request.
type UpdateInfoLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewUpdateInfoLogic(ctx context.Context, svcCtx *svc.ServiceContext) *UpdateInfoLogic {
	return &UpdateInfoLogic{ctx: ctx, svcCtx: svcCtx}
}

func (l *UpdateInfoLogic) UpdateInfo(in *user_rpc.UpdateInfoRequest) (*user_rpc.UpdateInfoResponse, error) {
	return nil, errs.Internal
}
