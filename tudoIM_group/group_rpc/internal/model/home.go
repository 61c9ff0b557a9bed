package model

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"tudoIM/common/conversation"
	"tudoIM/common/errs"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
)

const (
	// maxHearers is the largest group in which it is told who is typing.
	maxHearers = 200
	// maxReaders is the largest group in which it is told who has read.
	maxReaders = 500
)

var _ conversation.Home = Talk{}

// IDs implements conversation.Home: the number of a group's log is the group's.
func (t Talk) IDs(ctx context.Context, keys []conversation.Key) (map[conversation.Key]uint64, error) {
	var asked []uint64
	for _, k := range keys {
		if k.Target > 0 && k.Target <= maxID {
			asked = append(asked, k.Target)
		}
	}
	var there []uint64
	if len(asked) > 0 {
		if err := t.DB.WithContext(ctx).Model(&GroupConversationModel{}).Where("id IN ?", asked).Pluck("id", &there).Error; err != nil {
			return nil, fmt.Errorf("groups: %w", err)
		}
	}
	known := make(map[uint64]bool, len(there))
	for _, id := range there {
		known[id] = true
	}
	ids := make(map[conversation.Key]uint64, len(keys))
	for _, k := range keys {
		if known[k.Target] {
			ids[k] = k.Target
		}
	}
	return ids, nil
}

// Stranger implements conversation.Home: that a group does not exist looks
// like not being in it.
func (Talk) Stranger() *errs.Error { return errs.NotMember }

const viewQuery = "SELECT g.id, 2, g.id, c.max_seq, c.ver," +
	" CASE WHEN c.last_at > m.created_at THEN c.last_at ELSE m.created_at END, m.read_seq," +
	" CASE WHEN g.history_visible THEN 0 ELSE m.join_seq END, m.clear_seq, m.hidden_seq," +
	" CASE WHEN c.at_all_seq > m.at_seq THEN c.at_all_seq ELSE m.at_seq END," +
	" m.is_top, m.is_muted, m.mark_seq, m.draft, g.title, g.avatar," +
	" m.deleted_at <> 0 OR g.deleted_at <> 0" +
	" FROM group_member_models m JOIN group_models g ON g.id = m.group_id" +
	" JOIN group_conversation_models c ON c.id = m.group_id WHERE m.user_id = ? AND "

// fields are those of v that viewQuery selects.
func fields(v *conversation.View) []any {
	return []any{
		&v.ID, &v.Type, &v.TargetID, &v.MaxSeq, &v.Ver, &v.LastAt, &v.ReadSeq, &v.JoinSeq, &v.ClearSeq, &v.HiddenSeq,
		&v.AtSeq, &v.IsTop, &v.IsMuted, &v.MarkSeq, &v.Draft, &v.Title, &v.Avatar, &v.Gone,
	}
}

// in is the condition of being in a group that lasts.
const in = "m.deleted_at = 0 AND g.deleted_at = 0"

func (t Talk) views(ctx context.Context, user uint64, where string, args ...any) ([]*conversation.View, error) {
	if user > maxID {
		return nil, nil
	}
	rows, err := t.DB.WithContext(ctx).Raw(viewQuery+where, append([]any{user}, args...)...).Rows()
	if err != nil {
		return nil, fmt.Errorf("groups of %d: %w", user, err)
	}
	list, err := conversation.ScanViews(rows, fields)
	if err != nil {
		return nil, fmt.Errorf("groups of %d: %w", user, err)
	}
	return list, nil
}

// View implements conversation.Home.
func (t Talk) View(ctx context.Context, user, group uint64) (*conversation.View, error) {
	byID, err := t.ViewsOf(ctx, user, []uint64{group})
	if err != nil {
		return nil, err
	}
	if byID[group] == nil {
		return nil, errs.NoConversation
	}
	return byID[group], nil
}

// Whole returns the conversation of the group id as nobody in it sees it, also
// of one that was dissolved.
func (q Groups) Whole(ctx context.Context, id uint64) (*conversation.View, error) {
	var c GroupConversationModel
	err := q.DB.WithContext(ctx).Take(&c, "id = ?", min(id, maxID)).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errs.NoGroup
	}
	if err != nil {
		return nil, fmt.Errorf("group %d: %w", id, err)
	}
	return &conversation.View{ID: c.ID, Type: wire.Group, TargetID: c.ID, MaxSeq: c.MaxSeq, Ver: c.Ver}, nil
}

// ViewsOf implements conversation.Home.
func (t Talk) ViewsOf(ctx context.Context, user uint64, ids []uint64) (map[uint64]*conversation.View, error) {
	var possible []uint64
	for _, id := range ids {
		if id <= maxID {
			possible = append(possible, id)
		}
	}
	if len(possible) == 0 {
		return nil, nil
	}
	list, err := t.views(ctx, user, in+" AND m.group_id IN ?", possible)
	byID := make(map[uint64]*conversation.View, len(list))
	for _, v := range list {
		byID[v.ID] = v
	}
	return byID, err
}

// Views implements conversation.Home.
func (t Talk) Views(ctx context.Context, user uint64) ([]*conversation.View, error) {
	return t.views(ctx, user, in)
}

// Active implements conversation.Home.
func (t Talk) Active(ctx context.Context, user uint64, since int64, limit int) ([]*conversation.View, error) {
	return t.views(ctx, user, "(c.active_at >= ? OR m.set_at >= ? OR m.updated_at >= ? OR g.updated_at >= ?) LIMIT ?", since, since, since, since, limit)
}

