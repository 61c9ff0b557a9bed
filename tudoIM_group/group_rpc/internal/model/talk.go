package model

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"tudoIM/common/conversation"
	"tudoIM/common/event"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
	"tudoIM/core/db"
)

// Tables of the groups' log.
var Tables = msglog.Tables{
	Message: "group_msg_models", Target: "group_id", Odd: true, ByType: "idx_group_msg_type", ByChange: "idx_group_msg_changed",
	Outbox: "group_outbox_models", Counter: "group_counter_models", Type: wire.Group,
	Bundle: "group_bundle_models", Deleted: "group_msg_delete_models",
	Reaction: "group_reaction_models", Pin: "group_pin_models", File: "group_file_models", Bar: "group_file_bar_models",
}

// Talk is the home of the groups' conversations.
type Talk struct {
	DB  *db.DB
	Bus *event.Bus
}

// Lock implements msglog.Domain. Who changes who may send in a group locks the
// same row, so what is read under this lock holds until the commit.
func (t Talk) Lock(ctx context.Context, tx *sql.Tx, ids []uint64) ([]*msglog.Head, error) {
	query := "SELECT id, created_at, max_seq, ver, last_at, active_at, at_all_seq FROM group_conversation_models WHERE id IN " +
		msglog.Rows(1, len(ids)) + " ORDER BY id"
	if t.DB.IsMySQL() {
		query += " FOR UPDATE"
	}
	rows, err := tx.QueryContext(ctx, query, msglog.Args(ids)...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var heads []*msglog.Head
	for rows.Next() {
		c := &GroupConversationModel{}
		if err := rows.Scan(&c.ID, &c.CreatedAt, &c.MaxSeq, &c.Ver, &c.LastAt, &c.ActiveAt, &c.AtAllSeq); err != nil {
			return nil, err
		}
		heads = append(heads, &msglog.Head{ID: c.ID, MaxSeq: c.MaxSeq, Ver: c.Ver, LastAt: c.LastAt, ActiveAt: c.ActiveAt, Row: c})
	}
	return heads, rows.Err() // a deadlock may show only here
}

// Refuse implements msglog.Domain. Calls of those who are not in the group are
// left out of the messages.
func (t Talk) Refuse(ctx context.Context, tx *sql.Tx, items []*msglog.Item) error {
	if len(items) == 0 {
		return nil
	}
	groups, err := t.groups(ctx, tx, items)
	if err != nil {
		return err
	}
	asked := map[pair]bool{}
	for _, i := range items {
		asked[pair{i.Conversation, i.Sender}] = true
		for _, user := range i.AtUsers {
			asked[pair{i.Conversation, user}] = true
		}
	}
	members, err := t.members(ctx, tx, asked)
	if err != nil {
		return err
	}
	senders, err := t.senders(ctx, tx, items)
	if err != nil {
		return err
	}
	now := t.DB.Clock.Milli(ctx)
	for _, i := range items {
		g, m := groups[i.Conversation], members[pair{i.Conversation, i.Sender}]
		i.Name, i.Role = m.Called(), m.In()
		switch {
		case g == nil:
			i.Err = t.Stranger()
		case i.Sender == 0: // the site, which is in no group
		case i.Change != nil && i.Change.Free:
			i.Err = g.Entry(m)
		default:
			if i.Err = g.Refusal(m, i.AtAll, now); i.Err == nil {
				i.Err = senders[i.Sender].Refusal(now)
			}
		}
		i.AtUsers = slices.DeleteFunc(slices.Clone(i.AtUsers), func(user uint64) bool {
			at := members[pair{i.Conversation, user}]
			return at == nil || at.DeletedAt != 0
		})
	}
	return nil
}

// senders reads what holds for those who send everywhere.
func (t Talk) senders(ctx context.Context, tx *sql.Tx, items []*msglog.Item) (map[uint64]msglog.SenderState, error) {
	var users []uint64
	for _, i := range items {
		if i.Change == nil || !i.Change.Free {
			users = append(users, i.Sender)
		}
	}
	return Senders(t.DB).Of(ctx, tx, users)
}

// groups reads what says who may send.
func (t Talk) groups(ctx context.Context, tx *sql.Tx, items []*msglog.Item) (map[uint64]*GroupModel, error) {
	var ids []uint64
	for _, i := range items {
		ids = append(ids, i.Conversation)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	rows, err := tx.QueryContext(ctx, "SELECT id, status, is_prohibition, prohibition_until, deleted_at FROM group_models WHERE id IN "+
		msglog.Rows(1, len(ids)), msglog.Args(ids)...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	groups := make(map[uint64]*GroupModel, len(ids))
	for rows.Next() {
		g := &GroupModel{}
		if err := rows.Scan(&g.ID, &g.Status, &g.IsProhibition, &g.ProhibitionUntil, &g.DeletedAt); err != nil {
			return nil, err
		}
		groups[g.ID] = g
	}
	return groups, rows.Err()
}

// pair is a group and a user.
type pair struct{ group, user uint64 }

// members reads the rows of asked, of those who left too.
func (t Talk) members(ctx context.Context, tx msglog.Querier, asked map[pair]bool) (map[pair]*GroupMemberModel, error) {
	var args []any
	where := ""
	for p := range asked {
		if where != "" {
			where += " OR "
		}
		where += "(group_id = ? AND user_id = ?)"
		args = append(args, p.group, p.user)
	}
	rows, err := tx.QueryContext(ctx, "SELECT group_id, user_id, role, member_nickname, prohibition_until, deleted_at FROM group_member_models WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	found := make(map[pair]*GroupMemberModel, len(asked))
	for rows.Next() {
		m := &GroupMemberModel{}
		if err := rows.Scan(&m.GroupID, &m.UserID, &m.Role, &m.MemberNickname, &m.ProhibitionUntil, &m.DeletedAt); err != nil {
			return nil, err
		}
		found[pair{m.GroupID, m.UserID}] = m
	}
	return found, rows.Err()
}

// Raise implements msglog.Domain.
func (t Talk) Raise(ctx context.Context, tx *sql.Tx, heads []*msglog.Head, sent []*msglog.Item) error {
	for _, i := range sent {
		if i.AtAll {
			i.Head.Row.(*GroupConversationModel).AtAllSeq = i.Message.Seq
		}
	}
	args := make([]any, 0, 7*len(heads))
	for _, h := range heads {
		c := h.Row.(*GroupConversationModel)
		c.MaxSeq, c.Ver, c.LastAt, c.ActiveAt = h.MaxSeq, h.Ver, h.LastAt, h.ActiveAt
		args = append(args, c.ID, c.CreatedAt, c.MaxSeq, c.Ver, c.LastAt, c.ActiveAt, c.AtAllSeq)
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO group_conversation_models (id, created_at, max_seq, ver, last_at, active_at, at_all_seq) VALUES "+
		msglog.Rows(len(heads), 7)+t.DB.Upsert("id", "max_seq", "ver", "last_at", "active_at", "at_all_seq"), args...)
	if err != nil || len(sent) == 0 {
		return err
	}
	if err := t.spoken(ctx, tx, sent); err != nil {
		return err
	}
	return t.called(ctx, tx, sent)
}

// spoken notes of those who sent that they have read, and when they spoke.
func (t Talk) spoken(ctx context.Context, tx *sql.Tx, sent []*msglog.Item) error {
	last := map[pair]*wire.Message{}
	var order []pair
	for _, i := range sent {
		if i.Sender == 0 {
			continue // the server's, which nobody has read by that
		}
		p := pair{i.Conversation, i.Sender}
		if last[p] == nil {
			order = append(order, p)
		}
		last[p] = i.Message
	}
	args := make([]any, 0, 7*len(order))
	for _, p := range order {
		m := last[p]
		args = append(args, p.group, p.user, m.CreatedAt, m.CreatedAt, RoleMember, m.Seq, m.CreatedAt)
	}
	if len(order) == 0 {
		return nil
	}
	// The rows exist, or their users could not have sent.
	_, err := tx.ExecContext(ctx, "INSERT INTO group_member_models (group_id, user_id, created_at, updated_at, role, read_seq, last_msg_at) VALUES "+
		msglog.Rows(len(order), 7)+t.DB.Upsert("group_id, user_id", "read_seq", "last_msg_at"), args...)
	return err
}

// called notes of those who are called by name that they are.
func (t Talk) called(ctx context.Context, tx *sql.Tx, sent []*msglog.Item) error {
	for _, i := range sent {
		if len(i.AtUsers) == 0 {
			continue
		}
		args := append([]any{i.Message.Seq, i.Conversation}, msglog.Args(i.AtUsers)...)
		_, err := tx.ExecContext(ctx, "UPDATE group_member_models SET at_seq = ? WHERE group_id = ? AND user_id IN "+
			msglog.Rows(1, len(i.AtUsers)), args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// Publish implements msglog.Domain: who is in a group, and what each has read,
// is known to the nodes that hold the members' sockets, as of a version.
func (t Talk) Publish(ctx context.Context, messages []msglog.Committed) error {
	vers, err := t.versions(ctx, messages)
	if err != nil {
		return err
	}
	events := make([]*wire.Event, 0, len(messages))
	for _, c := range messages {
		e, err := conversation.EventOf(c)
		if err != nil {
			return err
		}
		e.Group, e.GroupVer, e.MaxSeq = c.Conversation, vers[c.Conversation], c.Message.Seq
		events = append(events, e)
	}
	return t.Bus.Publish(ctx, events...)
}

// versions returns those of the groups of messages as they are now, which is
// at least what they were at the commits. The rows of groups are never removed.
func (t Talk) versions(ctx context.Context, messages []msglog.Committed) (map[uint64]uint64, error) {
	ids := make([]uint64, len(messages))
	for n, c := range messages {
		ids[n] = c.Conversation
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	var list []GroupModel
	if err := t.DB.WithContext(ctx).Select("id", "ver").Find(&list, "id IN ?", ids).Error; err != nil {
		return nil, fmt.Errorf("versions of %d groups: %w", len(ids), err)
	}
	vers := make(map[uint64]uint64, len(list))
	for _, g := range list {
		vers[g.ID] = g.Ver
	}
	return vers, nil
}
