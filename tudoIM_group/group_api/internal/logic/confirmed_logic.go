package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// ConfirmedLogic serves one request.
type ConfirmedLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewConfirmedLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ConfirmedLogic {
	return &ConfirmedLogic{ctx: ctx, svcCtx: svcCtx}
}

// Who has taken note
func (l *ConfirmedLogic) Confirmed(req *types.ConfirmedRequest) (resp *types.ConfirmedResponse, err error) {
	r, err := l.svcCtx.Groups.Confirmed(l.ctx, &group_rpc.NoticeRequest{UserId: token.From(l.ctx).UserID, NoticeId: req.NoticeID, Page: req.Page, Limit: req.Limit})
	if err != nil {
		return nil, err
	}
	who, err := people(l.ctx, l.svcCtx, each(r.List, (*group_rpc.Confirmation).GetUserId)...)
	if err != nil {
		return nil, err
	}
	return &types.ConfirmedResponse{Count: r.Count, Total: r.Total, List: each(r.List, func(c *group_rpc.Confirmation) types.Confirmation {
		p := who(c.UserId)
		return types.Confirmation{UserID: p.UserID, Nickname: p.Nickname, Avatar: p.Avatar, CreatedAt: c.CreatedAt}
	})}, nil
}
