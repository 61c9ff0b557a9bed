package logic

import (
	"encoding/json"

	"tudoIM/common/ctype"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// each is list as clients get it; never nil, so that JSON has a list.
func each[A, B any](list []A, shape func(A) B) []B {
	out := make([]B, len(list))
	for n, one := range list {
		out[n] = shape(one)
	}
	return out
}

func card(g *group_rpc.Group) types.Card {
	return types.Card{
		GroupID: g.GroupId, Title: g.Title, Abstract: g.Abstract, Avatar: g.Avatar, Creator: g.Creator,
		MemberCount: g.MemberCount, Size: g.Size, Role: g.Role, IsInGroup: g.Role != 0, IsSearch: g.IsSearch,
		Verification: g.Verification, Status: g.Status, MyConf: conf(g.Conf), Ver: g.Ver, CreatedAt: g.CreatedAt,
	}
}

// conf is nil for who is not in.
func conf(c *group_rpc.Conf) *types.Conf {
	if c == nil {
		return nil
	}
	return &types.Conf{
		IsTop: c.IsTop, IsMuted: c.IsMuted, ShowNick: c.ShowNick, MemberNickname: c.MemberNickname, Remark: c.Remark, Saved: c.Saved,
	}
}

func member(m *group_rpc.Member, p types.Person, online bool) types.Member {
	return types.Member{
		UserID: m.UserId, UserNickname: p.Nickname, MemberNickname: m.MemberNickname, Avatar: p.Avatar, Role: m.Role, IsOnline: online,
		ProhibitionUntil: m.ProhibitionUntil, InviterID: m.InviterId, CreatedAt: m.CreatedAt, NewMsgDate: m.LastMsgAt, Ver: m.Ver, IsLeft: m.IsLeft,
	}
}

func notice(who func(uint64) types.Person) func(*group_rpc.Notice) types.Notice {
	return func(n *group_rpc.Notice) types.Notice {
		return types.Notice{
			ID: n.Id, GroupID: n.GroupId, Content: n.Content, User: who(n.UserId), IsTop: n.IsTop, NeedConfirm: n.NeedConfirm,
			IsConfirmed: n.IsConfirmed, ConfirmCount: n.ConfirmCount, CreatedAt: n.CreatedAt,
		}
	}
}

func question(q *group_rpc.Question) types.Question {
	return types.Question{
		Problem1: q.GetProblem1(), Problem2: q.GetProblem2(), Problem3: q.GetProblem3(),
		Answer1: q.GetAnswer1(), Answer2: q.GetAnswer2(), Answer3: q.GetAnswer3(),
	}
}

func request(who func(uint64) types.Person) func(*group_rpc.RequestItem) types.RequestItem {
	return func(i *group_rpc.RequestItem) types.RequestItem {
		p := who(i.UserId)
		r := types.RequestItem{
			ID: i.Id, GroupID: i.GroupId, Title: i.Title, GroupAvatar: i.Avatar, UserID: p.UserID, Nickname: p.Nickname, Avatar: p.Avatar,
			Type: i.Type, Status: i.Status, Flag: i.Flag, AdditionalMessages: i.AdditionalMessages,
			VerificationQuestion: question(i.Question), Source: i.Source, CreatedAt: i.CreatedAt, HandledAt: i.HandledAt,
		}
		if i.InviterId != 0 {
			r.Inviter = new(who(i.InviterId))
		}
		if i.HandlerId != 0 {
			r.Handler = new(who(i.HandlerId))
		}
		return r
	}
}

func joined(r *group_rpc.JoinResponse) *types.JoinResponse {
	return &types.JoinResponse{Result: r.Result, VerifyID: r.VerifyId, GroupID: r.GroupId}
}

// address is where a link leads, on whatever name the site is called by.
func address(code string) string { return "/join/" + code }

func message(who func(uint64) types.Person, me token.Identity) func(*wire.Message) types.AdminMessage {
	reader := ctype.Reader{ID: me.UserID, Lang: me.Lang, Name: func(user uint64) string { return who(user).Nickname }}
	return func(m *wire.Message) types.AdminMessage {
		doc, preview := ctype.Show(m.MsgType, m.Status, m.Msg, m.MsgPreview, reader)
		return types.AdminMessage{
			ID: m.Id, Seq: m.Seq, SendUser: who(m.SendUserId), MsgType: m.MsgType, Msg: json.RawMessage(doc), MsgPreview: preview,
			Status: m.Status, CreatedAt: m.CreatedAt,
		}
	}
}
