package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// GroupSendLogic serves one request.
type GroupSendLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewGroupSendLogic(ctx context.Context, svcCtx *svc.ServiceContext) *GroupSendLogic {
	return &GroupSendLogic{ctx: ctx, svcCtx: svcCtx}
}

// Send a message to a group; answered when it is stored
func (l *GroupSendLogic) GroupSend(req *types.GroupSendRequest) (resp *types.SendResponse, err error) {
	return l.svcCtx.Talk.Send(l.ctx, token.From(l.ctx), &types.SendRequest{
		ConversationID: wire.GroupID(req.GroupID), ClientMsgID: req.ClientMsgID, Msg: req.Msg, AtUserIDs: req.AtUserIDs, AtAll: req.AtAll,
	})
}
