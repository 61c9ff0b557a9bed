package logic

import (
	"context"

	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/utils/rand"
)

// IssueTicketLogic serves one request.
type IssueTicketLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewIssueTicketLogic(ctx context.Context, svcCtx *svc.ServiceContext) *IssueTicketLogic {
	return &IssueTicketLogic{ctx: ctx, svcCtx: svcCtx}
}

// IssueTicket makes a one-time ticket for a socket.
func (l *IssueTicketLogic) IssueTicket(in *auth_rpc.IssueTicketRequest) (*auth_rpc.IssueTicketResponse, error) {
	session, err := l.svcCtx.Sessions.Living(l.ctx, in.UserId, in.SessionId)
	if err != nil {
		return nil, err
	}
	ticket := rand.URL(32)
	if err := l.svcCtx.Tickets.Issue(l.ctx, ticket, session.ID, in.ExpiresAt, l.svcCtx.DB.Clock.Now(l.ctx)); err != nil {
		return nil, err
	}
	return &auth_rpc.IssueTicketResponse{Ticket: ticket, ExpiresIn: int64(model.TicketTTL.Seconds())}, nil
}
