package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_chat/chat_rpc/internal/svc"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// SetRightsLogic serves one request.
type SetRightsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSetRightsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SetRightsLogic {
	return &SetRightsLogic{ctx: ctx, svcCtx: svcCtx}
}

// SetRights says who of a pair may send to the other, in force for every
func (l *SetRightsLogic) SetRights(in *chat_rpc.SetRightsRequest) (*chat_rpc.SetRightsResponse, error) {
	return nil, errs.Internal
}
