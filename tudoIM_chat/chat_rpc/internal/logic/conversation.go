package logic

import (
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_rpc/internal/model"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// conversation is v as user's clients get it.
func conversation(v *model.View, user uint64, last *wire.Message) *chat_rpc.Conversation {
	return &chat_rpc.Conversation{
		PeerId: v.Peer(user), Last: last, MaxSeq: v.MaxSeq, Ver: v.Ver,
		ReadSeq: v.ReadSeq(user), PeerReadSeq: v.ReadSeq(v.Peer(user)), Unread: v.Unread(user, v.MaxSeq),
		ClearSeq: v.ClearSeq, IsTop: v.IsTop, IsMuted: v.IsMuted, Draft: v.Draft, UpdatedAt: v.LastAt,
	}
}
