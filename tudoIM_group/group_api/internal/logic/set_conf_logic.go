package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
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

// Change how I have a group; only the keys present change
func (l *SetConfLogic) SetConf(req *types.SetConfRequest) (resp *types.Conf, err error) {
	c, err := l.svcCtx.Groups.SetConf(l.ctx, &group_rpc.SetConfRequest{
		UserId: token.From(l.ctx).UserID, GroupId: req.GroupID, IsTop: req.IsTop, IsMuted: req.IsMuted, ShowNick: req.ShowNick,
		MemberNickname: req.MemberNickname, Remark: req.Remark, Saved: req.Saved,
	})
	return conf(c), err
}
