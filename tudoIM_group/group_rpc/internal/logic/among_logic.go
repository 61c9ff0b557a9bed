package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// AmongLogic serves one request.
type AmongLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAmongLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AmongLogic {
	return &AmongLogic{ctx: ctx, svcCtx: svcCtx}
}

// Among tells who of some users is in a group that user_id is in.
func (l *AmongLogic) Among(in *group_rpc.AmongRequest) (*group_rpc.AmongResponse, error) {
	if len(in.UserIds) > maxAmong {
		return nil, errs.BadArgument("userIds")
	}
	if _, err := l.svcCtx.Groups.In(l.ctx, in.GroupId, in.UserId); err != nil {
		return nil, err
	}
	users, err := l.svcCtx.Groups.Among(l.ctx, in.GroupId, in.UserIds)
	if err != nil {
		return nil, err
	}
	return &group_rpc.AmongResponse{UserIds: users}, nil
}

// maxAmong is how many users one call may ask about.
const maxAmong = 2000
