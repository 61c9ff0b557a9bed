package msglog

import (
	"context"
	"database/sql"
	"errors"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/errs"
	"tudoIM/core/db"
)

// maxTips bounds the messages that tell of one act.
const maxTips = 4

// Do is what an act does, in the transaction and under the lock of the
// conversation's row; now is in Unix milliseconds. The messages it returns, at
// most four, tell of it and are appended in the same transaction. It may be run
// again, in another transaction, so it keeps nothing of a try before.
type Do func(ctx context.Context, tx *sql.Tx, h *Head, now int64) (tips []*Item, err error)

// act is a request to do something to a conversation.
type act struct {
	conversation uint64
	do           Do
	err          error
}

// rows is what r weighs in the queue.
func (r *request) rows() int {
	if r.act != nil {
		return 1
	}
	return len(r.items)
}

// Act does something to a conversation that messages have to be judged by: who
// is in it, who may send. What was appended before was judged before, and what
// is appended behind it by what it left; each has its seq accordingly. An error
// of do is returned as it is and leaves nothing behind; errs.Unavailable says
// that it is not known whether it was done.
func (l *Log) Act(ctx context.Context, conversation uint64, do Do) error {
	a := &act{conversation: conversation, do: do}
	if err := l.do(ctx, &request{act: a, done: make(chan struct{})}); err != nil {
		return err
	}
	return a.err
}

// perform carries a out and returns the messages that tell of it. A commit whose
// end is not known is not tried again: done twice it would be refused, and its
// caller told that it was not done. What it had to tell the sweep tells.
func (l *Log) perform(ctx context.Context, a *act) (tips []*Item) {
	for range maxTries {
		a.err = guarded(func() (err error) {
			tips, err = l.tryAct(ctx, a)
			return err
		})
		if a.err == nil {
			return tips
		}
		if errors.Is(a.err, errUnknown) || !db.IsRetryable(a.err) {
			break
		}
	}
	l.out.flight = nil
	var refusal *errs.Error
	if !errors.As(a.err, &refusal) {
		logx.Errorf("msglog: an act in conversation %d: %v", a.conversation, a.err)
		if db.IsUnavailable(a.err) || errors.Is(a.err, errUnknown) || db.IsRetryable(a.err) {
			a.err = errs.Unavailable
		}
	}
	return nil
}

func (l *Log) tryAct(ctx context.Context, a *act) ([]*Item, error) {
	ctx, cancel := context.WithTimeout(ctx, commitTimeout)
	defer cancel()
	block, err := l.ids.take(ctx, maxTips)
	if err != nil {
		return nil, err
	}
	now := l.db.Clock.Milli(ctx)
	tx, err := l.pool.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // after a commit this does nothing

	at := &Item{Conversation: a.conversation}
	heads, err := l.lock(ctx, tx, []*Item{at})
	if err != nil {
		return nil, err
	}
	if at.Err != nil {
		return nil, at.Err
	}
	tips, err := a.do(ctx, tx, at.Head, now)
	if err != nil {
		return nil, err
	}
	for _, i := range tips {
		i.Conversation, i.Head = a.conversation, at.Head
	}
	l.number(tips, block, now)
	if len(tips) > 0 {
		if err := l.write(ctx, tx, heads, tips, now); err != nil {
			return nil, err
		}
	}
	if err := tx.Commit(); err != nil {
		return nil, errors.Join(errUnknown, err)
	}
	return tips, nil
}
