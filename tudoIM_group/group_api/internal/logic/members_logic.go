package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// MembersLogic serves one request.
type MembersLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewMembersLogic(ctx context.Context, svcCtx *svc.ServiceContext) *MembersLogic {
	return &MembersLogic{ctx: ctx, svcCtx: svcCtx}
}

// Who is in a group
func (l *MembersLogic) Members(req *types.MembersRequest) (resp *types.MembersResponse, err error) {
	me := token.From(l.ctx).UserID
	r, err := l.svcCtx.Groups.Members(l.ctx, &group_rpc.MembersRequest{
		UserId: me, GroupId: req.ID, Page: req.Page, Limit: req.Limit, Sort: req.Sort, Key: req.Key, SinceVer: req.SinceVer,
	})
	if err != nil {
		return nil, err
	}
	ids := each(r.List, (*group_rpc.Member).GetUserId)
	who, err := people(l.ctx, l.svcCtx, ids...)
	if err != nil {
		return nil, err
	}
	states, err := l.svcCtx.Users.Online(l.ctx, &user_rpc.OnlineRequest{UserId: me, UserIds: ids})
	if err != nil {
		return nil, err
	}
	online := map[uint64]bool{}
	for _, s := range states.List {
		online[s.UserId] = s.IsOnline
	}
	return &types.MembersResponse{
		List:  each(r.List, func(m *group_rpc.Member) types.Member { return member(m, who(m.UserId), online[m.UserId]) }),
		Count: r.Count, Ver: r.Ver,
	}, nil
}
