package msglog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tudoIM/common/errs"
	"tudoIM/common/wire"
)

// errUnknown is a COMMIT of which nobody knows whether it took place.
var errUnknown = errors.New("the end of the commit is not known")

// try appends items in one transaction. Unless careful it trusts the unique
// key to find repeats, which are rare: then it fails with a duplicate and is
// run again, careful.
func (l *Log) try(ctx context.Context, items []*Item, careful bool) error {
	ctx, cancel := context.WithTimeout(ctx, commitTimeout)
	defer cancel()
	block, err := l.ids.take(ctx, len(items))
	if err != nil {
		return err
	}
	now := l.db.Clock.Milli(ctx)
	tx, err := l.pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit this does nothing

	heads, err := l.lock(ctx, tx, items)
	if err != nil {
		return err
	}
	open := slices.DeleteFunc(slices.Clone(items), func(i *Item) bool { return i.Err != nil })
	if careful {
		if err := l.repeats(ctx, tx, appends(open)); err != nil {
			return err
		}
		open = slices.DeleteFunc(open, func(i *Item) bool { return i.Dup })
	}
	passed, err := l.judge(ctx, tx, open, careful, now)
	if err != nil {
		return err
	}
	if passed, err = l.apply(ctx, tx, passed, now); err != nil {
		return err
	}
	l.number(passed, block, now)
	if len(passed) > 0 {
		if err := l.write(ctx, tx, heads, passed, now); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return errors.Join(errUnknown, err)
	}
	settleTwins(items)
	return nil
}

// lock locks the conversations of items, lowest id first so that no two
// batches wait for each other, and gives each item its head.
func (l *Log) lock(ctx context.Context, tx *sql.Tx, items []*Item) ([]*Head, error) {
	ids := make([]uint64, 0, len(items))
	for _, i := range items {
		ids = append(ids, i.Conversation)
	}
	slices.Sort(ids)
	heads, err := l.domain.Lock(ctx, tx, slices.Compact(ids))
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	byID := make(map[uint64]*Head, len(heads))
	for _, h := range heads {
		byID[h.ID] = h
	}
	for _, i := range items {
		if i.Head = byID[i.Conversation]; i.Head == nil {
			i.Err = errs.NoConversation
		}
	}
	return heads, nil
}

// appends returns those of items that append a message.
func appends(items []*Item) []*Item {
	return slices.DeleteFunc(slices.Clone(items), func(i *Item) bool { return i.Change != nil })
}

// judge returns the items that nobody refuses and that are not the twin of an
// earlier one in this batch. A refusal only counts once the item is known not
// to be a repeat: a repeat gets its first answer for ever.
func (l *Log) judge(ctx context.Context, tx *sql.Tx, open []*Item, careful bool, now int64) ([]*Item, error) {
	if err := l.domain.Refuse(ctx, tx, open); err != nil {
		return nil, fmt.Errorf("refuse: %w", err)
	}
	if err := l.pass(ctx, tx, open, now); err != nil {
		return nil, err
	}
	if !careful {
		refused := slices.DeleteFunc(slices.Clone(open), func(i *Item) bool { return i.Err == nil })
		if err := l.repeats(ctx, tx, appends(refused)); err != nil {
			return nil, err
		}
	}
	seen := make(map[key]bool, len(open))
	passed := open[:0]
	for _, i := range open {
		switch {
		case i.Err != nil || i.Dup:
		case i.Change != nil:
			passed = append(passed, i)
		case !seen[i.key()]:
			seen[i.key()] = true
			passed = append(passed, i)
		}
	}
	return passed, nil
}

// key is what makes a message one and the same.
type key struct {
	conversation, sender uint64
	client               string
}

func (i *Item) key() key { return key{i.Conversation, i.Sender, i.ClientMsgID} }

// number gives items their ids, seq and ver, in the order they came, and
// makes the messages of those that append one.
func (l *Log) number(items []*Item, block block, now int64) {
	for n, i := range items {
		h := i.Head
		h.Ver++
		h.ActiveAt = max(h.ActiveAt, now)
		if i.Change != nil {
			i.Message.Ver = h.Ver
			continue
		}
		h.MaxSeq++
		// Time never runs backwards within a conversation, whatever clocks do.
		h.LastAt = max(h.LastAt, now)
		i.Message = &wire.Message{
			Id: block.at(n), Type: l.tables.Type, TargetId: i.Target, Seq: h.MaxSeq, Ver: h.Ver,
			ClientMsgId: i.ClientMsgID, SendUserId: i.Sender, AtUserIds: i.AtUsers, AtAll: i.AtAll,
			MsgType: i.MsgType, Msg: i.Body, MsgPreview: i.Preview, CreatedAt: h.LastAt,
			MemberNickname: i.Name, Role: i.Role,
		}
	}
}

