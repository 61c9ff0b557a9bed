//go:build unix

package proxy

import (
	"errors"
	"io"
	"net"
	"syscall"
)

// ready waits until there is something to read before it takes a buffer: an
// idle socket has none.
type ready struct {
	raw syscall.RawConn
	try func(fd uintptr) bool

	buf *[]byte
	n   int
	err error
}

func newSource(conn net.Conn) source {
	c, ok := conn.(*net.TCPConn)
	if !ok { // TLS has to read before it knows
		return newHeld(conn)
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return newHeld(conn)
	}
	r := &ready{raw: raw}
	r.try = r.tryRead
	return r
}

func (r *ready) read() (*[]byte, int, error) {
	r.buf, r.n, r.err = nil, 0, nil
	if err := r.raw.Read(r.try); err != nil {
		giveBack(r.buf)
		return nil, 0, err
	}
	if r.n == 0 && r.err == nil {
		r.err = io.EOF
	}
	return r.buf, r.n, r.err
}

// tryRead is called when the connection may have something; false waits.
func (r *ready) tryRead(fd uintptr) bool {
	if r.buf == nil {
		r.buf = moving.Get().(*[]byte)
	}
	for {
		r.n, r.err = syscall.Read(int(fd), *r.buf) // #nosec G115 -- a descriptor
		if r.err == nil {
			return true
		}
		r.n = 0
		switch {
		case errors.Is(r.err, syscall.EINTR):
		case errors.Is(r.err, syscall.EAGAIN):
			giveBack(r.buf)
			r.buf, r.err = nil, nil
			return false
		default:
			return true
		}
	}
}
