package conversation

import (
	"encoding/json"
	"fmt"

	"tudoIM/common/event"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
)

// EventOf is what receivers are told of c: the message itself, or what changed
// in it. What differs for each receiver is To, which the caller fills in.
func EventOf(c msglog.Committed) (*wire.Event, error) {
	m := c.Message
	if c.Event == "" {
		return &wire.Event{Name: event.Message, Ts: m.CreatedAt, Message: m, MaxSeq: m.Seq}, nil
	}
	data := map[string]any{
		"conversationId": m.ConversationID(), "msgId": m.Id, "seq": m.Seq, "ver": m.Ver, "userId": c.By,
	}
	switch c.Event {
	case event.Recalled:
		data["msg"] = json.RawMessage(m.Msg)
	case event.Edited:
		data["msg"], data["msgPreview"], data["editedAt"] = json.RawMessage(m.Msg), m.MsgPreview, m.EditedAt
	case event.Deleted:
		data["idList"] = []uint64{m.Id}
	case event.Reaction:
		data["reactions"] = Reactions(m.Reactions)
	case event.Pinned:
		data["on"], data["pinnedAt"] = m.PinnedAt != 0, m.PinnedAt
	default:
		return nil, fmt.Errorf("message %d: no event is called %q", m.Id, c.Event)
	}
	return event.New(c.Event, data)
}

// Reaction is one emoji under a message, as clients get it.
type Reaction struct {
	Emoji   string   `json:"emoji"`
	Count   int32    `json:"count"`
	UserIDs []uint64 `json:"userIds"`
}

// Reactions are list as clients get them; never nil, so that JSON has a list.
func Reactions(list []*wire.Reaction) []Reaction {
	out := make([]Reaction, len(list))
	for n, r := range list {
		out[n] = Reaction{r.Emoji, r.Count, r.UserIds}
	}
	return out
}
