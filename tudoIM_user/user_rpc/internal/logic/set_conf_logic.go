package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// SetConfLogic serves one request.
type SetConfLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSetConfLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SetConfLogic {
	return &SetConfLogic{ctx: ctx, svcCtx: svcCtx}
}

// SetConf changes a configuration and tells the user's devices what changed.
func (l *SetConfLogic) SetConf(in *user_rpc.SetConfRequest) (*user_rpc.SetConfResponse, error) {
	a, changed, err := l.svcCtx.Users.SetConf(l.ctx, in.UserId, confChange(in), l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	err = settleAccount(l.ctx, l.svcCtx, a) // a repeat changes nothing, but settles
	tellConf(l.ctx, l.svcCtx, a.Conf, changed)
	if err != nil {
		return nil, err
	}
	return &user_rpc.SetConfResponse{Conf: conf(a.Conf)}, nil
}

func confChange(in *user_rpc.SetConfRequest) model.ConfChange {
	x := model.ConfChange{
		RecallMessage: in.RecallMessage, FriendOnline: in.FriendOnline, Sound: in.Sound, SecureLink: in.SecureLink, SavePwd: in.SavePwd,
		SearchUser: in.SearchUser, Verification: in.Verification, ShowOnline: in.ShowOnline, ReadReceipt: in.ReadReceipt, Language: in.Language,
	}
	if q := in.Question; q != nil {
		x.Question = &model.QuestionChange{
			Problem1: q.Problem1, Problem2: q.Problem2, Problem3: q.Problem3, Answer1: q.Answer1, Answer2: q.Answer2, Answer3: q.Answer3,
		}
	}
	return x
}
