package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// AdminHistoryLogic serves one request.
type AdminHistoryLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAdminHistoryLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AdminHistoryLogic {
	return &AdminHistoryLogic{ctx: ctx, svcCtx: svcCtx}
}

// AdminHistory shows an administrator of the site a page of what was said in a
// group, also what members have deleted for themselves.
func (l *AdminHistoryLogic) AdminHistory(in *group_rpc.AdminHistoryRequest) (*group_rpc.AdminHistoryResponse, error) {
	if !l.svcCtx.Config.AdminReads {
		return nil, errs.Forbidden
	}
	v, err := l.svcCtx.Groups.Whole(l.ctx, in.GroupId)
	if err != nil {
		return nil, err
	}
	page, err := l.svcCtx.Messages.Everything(l.ctx, v, in.BeforeSeq, in.Limit)
	if err != nil {
		return nil, err
	}
	return &group_rpc.AdminHistoryResponse{List: page.List, HasMore: page.HasMore, MaxSeq: page.MaxSeq}, nil
}
