package embedded

import (
	"context"
	"database/sql/driver"
	"fmt"
)

// tx is a transaction of c. It gives up the writer's turn once, however it ends.
type tx struct {
	c        *conn
	inner    driver.Tx
	readOnly bool
	lost     error
	leave    func()
}

func (t *tx) Commit() error {
	defer t.end()
	err := t.lost
	if err == nil {
		err = t.inner.Commit()
	}
	if err == nil {
		return nil
	}
	// A commit that failed may leave the transaction open.
	if t.inner.Rollback() != nil {
		t.c.bad = true
	}
	return err
}

func (t *tx) Rollback() error {
	defer t.end()
	err := t.inner.Rollback()
	if err != nil {
		t.c.bad = true
	}
	if t.lost != nil {
		return nil // it was rolled back before
	}
	return err
}

func (t *tx) end() {
	t.c.tx = nil
	t.leave()
	t.leave = func() {}
}

func (t *tx) admit(query string) error {
	switch {
	case t.lost != nil:
		return fmt.Errorf("sqlite: transaction lost: %w", t.lost)
	case t.readOnly && kindOf(query) == writes:
		return errReadOnly
	}
	return nil
}

type stmt struct {
	c     *conn
	query string
}

func (s *stmt) Close() error  { return nil }
func (s *stmt) NumInput() int { return -1 }

func (s *stmt) CheckNamedValue(v *driver.NamedValue) error {
	return s.c.CheckNamedValue(v)
}

func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return s.c.ExecContext(ctx, s.query, args)
}

func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.c.QueryContext(ctx, s.query, args)
}

// Exec and Query are never called by sql.DB, which prefers the two above.
func (s *stmt) Exec([]driver.Value) (driver.Result, error) { return nil, driver.ErrSkip }
func (s *stmt) Query([]driver.Value) (driver.Rows, error)  { return nil, driver.ErrSkip }

// typedRows is what the driver's rows can do.
type typedRows interface {
	driver.Rows
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypeNullable
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeScanType
}

type rowsOf struct {
	typedRows
	c     *conn
	leave func()
}

func (r *rowsOf) Next(dest []driver.Value) error {
	return r.c.note(r.typedRows.Next(dest))
}

func (r *rowsOf) Close() error {
	err := r.typedRows.Close()
	r.leave()
	r.leave = func() {}
	return err
}
