package proxy

import (
	"net/http"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/token"
)

const (
	// writeTime is how long a client may leave us with one piece of an answer.
	writeTime = 30 * time.Second
	maxLogged = 256
	// statusLeft is what is logged when the client did not wait.
	statusLeft = 499
)

// answer is a response on its way: it knows its status, and gives up on
// clients that do not read.
type answer struct {
	http.ResponseWriter
	status int
	until  time.Time
}

func (a *answer) WriteHeader(status int) {
	if status >= http.StatusOK || status == http.StatusSwitchingProtocols {
		a.status = status
	}
	a.patience()
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	a.patience()
	return a.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *answer) patience() {
	now := time.Now()
	if a.until.Sub(now) < writeTime*2/3 {
		a.until = now.Add(writeTime)
		_ = http.NewResponseController(a.ResponseWriter).SetWriteDeadline(a.until)
	}
}

// visit is one line of the access log. It holds no query: that may carry a
// ticket.
type visit struct {
	begin  time.Time
	method string
	path   string // escaped
	id     token.Identity
}

// is makes id who the visit is by, unless err says that nobody could tell.
func (v *visit) is(id token.Identity, err error) error {
	if err != nil {
		return err
	}
	id.ClientIP, id.RequestID = v.id.ClientIP, v.id.RequestID
	v.id = id
	return nil
}

func (v visit) log(status int) {
	p := v.path
	if len(p) > maxLogged {
		p = p[:maxLogged]
	}
	m := v.method
	if len(m) > 16 {
		m = m[:16]
	}
	logx.Infow("request",
		logx.Field("method", m), logx.Field("path", p), logx.Field("status", status),
		logx.Field("ms", float64(time.Since(v.begin).Microseconds())/1000),
		logx.Field("user", v.id.UserID), logx.Field("request", v.id.RequestID), logx.Field("ip", v.id.ClientIP))
}
