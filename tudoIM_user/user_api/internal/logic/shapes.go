package logic

import (
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

func conf(c *user_rpc.Conf) types.Conf {
	return types.Conf{
		RecallMessage: c.RecallMessage, FriendOnline: c.FriendOnline, Sound: c.Sound,
		SecureLink: c.SecureLink, SavePwd: c.SavePwd,
		SearchUser: c.SearchUser, Verification: c.Verification, VerificationQuestion: question(c.Question),
		ShowOnline: c.ShowOnline, ReadReceipt: c.ReadReceipt, Language: c.Language,
	}
}

func question(q *user_rpc.Question) types.Question {
	return types.Question{
		Problem1: q.GetProblem1(), Problem2: q.GetProblem2(), Problem3: q.GetProblem3(),
		Answer1: q.GetAnswer1(), Answer2: q.GetAnswer2(), Answer3: q.GetAnswer3(),
	}
}

func friend(f *user_rpc.Friend) types.Friend {
	p := f.Profile
	return types.Friend{
		UserID: p.UserId, Nickname: p.Nickname, Abstract: p.Abstract, Avatar: p.Avatar,
		Notice: f.Notice, IsOnline: f.IsOnline, IsTop: f.IsTop, Ver: f.Ver,
	}
}
