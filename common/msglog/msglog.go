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

	"tudoIM/common/wire"
)

// Statuses of a message.
const (
	StatusNormal int32 = 0
)

// Tables names where a log lives.
type Tables struct {
	// Message is the table of messages, Target its column for the user or
	// group a message is sent to.
	Message, Target string
	// Outbox keeps what is committed and not yet published.
	Outbox string
	// Counter is the table of the row that message ids come from.
	Counter string
	// Odd ids, not even ones: so two logs share one range of ids.
	Odd bool
	// Type of the conversations: 1 private, 2 group.
	Type int32
}

// Item is one message to append, and what became of it.
type Item struct {
	Conversation uint64
	Sender       uint64
	Target       uint64
	ClientMsgID  string
	MsgType      int32
	Body         []byte
	Preview      string

	// Message is the stored one; Dup says that it was stored before. Both are
	// set when Err is nil.
	Message *wire.Message
	Dup     bool
	// Err is the refusal, or why it is not known whether the message is stored.
	Err error

	// Head is the conversation's row as the append left it.
	Head *Head
}

// size is what the item weighs in a batch, in bytes.
func (i *Item) size() int { return len(i.Body) + len(i.Preview) + 64 }

// Head is a conversation's row while it is locked.
type Head struct {
	ID          uint64
	MaxSeq, Ver uint64
	// LastAt is when the last message was appended, in Unix milliseconds.
	LastAt int64
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

// Committed is a message to publish.
type Committed struct {
	Conversation uint64
	Message      *wire.Message
	// Row is Head.Row as the append left it; nil if it is not known any more.
	Row any
}
