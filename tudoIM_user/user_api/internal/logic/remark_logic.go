package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
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

// Give a friend another name or place in my list; only the keys present change
func (l *RemarkLogic) Remark(req *types.RemarkRequest) error {
	_, err := l.svcCtx.Users.Remark(l.ctx, &user_rpc.RemarkRequest{
		UserId: token.From(l.ctx).UserID, FriendId: req.FriendID, Notice: req.Notice, IsTop: req.IsTop,
	})
	return err
}
