package people

import (
	"encoding/json"
	"fmt"
	"strings"

	"tudoIM/common/errs"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// ConversationID is the id of the private conversation of two users.
func ConversationID(a, b uint64) string {
	return fmt.Sprintf("p_%d_%d", min(a, b), max(a, b))
}

// Peer returns the other user of the private conversation id that me is in;
// any other id answers errs.NoConversation.
func Peer(id string, me uint64) (uint64, error) {
	var low, high uint64
	if !strings.HasPrefix(id, "p_") {
		return 0, errs.NoConversation
	}
	if n, err := fmt.Sscanf(id, "p_%d_%d", &low, &high); n != 2 || err != nil || low == 0 || ConversationID(low, high) != id {
		return 0, errs.NoConversation
	}
	switch me {
	case low:
		return high, nil
	case high:
		return low, nil
	}
	return 0, errs.NoConversation
}

// Message is m as the client of viewer gets it.
func Message(m *wire.Message, viewer uint64, sender *user_rpc.Profile) types.Message {
	return types.Message{
		ID: m.Id, ConversationID: ConversationID(m.SendUserId, m.TargetId), Seq: m.Seq, Ver: m.Ver,
		ClientMsgID: m.ClientMsgId,
		SendUser:    types.SendUser{UserID: m.SendUserId, Nickname: sender.GetNickname(), Avatar: sender.GetAvatar()},
		RevUserID:   m.TargetId,
		MsgType:     m.MsgType, Msg: json.RawMessage(m.Msg), MsgPreview: m.MsgPreview,
		Status: m.Status, EditedAt: m.EditedAt, CreatedAt: m.CreatedAt, IsMe: m.SendUserId == viewer,
	}
}

// Sent is the answer to a send.
func Sent(m *wire.Message, dup bool) *types.SendResponse {
	return &types.SendResponse{
		MsgID: m.Id, ConversationID: ConversationID(m.SendUserId, m.TargetId), Seq: m.Seq, Ver: m.Ver,
		CreatedAt: m.CreatedAt, Dup: dup, MsgPreview: m.MsgPreview,
	}
}

// SenderIDs are the users whose profiles the messages need.
func SenderIDs(lists ...[]*wire.Message) []uint64 {
	var ids []uint64
	for _, list := range lists {
		for _, m := range list {
			ids = append(ids, m.SendUserId)
		}
	}
	return ids
}

// Messages are list as the client of viewer gets them; never nil, so that
// JSON has a list.
func Messages(list []*wire.Message, viewer uint64, who map[uint64]*user_rpc.Profile) []types.Message {
	out := make([]types.Message, len(list))
	for n, m := range list {
		out[n] = Message(m, viewer, who[m.SendUserId])
	}
	return out
}

// Conversation is c as the client of me gets it.
func Conversation(c *chat_rpc.Conversation, me uint64, peer *user_rpc.Profile) types.Conversation {
	out := types.Conversation{
		ConversationID: ConversationID(me, c.PeerId), Type: 1,
		Target: types.Target{UserID: c.PeerId, Title: peer.GetNickname(), Avatar: peer.GetAvatar()},
		MaxSeq: c.MaxSeq, Ver: c.Ver, ReadSeq: c.ReadSeq, PeerReadSeq: c.PeerReadSeq, Unread: c.Unread,
		IsTop: c.IsTop, IsMuted: c.IsMuted, Draft: c.Draft, ClearSeq: c.ClearSeq, UpdatedAt: c.UpdatedAt,
	}
	if m := c.Last; m != nil {
		out.LastMsg = &types.LastMsg{
			MsgID: m.Id, Seq: m.Seq, MsgPreview: m.MsgPreview, MsgType: m.MsgType, SendUserID: m.SendUserId, CreatedAt: m.CreatedAt,
		}
	}
	return out
}
