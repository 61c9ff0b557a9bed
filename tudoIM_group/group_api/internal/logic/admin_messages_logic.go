package logic

import (
	"context"
	"fmt"

	"tudoIM/common/ctype"
	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/admin"
)

// AdminMessagesLogic serves one request.
type AdminMessagesLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAdminMessagesLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AdminMessagesLogic {
	return &AdminMessagesLogic{ctx: ctx, svcCtx: svcCtx}
}

// What was said in a group; for administrators
func (l *AdminMessagesLogic) AdminMessages(req *types.AdminMessagesRequest) (resp *types.AdminMessagesResponse, err error) {
	about := fmt.Sprintf("before %d", req.BeforeSeq)
	err = admin.Act(l.ctx, l.svcCtx.Users, "group.messages.read", req.ID, about, func(uint64) error {
		r, err := l.svcCtx.Groups.AdminHistory(l.ctx, &group_rpc.AdminHistoryRequest{GroupId: req.ID, BeforeSeq: req.BeforeSeq, Limit: req.Limit})
		if err != nil {
			return err
		}
		var ids []uint64
		for _, m := range r.List {
			ids = append(append(ids, m.SendUserId), ctype.Named(m.MsgType, m.Msg)...)
		}
		who, err := people(l.ctx, l.svcCtx, ids...)
		if err != nil {
			return err
		}
		resp = &types.AdminMessagesResponse{List: each(r.List, message(who, token.From(l.ctx))), HasMore: r.HasMore, MaxSeq: r.MaxSeq}
		return nil
	})
	return resp, err
}
