package logic

import (
	"context"

	"tudoIM/common/msglog"
	"tudoIM/tudoIM_chat/chat_rpc/internal/svc"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// SetSenderLogic serves one request.
type SetSenderLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSetSenderLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SetSenderLogic {
	return &SetSenderLogic{ctx: ctx, svcCtx: svcCtx}
}

// SetSender says whether a user may send at all, in force for every send
// that commits after the answer, and whether read receipts go to and from the
// user, in force for every read that begins after it.
func (l *SetSenderLogic) SetSender(in *chat_rpc.SetSenderRequest) (*chat_rpc.SetSenderResponse, error) {
	err := l.svcCtx.Senders.Set(l.ctx, msglog.SenderState{
		UserID: in.UserId, Code: in.Refusal, Until: in.Until, Gone: in.Gone, NoReceipts: in.NoReceipts, Version: in.Version,
	})
	if err != nil {
		return nil, err
	}
	return &chat_rpc.SetSenderResponse{}, nil
}
