package proxy

import (
	"net"
	"sync"
)

// source reads from a connection into a buffer it has only while there is
// something in it, where the system allows to wait without one. What read
// returns must be given back.
type source interface {
	read() (*[]byte, int, error)
}

// moved is the size of the buffers bytes pass through.
const moved = 8 << 10

var moving = sync.Pool{New: func() any { b := make([]byte, moved); return &b }}

// held is a source that waits with a buffer in its hand, a small one.
type held struct {
	conn net.Conn
	buf  []byte
}

func newHeld(conn net.Conn) *held { return &held{conn: conn, buf: make([]byte, 2<<10)} }

func (h *held) read() (*[]byte, int, error) {
	n, err := h.conn.Read(h.buf)
	return &h.buf, n, err
}

func giveBack(b *[]byte) {
	if b != nil && len(*b) == moved {
		moving.Put(b)
	}
}
