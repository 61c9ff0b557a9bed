package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// dialWait bounds the opening of a socket, writeWait a write on it.
	dialWait  = 10 * time.Second
	writeWait = 10 * time.Second
)

// escape makes s part of a query.
func escape(s string) string { return url.QueryEscape(s) }

// Event is an event frame.
type Event struct {
	Event string          `json:"event"`
	N     uint64          `json:"n"`
	TS    int64           `json:"ts"`
	Data  json.RawMessage `json:"data"`
}

// Delivery is the data of a message event.
type Delivery struct {
	Message      Message `json:"message"`
	Conversation struct {
		Unread uint64 `json:"unread"`
		MaxSeq uint64 `json:"maxSeq"`
		AtMe   bool   `json:"atMe"`
	} `json:"conversation"`
}

// frame is whatever the server sends.
type frame struct {
	Op   string          `json:"op"`
	ID   string          `json:"id"`
	Code int             `json:"code"`
	Msg  string          `json:"msg"`
	Data json.RawMessage `json:"data"`
	// Of events.
	Event string `json:"event"`
	N     uint64 `json:"n"`
	TS    int64  `json:"ts"`
}

// Socket is an open socket. It reads by itself and keeps every event until it
// is asked for, so a test loses none.
type Socket struct {
	conn *websocket.Conn
	done chan struct{} // closed when the reader has ended

	write sync.Mutex

	mu     sync.Mutex
	id     uint64
	acks   map[string]chan frame
	events []Event
	more   chan struct{} // closed and replaced when an event comes
	err    error         // why the reader ended
}

// Dial opens the socket with the access token in a header.
func (c *Client) Dial(ctx context.Context) (*Socket, error) {
	return c.dial(ctx, "/api/chat/ws", http.Header{"Authorization": {"Bearer " + c.AccessToken}})
}

// DialTicket opens the socket with a one-time ticket, as browsers must.
func (c *Client) DialTicket(ctx context.Context, ticket string) (*Socket, error) {
	return c.dial(ctx, "/api/chat/ws?ticket="+escape(ticket), nil)
}

// DialPath opens the socket at another path, as this client.
func (c *Client) DialPath(ctx context.Context, path string) (*Socket, error) {
	return c.dial(ctx, path, http.Header{"Authorization": {"Bearer " + c.AccessToken}})
}

// dial returns an *Error when the server refuses the upgrade.
func (c *Client) dial(ctx context.Context, path string, header http.Header) (*Socket, error) {
	ctx, cancel := context.WithTimeout(ctx, dialWait)
	defer cancel()
	if header = header.Clone(); header == nil {
		header = http.Header{}
	}
	if c.Lang != "" {
		header.Set("Accept-Language", c.Lang)
	}
	d := websocket.Dialer{ReadBufferSize: 1 << 10, WriteBufferSize: 1 << 10}
	conn, resp, err := d.DialContext(ctx, "ws"+strings.TrimPrefix(c.Base, "http")+path, header)
	if err != nil {
		if resp != nil {
			defer resp.Body.Close()
			if refused := decode(resp, nil); refused != nil {
				return nil, refused
			}
		}
		return nil, err
	}
	s := &Socket{conn: conn, done: make(chan struct{}), acks: map[string]chan frame{}, more: make(chan struct{})}
	go s.read()
	if _, err := s.Next(ctx, "hello"); err != nil {
		s.Close()
		return nil, fmt.Errorf("no hello: %w", err)
	}
	return s, nil
}

func (s *Socket) read() {
	for {
		_, body, err := s.conn.ReadMessage()
		var f frame
		if err == nil {
			if err = json.Unmarshal(body, &f); err != nil {
				err = fmt.Errorf("not a frame: %.200q", body)
			}
		}
		s.mu.Lock()
		if err != nil {
			s.err = err
			close(s.done)
			s.mu.Unlock()
			_ = s.conn.Close() // it has ended
			return
		}
		if f.Op == "ack" {
			if ch := s.acks[f.ID]; ch != nil {
				delete(s.acks, f.ID)
				ch <- f
			}
		} else {
			s.events = append(s.events, Event{f.Event, f.N, f.TS, f.Data})
			close(s.more)
			s.more = make(chan struct{})
		}
		s.mu.Unlock()
	}
}

