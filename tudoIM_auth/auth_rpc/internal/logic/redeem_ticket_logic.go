package logic

import (
	"context"

	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// RedeemTicketLogic serves one request.
type RedeemTicketLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewRedeemTicketLogic(ctx context.Context, svcCtx *svc.ServiceContext) *RedeemTicketLogic {
	return &RedeemTicketLogic{ctx: ctx, svcCtx: svcCtx}
}

// RedeemTicket uses a ticket up.
func (l *RedeemTicketLogic) RedeemTicket(in *auth_rpc.RedeemTicketRequest) (*auth_rpc.RedeemTicketResponse, error) {
	s, ends, err := l.svcCtx.Tickets.Redeem(l.ctx, in.Ticket, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	return &auth_rpc.RedeemTicketResponse{
		UserId: s.UserID, Role: s.Role, SessionId: s.ID, DeviceId: s.DeviceID, Platform: s.Platform, ExpiresAt: ends,
	}, nil
}
