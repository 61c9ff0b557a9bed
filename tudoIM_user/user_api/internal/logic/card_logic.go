package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
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

// What I may see of a user
func (l *CardLogic) Card(req *types.CardRequest) (resp *types.CardResponse, err error) {
	card, err := l.svcCtx.Users.Card(l.ctx, &user_rpc.CardRequest{UserId: token.From(l.ctx).UserID, TargetId: req.ID})
	if err != nil {
		return nil, err
	}
	p := card.Profile
	return &types.CardResponse{
		UserID: p.UserId, UserName: p.UserName, Nickname: p.Nickname, Abstract: p.Abstract, Avatar: p.Avatar,
		IsFriend: card.IsFriend, IsBlack: card.IsBlack, Notice: card.Notice, CanChat: card.CanChat, IsOnline: card.IsOnline,
	}, nil
}
