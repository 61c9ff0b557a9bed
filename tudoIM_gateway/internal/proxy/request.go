package proxy

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"tudoIM/common/errs"
	"tudoIM/core/registry"
	"tudoIM/tudoIM_gateway/internal/config"
)

var methods = map[string]bool{
	http.MethodGet: true, http.MethodHead: true, http.MethodPost: true, http.MethodPut: true,
	http.MethodPatch: true, http.MethodDelete: true, http.MethodOptions: true,
}

// Bound gives s what of l is not the handler's to judge.
func Bound(s *http.Server, l config.Limits) {
	s.MaxHeaderBytes, s.ReadHeaderTimeout, s.IdleTimeout = l.HeaderBytes, seconds(l.HeaderSeconds), seconds(l.IdleSeconds)
}

// shape refuses requests whose method or address others could read otherwise
// than we do.
func shape(r *http.Request, l config.Limits) error {
	switch {
	case !methods[r.Method]:
		return errs.BadMethod
	case r.URL.Host != "" || r.URL.Scheme != "": // meant for somebody else's proxy
		return errs.Bad
	case len(r.RequestURI) > l.URLBytes:
		return errs.Bad
	case strings.Count(r.URL.RawQuery, "&") >= l.Params:
		return errs.Bad
	case !isQuery(r.URL.RawQuery):
		return errs.Bad
	case !clean(r.URL.Path) || r.URL.RawPath != "":
		return errs.NotFound
	}
	return nil
}

// isQuery reports whether all of a query can be read. Of another one a part
// would be lost on the way, and what is left be answered.
func isQuery(raw string) bool {
	if raw == "" {
		return true
	}
	_, err := url.ParseQuery(raw)
	return err == nil
}

// clean reports whether p means the same to everybody: no empty, dot or open
// last segment, and no byte that would need escaping. RawPath, which is set
// when such a byte or a plain one came escaped, is for the caller to refuse.
func clean(p string) bool {
	if p == "" || p[0] != '/' || p != path.Clean(p) {
		return false
	}
	for _, c := range []byte(p) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case strings.IndexByte("/-_.~:@", c) >= 0:
		default:
			return false
		}
	}
	return true
}

// isSocket reports whether r asks for a WebSocket.
func isSocket(h http.Header) bool {
	return hasToken(h, "Connection", "upgrade") && hasToken(h, "Upgrade", "websocket")
}

func hasToken(h http.Header, name, want string) bool {
	for _, v := range h.Values(name) {
		for part := range strings.SplitSeq(v, ",") {
			if strings.EqualFold(strings.TrimSpace(part), want) {
				return true
			}
		}
	}
	return false
}

// checkBody refuses by its headers a body that the route does not take.
func checkBody(r *http.Request, maxBytes int64, upload bool) error {
	switch {
	case len(r.Header.Values("Content-Encoding")) > 0:
		return errs.BadType
	case r.ContentLength > maxBytes:
		return errs.TooLarge
	case upload || r.ContentLength == 0:
		return nil
	}
	for _, v := range r.Header.Values("Content-Type") {
		media, _, _ := mime.ParseMediaType(v)
		if media == "" { // ours and theirs might disagree on what is broken
			media = v
		}
		if strings.HasPrefix(strings.ToLower(strings.TrimSpace(media)), "multipart/") {
			return errs.BadType
		}
	}
	return nil
}

// readBody takes the whole body in before anybody is asked, so that a slow or
// too long one costs nobody else, and it can be sent again. How long it may take
// ServeHTTP has said; then the connection is free of that.
func readBody(w http.ResponseWriter, r *http.Request, maxBytes int64) error {
	if r.ContentLength == 0 {
		r.Body = http.NoBody
		return nil
	}
	var buf bytes.Buffer
	if r.ContentLength > 0 {
		buf.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	_, err := buf.ReadFrom(http.MaxBytesReader(w, r.Body, maxBytes))
	if err != nil {
		w.Header().Set("Connection", "close")
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return errs.TooLarge
		}
		return errs.Bad
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	body := buf.Bytes()
	r.ContentLength, r.TransferEncoding = int64(len(body)), nil
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	return nil
}

// boundUpload lets a long body of user through as it comes, within its size
// and time, and what a user may upload; end is to be called when it has come.
func (g *Gateway) boundUpload(w http.ResponseWriter, r *http.Request, user uint64, maxBytes int64) (end func(), err error) {
	size := r.ContentLength
	if size < 0 {
		size = maxBytes
	}
	counted, err := g.rates.upload(user, size)
	if err != nil {
		w.Header().Set("Connection", "close") // rather than wait for the body
		return nil, err
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(seconds(g.limits.UploadSeconds) + time.Duration(size/g.limits.UploadRate)*time.Second))
	body := &counting{ReadCloser: http.MaxBytesReader(w, r.Body, maxBytes)}
	r.Body = body
	return func() { counted(min(size, body.n.Load())) }, nil
}

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }

// counting counts what is read of a body. The transport may still read when
// the request is over.
type counting struct {
	io.ReadCloser
	n atomic.Int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// clientIP is the address our own socket sees. If that is one of proxies, it
// is the last one in X-Forwarded-For that is none: what comes before it anybody
// may have written.
func clientIP(r *http.Request, proxies []netip.Prefix) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	host, _, _ = strings.Cut(host, "%")
	if !within(host, proxies) {
		return host
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		ip, err := parseHop(strings.TrimSpace(hop))
		if err != nil {
			return host // nobody's proxy writes that
		}
		if host = ip.WithZone("").Unmap().String(); !within(host, proxies) {
			return host
		}
	}
	return host
}

// parseHop reads an address as proxies write it, some with a port.
func parseHop(s string) (netip.Addr, error) {
	if at, err := netip.ParseAddrPort(s); err == nil {
		return at.Addr(), nil
	}
	return netip.ParseAddr(strings.Trim(s, "[]"))
}

func within(host string, networks []netip.Prefix) bool {
	if len(networks) == 0 {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && registry.Within(ip, networks)
}
