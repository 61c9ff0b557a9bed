package msglog

import (
	"context"
	"database/sql"
	"fmt"
)

// blockSize is how many ids a process takes at once; those it has not used
// when it ends are never used.
const blockSize = 1000

// ids hands out message numbers from blocks of a counter row: unique over all
// processes without asking the database for each.
type ids struct {
	pool  *sql.DB
	table string
	odd   bool
	lock  string

	next, end uint64
}

// block is a run of ids.
type block struct {
	first uint64
	odd   bool
}

// at returns the n-th id of the block.
func (b block) at(n int) uint64 {
	id := 2 * (b.first + uint64(n)) // #nosec G115 -- n is an index
	if b.odd {
		id--
	}
	return id
}

// take returns n ids. Only the writer calls it.
func (i *ids) take(ctx context.Context, n int) (block, error) {
	want := uint64(n) // #nosec G115 -- n is a length
	if i.end-i.next < want {
		if err := i.refill(ctx, max(want, blockSize)); err != nil {
			return block{}, fmt.Errorf("ids: %w", err)
		}
	}
	b := block{first: i.next, odd: i.odd}
	i.next += want
	return b, nil
}

func (i *ids) refill(ctx context.Context, n uint64) error {
	tx, err := i.pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	var next uint64
	if err := tx.QueryRowContext(ctx, "SELECT next FROM "+i.table+" WHERE id = 1"+i.lock).Scan(&next); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE "+i.table+" SET next = ? WHERE id = 1", next+n); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err // the block may be lost, never given twice
	}
	i.next, i.end = next, next+n
	return nil
}
