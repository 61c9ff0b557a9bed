package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
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

// Ask to be let in
func (l *JoinLogic) Join(req *types.JoinRequest) (resp *types.JoinResponse, err error) {
	q := req.VerificationQuestion
	r, err := l.svcCtx.Groups.Join(l.ctx, &group_rpc.JoinRequest{
		UserId: token.From(l.ctx).UserID, GroupId: req.GroupID, Verify: req.Verify, Source: req.Source,
		Question: &group_rpc.Question{Answer1: q.Answer1, Answer2: q.Answer2, Answer3: q.Answer3},
	})
	if err != nil {
		return nil, err
	}
	return joined(r), nil
}
