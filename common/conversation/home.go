package conversation

import (
	"context"
	"database/sql"
	"time"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
)

// Key names a conversation by one of its users and whom it is with.
type Key struct{ User, Target uint64 }

// Home is where conversations of one kind live.
type Home interface {
	msglog.Domain
	// IDs returns the numbers of the conversations that senders name; those
	// that do not exist are left out.
	IDs(ctx context.Context, keys []Key) (map[Key]uint64, error)
	// Stranger is what a send to a conversation that does not exist is refused
	// with.
	Stranger() *errs.Error
	// Admit returns the conversations of those of keys who may send all the same,
	// though they were refused with Stranger; it makes what does not exist. It is
	// never called in a transaction.
	Admit(ctx context.Context, keys []Key) (map[Key]uint64, error)

	// View returns a conversation as user sees it, or errs.NoConversation.
	View(ctx context.Context, user, target uint64) (*View, error)
	// ViewsOf returns those of the conversations with the numbers ids that
	// user is in, by number.
	ViewsOf(ctx context.Context, user uint64, ids []uint64) (map[uint64]*View, error)
	// Views returns all conversations of user, in no order.
	Views(ctx context.Context, user uint64) ([]*View, error)
	// Active returns the conversations of user of which anything changed at
	// since or later, the gone ones too, at most limit.
	Active(ctx context.Context, user uint64, since int64, limit int) ([]*View, error)

	// Dress says in each of list what its sender is called there, and is.
	Dress(ctx context.Context, list []*wire.Message) error

	// Set changes what user has set on v, in one transaction.
	Set(ctx context.Context, user uint64, v *View, s Setting) error
	// Read moves user's read position in v to seq unless it is there already,
	// and takes the mark of being unread away; moved says that either changed.
	Read(ctx context.Context, user uint64, v *View, seq uint64, now int64) (moved bool, err error)

	// TakeBack reports why user may not recall or delete m for everybody, or
	// nil; bound says that the window holds for user.
	TakeBack(ctx context.Context, tx *sql.Tx, h *msglog.Head, user uint64, m *wire.Message) (bound bool, err error)
	// MayPin reports why user may not pin messages, or nil.
	MayPin(ctx context.Context, tx *sql.Tx, h *msglog.Head, user uint64) error

	// Hearers returns the others in v who hear that user types; nobody where
	// user may not send.
	Hearers(ctx context.Context, user uint64, v *View) ([]uint64, error)
	// Readers returns who of the others that got m has read it, and who not; of
	// whom the asking user may not know is in neither.
	Readers(ctx context.Context, v *View, m *wire.Message) (read, unread []uint64, err error)
	// Peers returns who is told when user has read: in a group nobody, nor where
	// no receipts go.
	Peers(user uint64, v *View) []uint64
}

// Setting is what a user changes on a conversation; nil stays as it is.
type Setting struct {
	Top, Muted *bool
	Draft      *string
	// HiddenSeq hides up to, and not with, this message; 0 shows it again.
	HiddenSeq *uint64
	// MarkSeq marks as not read until this message; 0 takes the mark away.
	MarkSeq *uint64
	// ClearSeq clears up to this message. It never goes back.
	ClearSeq *uint64
	// At is when, in Unix milliseconds.
	At int64
}

// Limits are what the operator may change while halves run.
type Limits struct {
	// Text is the longest text in code points.
	Text int
	// RecallWindow is how long a message may be taken back.
	RecallWindow time.Duration
}

// References says what a user may refer to in messages.
type References interface {
	// Files returns those of uids that user may send.
	Files(ctx context.Context, user uint64, uids []string) (map[string]ctype.File, error)
	// Cards answers errs.BadMessage if user may not show one of users or groups.
	Cards(ctx context.Context, user uint64, users, groups []uint64) error
}
