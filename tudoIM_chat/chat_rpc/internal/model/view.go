package model

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"slices"

	"tudoIM/common/errs"
)

// View is a conversation as one of its users sees it.
type View struct {
	ConversationModel
	ClearSeq, HiddenSeq uint64
	IsMuted, IsTop      bool
	Draft               string
}

// shown reports whether the conversation is in its user's list: it has a
// message that was neither cleared away nor hidden.
func (v *View) shown() bool { return v.MaxSeq > max(v.ClearSeq, v.HiddenSeq) }

// before reports the order of lists: top first, then by the last message,
// newest first.
func (v *View) before(w *View) int {
	if v.IsTop != w.IsTop {
		if v.IsTop {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(w.LastAt, v.LastAt), cmp.Compare(w.ID, v.ID))
}

// Cursor says where in a list v stands.
func (v *View) Cursor() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%t.%d.%d", v.IsTop, v.LastAt, v.ID))
}

// ParseCursor returns the place a cursor names; the empty one is the start.
func ParseCursor(s string) (*View, error) {
	if s == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(raw) > 64 {
		return nil, errs.BadArgument("cursor")
	}
	var v View
	if _, err := fmt.Sscanf(string(raw), "%t.%d.%d", &v.IsTop, &v.LastAt, &v.ID); err != nil {
		return nil, errs.BadArgument("cursor")
	}
	return &v, nil
}

const viewQuery = "SELECT c.*, COALESCE(u.clear_seq, 0) AS clear_seq, COALESCE(u.hidden_seq, 0) AS hidden_seq," +
	" COALESCE(u.is_muted, 0) AS is_muted, COALESCE(u.draft, '') AS draft," +
	" t.user_id IS NOT NULL AS is_top FROM conversation_models c" +
	" LEFT JOIN user_conversation_models u ON u.user_id = ? AND u.conversation_id = c.id" +
	" LEFT JOIN top_user_models t ON t.user_id = ? AND t.top_user_id = "

// Views returns all conversations of user, in the order of lists. The two
// halves of the union each have an index; one condition with OR has not.
func (q *Conversations) Views(ctx context.Context, user uint64) ([]*View, error) {
	var list []*View
	err := q.db.WithContext(ctx).Raw(
		viewQuery+"c.high_user_id WHERE c.low_user_id = ? UNION ALL "+
			viewQuery+"c.low_user_id WHERE c.high_user_id = ? AND c.low_user_id <> c.high_user_id",
		user, user, user, user, user, user).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("conversations of %d: %w", user, err)
	}
	slices.SortFunc(list, (*View).before)
	return list, nil
}

// View returns the conversation of p as user sees it, or errs.NoConversation.
func (q *Conversations) View(ctx context.Context, p Pair, user uint64) (*View, error) {
	if !p.possible() {
		return nil, errs.NoConversation
	}
	peer := p.Low
	if user == p.Low {
		peer = p.High
	}
	var list []*View
	err := q.db.WithContext(ctx).Raw(viewQuery+"? WHERE c.low_user_id = ? AND c.high_user_id = ?",
		user, user, peer, p.Low, p.High).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("conversation %v: %w", p, err)
	}
	if len(list) == 0 {
		return nil, errs.NoConversation
	}
	return list[0], nil
}

// Page returns the shown conversations behind from, up to limit, and whether
// more follow.
func Page(list []*View, from *View, limit int) (page []*View, more bool) {
	for _, v := range list {
		if !v.shown() || (from != nil && v.before(from) <= 0) {
			continue
		}
		if len(page) == limit {
			return page, true
		}
		page = append(page, v)
	}
	return page, false
}

// TotalUnread is what user has unread in conversations that are not muted.
func TotalUnread(list []*View, user uint64) uint64 {
	var n uint64
	for _, v := range list {
		if !v.IsMuted {
			n += v.Unread(user, v.MaxSeq)
		}
	}
	return n
}
