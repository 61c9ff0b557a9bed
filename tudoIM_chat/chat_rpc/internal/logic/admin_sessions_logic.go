package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_rpc/internal/svc"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// AdminSessionsLogic serves one request.
type AdminSessionsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAdminSessionsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AdminSessionsLogic {
	return &AdminSessionsLogic{ctx: ctx, svcCtx: svcCtx}
}

// AdminSessions shows an administrator a user's conversations.
func (l *AdminSessionsLogic) AdminSessions(in *chat_rpc.AdminSessionsRequest) (*chat_rpc.AdminSessionsResponse, error) {
	if !l.svcCtx.Config.AdminReads {
		return nil, errs.Forbidden
	}
	page, err := l.svcCtx.Messages.Sessions(l.ctx, &wire.SessionsRequest{UserId: in.UserId, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	for _, c := range page.List {
		c.Draft = "" // which the user has said to nobody
	}
	return &chat_rpc.AdminSessionsResponse{List: page.List, HasMore: page.HasMore}, nil
}
