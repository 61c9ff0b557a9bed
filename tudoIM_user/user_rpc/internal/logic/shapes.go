package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// profile is what anybody may see of u; of a deleted account, nil, nothing.
func profile(u *model.UserModel) *user_rpc.Profile {
	if u == nil {
		return &user_rpc.Profile{}
	}
	return &user_rpc.Profile{
		UserId: u.ID, UserName: u.UserName, Nickname: u.Nickname, Abstract: u.Abstract, Avatar: u.Avatar,
	}
}

// accounts are list as administrators see them, in its order.
func accounts(ctx context.Context, s *svc.ServiceContext, list ...*model.Account) ([]*user_rpc.Account, error) {
	ids := make([]uint64, len(list))
	for i, a := range list {
		ids[i] = a.User.ID
	}
	friends, err := s.Friends.Counts(ctx, ids...)
	if err != nil {
		return nil, err
	}
	isOnline := connected(ctx, s.Redis, ids...)
	shown := make([]*user_rpc.Account, len(list))
	for i, a := range list {
		u, c := a.User, a.Conf
		shown[i] = &user_rpc.Account{
			Profile: profile(u), Role: u.Role, Status: u.StatusSeen(), RegisterSource: u.RegisterSource,
			CreatedAt: u.CreatedAt, DeletedAt: u.DeletedAt,
			CurtailChat: c.CurtailChat, CurtailAddUser: c.CurtailAddUser, CurtailCreateGroup: c.CurtailCreateGroup,
			CurtailInGroupChat: c.CurtailInGroupChat, CurtailUntil: c.CurtailUntil,
			IsOnline: isOnline[u.ID], FriendCount: friends[u.ID],
		}
	}
	return shown, nil
}

func conf(c *model.UserConfModel) *user_rpc.Conf {
	return &user_rpc.Conf{
		RecallMessage: c.RecallMessage, FriendOnline: c.FriendOnline, Sound: c.Sound,
		SecureLink: c.SecureLink, SavePwd: c.SavePwd,
		SearchUser: c.SearchUser, Verification: c.Verification, Question: question(c.Question.Answered(model.Question{})),
		ShowOnline: c.ShowOnline, ReadReceipt: c.ReadReceipt, Language: c.Language,
	}
}

func question(q model.Question) *user_rpc.Question {
	return &user_rpc.Question{
		Problem1: q.Problem1, Problem2: q.Problem2, Problem3: q.Problem3,
		Answer1: q.Answer1, Answer2: q.Answer2, Answer3: q.Answer3,
	}
}

// answers takes the answers of q only: the problems are the other side's.
func answers(q *user_rpc.Question) model.Question {
	return model.Question{Answer1: q.GetAnswer1(), Answer2: q.GetAnswer2(), Answer3: q.GetAnswer3()}
}

// friends are the others of list as user sees them, in its order.
func friends(ctx context.Context, s *svc.ServiceContext, user uint64, list ...*model.FriendModel) ([]*user_rpc.Friend, error) {
	ids := make([]uint64, len(list))
	for i, f := range list {
		ids[i] = f.Peer(user)
	}
	users, err := s.Users.ByIDs(ctx, ids...)
	if err != nil {
		return nil, err
	}
	isOnline, err := online(ctx, s, user, list...)
	if err != nil {
		return nil, err
	}
	found := make([]*user_rpc.Friend, len(list))
	for i, f := range list {
		u, mine := users[ids[i]], f.Of(user)
		p := profile(u)
		p.UserId = ids[i]
		found[i] = &user_rpc.Friend{Profile: p, Notice: mine.Notice, IsTop: mine.IsTop, Ver: mine.Ver, IsOnline: isOnline[ids[i]]}
		if u != nil {
			found[i].Ver += u.Ver // it rises with what either of the two changes
		}
	}
	return found, nil
}

// item is v as user sees it; peer is the other side.
func item(v *model.FriendVerifyModel, user uint64, peer *model.UserModel) *user_rpc.FriendRequestItem {
	p := profile(peer)
	p.UserId = v.Peer(user)
	return &user_rpc.FriendRequestItem{
		Id: v.ID, Profile: p, AdditionalMessages: v.AdditionalMessages, Question: question(v.Shown(user)),
		Status: v.Status(user), Flag: v.Flag(user), CreatedAt: v.CreatedAt,
	}
}
