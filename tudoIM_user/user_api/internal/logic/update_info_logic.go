package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// UpdateInfoLogic serves one request.
type UpdateInfoLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewUpdateInfoLogic(ctx context.Context, svcCtx *svc.ServiceContext) *UpdateInfoLogic {
	return &UpdateInfoLogic{ctx: ctx, svcCtx: svcCtx}
}

// Change my profile; only the keys present change
func (l *UpdateInfoLogic) UpdateInfo(req *types.UpdateInfoRequest) error {
	_, err := l.svcCtx.Users.UpdateInfo(l.ctx, &user_rpc.UpdateInfoRequest{
		UserId: token.From(l.ctx).UserID, Nickname: req.Nickname, Abstract: req.Abstract, Avatar: req.Avatar,
	})
	return err
}
