package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/model"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// SetConfLogic serves one request.
type SetConfLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSetConfLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SetConfLogic {
	return &SetConfLogic{ctx: ctx, svcCtx: svcCtx}
}

// SetConf changes how user_id has a group.
func (l *SetConfLogic) SetConf(in *group_rpc.SetConfRequest) (*group_rpc.Conf, error) {
	m, changed, done, err := l.svcCtx.Groups.SetConf(l.ctx, in.GroupId, in.UserId, model.ConfChange{
		IsTop: in.IsTop, IsMuted: in.IsMuted, ShowNick: in.ShowNick, Saved: in.Saved, MemberNickname: in.MemberNickname, Remark: in.Remark,
	})
	if err != nil {
		return nil, err
	}
	if done != nil {
		tell(l.ctx, l.svcCtx, in.UserId, done)
	}
	tellConf(l.ctx, l.svcCtx, m, changed)
	return conf(m), nil
}
