package proxy

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"tudoIM/common/errs"
)

// origins are the foreign web origins that may call, in exact words.
type origins map[string]bool

// parseOrigins reads a comma separated list such as https://im.example.com.
func parseOrigins(list string) (origins, error) {
	all := origins{}
	for o := range strings.SplitSeq(list, ",") {
		if o = strings.TrimSpace(o); o == "" {
			continue
		}
		u, err := url.Parse(o)
		if err != nil || u.Host == "" || u.Scheme+"://"+u.Host != o {
			return nil, fmt.Errorf("origin %q: not of the form https://host", o)
		}
		all[strings.ToLower(o)] = true
	}
	return all, nil
}

// admits reports whether a page of r's origin may open a socket: none was
// named (not a browser), it is ours, or it is listed.
func (o origins) admits(r *http.Request) bool {
	v := r.Header.Values("Origin")
	return len(v) == 0 || len(v) == 1 && (isOwn(v[0], r.Host) || o[strings.ToLower(v[0])])
}

func isOwn(origin, host string) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, host)
}

// answer sets what lets a listed origin read the answer, and reports whether r
// was a preflight, which it has answered then.
func (o origins) answer(w http.ResponseWriter, r *http.Request) (done bool, err error) {
	v := r.Header.Values("Origin")
	preflight := r.Method == http.MethodOptions
	if len(v) == 0 {
		if preflight {
			return true, errs.BadMethod
		}
		return false, nil
	}
	h := w.Header()
	h.Add("Vary", "Origin")
	listed := len(v) == 1 && o[strings.ToLower(v[0])]
	if listed {
		// No credentials: tokens travel in headers the page sets itself.
		h.Set("Access-Control-Allow-Origin", v[0])
		h.Set("Access-Control-Expose-Headers", "X-Request-Id, Retry-After, Content-Disposition, X-Truncated")
	}
	if !preflight {
		return false, nil
	}
	if !listed {
		return true, errs.Forbidden
	}
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE")
	h.Set("Access-Control-Allow-Headers", "Authorization, Token, Content-Type, Accept-Language, X-Confirm-Token, X-Part-Hash, Range, If-None-Match")
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true, nil
}
