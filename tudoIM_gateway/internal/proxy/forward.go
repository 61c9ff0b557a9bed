package proxy

import (
	"context"
	"errors"
	"io"
	"log"
	"mime"
	"net"
	"net/http"
	"net/http/httputil"
	"sync"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/response"
	"tudoIM/common/token"
)

// call is where a request goes, and in whose name.
type call struct {
	pool   *pool
	path   string
	id     token.Identity
	upload bool
	// linked is whether it is asked for by a signed link.
	linked bool
}

type callKey struct{}

func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// errNoInstance says that nobody is there to be asked.
var errNoInstance = errors.New("no instance")

// forwarder passes requests on to instances.
type forwarder struct {
	key []byte
	// after is told of each answer before the client sees it.
	after func(c *call)

	fast http.RoundTripper // instances answer at once
	slow http.RoundTripper // an upload is answered when all of it has come
}

func newForwarder(key []byte, d *net.Dialer, after func(c *call)) *httputil.ReverseProxy {
	transport := &http.Transport{
		DialContext:         d.DialContext,
		MaxIdleConnsPerHost: 256,
		// Less than the instances' own, so that it is us who hang up.
		IdleConnTimeout:        45 * time.Second,
		ResponseHeaderTimeout:  10 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		DisableCompression:     true,
	}
	slow := transport.Clone()
	slow.ResponseHeaderTimeout, slow.MaxIdleConnsPerHost = 0, 16
	f := &forwarder{key: key, after: after, fast: transport, slow: slow}
	return &httputil.ReverseProxy{
		Rewrite: f.rewrite, Transport: f, ModifyResponse: f.modify, ErrorHandler: refuse,
		BufferPool: buffers{}, ErrorLog: log.New(io.Discard, "", 0),
	}
}

// rewrite runs after the hop-by-hop headers went, so none of what we sign can
// be named in the client's Connection header and so be lost.
func (f *forwarder) rewrite(p *httputil.ProxyRequest) {
	c := callOf(p.In.Context())
	u := p.Out.URL
	u.Scheme, u.Host, u.Path, u.RawPath = "http", c.pool.key, c.path, ""
	p.Out.Host = c.pool.key
	c.id.Sign(p.Out.Header, f.key, p.Out.Method, c.path)
}

// tries is how many instances one request is offered to.
const tries = 3

// RoundTrip sends req to the instance whose turn it is, and to another if the
// first cannot have acted on it: it could not be connected to, or, once, the
// request only asks.
func (f *forwarder) RoundTrip(req *http.Request) (*http.Response, error) {
	c := callOf(req.Context())
	transport := f.fast
	if c.upload {
		transport = f.slow
	}
	addr, err := c.pool.pick(""), errNoInstance
	for try, asked := 0, false; try < tries && addr != ""; try++ {
		out, ok := rewind(req, try)
		if !ok {
			break
		}
		out.URL.Host = addr
		var resp *http.Response
		if resp, err = transport.RoundTrip(out); err == nil {
			return resp, nil
		}
		if isDial(err) {
			c.pool.skip(addr)
		} else if asked || !onlyAsks(req, err) {
			break
		} else {
			asked = true
		}
		if req.Context().Err() != nil {
			break
		}
		addr = c.pool.pick(addr)
	}
	return nil, err
}

// rewind returns a copy of req with its body as new, if it has none or a
// copy of it.
func rewind(req *http.Request, try int) (*http.Request, bool) {
	out := req.WithContext(req.Context())
	u := *req.URL
	out.URL = &u
	if try == 0 || req.Body == nil || req.Body == http.NoBody {
		return out, true
	}
	if req.GetBody == nil {
		return nil, false
	}
	var err error
	out.Body, err = req.GetBody()
	return out, err == nil
}

func isDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// onlyAsks reports whether req changes nothing, and did not already use up
// the time there is.
func onlyAsks(req *http.Request, err error) bool {
	var n net.Error
	if errors.As(err, &n) && n.Timeout() {
		return false
	}
	return (req.Method == http.MethodGet || req.Method == http.MethodHead) && (req.Body == nil || req.Body == http.NoBody)
}

// modify removes what the gateway says itself or nobody outside has to know.
func (f *forwarder) modify(resp *http.Response) error {
	for _, name := range []string{
		"Server", "X-Powered-By", "X-Content-Type-Options", "X-Request-Id", "Strict-Transport-Security",
		"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Methods",
		"Access-Control-Allow-Headers", "Access-Control-Expose-Headers", "Access-Control-Max-Age",
	} {
		resp.Header.Del(name)
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return errors.New("an instance switched protocols unasked")
	}
	f.after(callOf(resp.Request.Context()))
	return unsaid(resp)
}

// unsaid is what an instance's answer means that is a fault of ours and not in
// the envelope: go-zero answers so when a handler takes too long, or falls.
func unsaid(resp *http.Response) error {
	media, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	switch {
	case resp.StatusCode < http.StatusInternalServerError || media == "application/json":
		return nil
	case resp.StatusCode == http.StatusServiceUnavailable:
		return errs.Unavailable
	}
	return errs.Internal
}

// refuse answers what could not be passed on.
func refuse(w http.ResponseWriter, r *http.Request, err error) {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		w.Header().Set("Connection", "close")
		err = errs.TooLarge
	case r.Context().Err() != nil:
		if a, ok := w.(*answer); ok {
			a.status = statusLeft
		}
		return
	case errors.Is(err, errs.Internal):
		err = errs.Internal
	default:
		err = errs.Unavailable
	}
	response.Write(w, r, nil, err)
}

// buffers are what bodies are copied with.
type buffers struct{}

var bodies = sync.Pool{New: func() any { b := make([]byte, 16<<10); return &b }}

func (buffers) Get() []byte  { return *bodies.Get().(*[]byte) }
func (buffers) Put(b []byte) { bodies.Put(&b) }