// Pending is a request whose ack may not have come yet.
type Pending struct {
	s  *Socket
	ch chan frame
}

// Start sends a request and does not wait for its ack.
func (s *Socket) Start(op string, data any) (*Pending, error) {
	raw, err := json.Marshal(data)
	if err != nil {
		return nil, err
	}
	ch := make(chan frame, 1)
	s.mu.Lock()
	s.id++
	id := strconv.FormatUint(s.id, 10)
	s.acks[id] = ch
	s.mu.Unlock()
	body, err := json.Marshal(map[string]any{"op": op, "id": id, "data": json.RawMessage(raw)})
	if err != nil {
		return nil, err
	}
	return &Pending{s, ch}, s.Write(websocket.TextMessage, body)
}

// Write sends a frame as it is.
func (s *Socket) Write(kind int, body []byte) error {
	s.write.Lock()
	defer s.write.Unlock()
	if err := s.conn.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return err
	}
	return s.conn.WriteMessage(kind, body)
}

// Wait waits for the ack and decodes its data into out, unless that is nil. An
// ack with a code is an *Error.
func (p *Pending) Wait(ctx context.Context, out any) error {
	select {
	case f := <-p.ch:
		return f.decode(out)
	default:
	}
	select {
	case f := <-p.ch:
		return f.decode(out)
	case <-p.s.done:
		select {
		case f := <-p.ch: // it came just before the end
			return f.decode(out)
		default:
			return p.s.Err()
		}
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f frame) decode(out any) error {
	if f.Code != 0 {
		return &Error{Code: f.Code, Msg: f.Msg, Data: f.Data}
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(f.Data, out)
}

// Do sends a request and waits for its ack.
func (s *Socket) Do(ctx context.Context, op string, data, out any) error {
	p, err := s.Start(op, data)
	if err != nil {
		return err
	}
	return p.Wait(ctx, out)
}

// Send sends a message and waits for its ack.
func (s *Socket) Send(ctx context.Context, r SendRequest) (Sent, error) {
	var out Sent
	err := s.Do(ctx, "send", r, &out)
	return out, err
}

// Next waits for the next event called name, and throws away those before it.
func (s *Socket) Next(ctx context.Context, name string) (Event, error) {
	for {
		s.mu.Lock()
		for len(s.events) > 0 {
			e := s.events[0]
			s.events = s.events[1:]
			if e.Event == name {
				s.mu.Unlock()
				return e, nil
			}
		}
		more := s.more
		s.mu.Unlock()
		select {
		case <-more:
		case <-s.done:
			// What came just before the end is there now.
			s.mu.Lock()
			left := len(s.events)
			s.mu.Unlock()
			if left == 0 {
				return Event{}, s.Err()
			}
		case <-ctx.Done():
			return Event{}, fmt.Errorf("no %s event: %w", name, ctx.Err())
		}
	}
}

// NextMessage waits for the next message.
func (s *Socket) NextMessage(ctx context.Context) (Delivery, error) {
	var d Delivery
	e, err := s.Next(ctx, "message")
	if err != nil {
		return d, err
	}
	return d, json.Unmarshal(e.Data, &d)
}

// Events returns, and forgets, the events that have come so far.
func (s *Socket) Events() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	events := s.events
	s.events = nil
	return events
}

// Done is closed when the socket has ended.
func (s *Socket) Done() <-chan struct{} { return s.done }

// Err is why the socket ended; read after Done.
func (s *Socket) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// CloseCode is the close code of an error of a socket; 0 if it ended without.
func CloseCode(err error) int {
	var e *websocket.CloseError
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

// Close ends the socket and waits for its reader.
func (s *Socket) Close() {
	_ = s.conn.Close() // it may be closed already
	<-s.done
}
