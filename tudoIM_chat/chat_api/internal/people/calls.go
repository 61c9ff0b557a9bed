package people

import (
	"context"

	"tudoIM/tudoIM_chat/chat_api/internal/types"
	"tudoIM/tudoIM_chat/chat_rpc/chat"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// Read says that me has read up to a message; sockets and REST share it.
func Read(ctx context.Context, c chat.Chat, me uint64, in *types.ReadRequest) (*types.ReadResponse, error) {
	peer, err := Peer(in.ConversationID, me)
	if err != nil {
		return nil, err
	}
	r, err := c.Read(ctx, &chat_rpc.ReadRequest{UserId: me, PeerId: peer, ReadSeq: in.ReadSeq})
	if err != nil {
		return nil, err
	}
	return &types.ReadResponse{ReadSeq: r.ReadSeq, Unread: r.Unread, TotalUnread: r.TotalUnread}, nil
}

// Sync answers what me lacks; sockets and REST share it.
func Sync(ctx context.Context, c chat.Chat, p *People, me uint64, in *types.SyncRequest) (*types.SyncResponse, error) {
	req := &chat_rpc.SyncRequest{UserId: me, Limit: in.Limit}
	for _, point := range in.Conversations {
		peer, err := Peer(point.ID, me)
		if err != nil {
			return nil, err
		}
		req.List = append(req.List, &chat_rpc.SyncPoint{PeerId: peer, Seq: point.Seq, Ver: point.Ver})
	}
	r, err := c.Sync(ctx, req)
	if err != nil {
		return nil, err
	}
	var ids []uint64
	for _, i := range r.List {
		ids = append(ids, SenderIDs(i.Messages, i.Changed)...)
	}
	who, err := p.Get(ctx, ids...)
	if err != nil {
		return nil, err
	}
	resp := &types.SyncResponse{Conversations: []types.SyncConversation{}}
	for _, i := range r.List {
		v := i.Conversation
		resp.Conversations = append(resp.Conversations, types.SyncConversation{
			ID: ConversationID(me, v.PeerId), Messages: Messages(i.Messages, me, who), Changed: Messages(i.Changed, me, who),
			MaxSeq: v.MaxSeq, Ver: v.Ver, ReadSeq: v.ReadSeq, PeerReadSeq: v.PeerReadSeq, Unread: v.Unread,
			HasMore: i.HasMore, NextSeq: i.NextSeq, NextVer: i.NextVer,
		})
	}
	return resp, nil
}
