package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_chat/chat_rpc/internal/svc"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// AdminDeleteLogic serves one request.
type AdminDeleteLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAdminDeleteLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AdminDeleteLogic {
	return &AdminDeleteLogic{ctx: ctx, svcCtx: svcCtx}
}

// maxDeletes bounds the messages of one call.
const maxDeletes = 100

// AdminDelete deletes messages for everybody.
func (l *AdminDeleteLogic) AdminDelete(in *chat_rpc.AdminDeleteRequest) (*chat_rpc.AdminDeleteResponse, error) {
	if len(in.Ids) > maxDeletes {
		return nil, errs.BadArgument("idList")
	}
	n, err := l.svcCtx.Messages.Remove(l.ctx, in.Ids)
	if err != nil {
		return nil, err
	}
	return &chat_rpc.AdminDeleteResponse{Deleted: int32(n)}, nil // #nosec G115 -- at most a hundred
}
