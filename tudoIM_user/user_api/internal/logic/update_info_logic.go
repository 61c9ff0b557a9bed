package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
)

// UpdateInfoLogic serves one request.
type UpdateInfoLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewUpdateInfoLogic(ctx context.Context, svcCtx *svc.ServiceContext) *UpdateInfoLogic {
	return &UpdateInfoLogic{ctx: ctx, svcCtx: svcCtx}
}

// Change my profile; only the keys present change
func (l *UpdateInfoLogic) UpdateInfo(req *types.UpdateInfoRequest) error {
	return errs.Internal
}
