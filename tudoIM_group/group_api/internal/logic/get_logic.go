package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// GetLogic serves one request.
type GetLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewGetLogic(ctx context.Context, svcCtx *svc.ServiceContext) *GetLogic {
	return &GetLogic{ctx: ctx, svcCtx: svcCtx}
}

// A group's information
func (l *GetLogic) Get(req *types.GetRequest) (resp *types.Group, err error) {
	g, err := l.svcCtx.Groups.Get(l.ctx, &group_rpc.GetRequest{UserId: token.From(l.ctx).UserID, GroupId: req.ID})
	if err != nil {
		return nil, err
	}
	leaders, err := l.leaders(g)
	if err != nil {
		return nil, err
	}
	return &types.Group{
		GroupID: g.GroupId, Title: g.Title, Abstract: g.Abstract, Avatar: g.Avatar,
		Creator: leaders[0], AdminList: leaders[1:], MemberCount: g.MemberCount,
		Role: g.Role, IsInGroup: g.Role != 0, IsProhibition: g.IsProhibition, IsSearch: g.IsSearch,
		Verification: g.Verification, IsInvite: g.IsInvite, IsTemporarySession: g.IsTemporarySession,
		Size: g.Size, Ver: g.Ver, CreatedAt: g.CreatedAt,
	}, nil
}

// leaders returns the owner of g and its admins. Of an account that is deleted
// only the id is left.
func (l *GetLogic) leaders(g *group_rpc.Group) ([]types.Member, error) {
	ids := append([]uint64{g.Creator}, g.Admins...)
	resp, err := l.svcCtx.Users.Profiles(l.ctx, &user_rpc.ProfilesRequest{UserIds: ids})
	if err != nil {
		return nil, err
	}
	profiles := make(map[uint64]*user_rpc.Profile, len(resp.List))
	for _, p := range resp.List {
		profiles[p.UserId] = p
	}
	list := make([]types.Member, len(ids))
	for n, id := range ids {
		list[n] = types.Member{UserID: id, Nickname: profiles[id].GetNickname(), Avatar: profiles[id].GetAvatar()}
	}
	return list, nil
}
