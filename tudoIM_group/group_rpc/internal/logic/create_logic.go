package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_rpc/avatar"
	"tudoIM/tudoIM_group/group_rpc/internal/model"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// CreateLogic serves one request.
type CreateLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCreateLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CreateLogic {
	return &CreateLogic{ctx: ctx, svcCtx: svcCtx}
}

// Create makes a group of user_id, its owner, and the members.
func (l *CreateLogic) Create(in *group_rpc.CreateRequest) (*group_rpc.CreateResponse, error) {
	draft := &model.Draft{
		Owner: in.UserId, Mode: in.Mode, Title: in.Title, IsSearch: in.IsSearch, Size: in.Size, Members: in.UserIds,
	}
	if err := draft.Check(l.svcCtx.Groups.Limits); err != nil {
		return nil, err
	}
	if err := l.befriended(draft); err != nil {
		return nil, err
	}
	if err := l.name(draft); err != nil {
		return nil, err
	}
	var err error
	if draft.Avatar, err = avatar.Own(l.ctx, l.svcCtx.Files, in.UserId, in.Avatar); err != nil {
		return nil, err
	}
	group, err := l.svcCtx.Groups.Create(l.ctx, draft)
	if err != nil {
		return nil, err
	}
	tell(l.ctx, l.svcCtx, draft.Owner, &model.Done{Group: group, Joined: draft.All()})
	return &group_rpc.CreateResponse{GroupId: group.ID}, nil
}

// befriended reports whether the owner of d may make groups, and the members
// are friends of the owner. A friendship that ends before the group is made
// does not count as broken.
func (l *CreateLogic) befriended(d *model.Draft) error {
	resp, err := l.svcCtx.Users.CheckFriends(l.ctx, &user_rpc.CheckFriendsRequest{UserId: d.Owner, FriendIds: d.Members})
	if err != nil {
		return err
	}
	if resp.NoGroups {
		return errs.NoCreating
	}
	return d.Among(resp.FriendIds)
}

// name gives d the title that its mode makes of nicknames.
func (l *CreateLogic) name(d *model.Draft) error {
	if d.Mode != model.ByFriends {
		return nil
	}
	resp, err := l.svcCtx.Users.Profiles(l.ctx, &user_rpc.ProfilesRequest{UserIds: d.Named()})
	if err != nil {
		return err
	}
	nicknames := make(map[uint64]string, len(resp.List))
	for _, p := range resp.List {
		nicknames[p.UserId] = p.Nickname
	}
	return d.Name(nicknames)
}
