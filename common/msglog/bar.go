package msglog

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
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

// pass sets Err of those of items that carry a barred file. It holds a row for
// each file, in one order for all, until the commit: who wants to bar the file
// waits for that, and then finds the message. Texts have none and cost nothing.
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
		default:
			if n := slices.IndexFunc(i.Files, func(uid string) bool { return barred[uid] }); n >= 0 {
				i.Err = errs.FileUnknown.With("uid", i.Files[n])
			}
		}
	}
	return nil
}

// lockBars holds the rows of uids, which are in order, until the commit, and
// adds to barred those that are. Many may hold a row that is there, as Senders
// do: a file that goes round keeps no batch waiting for another. One is made
// where there is none, for none can be held otherwise.
func (l *Log) lockBars(ctx context.Context, tx *sql.Tx, uids []string, now int64, barred map[string]bool) error {
	known := make(map[string]bool, len(uids))
	if err := l.readBars(ctx, tx, uids, now, known, barred); err != nil {
		return err
	}
	if !l.db.IsMySQL() {
		return nil // a transaction that writes is alone there
	}
	unknown := slices.DeleteFunc(slices.Clone(uids), func(uid string) bool { return known[uid] })
	if len(unknown) == 0 {
		return nil
	}
	args := make([]any, 0, 2*len(unknown))
	for _, uid := range unknown {
		args = append(args, uid, 0)
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO "+l.tables.Bar+" (uid, barred_until) VALUES "+Rows(len(unknown), 2)+
		l.db.Upsert("uid", "uid"), args...)
	if err != nil {
		return err
	}
	// Who bars may have been first to make it.
	return l.readBars(ctx, tx, unknown, now, known, barred)
}

// readBars adds the rows of uids that there are to known, and to barred.
func (l *Log) readBars(ctx context.Context, tx *sql.Tx, uids []string, now int64, known, barred map[string]bool) error {
	hint, lock := "", ""
	if l.db.IsMySQL() {
		// A scan would wait for rows of files that are none of ours.
		hint, lock = " FORCE INDEX (PRIMARY)", " LOCK IN SHARE MODE"
	}
	args := make([]any, len(uids))
	for n, uid := range uids {
		args[n] = uid
	}
	found, err := tx.QueryContext(ctx, "SELECT uid, barred_until FROM "+l.tables.Bar+hint+" WHERE uid IN "+Rows(1, len(uids))+
		" ORDER BY uid"+lock, args...)
	if err != nil {
		return err
	}
	defer func() { _ = found.Close() }()
	for found.Next() {
		var uid string
		var until int64
		if err := found.Scan(&uid, &until); err != nil {
			return err
		}
		known[uid] = true
		if until > now {
			barred[uid] = true
		}
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
