package model

import (
	"context"
	"fmt"
	"strings"

	"tudoIM/common/conversation"
	"tudoIM/common/errs"
)

// viewQuery selects conversations as the one of their users sees them whose id
// is in the column mine; it has two placeholders for that user.
func viewQuery(mine, other string) string {
	return strings.NewReplacer("{mine}", mine, "{other}", other).Replace(
		"SELECT c.id, CASE WHEN c.low_user_id = 0 THEN 3 ELSE 1 END AS type, c.{other}_user_id AS target_id," +
			" c.max_seq, c.ver, c.last_at, c.{mine}_read_seq AS read_seq, c.{other}_read_seq AS peer_read_seq," +
			" COALESCE(u.clear_seq, 0) AS clear_seq, COALESCE(u.hidden_seq, 0) AS hidden_seq," +
			" COALESCE(u.is_muted, 0) AS is_muted, COALESCE(u.mark_seq, 0) AS mark_seq, COALESCE(u.draft, '') AS draft," +
			" t.user_id IS NOT NULL AS is_top FROM conversation_models c" +
			" LEFT JOIN user_conversation_models u ON u.user_id = ? AND u.conversation_id = c.id" +
			" LEFT JOIN top_user_models t ON t.user_id = ? AND t.top_user_id = c.{other}_user_id")
}

var (
	asLow  = viewQuery("low", "high")
	asHigh = viewQuery("high", "low")
)

// views returns the conversations of user that satisfy and, a condition that
// begins with AND. The two halves of the union each have an index; one
// condition with OR has not. In notes to self a user is both.
func (p Private) views(ctx context.Context, user uint64, and string, args ...any) ([]*conversation.View, error) {
	var list []*conversation.View
	all := append([]any{user, user, user}, args...)
	all = append(append(all, user, user, user), args...)
	err := p.DB.WithContext(ctx).Raw(
		asLow+" WHERE c.low_user_id = ?"+and+" UNION ALL "+
			asHigh+" WHERE c.high_user_id = ? AND c.low_user_id <> c.high_user_id"+and, all...).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("conversations of %d: %w", user, err)
	}
	return list, nil
}

// Views implements conversation.Home.
func (p Private) Views(ctx context.Context, user uint64) ([]*conversation.View, error) {
	return p.views(ctx, user, "")
}

// ViewsOf implements conversation.Home.
func (p Private) ViewsOf(ctx context.Context, user uint64, ids []uint64) (map[uint64]*conversation.View, error) {
	list, err := p.views(ctx, user, " AND c.id IN ?", ids)
	byID := make(map[uint64]*conversation.View, len(list))
	for _, v := range list {
		byID[v.ID] = v
	}
	return byID, err
}

// Active implements conversation.Home.
func (p Private) Active(ctx context.Context, user uint64, since int64, limit int) ([]*conversation.View, error) {
	list, err := p.views(ctx, user, " AND (c.active_at >= ? OR u.updated_at >= ?)", since, since)
	return list[:min(limit, len(list))], err
}

// View implements conversation.Home.
func (p Private) View(ctx context.Context, user, target uint64) (*conversation.View, error) {
	pair := PairOf(user, target)
	if !pair.possible() || user == 0 {
		return nil, errs.NoConversation
	}
	query := asLow
	if user != pair.Low {
		query = asHigh
	}
	var list []*conversation.View
	err := p.DB.WithContext(ctx).Raw(query+" WHERE c.low_user_id = ? AND c.high_user_id = ?",
		user, user, pair.Low, pair.High).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("conversation %v: %w", pair, err)
	}
	if len(list) == 0 {
		return nil, errs.NoConversation
	}
	return list[0], nil
}
