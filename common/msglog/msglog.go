// Package msglog is the message core: append-only logs of messages, one a
// conversation, in one table for many conversations. chat_rpc and group_rpc
// use it, each for its own tables.
//
// seq counts a conversation's messages from 1 without a gap; ver rises with
// every change to the conversation. Both are given under the lock of the
// conversation's row in the transaction that inserts, so what readers see is
// always a prefix. Appends that arrive while a commit is in flight share the
// next one: an idle log commits at once, a busy one in batches.
package msglog

import (
	"context"
	"database/sql"
	"time"

	"tudoIM/common/wire"
)

// Statuses of a message. What is recalled or deleted keeps its number, and
// nothing of what it said.
const (
	StatusNormal   int32 = 0
	StatusRecalled int32 = 1
	StatusDeleted  int32 = 4
)

// Tables names where a log lives.
type Tables struct {
	// Message is the table of messages, Target its column for the user or
	// group a message is sent to.
	Message, Target string
	// ByType and ByChange are its indexes by (conversation_id, msg_type, seq)
	// and by (conversation_id, changed_ver).
	ByType, ByChange string
	// Outbox keeps what is committed and not yet published.
	Outbox string
	// Counter is the table of the row that message ids come from.
	Counter string
	// Bundle keeps what merged forwards carry, by message.
	Bundle string
	// Deleted is what users have deleted for themselves, by user and message.
	Deleted string
	// Reaction keeps who reacted to what, Pin which messages are pinned, File
	// which files messages carry, Bar which files no new one may.
	Reaction, Pin, File, Bar string
	// Odd ids, not even ones: so two logs share one range of ids.
	Odd bool
	// Type of the conversations: 1 private, 2 group.
	Type int32
}

// Item is one message to append, or a change to a stored one, and what became
// of it.
type Item struct {
	Conversation uint64
	Sender       uint64
	Target       uint64
	ClientMsgID  string
	MsgType      int32
	Body         []byte
	Preview      string
	// AtUsers are the members of a group it calls, AtAll says that it calls all.
	AtUsers []uint64
	AtAll   bool
	// Name and Role are what the sender is called in the group, and is there; the
	// domain sets them when it judges the item.
	Name string
	Role int32
	// Bundle is what a merged forward carries.
	Bundle []byte
	// Files are the uids of the files it carries, each once: whoever may read the
	// message may read them.
	Files []string
	// Checked is when the half was asked for what carries Files, before anything
	// was asked about them; zero is now.
	Checked time.Time
	// Admitted says that Sender may send though the conversation's row says of
	// its users that they are strangers.
	Admitted bool
	// Refers says that it shows another message, which may be taken back before
	// this one is told of.
	Refers bool
	// Change, if set, is what Sender does to a stored message; then the fields
	// above but Conversation and Sender are unused.
	Change *Change

	// Message is the stored one; Dup says that it was stored, or changed so,
	// before. Both are set when Err is nil.
	Message *wire.Message
	Dup     bool
	// Err is the refusal, or why it is not known whether the message is stored.
	Err error

	// Head is the conversation's row as the append left it.
	Head *Head
}

// Change is a change to one stored message.
type Change struct {
	// Seq is the message's in its conversation.
	Seq uint64
	// Event is what receivers are told of it.
	Event string
	// Free may be done by who may not send any more.
	Free bool
	// Apply judges the change and makes it to m, the message as it is under
	// the lock, and reports whether m is another one now. It may be run again,
	// on a new m, in another transaction.
	Apply func(ctx context.Context, tx *sql.Tx, h *Head, m *wire.Message, now int64) (changed bool, err error)
}

// size is what the item weighs in a batch, in bytes.
func (i *Item) size() int { return len(i.Body) + len(i.Preview) + len(i.Bundle) + 64 }

// Head is a conversation's row while it is locked.
type Head struct {
	ID          uint64
	MaxSeq, Ver uint64
	// LastAt is when the last message was appended, ActiveAt when anything
	// happened last, in Unix milliseconds.
	LastAt, ActiveAt int64
	// Row is the domain's own part of the row.
	Row any
}

// Domain is what differs between private chats and groups. Its methods run in
// the transaction that appends.
type Domain interface {
	// Lock reads and locks the rows of ids, which are in rising order. Rows
	// that do not exist are left out.
	Lock(ctx context.Context, tx *sql.Tx, ids []uint64) ([]*Head, error)
	// Refuse sets Err of the items whose sender may not send. Every item has
	// its Head.
	Refuse(ctx context.Context, tx *sql.Tx, items []*Item) error
	// Raise writes the heads back, with the read positions of those who sent:
	// sending implies having read.
	Raise(ctx context.Context, tx *sql.Tx, heads []*Head, sent []*Item) error
	// Publish tells the receivers. It is called after the commit, on no
	// caller's time; what it could not publish it is given again later.
	Publish(ctx context.Context, messages []Committed) error
}

// Committed is a message to publish, or a change to one.
type Committed struct {
	Conversation uint64
	Message      *wire.Message
	// Event is what happened to the message; empty is that it was appended.
	Event string
	// By is who changed it.
	By uint64
	// Row is Head.Row as the append left it; nil if it is not known any more.
	Row any

	// stored says that Message was not appended just now, so what it refers to
	// may have changed.
	stored bool
}
