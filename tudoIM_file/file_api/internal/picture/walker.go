package picture

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"tudoIM/common/errs"
)

// peek is how much of a file is held in memory at a time; no chunk of which
// more is looked at is larger.
const peek = 64 << 10

// walker goes once through a file and writes what may stay of it.
type walker struct {
	from *counter
	in   *bufio.Reader
	out  io.Writer
	n    int64 // written
	info *Info
	// known is what the walk before has found out, nil on the first.
	known *Info
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// at is where in the file the walker stands.
func (w *walker) at() int64 { return w.from.n - int64(w.in.Buffered()) }

// missing is err, which for a file that ends too early is errs.ImageBroken.
func missing(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: ends too early", errs.ImageBroken)
	}
	return fmt.Errorf("picture: %w", err)
}

// see returns the next n bytes, or as many as there are if they are fewer. The
// walker stays where it is.
func (w *walker) see(n int64) ([]byte, error) {
	p, err := w.in.Peek(int(min(n, peek)))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, missing(err)
	}
	return p, nil
}

// take returns the next n bytes, at most peek, and goes behind them. They are
// good until the walker moves on.
func (w *walker) take(n int) ([]byte, error) {
	p, err := w.in.Peek(n)
	if err != nil {
		return nil, missing(err)
	}
	_, err = w.in.Discard(n)
	return p, err
}

// drop goes behind the next n bytes, which do not stay.
func (w *walker) drop(n int64) error {
	for n > 0 {
		gone, err := w.in.Discard(int(min(n, 1<<30)))
		if err != nil {
			return missing(err)
		}
		n -= int64(gone)
	}
	return nil
}

// keep writes the next n bytes.
func (w *walker) keep(n int64) error {
	for n > 0 {
		p, err := w.take(int(min(n, peek)))
		if err != nil {
			return err
		}
		if err := w.put(p); err != nil {
			return err
		}
		n -= int64(len(p))
	}
	return nil
}

// put writes bytes of our own, or those that were taken.
func (w *walker) put(parts ...[]byte) error {
	for _, p := range parts {
		n, err := w.out.Write(p)
		w.n += int64(n)
		if err != nil {
			return err
		}
	}
	return nil
}
