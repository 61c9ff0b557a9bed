package model

import (
	"context"
	"fmt"
	"strings"

	"tudoIM/common/conversation"
	"tudoIM/common/errs"
	"tudoIM/common/msglog"
)

// viewQuery selects conversations as the one of their users sees them whose id
// is in the column mine; it has two placeholders for that user. No receipts go
// where one of the two wants none, nor where one may not write to the other:
// there is a block between them, or they are no friends, and, where they have
// written in a temporary session, that is over, which is left for receipts to ask.
func viewQuery(mine, other string) string {
	return strings.NewReplacer("{mine}", mine, "{other}", other).Replace(
		"SELECT c.id, CASE WHEN c.low_user_id = 0 THEN 3 ELSE 1 END, c.{other}_user_id," +
			" c.max_seq, c.ver, c.last_at, c.{mine}_read_seq, c.{other}_read_seq," +
			" COALESCE(u.clear_seq, 0), COALESCE(u.hidden_seq, 0)," +
			" COALESCE(u.is_muted, 0), COALESCE(u.mark_seq, 0), COALESCE(u.draft, '')," +
			" t.user_id IS NOT NULL," +
			" c.is_temporary AND " + apart + "," +
			" (c.low_refusal <> 0 OR c.high_refusal <> 0) AND NOT (c.is_temporary AND " + apart + ")" +
			" OR c.low_blocked OR c.high_blocked OR COALESCE(low.no_receipts, 0) <> 0 OR COALESCE(high.no_receipts, 0) <> 0" +
			" FROM conversation_models c" +
			" LEFT JOIN user_conversation_models u ON u.user_id = ? AND u.conversation_id = c.id" +
			" LEFT JOIN top_user_models t ON t.user_id = ? AND t.top_user_id = c.{other}_user_id" +
			" LEFT JOIN chat_sender_models low ON low.user_id = c.low_user_id" +
			" LEFT JOIN chat_sender_models high ON high.user_id = c.high_user_id")
}

// apart is the condition of two who are not friends: see ConversationModel.Apart.
var apart = fmt.Sprintf("(c.low_refusal = %d AND c.high_refusal = %[1]d)", strangers)

// there is the condition of a conversation that its users know of, and begins
// with AND: of two who are not friends it is one once something was said. What
// makes the row may be a block, which nobody is told of.
var there = " AND (c.max_seq > 0 OR NOT " + apart + ")"

// fields are those of v that viewQuery selects.
func fields(v *conversation.View) []any {
	return []any{
		&v.ID, &v.Type, &v.TargetID, &v.MaxSeq, &v.Ver, &v.LastAt, &v.ReadSeq, &v.PeerReadSeq,
		&v.ClearSeq, &v.HiddenSeq, &v.IsMuted, &v.MarkSeq, &v.Draft, &v.IsTop, &v.Temporary, &v.NoReceipts,
	}
}

var (
	asLow  = viewQuery("low", "high")
	asHigh = viewQuery("high", "low")
)

// views returns the conversations of user that satisfy and, a condition that
// begins with AND. The two halves of the union each have an index; one
// condition with OR has not. In notes to self a user is both.
func (p Private) views(ctx context.Context, user uint64, and string, args ...any) ([]*conversation.View, error) {
	if user == 0 || user > msglog.MaxID {
		return nil, nil
	}
	all := append([]any{user, user, user}, args...)
	all = append(append(all, user, user, user), args...)
	list, err := p.read(ctx, user, asLow+" WHERE c.low_user_id = ?"+there+and+" UNION ALL "+
		asHigh+" WHERE c.high_user_id = ? AND c.low_user_id <> c.high_user_id"+there+and, all...)
	if err != nil {
		return nil, fmt.Errorf("conversations of %d: %w", user, err)
	}
	return list, nil
}

// read returns the conversations of user that query selects.
func (p Private) read(ctx context.Context, user uint64, query string, args ...any) ([]*conversation.View, error) {
	rows, err := p.DB.WithContext(ctx).Raw(query, args...).Rows()
	if err != nil {
		return nil, err
	}
	list, err := conversation.ScanViews(rows, fields)
	if err != nil {
		return nil, err
	}
	p.receipts(ctx, user, list)
	for _, v := range list {
		if v.NoReceipts {
			v.PeerReadSeq = 0
		}
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
	list, err := p.read(ctx, user, query+" WHERE c.low_user_id = ? AND c.high_user_id = ?"+there, user, user, pair.Low, pair.High)
	if err != nil {
		return nil, fmt.Errorf("conversation %v: %w", pair, err)
	}
	if len(list) == 0 {
		return nil, errs.NoConversation
	}
	return list[0], nil
}
