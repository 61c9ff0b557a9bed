package proxy

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"tudoIM/common/errs"
)

const (
	maxURL    = 8 << 10
	maxParams = 100
	// bodyTime bounds the arrival of a body that is not an upload.
	bodyTime = 10 * time.Second
	// An upload may take a minute, and a second more for each of these bytes.
	uploadTime = time.Minute
	uploadRate = 64 << 10
)

var methods = map[string]bool{
	http.MethodGet: true, http.MethodHead: true, http.MethodPost: true, http.MethodPut: true,
	http.MethodPatch: true, http.MethodDelete: true, http.MethodOptions: true,
}

// shape refuses requests whose method or address others could read otherwise
// than we do.
func shape(r *http.Request) error {
	switch {
	case !methods[r.Method]:
		return errs.BadMethod
	case r.URL.Host != "" || r.URL.Scheme != "": // meant for somebody else's proxy
		return errs.Bad
	case len(r.RequestURI) > maxURL:
		return errs.Bad
	case strings.Count(r.URL.RawQuery, "&") >= maxParams:
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
// too long one costs nobody else, and it can be sent again.
func readBody(w http.ResponseWriter, r *http.Request, maxBytes int64) error {
	if r.ContentLength == 0 {
		r.Body = http.NoBody
		return nil
	}
	conn := http.NewResponseController(w)
	_ = conn.SetReadDeadline(time.Now().Add(bodyTime))
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
	_ = conn.SetReadDeadline(time.Time{})
	body := buf.Bytes()
	r.ContentLength, r.TransferEncoding = int64(len(body)), nil
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	return nil
}

// boundUpload lets a long body through as it comes, within its size and time.
func boundUpload(w http.ResponseWriter, r *http.Request, maxBytes int64) {
	size := r.ContentLength
	if size < 0 {
		size = maxBytes
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(uploadTime + time.Duration(size/uploadRate)*time.Second))
	r.Body = http.MaxBytesReader(w, r.Body, maxBytes)
}

// clientIP is the address our own socket sees; no header is asked.
func clientIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	host, _, _ = strings.Cut(host, "%")
	return host
}
