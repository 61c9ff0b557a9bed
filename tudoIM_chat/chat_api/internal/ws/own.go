package ws

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/event"
	"tudoIM/common/wire"
)

const (
	// joinWait is how long a line waits for a group that a user has joined. After
	// one in vain all do without for joinPause.
	joinWait  = 500 * time.Millisecond
	joinPause = 2 * time.Second
)

// leftData is what of memberLeft and groupDissolved matters here, saidData of
// what users do to conversations.
type (
	leftData struct {
		GroupID uint64   `json:"groupId"`
		UserIDs []uint64 `json:"userIds"`
		Ver     uint64   `json:"ver"`
	}
	saidData struct {
		ConversationID string `json:"conversationId"`
		ReadSeq        uint64 `json:"readSeq"`
		ClearSeq       uint64 `json:"clearSeq"`
	}
)

// goneBy are those who left by e: they are told on their own channels.
func goneBy(e *wire.Event) []uint64 {
	var in leftData
	if e.Name != event.MemberLeft {
		return nil
	}
	if err := json.Unmarshal(e.Data, &in); err != nil {
		logx.Errorf("ws: an event says not who left group %d: %v", e.Group, err)
	}
	return in.UserIDs
}

// own takes what the own channel of user says of the user's places in groups,
// in the order of the bus.
func (h *Hub) own(user uint64, e *wire.Event) {
	switch e.Name {
	case event.ReadSelf, event.SessionDeleted:
		var in saidData
		if json.Unmarshal(e.Data, &in) != nil {
			return // of none of the groups
		}
		p, err := wire.ParseID(in.ConversationID, user)
		if err == nil && p.Type == wire.Group {
			h.rosters.read(user, p.Target, max(in.ReadSeq, in.ClearSeq))
		}
	case event.MemberLeft, event.GroupDissolved:
		var in leftData
		if err := json.Unmarshal(e.Data, &in); err != nil {
			logx.Errorf("ws: an event says not which group %d is in no more: %v", user, err)
			return
		}
		if e.Name == event.GroupDissolved || slices.Contains(in.UserIDs, user) {
			h.rosters.left(user, in.GroupID, cmp.Or(in.Ver, math.MaxUint64))
		}
	}
}

// joinedData is what of groupJoined matters here.
type joinedData struct {
	Group struct {
		GroupID uint64 `json:"groupId"`
	} `json:"group"`
	Ver uint64 `json:"ver"`
}

// joined waits until the group that e tells user of is heard, but not for long:
// then it is done later, and the user's sockets are told to sync. All who are
// here and joined with user are asked for at once.
func (r *rosters) joined(ctx context.Context, user uint64, e *wire.Event) {
	var in joinedData
	if err := json.Unmarshal(e.Data, &in); err != nil || in.Group.GroupID == 0 {
		logx.Errorf("ws: an event says not which group %d has joined: %v", user, err)
		return
	}
	users, ok := r.unplaced(user, in, e.To)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, joinWait)
	defer cancel()
	if _, err := r.learn(ctx, users, in.Group.GroupID); err != nil {
		logx.Errorf("ws: group %d is not heard yet for %d users: %v", in.Group.GroupID, len(users), err)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.without = time.Now().Add(joinPause)
		r.miss(user)
	}
}

// unplaced returns those who joined as in says and are here, user among them,
// and whether there is anything to be asked now.
func (r *rosters) unplaced(user uint64, in joinedData, to []*wire.Receiver) (users []uint64, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if g := r.by[in.Group.GroupID]; g != nil && g.places[user] != nil && g.places[user].ver >= max(in.Ver, 1) {
		return nil, false
	}
	if time.Now().Before(r.without) {
		r.miss(user)
		return nil, false
	}
	for _, t := range to {
		if r.here[t.UserId] != nil {
			users = append(users, t.UserId)
		}
	}
	return users, slices.Contains(users, user)
}
