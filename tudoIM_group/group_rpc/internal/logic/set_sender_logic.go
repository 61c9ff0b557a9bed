package logic

import (
	"context"

	"tudoIM/common/msglog"
	"tudoIM/tudoIM_group/group_rpc/internal/model"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// SetSenderLogic serves one request.
type SetSenderLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSetSenderLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SetSenderLogic {
	return &SetSenderLogic{ctx: ctx, svcCtx: svcCtx}
}

// SetSender says whether a user may send to groups at all, in force for every send
// that commits after the answer. Who is gone leaves all groups.
func (l *SetSenderLogic) SetSender(in *group_rpc.SetSenderRequest) (*group_rpc.SetSenderResponse, error) {
	err := l.svcCtx.Senders.Set(l.ctx, msglog.SenderState{
		UserID: in.UserId, Code: in.Refusal, Until: in.Until, Gone: in.Gone, Version: in.Version,
	})
	if err != nil {
		return nil, err
	}
	if in.Gone {
		// user_rpc says it again until all groups are left.
		err = l.svcCtx.Groups.Gone(l.ctx, in.UserId, func(d *model.Done) { tell(l.ctx, l.svcCtx, in.UserId, d) })
		if err != nil {
			return nil, err
		}
	}
	return &group_rpc.SetSenderResponse{}, nil
}
