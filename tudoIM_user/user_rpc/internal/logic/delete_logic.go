package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// DeleteLogic serves one request.
type DeleteLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDeleteLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DeleteLogic {
	return &DeleteLogic{ctx: ctx, svcCtx: svcCtx}
}

// Delete closes an account for ever. Groups it owns have to be somebody else's
// before.
func (l *DeleteLogic) Delete(in *user_rpc.DeleteRequest) (*user_rpc.DeleteResponse, error) {
	reason := model.EndedByOwner
	if in.OperatorId != 0 {
		if err := l.svcCtx.Users.MayJudge(l.ctx, in.OperatorId, in.UserId); err != nil {
			return nil, err
		}
		reason = model.EndedByAdmin
	}
	if _, err := l.svcCtx.Users.Any(l.ctx, in.UserId); err != nil {
		return nil, err
	}
	owned, err := l.svcCtx.Groups.Counts(l.ctx, &group_rpc.CountsRequest{UserIds: []uint64{in.UserId}})
	if err != nil {
		return nil, err
	}
	if n := owned.List[0].Owned; n > 0 {
		return nil, errs.OwnsGroups.With("groups", n)
	}
	a, err := l.svcCtx.Users.Delete(l.ctx, in.UserId, reason, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	err = settleAccount(l.ctx, l.svcCtx, a)
	tellGone(l.ctx, l.svcCtx, in.UserId)
	if err != nil {
		return nil, err
	}
	return &user_rpc.DeleteResponse{}, nil
}
