package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// AdminDeleteLogic serves one request.
type AdminDeleteLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAdminDeleteLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AdminDeleteLogic {
	return &AdminDeleteLogic{ctx: ctx, svcCtx: svcCtx}
}

// AdminDelete deletes messages for everybody.
func (l *AdminDeleteLogic) AdminDelete(in *group_rpc.AdminDeleteRequest) (*group_rpc.AdminDeleteResponse, error) {
	if len(in.Ids) > maxDeletes {
		return nil, errs.BadArgument("idList")
	}
	n, err := l.svcCtx.Messages.Remove(l.ctx, in.Ids)
	if err != nil {
		return nil, err
	}
	return &group_rpc.AdminDeleteResponse{Deleted: int32(n)}, nil // #nosec G115 -- at most a hundred
}

// maxDeletes bounds the messages of one call.
const maxDeletes = 100
