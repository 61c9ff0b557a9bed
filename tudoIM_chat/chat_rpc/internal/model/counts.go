package model

import (
	"context"
	"fmt"
)

// Count is how many private conversations a user has, and how many messages
// the user has sent in them.
type Count struct{ Conversations, Sent int64 }

// Counts returns how much each of users has said; those who have said nothing
// are left out. It reads an index entry for each message they sent.
func (q *Conversations) Counts(ctx context.Context, users ...uint64) (map[uint64]Count, error) {
	counts := map[uint64]Count{}
	if len(users) == 0 {
		return counts, nil
	}
	for _, side := range []string{"low_user_id", "high_user_id"} {
		var list []struct {
			UserID              uint64
			Conversations, Sent int64
		}
		// Notes to self are one side's only.
		err := q.db.WithContext(ctx).Raw("SELECT c."+side+" AS user_id, COUNT(DISTINCT c.id) AS conversations, COUNT(m.send_user_id) AS sent"+
			" FROM conversation_models c LEFT JOIN chat_models m ON m.conversation_id = c.id AND m.send_user_id = c."+side+
			" WHERE c."+side+" IN ? AND c.max_seq > 0 AND (c.low_user_id <> c.high_user_id OR ?) GROUP BY c."+side,
			users, side == "low_user_id").Scan(&list).Error
		if err != nil {
			return nil, fmt.Errorf("what %d users said: %w", len(users), err)
		}
		for _, row := range list {
			c := counts[row.UserID]
			c.Conversations += row.Conversations
			c.Sent += row.Sent
			counts[row.UserID] = c
		}
	}
	return counts, nil
}
