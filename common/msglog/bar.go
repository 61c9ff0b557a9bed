package msglog

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"tudoIM/common/errs"
	"tudoIM/core/db"
)

const (
	// barTime is how long a barred file is carried by nothing new, maxAge how long
	// before its commit a message's files may have been checked: so what was
	// checked before a bar never commits behind it.
	barTime = 5 * time.Minute
	maxAge  = 2 * time.Minute
)

// pass sets Err of those of items that carry a barred file. It locks a row for
// each file, in one order for all, until the commit: who wants to bar the file
// waits for it, and then finds the message. Texts have none and cost nothing.
func (l *Log) pass(ctx context.Context, tx *sql.Tx, items []*Item, now int64) error {
	var uids []string
	for _, i := range items {
		if i.Err == nil && i.Change == nil {
			uids = append(uids, i.Files...)
		}
	}
	if len(uids) == 0 {
		return nil
	}
	slices.Sort(uids)
	barred := map[string]bool{}
	for some := range slices.Chunk(slices.Compact(uids), fileRows) {
		if err := l.lockBars(ctx, tx, some, now, barred); err != nil {
			return fmt.Errorf("bars: %w", err)
		}
	}
	for _, i := range items {
		switch {
		case i.Err != nil || i.Change != nil || len(i.Files) == 0:
		case !i.Checked.IsZero() && time.Since(i.Checked) > maxAge:
			i.Err = errs.Unavailable
		case slices.ContainsFunc(i.Files, func(uid string) bool { return barred[uid] }):
			i.Err = errs.FileUnknown
		}
	}
	return nil
}

// lockBars locks the rows of uids and adds to barred those that are. A row is
// made where there is none, for none can be locked otherwise.
func (l *Log) lockBars(ctx context.Context, tx *sql.Tx, uids []string, now int64, barred map[string]bool) error {
	args, rows := make([]any, 0, 2*len(uids)), make([]any, len(uids))
	for n, uid := range uids {
		args, rows[n] = append(args, uid, 0), uid
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO "+l.tables.Bar+" (uid, barred_until) VALUES "+Rows(len(uids), 2)+
		l.db.Upsert("uid", "uid"), args...)
	if err != nil {
		return err
	}
	// FOR UPDATE reads what is committed, not what was when the transaction began.
	found, err := tx.QueryContext(ctx, "SELECT uid FROM "+l.tables.Bar+" WHERE uid IN (?"+strings.Repeat(",?", len(uids)-1)+
		") AND barred_until > ?"+forUpdate(l.db), append(rows, now)...)
	if err != nil {
		return err
	}
	defer func() { _ = found.Close() }()
	for found.Next() {
		var uid string
		if err := found.Scan(&uid); err != nil {
			return err
		}
		barred[uid] = true
	}
	return found.Err()
}

// Carried reports whether a message carries the file uid, whoever may read it.
func (l *Log) Carried(ctx context.Context, uid string) (bool, error) {
	return l.carried(ctx, l.pool, uid)
}

// Bar is Carried, and where it is not, nothing that is appended from now on
// carries the file for five minutes. Whoever appends has it before or not at all.
func (l *Log) Bar(ctx context.Context, uid string) (carried bool, err error) {
	for range maxTries {
		if carried, err = l.tryBar(ctx, uid); !db.IsRetryable(err) {
			break
		}
	}
	return carried, err
}

func (l *Log) tryBar(ctx context.Context, uid string) (bool, error) {
	until := l.db.Clock.Milli(ctx) + barTime.Milliseconds()
	tx, err := l.pool.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback() }() // after a commit this does nothing
	// What holds the row first is what the messages hold: then they are there to
	// be found, or come later and find the bar.
	_, err = tx.ExecContext(ctx, "INSERT INTO "+l.tables.Bar+" (uid, barred_until) VALUES (?, ?)"+
		l.db.Upsert("uid", "barred_until"), uid, until)
	if err != nil {
		return false, fmt.Errorf("bar %s: %w", l.tables.Bar, err)
	}
	carried, err := l.carried(ctx, tx, uid)
	if err != nil || carried {
		return carried, err
	}
	return false, tx.Commit()
}

func (l *Log) carried(ctx context.Context, q Querier, uid string) (bool, error) {
	found := false
	err := l.numbersOf(ctx, q, func(uint64) { found = true }, "SELECT message_id FROM "+l.tables.File+" WHERE uid = ? LIMIT 1", uid)
	return found, err
}
