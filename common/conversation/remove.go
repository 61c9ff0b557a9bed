package conversation

import (
	"context"
	"database/sql"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
)

// Remove deletes the messages ids for everybody, whoever sent them and
// whenever, and returns how many were not deleted before.
func (s *Server) Remove(ctx context.Context, ids []uint64) (int, error) {
	if len(ids) > maxChanges {
		return 0, errs.BadArgument("idList")
	}
	found, err := s.Log.ByIDs(ctx, ids)
	if err != nil {
		return 0, err
	}
	items := make([]*msglog.Item, len(found))
	for n, f := range found {
		items[n] = &msglog.Item{Conversation: f.Conversation, Change: &msglog.Change{
			Seq: f.Message.Seq, Event: event.Deleted, Free: true,
			Apply: func(_ context.Context, _ *sql.Tx, _ *msglog.Head, m *wire.Message, _ int64) (bool, error) {
				if m.Status == msglog.StatusDeleted {
					return false, nil
				}
				return true, empty(m, msglog.StatusDeleted, ctype.Withdraw(m.Id, 0, ""))
			},
		}}
	}
	if err := s.Log.Append(ctx, items); err != nil {
		return 0, err
	}
	n := 0
	for _, i := range items {
		if i.Err != nil {
			return n, i.Err
		}
		if !i.Dup {
			n++
		}
	}
	return n, nil
}
