package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// RemarkLogic serves one request.
type RemarkLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewRemarkLogic(ctx context.Context, svcCtx *svc.ServiceContext) *RemarkLogic {
	return &RemarkLogic{ctx: ctx, svcCtx: svcCtx}
}

// Remark gives a friend another name or place in the list.
func (l *RemarkLogic) Remark(in *user_rpc.RemarkRequest) (*user_rpc.RemarkResponse, error) {
	x := model.RemarkChange{Notice: in.Notice, IsTop: in.IsTop}
	pair, changed, err := l.svcCtx.Friends.Remark(l.ctx, in.UserId, in.FriendId, x, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	if err := settleOwn(l.ctx, l.svcCtx, pair, in.UserId, changed); err != nil {
		return nil, err
	}
	return &user_rpc.RemarkResponse{}, nil
}