func (l *Log) write(ctx context.Context, tx *sql.Tx, heads []*Head, items []*Item, now int64) error {
	raised := slices.DeleteFunc(slices.Clone(heads), func(h *Head) bool {
		return !slices.ContainsFunc(items, func(i *Item) bool { return i.Head == h })
	})
	fresh := appends(items)
	if err := l.domain.Raise(ctx, tx, raised, fresh); err != nil {
		return fmt.Errorf("raise: %w", err)
	}
	if err := l.insert(ctx, tx, fresh); err != nil {
		return fmt.Errorf("insert: %w", err)
	}
	if err := l.rewrite(ctx, tx, items); err != nil {
		return fmt.Errorf("rewrite: %w", err)
	}
	if err := l.out.keep(ctx, tx, items, now); err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	return nil
}

func (l *Log) insert(ctx context.Context, tx *sql.Tx, fresh []*Item) error {
	if len(fresh) == 0 {
		return nil
	}
	args := make([]any, 0, len(fresh)*13)
	var bundles, files []any
	for _, i := range fresh {
		m := i.Message
		extra, err := extraOf(m)
		if err != nil {
			return err
		}
		args = append(args, i.Conversation, m.Seq, m.Id, m.Ver, m.SendUserId, m.TargetId, m.ClientMsgId,
			m.MsgType, string(m.Msg), m.MsgPreview, m.Status, extra, m.CreatedAt)
		if len(i.Bundle) > 0 {
			bundles = append(bundles, m.Id, string(i.Bundle))
		}
		for _, uid := range i.Files {
			files = append(files, uid, i.Conversation, m.Seq, m.Id)
		}
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO "+l.tables.Message+
		" (conversation_id, seq, id, ver, send_user_id, "+l.tables.Target+", client_msg_id,"+
		" msg_type, msg, msg_preview, status, extra, created_at) VALUES "+Rows(len(fresh), 13), args...)
	if err != nil {
		return err
	}
	if len(bundles) > 0 {
		if _, err := tx.ExecContext(ctx, "INSERT INTO "+l.tables.Bundle+" (id, messages) VALUES "+Rows(len(bundles)/2, 2), bundles...); err != nil {
			return err
		}
	}
	return l.carry(ctx, tx, files)
}

// Args returns ids as the arguments of a query.
func Args(ids []uint64) []any {
	args := make([]any, len(ids))
	for n, id := range ids {
		args[n] = id
	}
	return args
}

// Rows returns n groups of width placeholders for a multi-row VALUES.
func Rows(n, width int) string {
	row := "(" + strings.Repeat("?,", width-1) + "?)"
	return strings.Repeat(row+",", n-1) + row
}

// Repeats looks for items that repeat a stored message, whatever is wrong with
// them otherwise, gives them the first one and publishes that again.
func (l *Log) Repeats(ctx context.Context, items []*Item) error {
	if len(items) == 0 {
		return nil
	}
	if err := l.repeats(ctx, l.pool, items); err != nil {
		return err
	}
	l.out.again(items)
	return nil
}

// repeats marks the items whose message is stored already and gives them the
// first one.
func (l *Log) repeats(ctx context.Context, q Querier, items []*Item) error {
	if len(items) == 0 {
		return nil
	}
	args := make([]any, 0, 3*len(items))
	for _, i := range items {
		args = append(args, i.Conversation, i.Sender, i.ClientMsgID)
	}
	// Spelt out rather than as a row IN (...): MariaDB uses no index for that.
	one := "(m.conversation_id = ? AND m.send_user_id = ? AND m.client_msg_id = ?)"
	where := strings.Repeat(one+" OR ", len(items)-1) + one
	found := map[key]*wire.Message{}
	err := l.scan(ctx, q, "WHERE "+where, args, func(conversation uint64, m *wire.Message) {
		found[key{conversation, m.SendUserId, m.ClientMsgId}] = m
	})
	if err != nil {
		return fmt.Errorf("repeats: %w", err)
	}
	for _, i := range items {
		if m := found[i.key()]; m != nil {
			i.Message, i.Dup, i.Err = m, true, nil
		}
	}
	return nil
}

// settleTwins gives items that repeat another of the same batch its answer.
func settleTwins(items []*Item) {
	first := make(map[key]*Item, len(items))
	items = appends(items)
	for _, i := range items {
		if i.Message != nil && first[i.key()] == nil {
			first[i.key()] = i
		}
	}
	for _, i := range items {
		if f := first[i.key()]; f != nil && f != i && i.Message == nil {
			i.Message, i.Dup, i.Err = f.Message, true, nil
		}
	}
}
