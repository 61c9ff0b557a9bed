package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// DeleteMessagesLogic serves one request.
type DeleteMessagesLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDeleteMessagesLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DeleteMessagesLogic {
	return &DeleteMessagesLogic{ctx: ctx, svcCtx: svcCtx}
}

// Delete messages for everybody; for administrators
func (l *DeleteMessagesLogic) DeleteMessages(req *types.DeleteMessagesRequest) (resp *types.DeletedResponse, err error) {
	return resp, errs.Internal
}