// Dress implements conversation.Home.
func (t Talk) Dress(ctx context.Context, list []*wire.Message) error {
	asked := map[pair]bool{}
	for _, m := range list {
		if m.SendUserId != 0 {
			asked[pair{m.TargetId, m.SendUserId}] = true
		}
	}
	if len(asked) == 0 {
		return nil
	}
	pool, err := t.DB.DB.DB()
	if err != nil {
		return err
	}
	members, err := t.members(ctx, pool, asked)
	if err != nil {
		return fmt.Errorf("senders in groups: %w", err)
	}
	for _, m := range list {
		of := members[pair{m.TargetId, m.SendUserId}]
		m.MemberNickname, m.Role = of.Called(), of.In()
	}
	return nil
}

// Set implements conversation.Home.
func (t Talk) Set(ctx context.Context, user uint64, v *conversation.View, s conversation.Setting) error {
	set := map[string]any{"set_at": s.At}
	if s.Top != nil {
		set["is_top"] = *s.Top
	}
	if s.Muted != nil {
		set["is_muted"] = *s.Muted
	}
	if s.MarkSeq != nil {
		set["mark_seq"] = *s.MarkSeq
	}
	if s.Draft != nil {
		set["draft"] = *s.Draft
	}
	if s.HiddenSeq != nil {
		set["hidden_seq"] = *s.HiddenSeq
	}
	if s.ClearSeq != nil {
		set["clear_seq"] = gorm.Expr("CASE WHEN clear_seq < ? THEN ? ELSE clear_seq END", *s.ClearSeq, *s.ClearSeq)
	}
	err := t.mine(ctx, user, v).UpdateColumns(set).Error
	if err != nil {
		return fmt.Errorf("group %d of %d: %w", v.ID, user, err)
	}
	return nil
}

// mine is the row of user in v, while in.
func (t Talk) mine(ctx context.Context, user uint64, v *conversation.View) *gorm.DB {
	return t.DB.WithContext(ctx).Model(&GroupMemberModel{}).Where("group_id = ? AND user_id = ? AND deleted_at = 0", v.ID, user)
}

// Read implements conversation.Home.
func (t Talk) Read(ctx context.Context, user uint64, v *conversation.View, seq uint64, now int64) (moved bool, err error) {
	done := t.mine(ctx, user, v).Where("read_seq < ? OR mark_seq > ?", seq, v.MaxSeq).UpdateColumns(map[string]any{
		"read_seq": gorm.Expr("CASE WHEN read_seq < ? THEN ? ELSE read_seq END", seq, seq), "mark_seq": 0, "set_at": now,
	})
	if done.Error != nil {
		return false, fmt.Errorf("read of group %d by %d: %w", v.ID, user, done.Error)
	}
	return done.RowsAffected > 0, nil
}

// TakeBack implements conversation.Home: the owner anybody's, admins those of
// members, and everybody their own in time.
func (t Talk) TakeBack(ctx context.Context, tx *sql.Tx, h *msglog.Head, user uint64, m *wire.Message) (bound bool, err error) {
	me, sender := pair{h.ID, user}, pair{h.ID, m.SendUserId}
	members, err := t.members(ctx, tx, map[pair]bool{me: true, sender: true})
	if err != nil {
		return true, err
	}
	switch {
	case members[me].MayOver(RecallMessages, members[sender]):
		return false, nil
	case m.SendUserId == user:
		return true, nil
	}
	return true, errs.NotYourMessage
}

// MayPin implements conversation.Home: the owner and admins may.
func (t Talk) MayPin(ctx context.Context, tx *sql.Tx, h *msglog.Head, user uint64) error {
	me := pair{h.ID, user}
	members, err := t.members(ctx, tx, map[pair]bool{me: true})
	if err != nil {
		return err
	}
	if !members[me].May(PinMessages) {
		return errs.Forbidden
	}
	return nil
}

// Hearers implements conversation.Home.
func (t Talk) Hearers(ctx context.Context, user uint64, v *conversation.View) ([]uint64, error) {
	others, err := t.others(ctx, v, user, maxHearers)
	if err != nil || len(others) > maxHearers {
		return nil, err
	}
	var users []uint64
	for _, m := range others {
		users = append(users, m.UserID)
	}
	return users, nil
}

// others returns the members of v beside user, one more than most at most.
func (t Talk) others(ctx context.Context, v *conversation.View, user uint64, most int) (list []*GroupMemberModel, err error) {
	err = t.DB.WithContext(ctx).Select("user_id", "join_seq", "read_seq").Order("user_id").Limit(most+1).
		Find(&list, "group_id = ? AND user_id <> ? AND deleted_at = 0", v.ID, user).Error
	if err != nil {
		return nil, fmt.Errorf("members of group %d: %w", v.ID, err)
	}
	return list, nil
}

// Readers implements conversation.Home.
func (t Talk) Readers(ctx context.Context, v *conversation.View, m *wire.Message) (read, unread []uint64, err error) {
	others, err := t.others(ctx, v, m.SendUserId, maxReaders)
	if err != nil {
		return nil, nil, err
	}
	if len(others) > maxReaders {
		return nil, nil, errs.ManyReaders
	}
	for _, o := range others {
		switch {
		case o.JoinSeq >= m.Seq:
		case o.ReadSeq >= m.Seq:
			read = append(read, o.UserID)
		default:
			unread = append(unread, o.UserID)
		}
	}
	return read, unread, nil
}

// Peers implements conversation.Home: in a group nobody is told, who wants to
// know asks.
func (Talk) Peers(uint64, *conversation.View) []uint64 { return nil }
