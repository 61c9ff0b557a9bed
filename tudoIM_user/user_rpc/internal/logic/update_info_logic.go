package logic

import (
	"context"
	"errors"
	"strings"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
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
		avatar, err := l.avatar(in.UserId, *in.Avatar)
		if err != nil {
			return nil, err
		}
		changes.Avatar = &avatar
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

// avatar returns the address of the image that given, a uid or an address,
// names; only one that user has uploaded will do.
func (l *UpdateInfoLogic) avatar(user uint64, given string) (string, error) {
	if given == "" {
		return "", nil
	}
	uid := strings.TrimPrefix(given, filePath)
	if len(given) > maxAvatar || uid == "" || strings.ContainsAny(uid, "/?#\\") {
		return "", errs.AvatarNotMine
	}
	f, err := l.svcCtx.Files.Get(l.ctx, &file_rpc.GetRequest{UserId: user, Uid: uid})
	if errors.Is(err, errs.FileAccess) {
		return "", errs.AvatarNotMine
	}
	if err != nil {
		return "", err
	}
	if f.UserId != user || f.Kind != "image" {
		return "", errs.AvatarNotMine
	}
	return filePath + f.Uid, nil
}

const (
	// filePath is where files are, before the uid.
	filePath = "/api/file/"
	// maxAvatar is the longest address that is looked at.
	maxAvatar = 128
)
