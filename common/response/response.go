// Package response is the one place where answers and errors become HTTP: the
// envelope, its status, its language.
package response

import (
	"encoding/json"
	"net/http"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/utils/lang"
)

// Envelope is the body of every answer.
type Envelope struct {
	Code      int    `json:"code"`
	Msg       string `json:"msg"`
	Data      any    `json:"data"`
	RequestID string `json:"requestId"`
}

// Write answers r with data, or with err if there is one. An error that is
// not an *errs.Error is logged here, once, and shown as an internal error.
func Write(w http.ResponseWriter, r *http.Request, data any, err error) {
	env := Envelope{Data: data, RequestID: token.RequestID(r)}
	status := http.StatusOK
	if err != nil {
		e := errs.From(errs.FromGRPC(err))
		if e.Status >= http.StatusInternalServerError {
			logx.WithContext(r.Context()).Errorw(err.Error(),
				logx.Field("request", env.RequestID), logx.Field("path", r.URL.Path))
		}
		status, env.Code, env.Msg, env.Data = e.Status, e.Code, e.Text(lang.Of(r.Header.Get("Accept-Language"))), nil
		if len(e.Data) > 0 {
			env.Data = e.Data
		}
		if after := e.Data[errs.RetryAfter]; after != "" {
			w.Header().Set("Retry-After", after)
		}
	}
	body, jsonErr := json.Marshal(env)
	if jsonErr != nil {
		logx.WithContext(r.Context()).Errorf("response: %v", jsonErr)
		http.Error(w, `{"code":10500,"msg":"internal error","data":null,"requestId":""}`, http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that left needs no answer
}

// Refuse returns a handler that answers every request with err.
func Refuse(err error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { Write(w, r, nil, err) })
}
