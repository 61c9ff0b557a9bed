package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// GroupSessionLogic serves one request.
type GroupSessionLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewGroupSessionLogic(ctx context.Context, svcCtx *svc.ServiceContext) *GroupSessionLogic {
	return &GroupSessionLogic{ctx: ctx, svcCtx: svcCtx}
}

// My conversations that are groups
func (l *GroupSessionLogic) GroupSession(req *types.GroupSessionRequest) (resp *types.SessionResponse, err error) {
	return l.svcCtx.Talk.Sessions(l.ctx, token.From(l.ctx), &types.SessionRequest{
		Cursor: req.Cursor, Limit: req.Limit, UnreadOnly: req.UnreadOnly, Type: wire.Group,
	})
}
