package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_chat/chat_rpc/internal/svc"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// CountsLogic serves one request.
type CountsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCountsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CountsLogic {
	return &CountsLogic{ctx: ctx, svcCtx: svcCtx}
}

// maxCounts is how many users one call may ask about.
const maxCounts = 100

// Counts tells how much users have said in private.
func (l *CountsLogic) Counts(in *chat_rpc.CountsRequest) (*chat_rpc.CountsResponse, error) {
	if len(in.UserIds) > maxCounts {
		return nil, errs.BadArgument("userIds")
	}
	counts, err := l.svcCtx.Conversations.Counts(l.ctx, in.UserIds...)
	if err != nil {
		return nil, err
	}
	resp := &chat_rpc.CountsResponse{}
	for _, id := range in.UserIds {
		c := counts[id]
		resp.List = append(resp.List, &chat_rpc.Count{UserId: id, Conversations: c.Conversations, Sent: c.Sent})
	}
	return resp, nil
}
