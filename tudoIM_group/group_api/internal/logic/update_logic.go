package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// UpdateLogic serves one request.
type UpdateLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewUpdateLogic(ctx context.Context, svcCtx *svc.ServiceContext) *UpdateLogic {
	return &UpdateLogic{ctx: ctx, svcCtx: svcCtx}
}

// Change a group; only the keys present change
func (l *UpdateLogic) Update(req *types.UpdateRequest) error {
	in := &group_rpc.UpdateRequest{
		UserId: token.From(l.ctx).UserID, GroupId: req.ID, Title: req.Title, Abstract: req.Abstract, Avatar: req.Avatar,
		IsSearch: req.IsSearch, IsInvite: req.IsInvite, IsTemporarySession: req.IsTemporarySession,
		IsProhibition: req.IsProhibition, ProhibitionMinutes: req.ProhibitionMinutes,
		Verification: req.Verification, HistoryVisible: req.HistoryVisible, Size: req.Size,
	}
	if q := req.VerificationQuestion; q != nil {
		in.Question = &group_rpc.QuestionChange{
			Problem1: q.Problem1, Problem2: q.Problem2, Problem3: q.Problem3, Answer1: q.Answer1, Answer2: q.Answer2, Answer3: q.Answer3,
		}
	}
	_, err := l.svcCtx.Groups.Update(l.ctx, in)
	return err
}
