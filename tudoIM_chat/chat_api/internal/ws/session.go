package ws

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"tudoIM/common/token"
)

const (
	writeWait = 10 * time.Second
	// silence closes a socket; pings go out often enough to keep a living one.
	silence   = 60 * time.Second
	pingEvery = 25 * time.Second
	// A client has this long to answer a close, a slow one less; what it sends
	// meanwhile is thrown away, up to lingerBytes.
	closeWait   = 5 * time.Second
	slowWait    = time.Second
	lingerBytes = 1 << 20
)

// Limits bound sockets.
type Limits struct {
	// PerUser is how many one user may have on one node; of more the oldest is
	// closed.
	PerUser int `json:",default=10,range=[1:1000]"`
	// FrameBytes is the largest frame a client may send.
	FrameBytes int64 `json:",default=65536,range=[32768:1048576]"`
	// A session's queue holds this much, whichever comes first; over it the
	// client is too slow: it is cut, and catches up by sync.
	QueueFrames int `json:",default=256,range=[16:65536]"`
	QueueBytes  int `json:",default=1048576,range=[262144:67108864]"`
	// InFlight bounds a client's sends that are not answered yet; then its
	// socket is not read, and TCP holds it back.
	InFlight int `json:",default=32,range=[1:1024]"`
}

// Session is one socket. Whoever has something to say queues frames; a writer
// runs only while there are any, so an idle socket costs no goroutine for it.
type Session struct {
	hub  *Hub
	conn *websocket.Conn
	id   uint64
	// who does not change, but for the end of the token, which mu guards.
	who token.Identity
	// slots bounds the sends under way.
	slots  chan struct{}
	typing typist

	mu       sync.Mutex
	drained  sync.Cond // of mu: the queue was taken, or the session ends
	queue    [][]byte  // the pieces of frames
	frames   int       // how many frames these are
	queued   int       // and bytes
	writing  bool      // a writer runs, or is still to be started by open
	closing  []byte    // the close frame that ends the queue
	closed   bool
	events   uint64 // n of the last event
	lastPing time.Time
	rests    bool // no typing, no presence
	// refusals are requests that were too many since refusing.
	refusing time.Time
	refusals int
}

// send queues frame. It never blocks: a full queue closes the session.
func (s *Session) send(frame []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.enqueue(frame)
}

// event queues an event; data is its encoded data.
func (s *Session) event(name string, ts int64, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events++
	s.enqueue(eventFrame(name, s.events, ts, data))
}

// share queues an event whose data is data and tail; data is the same for many,
// and is not copied.
func (s *Session) share(name string, ts int64, data, tail []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events++
	var room [128]byte
	opening := appendOpening(room[:0], name, s.events, ts)
	n := len(opening) + len(data) + len(tail) + 1
	own := make([]byte, 0, headerSize+len(opening)+len(tail)+1)
	own = append(appendHeader(own, websocket.TextMessage, n), opening...)
	head := len(own)
	own = append(append(own, tail...), '}')
	s.enqueue(own[:head], data, own[head:])
}

// enqueue queues a frame, which may come in pieces.
func (s *Session) enqueue(pieces ...[]byte) {
	if s.closed || s.closing != nil {
		return
	}
	n := 0
	for _, p := range pieces {
		n += len(p)
	}
	if s.frames >= s.hub.limits.QueueFrames || s.queued+n > s.hub.limits.QueueBytes {
		s.queue = nil
		s.end(CloseSlow, "too slow: sync, then go on", slowWait)
		return
	}
	s.queue = append(s.queue, pieces...)
	s.frames++
	s.queued += n
	s.start()
}

// Close ends the session after what is queued, with code and reason.
func (s *Session) Close(code int, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed && s.closing == nil {
		s.end(code, reason, closeWait)
	}
}

// end queues the last frame and gives the client wait to take it: from now on
// nothing it asks for is served.
func (s *Session) end(code int, reason string, wait time.Duration) {
	body := websocket.FormatCloseMessage(code, reason)
	s.closing = append(header(websocket.CloseMessage, len(body)), body...)
	s.drained.Broadcast()
	_ = s.conn.SetReadDeadline(time.Now().Add(wait)) // it may be gone already
	s.start()
}

// ending reports whether the session was told to close.
func (s *Session) ending() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing != nil || s.closed
}

// open lets the writer go. Until then frames are held back, so that hello is
// the first one, and is not sent before the client's events are heard.
func (s *Session) open() { go s.write() }

