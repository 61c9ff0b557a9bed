package ws

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"tudoIM/common/token"
)

const (
	// maxFrame is the largest frame a client may send, in bytes.
	maxFrame = 64 << 10
	// A session's queue holds this much, whichever comes first; over it the
	// client is too slow: it is cut, and catches up by sync.
	maxQueueFrames = 256
	maxQueueBytes  = 1 << 20
	// maxInFlight bounds a client's sends that are not answered yet; then its
	// socket is not read, and TCP holds it back.
	maxInFlight = 32

	writeWait = 10 * time.Second
	// silence closes a socket; pings go out often enough to keep a living one.
	silence   = 60 * time.Second
	pingEvery = 25 * time.Second
)

// Session is one socket. Whoever has something to say queues frames; a writer
// runs only while there are any, so an idle socket costs no goroutine for it.
type Session struct {
	hub  *Hub
	conn *websocket.Conn
	id   uint64
	who  token.Identity
	lang string
	// slots bounds the sends under way.
	slots chan struct{}

	mu       sync.Mutex
	queue    [][]byte
	queued   int
	writing  bool
	closing  []byte // the close frame that ends the queue
	closed   bool
	events   uint64 // n of the last event
	lastPing time.Time
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

func (s *Session) enqueue(frame []byte) {
	if s.closed || s.closing != nil {
		return
	}
	if len(s.queue) >= maxQueueFrames || s.queued+len(frame) > maxQueueBytes {
		s.queue = nil
		s.end(CloseSlow, "too slow: sync, then go on")
		return
	}
	s.queue = append(s.queue, frame)
	s.queued += len(frame)
	s.start()
}

// Close ends the session after what is queued, with code and reason.
func (s *Session) Close(code int, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed && s.closing == nil {
		s.end(code, reason)
	}
}

func (s *Session) end(code int, reason string) {
	body := websocket.FormatCloseMessage(code, reason)
	s.closing = append(header(websocket.CloseMessage, len(body)), body...)
	s.start()
}

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
		frames, last := s.queue, s.closing
		s.queue, s.queued = nil, 0
		if len(frames) == 0 && last == nil || s.closed {
			s.writing = false
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		if last != nil {
			frames = append(frames, last)
		}
		if err := s.flush(frames); err != nil || last != nil {
			s.drop()
			s.mu.Lock()
			s.writing = false
			s.mu.Unlock()
			return
		}
	}
}

func (s *Session) flush(frames [][]byte) error {
	nc := s.conn.NetConn()
	if err := nc.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return err
	}
	buf := frames[0]
	if len(frames) > 1 {
		buf = bytes.Join(frames, nil)
	}
	_, err := nc.Write(buf)
	return err
}

// drop closes the connection; the reader then ends.
func (s *Session) drop() {
	s.mu.Lock()
	s.closed, s.queue = true, nil
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
	s.start()
}

// read serves the client's frames until the connection ends.
func (s *Session) read(ctx context.Context) {
	s.conn.SetReadLimit(maxFrame)
	alive := func() error { return s.conn.SetReadDeadline(time.Now().Add(silence)) }
	s.conn.SetPongHandler(func(string) error { return alive() })
	s.conn.SetPingHandler(func(data string) error {
		s.send(append(header(websocket.PongMessage, len(data)), data...))
		return alive()
	})
	for {
		if alive() != nil {
			return
		}
		kind, body, err := s.conn.ReadMessage()
		if err != nil {
			var timeout net.Error
			if errors.As(err, &timeout) && timeout.Timeout() {
				s.Close(CloseSilent, "no heartbeat")
			}
			return
		}
		var req request
		if kind != websocket.TextMessage || json.Unmarshal(body, &req) != nil || req.Op == "" || len(req.ID) > 64 {
			s.Close(CloseBadFrame, "bad frame")
			return
		}
		s.hub.dispatch(ctx, s, &req)
	}
}

// eventFrame puts what differs per receiver around data, encoded once.
func eventFrame(name string, n uint64, ts int64, data []byte) []byte {
	body := make([]byte, 0, len(data)+96)
	body = append(body, `{"op":"event","event":"`...)
	body = append(body, name...)
	body = append(body, `","n":`...)
	body = strconv.AppendUint(body, n, 10)
	body = append(body, `,"ts":`...)
	body = strconv.AppendInt(body, ts, 10)
	body = append(body, `,"data":`...)
	body = append(body, data...)
	body = append(body, '}')
	return textFrame(body)
}
