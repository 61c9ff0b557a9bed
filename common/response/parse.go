package response

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/zeromicro/go-zero/rest/httpx"

	"tudoIM/common/errs"
)

const (
	// MaxBody bounds a JSON body in bytes, whatever its framing.
	MaxBody = 256 << 10
	// maxParams bounds the parameters of a query.
	maxParams = 100
)

// Strict are requests whose JSON body may have no keys they do not know. Others
// ignore them: a client may be newer than its server.
type Strict interface{ Strict() }

// Parse reads path, query and JSON body of r into v. Whatever is wrong with
// them is the caller's fault and comes back as a 4xx error.
func Parse(r *http.Request, v any) error {
	if err := checkURL(r.URL); err != nil {
		return err
	}
	body, err := readBody(r)
	if err != nil {
		return err
	}
	if _, strict := v.(Strict); strict && !knowsAll(body, v) {
		return errs.Bad
	}
	// go-zero takes a body of unknown length for none: it gets one it can measure.
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	if err := httpx.Parse(r, v); err != nil {
		var e *errs.Error
		if errors.As(err, &e) {
			return e
		}
		return errs.Bad // go-zero's words may repeat the input
	}
	return nil
}

// knowsAll reports whether a value like v has a place for every key of body.
func knowsAll(body []byte, v any) bool {
	if len(body) == 0 {
		return true
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	return dec.Decode(reflect.New(reflect.TypeOf(v).Elem()).Interface()) == nil
}

// checkURL refuses a path or query that is no text: gRPC would not carry it.
func checkURL(u *url.URL) error {
	if !utf8.ValidString(u.Path) || strings.Count(u.RawQuery, "&") >= maxParams {
		return errs.Bad
	}
	query, err := url.QueryUnescape(u.RawQuery)
	if err != nil || !utf8.ValidString(query) {
		return errs.Bad
	}
	return nil
}

func readBody(r *http.Request) ([]byte, error) {
	if r.Header.Get("Content-Encoding") != "" {
		return nil, errs.BadType
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, MaxBody))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, errs.TooLarge
		}
		return nil, errs.Bad
	}
	if len(body) == 0 {
		return nil, nil
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return nil, errs.BadType
	}
	if !utf8.Valid(body) {
		return nil, errs.Bad
	}
	return body, checkJSON(body)
}