// start runs the writer if none is running.
func (s *Session) start() {
	if !s.writing {
		s.writing = true
		go s.write()
	}
}

// write writes what is queued, several frames at a time, until nothing is.
func (s *Session) write() {
	for {
		s.mu.Lock()
		pieces, last := s.queue, s.closing
		s.queue, s.frames, s.queued = nil, 0, 0
		s.drained.Broadcast()
		if len(pieces) == 0 && last == nil || s.closed {
			s.writing = false
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		if last != nil {
			pieces = append(pieces, last)
		}
		if s.flush(pieces) != nil {
			s.drop()
		} else if last != nil {
			return // the reader waits for the client's answer, and drops the connection
		}
	}
}

// flush writes pieces in as few writes as the system does with.
func (s *Session) flush(pieces net.Buffers) error {
	nc := s.conn.NetConn()
	if err := nc.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return err
	}
	_, err := pieces.WriteTo(nc)
	return err
}

// drop closes the connection; the reader then ends.
func (s *Session) drop() {
	s.mu.Lock()
	s.closed, s.queue = true, nil
	s.drained.Broadcast()
	s.mu.Unlock()
	_ = s.conn.Close() // it may be gone already
}

// ping keeps the connection known to be alive.
func (s *Session) ping(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.writing || now.Sub(s.lastPing) < pingEvery {
		return
	}
	s.lastPing = now
	s.queue = append(s.queue, header(websocket.PingMessage, 0))
	s.frames++
	s.start()
}

// read serves the client's frames until the connection ends.
func (s *Session) read(ctx context.Context) {
	s.conn.SetReadLimit(s.hub.limits.FrameBytes)
	s.conn.SetPongHandler(func(string) error { return s.alive() })
	s.conn.SetPingHandler(func(data string) error {
		s.room() // a ping is a request, too
		s.send(append(header(websocket.PongMessage, len(data)), data...))
		return s.alive()
	})
	echo := s.conn.CloseHandler()
	s.conn.SetCloseHandler(func(code int, text string) error {
		if s.ending() {
			return nil // it answers ours
		}
		return echo(code, text)
	})
	for s.alive() == nil {
		s.room()
		kind, body, err := s.conn.ReadMessage()
		if err != nil {
			s.leave(err)
			return
		}
		if s.ending() {
			continue // until the client has taken the close
		}
		req, ok := decode(kind, body)
		if !ok {
			s.Close(CloseBadFrame, "bad frame")
			continue
		}
		s.hub.dispatch(ctx, s, req)
	}
}

// room waits while half of the queue is full, in frames or in bytes. A client is not read that does
// not take its answers, so that its own requests never make it too slow.
func (s *Session) room() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.halfFull() && s.closing == nil && !s.closed {
		s.drained.Wait()
	}
}

// halfFull is for who has the lock.
func (s *Session) halfFull() bool {
	return s.frames > s.hub.limits.QueueFrames/2 || s.queued > s.hub.limits.QueueBytes/2
}

// busy reports whether what can wait should: half of the queue is full.
func (s *Session) busy() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.halfFull()
}

// alive puts off the end by silence; a session that ends is not put off.
func (s *Session) alive() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return net.ErrClosed
	}
	if s.closing != nil {
		return nil
	}
	return s.conn.SetReadDeadline(time.Now().Add(silence))
}

// leave ends a socket that cannot be read any more. A close may be on its way
// (gorilla has said it for a frame too big): to close a connection that has
// unread input resets it, and the client would never see why.
func (s *Session) leave(err error) {
	var bye *websocket.CloseError
	if errors.As(err, &bye) || s.ending() {
		return
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		s.Close(CloseSilent, "no heartbeat")
	}
	nc := s.conn.NetConn()
	if nc.SetReadDeadline(time.Now().Add(slowWait)) == nil {
		_, _ = io.CopyN(io.Discard, nc, lingerBytes)
	}
}

// eventFrame is the frame of an event with data as its encoded data.
func eventFrame(name string, n uint64, ts int64, data []byte) []byte {
	body := appendOpening(make([]byte, 0, len(data)+96), name, n, ts)
	return textFrame(append(append(body, data...), '}'))
}

// appendOpening appends what is before the data of an event.
func appendOpening(b []byte, name string, n uint64, ts int64) []byte {
	b = append(append(b, `{"op":"event","event":"`...), name...)
	b = strconv.AppendUint(append(b, `","n":`...), n, 10)
	b = strconv.AppendInt(append(b, `,"ts":`...), ts, 10)
	return append(b, `,"data":`...)
}
