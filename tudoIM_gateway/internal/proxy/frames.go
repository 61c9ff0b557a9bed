package proxy

import "encoding/binary"

// frames follows the WebSocket frames of one direction, without keeping them,
// so that it is known where one of our own may stand.
type frames struct {
	head [14]byte
	n    int    // bytes of head that are there
	left uint64 // bytes of the payload still to come
}

// pass takes note of b.
func (f *frames) pass(b []byte) {
	for len(b) > 0 {
		if f.left > 0 {
			k := min(f.left, uint64(len(b)))
			f.left -= k
			b = b[k:]
			continue
		}
		f.head[f.n] = b[0]
		f.n++
		b = b[1:]
		if f.n >= 2 && f.n == f.size() {
			f.left, f.n = f.payload(), 0
		}
	}
}

// between reports whether the last frame is complete.
func (f *frames) between() bool { return f.n == 0 && f.left == 0 }

// size is the length of the head, known from its second byte.
func (f *frames) size() int {
	size := 2
	switch f.head[1] & 0x7f {
	case 126:
		size += 2
	case 127:
		size += 8
	}
	if f.head[1]&0x80 != 0 {
		size += 4
	}
	return size
}

func (f *frames) payload() uint64 {
	switch n := f.head[1] & 0x7f; n {
	case 126:
		return uint64(binary.BigEndian.Uint16(f.head[2:]))
	case 127:
		return binary.BigEndian.Uint64(f.head[2:])
	default:
		return uint64(n)
	}
}

// goingAway is a server's close frame with code 1001: come back elsewhere.
var goingAway = []byte{0x88, 0x02, 0x03, 0xe9}
