package msglog

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"

	"gorm.io/gorm"

	"tudoIM/common/errs"
	"tudoIM/core/db"
)

// SenderState is what holds for one user in every conversation, as user_rpc
// has said it.
type SenderState struct {
	UserID uint64
	// Code is what the user is refused with when sending; 0 may send.
	Code int32
	// Until is when that ends, in Unix milliseconds; 0 is never.
	Until int64
	// Gone says that the account is deleted: nobody can send to it either.
	Gone bool
	// NoReceipts says that between the user and anybody else nobody is told how
	// far the other has read. Only a table with Receipts keeps it.
	NoReceipts bool
	// Version rises with every change of the user.
	Version uint64
}

// Refusal reports why the user may not send at now, in Unix milliseconds, or nil.
func (s SenderState) Refusal(now int64) error {
	if s.Code == 0 || (s.Until != 0 && now >= s.Until) {
		return nil
	}
	return errs.ByCode(int(s.Code))
}

// Senders keeps the states of users in a table of a log's database.
type Senders struct {
	DB    *db.DB
	Table string
	// Receipts says that the table keeps NoReceipts, in no_receipts.
	Receipts bool
}

// Set puts s in force, if its version is higher than that of the state in
// force. After it returns no message that s refuses is committed: it takes the
// lock that Of shares, so it waits for the batches that read the state before.
func (q Senders) Set(ctx context.Context, s SenderState) error {
	if s.UserID == 0 || s.UserID > math.MaxInt64 {
		return errs.BadArgument("userId")
	}
	set := map[string]any{"refusal": s.Code, "until_at": s.Until, "gone": s.Gone, "version": s.Version, "updated_at": q.DB.Clock.Milli(ctx)}
	if q.Receipts {
		set["no_receipts"] = s.NoReceipts
	}
	err := q.DB.Tx(ctx, func(tx *gorm.DB) error {
		// An upsert locks the row whether it was there or not.
		if err := tx.Exec("INSERT INTO "+q.Table+" (user_id) VALUES (?)"+q.DB.Upsert("user_id", "user_id"), s.UserID).Error; err != nil {
			return err
		}
		return tx.Table(q.Table).Where("user_id = ? AND version < ?", s.UserID, s.Version).UpdateColumns(set).Error
	})
	if err != nil {
		return fmt.Errorf("state of sender %d: %w", s.UserID, err)
	}
	return nil
}

// Of returns the states of users and keeps them as they are until tx ends.
// One about whom nothing was said may do everything. NoReceipts is left out: no
// send asks for it.
//
// A row that is not there cannot be locked, and a Set that made it would not
// wait for this batch. So the batch makes it, once in a user's life.
func (q Senders) Of(ctx context.Context, tx *sql.Tx, users []uint64) (map[uint64]SenderState, error) {
	users = slices.Clone(users)
	slices.Sort(users) // all batches lock in one order
	users = slices.Compact(users)
	found := make(map[uint64]SenderState, len(users))
	if err := q.read(ctx, tx, users, found); err != nil {
		return nil, err
	}
	if !q.DB.IsMySQL() {
		return found, nil // a transaction that writes is alone there
	}
	unknown := slices.DeleteFunc(users, func(u uint64) bool { _, ok := found[u]; return ok })
	if len(unknown) == 0 {
		return found, nil
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO "+q.Table+" (user_id) VALUES "+Rows(len(unknown), 1)+
		q.DB.Upsert("user_id", "user_id"), Args(unknown)...); err != nil {
		return nil, fmt.Errorf("senders: %w", err)
	}
	// A Set may have been first to make it.
	return found, q.read(ctx, tx, unknown, found)
}

// read adds the rows of users to found. SQLite knows no lock and needs none.
func (q Senders) read(ctx context.Context, tx *sql.Tx, users []uint64, found map[uint64]SenderState) error {
	if len(users) == 0 {
		return nil
	}
	query := "SELECT user_id, refusal, until_at, gone, version FROM " + q.Table +
		" WHERE user_id IN " + Rows(1, len(users)) + " ORDER BY user_id"
	if q.DB.IsMySQL() {
		query += " LOCK IN SHARE MODE" // the words that MySQL 5.7 and MariaDB share
	}
	rows, err := tx.QueryContext(ctx, query, Args(users)...)
	if err != nil {
		return fmt.Errorf("senders: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var s SenderState
		if err := rows.Scan(&s.UserID, &s.Code, &s.Until, &s.Gone, &s.Version); err != nil {
			return fmt.Errorf("senders: %w", err)
		}
		found[s.UserID] = s
	}
	if err := rows.Err(); err != nil { // a deadlock may show only here
		return fmt.Errorf("senders: %w", err)
	}
	return nil
}
