package logic

import (
	"context"
	"fmt"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_chat/chat_rpc/internal/model"
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

// maxDeletes bounds the messages of one call, and so what is written down of it.
const maxDeletes = 100

// AdminDelete deletes messages for everybody. It is written down first.
func (l *AdminDeleteLogic) AdminDelete(in *chat_rpc.AdminDeleteRequest) (*chat_rpc.AdminDeleteResponse, error) {
	if len(in.Ids) > maxDeletes {
		return nil, errs.BadArgument("idList")
	}
	if err := l.svcCtx.Audits.Enter(l.ctx, in.OperatorId, model.ActDelete, fmt.Sprint("messages ", in.Ids)); err != nil {
		return nil, err
	}
	n, err := l.svcCtx.Messages.Remove(l.ctx, in.Ids)
	if err != nil {
		return nil, err
	}
	return &chat_rpc.AdminDeleteResponse{Deleted: int32(n)}, nil // #nosec G115 -- at most a hundred
}
