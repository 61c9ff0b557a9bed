package ws

import (
	"context"
	"slices"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/errs"
	"tudoIM/common/presence"
)

// usersData is the data of subscribe and unsubscribe.
type usersData struct {
	UserIDs []uint64 `json:"userIds"`
}

// userIDs returns the users a request names, each once.
func userIDs(req *request) ([]uint64, error) {
	var in usersData
	if err := fields(req, &in); err != nil {
		return nil, err
	}
	if len(in.UserIDs) == 0 || len(in.UserIDs) > perAsk || slices.Contains(in.UserIDs, 0) {
		return nil, errs.BadArgument("userIds")
	}
	seen := make(map[uint64]bool, len(in.UserIDs))
	return slices.DeleteFunc(in.UserIDs, func(u uint64) bool {
		again := seen[u]
		seen[u] = true
		return again
	}), nil
}

// opSubscribe answers what is known of users and has the socket told when that
// changes.
func (h *Hub) opSubscribe(ctx context.Context, s *Session, req *request) {
	users, err := userIDs(req)
	if err != nil {
		s.reply(req, nil, err)
		return
	}
	at := time.Now()
	may, err := h.watching.watchable(ctx, s.who.UserID, users)
	if err == nil {
		err = h.watching.add(s, users, may, at)
	}
	if err != nil {
		s.reply(req, nil, err)
		return
	}
	// The bells first, then the states: what changes in between is not missed.
	ctx, cancel := context.WithTimeout(ctx, redisWait)
	defer cancel()
	h.watching.hear(ctx, users)
	shown := slices.DeleteFunc(slices.Clone(users), func(u uint64) bool { return !may[u] })
	states, err := presence.Read(ctx, h.watching.rdb, shown...)
	if err != nil {
		logx.Errorf("ws: everybody is shown offline: %v", err)
	}
	h.watching.tell(s, req, users, states)
}

// opUnsubscribe ends the telling; of users that are not watched it is done.
func (h *Hub) opUnsubscribe(_ context.Context, s *Session, req *request) {
	users, err := userIDs(req)
	if err == nil {
		h.watching.drop(s, users...)
	}
	s.reply(req, nil, err)
}
