// Package conn bounds how long a body may take to come or to go. Nothing else
// does: the server's own times cannot know how long a file is.
package conn

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"time"

	"tudoIM/common/errs"
)

// Patience is how long a body may take.
type Patience struct {
	// Stall is how long not a single byte may come, or go.
	Stall time.Duration
	// Grace is how long a body of any size may take to come, and Rate the
	// bytes that buy it one more second.
	Grace time.Duration
	Rate  int64
}

// Default is the patience of the suite.
var Default = Patience{Stall: 30 * time.Second, Grace: time.Minute, Rate: 64 << 10}

// reset is how much later than the last a new deadline must be to be worth
// setting.
const reset = time.Second / 4

// Body reads a request's body within a number of bytes and a time that grows
// with what has come.
type Body struct {
	body  io.Reader
	conn  *http.ResponseController
	wait  Patience
	begin time.Time
	until time.Time
	read  int64
	left  int64
	err   error
}

// NewBody returns the body of r, of which nothing has been read. It may be as
// long as Allow says, first nothing. The error says that the connection behind
// w cannot be reached, so that nothing would bound the body in time.
func NewBody(w http.ResponseWriter, r *http.Request, p Patience) (*Body, error) {
	b := &Body{body: r.Body, conn: controller(w), wait: p, begin: time.Now()}
	if err := b.deadline(); err != nil {
		return nil, fmt.Errorf("a body cannot be bounded in time: %w", err)
	}
	return b, nil
}

// Allow lets n more bytes be read.
func (b *Body) Allow(n int64) { b.left += n }

// Read reads from the body. It answers errs.TooLarge if more would come than
// is allowed and errs.Bad if the body does not come as it should, or not in
// time; an error does not change once there is one.
func (b *Body) Read(p []byte) (int, error) {
	if b.err != nil || len(p) == 0 {
		return 0, b.err
	}
	if err := b.deadline(); err != nil {
		b.err = bad(err)
		return 0, b.err
	}
	// One more byte than allowed tells a body that ends there from a longer one.
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.body.Read(p)
	switch {
	case int64(n) > b.left:
		n, err = int(b.left), errs.TooLarge
	case err != nil && !errors.Is(err, io.EOF):
		err = bad(err)
	}
	b.left, b.read, b.err = b.left-int64(n), b.read+int64(n), err
	return n, err
}

func bad(err error) error { return fmt.Errorf("%w: body: %w", errs.Bad, err) }

func (b *Body) deadline() error {
	until := time.Now().Add(b.wait.Stall)
	if end := b.begin.Add(b.wait.Grace + time.Duration(b.read/b.wait.Rate)*time.Second); end.Before(until) {
		until = end
	}
	if d := until.Sub(b.until); d >= 0 && d < reset {
		return nil
	}
	b.until = until
	return b.conn.SetReadDeadline(until)
}

// Finish reads what is left, which must be nothing but what belongs to the
// framing, and ends the body's deadline. It answers nil if the body has come
// to its end as its sender meant it.
func (b *Body) Finish() error {
	if _, err := io.Copy(io.Discard, b); err != nil {
		return err
	}
	// Left alone, the deadline would end the request while others are asked.
	if err := b.conn.SetReadDeadline(time.Time{}); err != nil {
		return bad(err)
	}
	return nil
}

// Drain reads and forgets the rest of a refused body, at most n bytes, so that
// its sender gets to see the answer: one who is still sending when the
// connection ends learns nothing else.
func (b *Body) Drain(n int64) {
	if errors.Is(b.err, errs.TooLarge) {
		b.err = nil // so far: more is allowed now
	}
	b.Allow(n)
	if b.Finish() != nil {
		_ = b.conn.SetReadDeadline(time.Now()) // there is nothing to wait for
	}
}

// Writer is w, given up on when the other end does not read for p.Stall.
func Writer(w http.ResponseWriter, p Patience) http.ResponseWriter {
	return &writer{ResponseWriter: w, conn: controller(w), wait: p.Stall}
}

type writer struct {
	http.ResponseWriter
	conn  *http.ResponseController
	wait  time.Duration
	until time.Time
}

func (w *writer) Write(p []byte) (int, error) {
	if until := time.Now().Add(w.wait); until.Sub(w.until) >= reset {
		w.until = until
		if err := w.conn.SetWriteDeadline(until); err != nil {
			return 0, fmt.Errorf("an answer cannot be bounded in time: %w", err)
		}
	}
	return w.ResponseWriter.Write(p)
}

// controller reaches the connection behind w. The writers go-zero puts before
// it have neither its methods nor Unwrap, but hold it in the field Writer.
func controller(w http.ResponseWriter) *http.ResponseController {
	for {
		v := reflect.Indirect(reflect.ValueOf(w))
		if v.Kind() != reflect.Struct {
			break
		}
		field := v.FieldByName("Writer")
		if !field.IsValid() || !field.CanInterface() {
			break
		}
		inner, ok := field.Interface().(http.ResponseWriter)
		if !ok {
			break
		}
		w = inner
	}
	return http.NewResponseController(w)
}
