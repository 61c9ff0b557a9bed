package logic

import (
	"context"

	"tudoIM/tudoIM_file/file_rpc/avatar"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
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

// UpdateInfo changes the fields present and tells the devices of the user and
// of all friends.
func (l *UpdateInfoLogic) UpdateInfo(in *user_rpc.UpdateInfoRequest) (*user_rpc.UpdateInfoResponse, error) {
	changes := model.Changes{Nickname: in.Nickname, Abstract: in.Abstract}
	if err := changes.Check(); err != nil {
		return nil, err
	}
	if in.Avatar != nil {
		address, err := avatar.Own(l.ctx, l.svcCtx.Files, in.UserId, *in.Avatar)
		if err != nil {
			return nil, err
		}
		changes.Avatar = &address
	}
	if changes == (model.Changes{}) {
		return &user_rpc.UpdateInfoResponse{}, nil
	}
	if err := l.svcCtx.Users.Update(l.ctx, in.UserId, changes, l.svcCtx.DB.Clock.Now(l.ctx)); err != nil {
		return nil, err
	}
	tellUpdated(l.ctx, l.svcCtx, in.UserId, changes)
	return &user_rpc.UpdateInfoResponse{}, nil
}
