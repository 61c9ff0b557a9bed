package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// CardLogic serves one request.
type CardLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCardLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CardLogic {
	return &CardLogic{ctx: ctx, svcCtx: svcCtx}
}

// Card returns what user_id may see of target_id. Who is hidden does not
// exist for strangers.
func (l *CardLogic) Card(in *user_rpc.CardRequest) (*user_rpc.CardResponse, error) {
	u, pair, err := visible(l.ctx, l.svcCtx, in.UserId, in.TargetId)
	if err != nil {
		return nil, err
	}
	if in.UserId == in.TargetId {
		me := connected(l.ctx, l.svcCtx.Redis, u.ID)
		return &user_rpc.CardResponse{Profile: profile(u), CanChat: true, IsOnline: me[u.ID]}, nil // notes to self
	}
	isOnline, err := online(l.ctx, l.svcCtx, in.UserId, pair)
	if err != nil {
		return nil, err
	}
	mine := pair.Of(in.UserId)
	canChat := pair.IsFriend || inGroup(l.ctx, l.svcCtx, in.UserId, in.TargetId)
	return &user_rpc.CardResponse{
		Profile: profile(u), IsFriend: pair.IsFriend, IsBlack: mine.Blocks, Notice: mine.Notice,
		CanChat: canChat, IsOnline: isOnline[in.TargetId],
	}, nil
}
