package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
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

// Change my configuration; only the keys present change
func (l *SetConfLogic) SetConf(req *types.SetConfRequest) (resp *types.Conf, err error) {
	in := &user_rpc.SetConfRequest{
		UserId:        token.From(l.ctx).UserID,
		RecallMessage: req.RecallMessage, FriendOnline: req.FriendOnline, Sound: req.Sound, SecureLink: req.SecureLink, SavePwd: req.SavePwd,
		SearchUser: req.SearchUser, Verification: req.Verification, ShowOnline: req.ShowOnline, ReadReceipt: req.ReadReceipt, Language: req.Language,
	}
	if q := req.VerificationQuestion; q != nil {
		in.Question = &user_rpc.QuestionChange{
			Problem1: q.Problem1, Problem2: q.Problem2, Problem3: q.Problem3, Answer1: q.Answer1, Answer2: q.Answer2, Answer3: q.Answer3,
		}
	}
	set, err := l.svcCtx.Users.SetConf(l.ctx, in)
	if err != nil {
		return nil, err
	}
	c := conf(set.Conf)
	return &c, nil
}
