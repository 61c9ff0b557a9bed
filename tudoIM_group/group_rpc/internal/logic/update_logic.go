package logic

import (
	"context"

	base "tudoIM/common/model"
	"tudoIM/tudoIM_file/file_rpc/avatar"
	"tudoIM/tudoIM_group/group_rpc/internal/model"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
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

// Update changes a group.
func (l *UpdateLogic) Update(in *group_rpc.UpdateRequest) (*group_rpc.DoneResponse, error) {
	x := model.Change{
		Title: in.Title, Abstract: in.Abstract, IsSearch: in.IsSearch, IsInvite: in.IsInvite,
		IsTemporarySession: in.IsTemporarySession, IsProhibition: in.IsProhibition, ProhibitionMinutes: in.ProhibitionMinutes,
		Verification: in.Verification, HistoryVisible: in.HistoryVisible, Size: in.Size,
	}
	if q := in.Question; q != nil {
		x.Question = &base.QuestionChange{
			Problem1: q.Problem1, Problem2: q.Problem2, Problem3: q.Problem3, Answer1: q.Answer1, Answer2: q.Answer2, Answer3: q.Answer3,
		}
	}
	if err := x.Check(l.svcCtx.Groups.Limits); err != nil {
		return nil, err
	}
	if in.Avatar != nil {
		address, err := avatar.Own(l.ctx, l.svcCtx.Files, in.UserId, *in.Avatar)
		if err != nil {
			return nil, err
		}
		x.Avatar = &address
	}
	return done(l.ctx, l.svcCtx, in.UserId)(l.svcCtx.Groups.Update(l.ctx, in.GroupId, in.UserId, x))
}
