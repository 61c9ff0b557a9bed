package logic

import (
	"context"
	"fmt"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/admin"
)

// DeleteMessagesLogic serves one request.
type DeleteMessagesLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDeleteMessagesLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DeleteMessagesLogic {
	return &DeleteMessagesLogic{ctx: ctx, svcCtx: svcCtx}
}

// Delete messages for everybody; for administrators
func (l *DeleteMessagesLogic) DeleteMessages(req *types.DeleteMessagesRequest) (resp *types.DeletedResponse, err error) {
	about := fmt.Sprint("messages ", req.IDList[:min(len(req.IDList), maxBatch)])
	err = admin.Act(l.ctx, l.svcCtx.Users, "group.messages.delete", 0, about, func(me uint64) error {
		if len(req.IDList) == 0 || len(req.IDList) > maxBatch {
			return errs.BadArgument("idList")
		}
		r, err := l.svcCtx.Groups.AdminDelete(l.ctx, &group_rpc.AdminDeleteRequest{OperatorId: me, Ids: req.IDList})
		resp = &types.DeletedResponse{Deleted: r.GetDeleted()}
		return err
	})
	return resp, err
}
