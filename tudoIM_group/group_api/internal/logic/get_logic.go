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
	g, err := l.svcCtx.Groups.Get(l.ctx, &group_rpc.OneRequest{UserId: token.From(l.ctx).UserID, GroupId: req.ID, Members: true})
	if err != nil {
		return nil, err
	}
	who, err := people(l.ctx, l.svcCtx, append(append([]uint64{g.Creator}, g.Admins...), g.Notice.GetUserId())...)
	if err != nil {
		return nil, err
	}
	online, err := l.online(g)
	if err != nil {
		return nil, err
	}
	resp = &types.Group{
		GroupID: g.GroupId, Title: g.Title, Abstract: g.Abstract, Avatar: g.Avatar,
		Creator: who(g.Creator), AdminList: each(g.Admins, who), MemberCount: g.MemberCount, MemberOnlineCount: online,
		Role: g.Role, IsInGroup: g.Role != 0, IsProhibition: g.IsProhibition, ProhibitionUntil: g.ProhibitionUntil, IsSearch: g.IsSearch,
		Verification: g.Verification, IsInvite: g.IsInvite, IsTemporarySession: g.IsTemporarySession, HistoryVisible: g.HistoryVisible,
		Size: g.Size, Status: g.Status, MyConf: conf(g.Conf), Ver: g.Ver, CreatedAt: g.CreatedAt,
	}
	if g.Notice != nil {
		resp.Notice = new(notice(who)(g.Notice))
	}
	return resp, nil
}

// online is how many members are online; only members are told.
func (l *GetLogic) online(g *group_rpc.Group) (int64, error) {
	if len(g.Members) == 0 {
		return 0, nil
	}
	r, err := l.svcCtx.Users.OnlineCount(l.ctx, &user_rpc.OnlineCountRequest{UserIds: g.Members})
	return r.GetCount(), err
}
