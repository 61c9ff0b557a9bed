package embedded

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"reflect"
	"time"

	gosqlite "github.com/glebarez/go-sqlite"

	"tudoIM/common/errs"
)

var (
	errByHand   = errors.New("sqlite: begin and end a transaction with BeginTx, not by a statement")
	errReadOnly = errors.New("sqlite: a read-only transaction does not write")
	errNoWriter = fmt.Errorf("sqlite: no turn to write within %v", longestWait)
)

// longestWait ends the wait of a writer whose context has no end, such as one
// that waits, through the pool, for the transaction it is itself inside.
const longestWait = time.Minute

// handle is what the driver's connection can do. It is all it can do: a test
// fails when a new version adds an interface that conn would hide.
type handle interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
}

// Connect is called by sql.DB. The connection takes a handle when it has work.
func (s *store) Connect(context.Context) (driver.Conn, error) {
	return &conn{s: s}, nil
}

func (s *store) Driver() driver.Driver {
	return s.driver
}

// conn is a connection of the pool: an empty one, until it has its turn to
// read or to write. So writers that wait hold no handle, and readers find one.
type conn struct {
	s       *store
	h       handle
	reading bool // holds a place at s.reader
	tx      *tx
	bad     bool // the handle is in an unknown state
}

// attach gives c a handle. A writer, let in already, passes the readers' gate.
func (c *conn) attach(ctx context.Context, writer bool) error {
	if c.h != nil {
		return nil
	}
	if !writer {
		if err := c.s.reader.enter(ctx); err != nil {
			return err
		}
	}
	h, err := c.s.take()
	if err != nil {
		if !writer {
			c.s.reader.leave()
		}
		return err
	}
	c.h, c.reading = h, !writer
	return nil
}

func (c *conn) detach(end func(handle)) {
	if c.h == nil {
		return
	}
	end(c.h)
	if c.reading {
		c.s.reader.leave()
	}
	c.h, c.reading = nil, false
}

// IsValid is called by sql.DB just before a connection goes back to the pool:
// the moment to give up the handle.
func (c *conn) IsValid() bool {
	if c.bad || c.tx != nil {
		return false
	}
	c.detach(c.s.give)
	return true
}

// ResetSession has nothing to do. With IsValid it tells sql.DB that the
// connection may be used on after a transaction ended with its context.
func (c *conn) ResetSession(context.Context) error {
	return nil
}

// Close also ends a transaction that is still open.
func (c *conn) Close() error {
	var err error
	c.detach(func(h handle) { err = h.Close() })
	if c.tx != nil {
		c.tx.end()
	}
	return err
}

// CheckNamedValue brings times to UTC: as text they sort only within one zone.
// A number that SQLite has no place for is whoever's that sent it, not a fault
// of ours: no id of ours is that large.
func (c *conn) CheckNamedValue(v *driver.NamedValue) error {
	value, err := driver.DefaultParameterConverter.ConvertValue(v.Value)
	if n := reflect.ValueOf(v.Value); err != nil && n.CanUint() && n.Uint() > math.MaxInt64 {
		return errs.Bad
	}
	if err != nil {
		return err
	}
	if t, ok := value.(time.Time); ok {
		value = t.UTC()
	}
	v.Value = value
	return nil
}

func (c *conn) Ping(ctx context.Context) error {
	if err := c.attach(ctx, false); err != nil {
		return err
	}
	return c.h.Ping(ctx)
}

// Prepare and PrepareContext do nothing but remember the text; the driver
// compiles a statement each time it runs in any case.
func (c *conn) Prepare(query string) (driver.Stmt, error) {
	return &stmt{c: c, query: query}, nil
}

func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return c.Prepare(query)
}

func (c *conn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	t := &tx{c: c, readOnly: opts.ReadOnly, leave: func() {}}
	if !opts.ReadOnly {
		leave, err := c.toWrite(ctx)
		if err != nil {
			return nil, err
		}
		t.leave = leave
	}
	if err := c.attach(ctx, !opts.ReadOnly); err != nil {
		t.leave()
		return nil, err
	}
	inner, err := c.h.BeginTx(ctx, opts)
	if err != nil {
		t.leave()
		return nil, err
	}
	t.inner, c.tx = inner, t
	return t, nil
}

// ExecContext runs a statement. One that writes is not interrupted once it
// has begun, so that its outcome is known.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	leave, err := c.admit(ctx, query)
	if err != nil {
		return nil, err
	}
	defer leave()
	// The driver would answer success for a statement that its context kept
	// from running at all.
	result, err := c.h.ExecContext(context.WithoutCancel(ctx), query, args)
	return result, c.note(err)
}

// QueryContext runs a statement that returns rows. One that writes (INSERT ...
// RETURNING) is over when its rows are closed.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	leave, err := c.admit(ctx, query)
	if err != nil {
		return nil, err
	}
	if kindOf(query) != reads {
		ctx = context.WithoutCancel(ctx)
	}
	rows, err := c.h.QueryContext(ctx, query, args)
	if err != nil {
		leave()
		return nil, c.note(err)
	}
	typed, ok := rows.(typedRows)
	if !ok {
		_ = rows.Close()
		leave()
		return nil, fmt.Errorf("sqlite: driver rows %T lack a method", rows)
	}
	return &rowsOf{typedRows: typed, c: c, leave: leave}, nil
}

// admit lets a statement in when its turn has come and attaches a handle. The
// caller calls leave when the statement is over.
func (c *conn) admit(ctx context.Context, query string) (leave func(), err error) {
	leave = func() {}
	if err := ctx.Err(); err != nil {
		return leave, err
	}
	if c.tx != nil {
		return leave, c.tx.admit(query)
	}
	kind := kindOf(query)
	switch kind {
	case controls:
		return leave, errByHand
	case writes:
		if leave, err = c.toWrite(ctx); err != nil {
			return leave, err
		}
	}
	if err := c.attach(ctx, kind == writes); err != nil {
		leave()
		return leave, err
	}
	return leave, nil
}

// toWrite waits for this writer's turn.
func (c *conn) toWrite(ctx context.Context) (leave func(), err error) {
	bound, cancel := context.WithTimeout(ctx, longestWait)
	defer cancel()
	err = c.s.writer.enter(bound)
	if err != nil && ctx.Err() == nil {
		err = errNoWriter
	}
	if err != nil {
		return func() {}, err
	}
	return c.s.writer.leave, nil
}

// note marks the transaction lost after an error for which SQLite may have
// rolled it back by itself: statements after it would commit one by one.
func (c *conn) note(err error) error {
	var e *gosqlite.Error
	if c.tx == nil || !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case codeNoMemory, codeInterrupt, codeIO, codeFull:
		c.tx.lost = err
	}
	return err
}

// Primary result codes of SQLite.
const (
	codeNoMemory  = 7
	codeInterrupt = 9
	codeIO        = 10
	codeFull      = 13
)
