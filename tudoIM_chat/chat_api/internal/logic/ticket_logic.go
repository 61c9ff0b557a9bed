package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
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
	me := token.From(l.ctx)
	t, err := l.svcCtx.Auth.IssueTicket(l.ctx, &auth_rpc.IssueTicketRequest{
		UserId: me.UserID, SessionId: me.SessionID, ExpiresAt: me.ExpiresAt,
	})
	if err != nil {
		return nil, err
	}
	return &types.TicketResponse{Ticket: t.Ticket, ExpiresIn: t.ExpiresIn}, nil
}
