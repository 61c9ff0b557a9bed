package logic

import (
	"context"

	base "tudoIM/common/model"
	"tudoIM/tudoIM_group/group_rpc/internal/model"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// JoinLogic serves one request.
type JoinLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewJoinLogic(ctx context.Context, svcCtx *svc.ServiceContext) *JoinLogic {
	return &JoinLogic{ctx: ctx, svcCtx: svcCtx}
}

// Join brings user_id in, or leaves a request with those who lead the group.
func (l *JoinLogic) Join(in *group_rpc.JoinRequest) (*group_rpc.JoinResponse, error) {
	q := in.Question
	done, waits, err := l.svcCtx.Groups.Join(l.ctx, in.GroupId, model.Ask{
		User: in.UserId, Verify: in.Verify, Source: in.Source,
		Question: base.Question{Answer1: q.GetAnswer1(), Answer2: q.GetAnswer2(), Answer3: q.GetAnswer3()},
	})
	if err != nil {
		return nil, err
	}
	tell(l.ctx, l.svcCtx, in.UserId, done)
	if waits != nil {
		return &group_rpc.JoinResponse{Result: pending, VerifyId: waits.ID, GroupId: in.GroupId}, nil
	}
	return &group_rpc.JoinResponse{Result: joined, GroupId: in.GroupId}, nil
}

// What became of a wish to come in.
const (
	joined  = "joined"
	pending = "pending"
)
