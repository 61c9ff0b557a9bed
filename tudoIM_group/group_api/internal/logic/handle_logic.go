package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// HandleLogic serves one request.
type HandleLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewHandleLogic(ctx context.Context, svcCtx *svc.ServiceContext) *HandleLogic {
	return &HandleLogic{ctx: ctx, svcCtx: svcCtx}
}

// Accept, refuse, ignore or delete a request
func (l *HandleLogic) Handle(req *types.HandleRequest) error {
	return errs.Internal
}
