package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_chat/chat_rpc/internal/model"
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

// SetRights says who of a pair may send to the other, in force for every send
// that commits after the answer.
func (l *SetRightsLogic) SetRights(in *chat_rpc.SetRightsRequest) (*chat_rpc.SetRightsResponse, error) {
	if in.UserId == 0 || in.PeerId == 0 || in.UserId == in.PeerId {
		return nil, errs.BadArgument("peerId")
	}
	pair := model.PairOf(in.UserId, in.PeerId)
	rights := model.Rights{Low: in.UserRefusal, High: in.PeerRefusal, LowBlocked: in.UserBlocked, HighBlocked: in.PeerBlocked, Version: in.Version}
	if in.UserId != pair.Low {
		rights.Low, rights.High = rights.High, rights.Low
		rights.LowBlocked, rights.HighBlocked = rights.HighBlocked, rights.LowBlocked
	}
	if err := l.svcCtx.Conversations.SetRights(l.ctx, pair, rights); err != nil {
		return nil, err
	}
	return &chat_rpc.SetRightsResponse{}, nil
}
