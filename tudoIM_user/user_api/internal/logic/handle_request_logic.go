package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
)

// HandleRequestLogic serves one request.
type HandleRequestLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewHandleRequestLogic(ctx context.Context, svcCtx *svc.ServiceContext) *HandleRequestLogic {
	return &HandleRequestLogic{ctx: ctx, svcCtx: svcCtx}
}

// Accept, refuse, ignore or delete a friend request
func (l *HandleRequestLogic) HandleRequest(req *types.HandleRequestRequest) (resp *types.HandleRequestResponse, err error) {
	return resp, errs.Internal
}
