package people

import (
	"encoding/json"

	"tudoIM/common/ctype"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// Message is m as the client of me gets it.
func Message(m *wire.Message, me token.Identity, who map[uint64]*user_rpc.Profile) types.Message {
	doc, preview := shown(m, me, who)
	out := types.Message{
		ID: m.Id, ConversationID: m.ConversationID(), Seq: m.Seq, Ver: m.Ver, ClientMsgID: m.ClientMsgId,
		SendUser: Sender(m.SendUserId, who),
		MsgType:  m.MsgType, Msg: json.RawMessage(doc), MsgPreview: preview,
		Status: m.Status, AtUserIDs: m.AtUserIds, AtAll: m.AtAll, PinnedAt: m.PinnedAt, EditedAt: m.EditedAt,
		CreatedAt: m.CreatedAt, IsMe: m.SendUserId == me.UserID,
	}
	out.SendUser.MemberNickname, out.SendUser.Role = m.MemberNickname, m.Role
	if m.Type == wire.Group {
		out.GroupID = m.TargetId
	} else {
		out.RevUserID = m.TargetId
	}
	if len(m.Reactions) > 0 {
		out.Reactions = Reactions(m.Reactions)
	}
	return out
}

// shown is the body and the preview of m as me gets them.
func shown(m *wire.Message, me token.Identity, who map[uint64]*user_rpc.Profile) (doc []byte, preview string) {
	return ctype.Show(m.MsgType, m.Status, m.Msg, m.MsgPreview, ctype.Reader{
		ID: me.UserID, Lang: me.Lang, Name: func(user uint64) string { return who[user].GetNickname() },
	})
}

// Sender is the user id as clients get it.
func Sender(id uint64, who map[uint64]*user_rpc.Profile) types.SendUser {
	p := who[id]
	return types.SendUser{UserID: id, Nickname: p.GetNickname(), Avatar: p.GetAvatar()}
}

// Reactions are list as clients get them; never nil, so that JSON has a list.
func Reactions(list []*wire.Reaction) []types.Reaction {
	out := make([]types.Reaction, len(list))
	for n, r := range list {
		out[n] = types.Reaction{Emoji: r.Emoji, Count: r.Count, UserIDs: r.UserIds}
	}
	return out
}

// Named are the users whose profiles the messages of list need.
func Named(list []*wire.Message) []uint64 {
	var ids []uint64
	for _, m := range list {
		if m.SendUserId != 0 {
			ids = append(ids, m.SendUserId)
		}
		ids = append(ids, ctype.Named(m.MsgType, m.Msg)...)
	}
	return ids
}

// Messages are list as the client of me gets them; never nil, so that JSON has
// a list.
func Messages(list []*wire.Message, me token.Identity, who map[uint64]*user_rpc.Profile) []types.Message {
	out := make([]types.Message, len(list))
	for n, m := range list {
		out[n] = Message(m, me, who)
	}
	return out
}

// Conversation is c as the client of me gets it.
func Conversation(c *wire.Conversation, me token.Identity, who map[uint64]*user_rpc.Profile) types.Conversation {
	out := types.Conversation{
		ConversationID: c.ID(me.UserID), Type: c.Type, Target: target(c, me.Lang, who),
		MaxSeq: c.MaxSeq, Ver: c.Ver, ReadSeq: c.ReadSeq, PeerReadSeq: c.PeerReadSeq, Unread: c.Unread, AtMe: c.AtMe,
		IsTop: c.IsTop, IsMuted: c.IsMuted, IsHidden: c.IsHidden, Draft: c.Draft, ClearSeq: c.ClearSeq, UpdatedAt: c.UpdatedAt,
	}
	if m := c.Last; m != nil {
		_, preview := shown(m, me, who)
		out.LastMsg = &types.LastMsg{
			MsgID: m.Id, Seq: m.Seq, MsgPreview: preview, MsgType: m.MsgType,
			SendUserID: m.SendUserId, CreatedAt: m.CreatedAt,
		}
	}
	return out
}

// target is whom or what c is with.
func target(c *wire.Conversation, lang string, who map[uint64]*user_rpc.Profile) types.Target {
	switch c.Type {
	case wire.Group:
		return types.Target{GroupID: c.TargetId, Title: c.Title, Avatar: c.Avatar}
	case wire.System:
		if lang == "zh" {
			return types.Target{Title: "系统通知"}
		}
		return types.Target{Title: "Notices"}
	}
	p := who[c.TargetId]
	return types.Target{UserID: c.TargetId, Title: p.GetNickname(), Avatar: p.GetAvatar()}
}
