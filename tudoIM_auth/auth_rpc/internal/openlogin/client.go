package openlogin

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	// maxAnswer bounds what is read of a provider's answer.
	maxAnswer = 1 << 20
	// patience bounds one request to a provider.
	patience = 5 * time.Second
	// maxRedirects is how often a provider may send us elsewhere on its host.
	maxRedirects = 3
)

// newClient returns what asks providers: over https or on this machine, with
// bounded answers, and led to no other host.
func newClient() *http.Client {
	return &http.Client{
		Timeout:   patience,
		Transport: bounded{http.DefaultTransport},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects || r.URL.Host != via[0].URL.Host {
				return errors.New("redirected too far")
			}
			return nil
		},
	}
}

type bounded struct{ next http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	if !secure(r.URL) {
		return nil, fmt.Errorf("%s is not https", r.URL.Host)
	}
	resp, err := b.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	return resp, nil
}
