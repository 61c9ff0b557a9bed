package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/model"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// BlockLogic serves one request.
type BlockLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewBlockLogic(ctx context.Context, svcCtx *svc.ServiceContext) *BlockLogic {
	return &BlockLogic{ctx: ctx, svcCtx: svcCtx}
}

// Block keeps a user out of a group, and puts a member out.
func (l *BlockLogic) Block(in *group_rpc.MemberRequest) (*group_rpc.DoneResponse, error) {
	// Only who leads the group is told whether there is such a user.
	if _, err := l.svcCtx.Groups.Leader(l.ctx, in.GroupId, in.UserId, model.Admit); err != nil {
		return nil, err
	}
	known, err := l.svcCtx.Users.Profiles(l.ctx, &user_rpc.ProfilesRequest{UserIds: []uint64{in.MemberId}})
	if err != nil {
		return nil, err
	}
	if len(known.List) == 0 {
		return nil, errs.NotFound
	}
	return done(l.ctx, l.svcCtx, in.UserId)(l.svcCtx.Groups.Block(l.ctx, in.GroupId, in.UserId, in.MemberId))
}
