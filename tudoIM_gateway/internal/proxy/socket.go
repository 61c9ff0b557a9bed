package proxy

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"tudoIM/common/errs"
)

const (
	// shakeTime bounds the handshake with an instance.
	shakeTime = 10 * time.Second
	// maxRefusal bounds the body of an instance's refusal.
	maxRefusal = 64 << 10
)

// passed are the headers of a handshake that instances get to see. Without
// Sec-WebSocket-Extensions nothing is ever compressed.
var passed = []string{
	"Sec-Websocket-Key", "Sec-Websocket-Version", "Sec-Websocket-Protocol", "User-Agent", "Accept-Language",
}

// readers read handshakes; a socket does not keep its reader.
var readers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 4<<10) }}

// socket makes r a WebSocket to an instance of c's service. It returns when
// the copying has begun, so that the server's share of the request is freed.
func (g *Gateway) socket(w *answer, r *http.Request, c *call, v *visit) error {
	if !g.origins.admits(r) {
		return errs.Forbidden
	}
	if !g.Sockets.admits() {
		return errs.Unavailable.Retry(spread)
	}
	backend, err := g.dial(r.Context(), c.pool)
	if err != nil {
		return errs.Unavailable
	}
	head, seen, resp, err := g.shake(backend, r, c) //nolint:bodyclose // a refusal's body is read already
	if err != nil || resp != nil {
		_ = backend.Close()
		if err != nil {
			return errs.Unavailable
		}
		return passRefusal(w, resp)
	}
	client, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		_ = backend.Close()
		return fmt.Errorf("socket: %w", err)
	}
	w.status = http.StatusSwitchingProtocols
	line, logs := *v, g.logs
	s := &socket{client: client, backend: backend, set: g.Sockets, ended: func() {
		if logs {
			line.log(http.StatusSwitchingProtocols)
		}
	}}
	// Before the client knows that it is connected: from then on it must be
	// told when it has to go.
	if !g.Sockets.add(s) {
		s.cut()
		s.ended()
		return nil
	}
	_ = client.SetDeadline(time.Time{})
	_ = client.SetWriteDeadline(time.Now().Add(pieceTime))
	if _, err = client.Write(head); err == nil {
		err = early(backend, buffered.Reader)
	}
	if err != nil {
		s.close()
		return nil
	}
	s.start(seen)
	return nil
}

// early passes on what the client sent behind its handshake.
func early(backend net.Conn, from *bufio.Reader) error {
	n := from.Buffered()
	if n == 0 {
		return nil
	}
	b, err := from.Peek(n)
	if err == nil {
		_ = backend.SetWriteDeadline(time.Now().Add(pieceTime))
		_, err = backend.Write(b)
	}
	return err
}

// dial connects to the instance whose turn it is, or to another one.
func (g *Gateway) dial(ctx context.Context, p *pool) (net.Conn, error) {
	err := errNoInstance
	for try, addr := 0, p.pick(""); try < tries && addr != ""; try, addr = try+1, p.pick(addr) {
		var conn net.Conn
		if conn, err = g.dialer.DialContext(ctx, "tcp", addr); err == nil {
			return conn, nil
		}
		p.skip(addr)
	}
	return nil, err
}

// shake asks the instance to switch. It returns what to send to the client
// and where its frames stand behind that, or the instance's refusal.
func (g *Gateway) shake(backend net.Conn, r *http.Request, c *call) (head []byte, seen frames, refusal *http.Response, err error) {
	_ = backend.SetDeadline(time.Now().Add(shakeTime))
	out := &http.Request{
		Method: http.MethodGet, Host: c.pool.key, Header: http.Header{},
		URL: r.URL, ProtoMajor: 1, ProtoMinor: 1,
	}
	u := *r.URL
	u.Path, u.RawPath = c.path, ""
	out.URL = &u
	out.Header.Set("User-Agent", "") // written as none if the client sent none
	for _, name := range passed {
		if values := r.Header.Values(name); len(values) > 0 {
			out.Header[name] = values
		}
	}
	out.Header.Set("Connection", "Upgrade")
	out.Header.Set("Upgrade", "websocket")
	c.id.Sign(out.Header, g.key, http.MethodGet, c.path)
	if err := out.Write(backend); err != nil {
		return nil, seen, nil, err
	}
	br := readers.Get().(*bufio.Reader)
	defer func() { br.Reset(nil); readers.Put(br) }()
	br.Reset(backend)
	resp, err := http.ReadResponse(br, out)
	if err != nil {
		return nil, seen, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusSwitchingProtocols {
		body, _ := io.ReadAll(io.LimitReader(resp.Body, maxRefusal))
		resp.Body = io.NopCloser(bytes.NewReader(body))
		return nil, seen, resp, nil
	}
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-Request-Id: " + c.id.RequestID + "\r\n")
	for _, name := range []string{"Sec-Websocket-Accept", "Sec-Websocket-Protocol"} {
		if value := resp.Header.Get(name); value != "" {
			b.WriteString(strings.Replace(name, "Websocket", "WebSocket", 1) + ": " + value + "\r\n")
		}
	}
	b.WriteString("\r\n")
	first, _ := br.Peek(br.Buffered()) // frames that came along
	seen.pass(first)
	b.Write(first)
	_ = backend.SetDeadline(time.Time{})
	return b.Bytes(), seen, nil, nil
}

func passRefusal(w http.ResponseWriter, resp *http.Response) error {
	for _, name := range []string{"Content-Type", "Retry-After", "Sec-Websocket-Version"} {
		if value := resp.Header.Get(name); value != "" {
			w.Header().Set(name, value)
		}
	}
	w.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(w, resp.Body) // a client that left needs no answer
	return nil
}
