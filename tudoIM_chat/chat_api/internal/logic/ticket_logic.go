package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// TicketLogic serves one request.
type TicketLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewTicketLogic(ctx context.Context, svcCtx *svc.ServiceContext) *TicketLogic {
	return &TicketLogic{ctx: ctx, svcCtx: svcCtx}
}

// A one-time ticket for the socket
func (l *TicketLogic) Ticket() (resp *types.TicketResponse, err error) {
	return resp, errs.Internal
}
