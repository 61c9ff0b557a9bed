package logic

import (
	"cmp"
	"context"
	"slices"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/model"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// InviteLogic serves one request.
type InviteLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewInviteLogic(ctx context.Context, svcCtx *svc.ServiceContext) *InviteLogic {
	return &InviteLogic{ctx: ctx, svcCtx: svcCtx}
}

// Invite brings friends of user_id in, or asks those who lead the group to.
func (l *InviteLogic) Invite(in *group_rpc.InviteRequest) (*group_rpc.InviteResponse, error) {
	if len(in.UserIds) == 0 || len(in.UserIds) > model.MaxInvited {
		return nil, errs.BadArgument("memberIdList")
	}
	r, err := l.svcCtx.Users.CheckFriends(l.ctx, &user_rpc.CheckFriendsRequest{UserId: in.UserId, FriendIds: in.UserIds})
	if err != nil {
		return nil, err
	}
	done, out, err := l.svcCtx.Groups.Invite(l.ctx, in.GroupId, in.UserId, in.UserIds, r.FriendIds)
	if err != nil {
		return nil, err
	}
	tell(l.ctx, l.svcCtx, in.UserId, done)
	resp := &group_rpc.InviteResponse{Added: out.Added, Pending: out.Pending}
	for user, why := range out.Refused {
		resp.Refused = append(resp.Refused, &group_rpc.Refused{UserId: user, Code: int32(errs.From(why).Code)}) // #nosec G115 -- codes have five digits
	}
	slices.SortFunc(resp.Refused, func(a, b *group_rpc.Refused) int { return cmp.Compare(a.UserId, b.UserId) })
	return resp, nil
}
