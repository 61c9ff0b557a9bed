package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_chat/chat_rpc/internal/svc"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// AdminHistoryLogic serves one request.
type AdminHistoryLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAdminHistoryLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AdminHistoryLogic {
	return &AdminHistoryLogic{ctx: ctx, svcCtx: svcCtx}
}

// AdminHistory shows an administrator a page of what two users said, also what
// one of them has cleared or deleted for himself.
func (l *AdminHistoryLogic) AdminHistory(in *chat_rpc.AdminHistoryRequest) (*chat_rpc.AdminHistoryResponse, error) {
	if !l.svcCtx.Config.AdminReads {
		return nil, errs.Forbidden
	}
	v, err := l.svcCtx.Messages.Home.View(l.ctx, in.UserId, in.PeerId)
	if err != nil {
		return nil, err
	}
	page, err := l.svcCtx.Messages.Everything(l.ctx, v, in.BeforeSeq, in.Limit)
	if err != nil {
		return nil, err
	}
	return &chat_rpc.AdminHistoryResponse{List: page.List, HasMore: page.HasMore, MaxSeq: page.MaxSeq}, nil
}
