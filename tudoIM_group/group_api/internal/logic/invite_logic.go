package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// InviteLogic serves one request.
type InviteLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewInviteLogic(ctx context.Context, svcCtx *svc.ServiceContext) *InviteLogic {
	return &InviteLogic{ctx: ctx, svcCtx: svcCtx}
}

// Bring friends in
func (l *InviteLogic) Invite(req *types.InviteRequest) (resp *types.InviteResponse, err error) {
	me := token.From(l.ctx)
	r, err := l.svcCtx.Groups.Invite(l.ctx, &group_rpc.InviteRequest{UserId: me.UserID, GroupId: req.ID, UserIds: req.MemberIDList})
	if err != nil {
		return nil, err
	}
	return &types.InviteResponse{
		Added: append([]uint64{}, r.Added...), Pending: append([]uint64{}, r.Pending...),
		Refused: each(r.Refused, func(x *group_rpc.Refused) types.Refused {
			return types.Refused{UserID: x.UserId, Code: int(x.Code), Msg: errs.ByCode(int(x.Code)).Text(me.Lang)}
		}),
	}, nil
}
