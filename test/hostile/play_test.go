package hostile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tudoIM/common/token"
	"tudoIM/test/client"
	"tudoIM/test/photo"
)

type object = map[string]any

const (
	// quick bounds an answer; a query that sleeps, or work without end, takes longer.
	quick = 5 * time.Second
	// maxRefusal bounds a refusal, maxEcho how much of the input any answer to a
	// refused request may repeat, in bytes.
	maxRefusal, maxEcho = 512, 256
)

// hidden is in what eve said to fay, and nobody else is ever answered.
const hidden = "a-word-of-theirs"

// door is a way to a service.
type door struct {
	name, base string
	// enter makes r a request of who, who may be nobody.
	enter func(r *http.Request, who *client.Client)
}

// gateway is the door for everybody.
func (w *stage) gateway() door {
	return door{"gateway", w.s.URLs()[0], func(r *http.Request, who *client.Client) {
		if who != nil {
			r.Header.Set("Authorization", "Bearer "+who.AccessToken)
		}
	}}
}

// half is the door of an api half, by which requests come with an identity
// that is rightly signed: what only the gateway should be able to send.
func (w *stage) half(name string) door {
	return door{name, "http://" + w.doors[name], func(r *http.Request, who *client.Client) {
		id := token.Identity{ClientIP: "127.0.0.1", RequestID: "hostile"}
		if who != nil {
			id.UserID, id.Role, id.SessionID, id.DeviceID, id.Platform = who.UserID, int(who.Role), 1, who.Device, "web"
			id.ExpiresAt = time.Now().Add(time.Hour).Unix()
		}
		id.Sign(r.Header, w.key, r.Method, r.URL.Path)
	}}
}

// bare is the door of a half to who comes with nothing but the row's headers.
func (w *stage) bare(name string) door {
	return door{name, "http://" + w.doors[name], func(*http.Request, *client.Client) {}}
}

// row is one request of the matrix, and what it must be answered.
type row struct {
	name string
	door door
	who  *client.Client
	// method and path; the path goes as it is, however wrong.
	method, path string
	header       http.Header
	// body is JSON; bytes and strings go as they are.
	body any
	// status 0 is any refusal, or, if mild, any answer that is no fault of ours;
	// code 0 any.
	status, code int
	mild         bool
	// unavailable says why 503 may be answered, too.
	unavailable string
}

// bytesOf is a row's body as it goes.
func bytesOf(t *testing.T, body any) []byte {
	t.Helper()
	switch b := body.(type) {
	case nil:
		return nil
	case []byte:
		return b
	case string:
		return []byte(b)
	default:
		raw, err := json.Marshal(b)
		must(t, "a body", err)
		return raw
	}
}

// requests are sent one after the other; who keeps connections has fewer to
// make. Redirects would hide what the suite itself answers.
var requests = &http.Client{
	Transport: &http.Transport{MaxIdleConnsPerHost: 8, DisableCompression: true},
	Timeout:   patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// play plays rows one by one and fails unless each is answered as it should
// be. It looks at the database after each that is not part of a set.
func (w *stage) play(t *testing.T, rows ...row) {
	t.Helper()
	before := w.photograph(t)
	for _, r := range rows {
		w.send(t, r)
		after := w.photograph(t)
		photo.Unchanged(t, r.name, before, after)
		before = after
	}
}

// set plays rows that are alike, and looks at the database after all of them.
func (w *stage) set(t *testing.T, name string, rows ...row) {
	t.Helper()
	before := w.photograph(t)
	for _, r := range rows {
		w.send(t, r)
	}
	photo.Unchanged(t, "one of "+name, before, w.photograph(t))
}

// send plays a row and judges its answer, which it returns.
func (w *stage) send(t *testing.T, r row) (status int, answer []byte) {
	t.Helper()
	raw := bytesOf(t, r.body)
	var in io.Reader
	if r.body != nil {
		in = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx(t), r.method, r.door.base, in)
	must(t, r.name, err)
	path, query, _ := strings.Cut(r.path, "?")
	plain, err := url.PathUnescape(path)
	if err != nil {
		plain = path
	}
	req.URL.Path, req.URL.RawPath, req.URL.RawQuery = plain, path, query
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, values := range r.header {
		req.Header[name] = values
	}
	r.door.enter(req, r.who)
	begin := time.Now()
	resp, err := requests.Do(req)
	if err != nil {
		t.Errorf("%s: %v", r.name, err)
		return 0, nil
	}
	defer resp.Body.Close()
	if answer, err = io.ReadAll(resp.Body); err != nil {
		t.Errorf("%s: HTTP %d, cut: %v", r.name, resp.StatusCode, err)
	}
	if took := time.Since(begin); took > quick {
		t.Errorf("%s: answered after %v", r.name, took)
	}
	w.judge(t, r, resp, answer, append(raw, r.path...))
	return resp.StatusCode, answer
}

// judge says what is wrong with an answer.
func (w *stage) judge(t *testing.T, r row, resp *http.Response, answer, input []byte) {
	t.Helper()
	name := fmt.Sprintf("%s %s: %s %.100s", r.door.name, r.name, r.method, r.path)
	status := resp.StatusCode
	if status >= http.StatusInternalServerError && (status != http.StatusServiceUnavailable || r.unavailable == "") {
		t.Errorf("%s: a fault of ours: %d %.300s", name, status, answer)
	}
	switch {
	case r.status != 0 && status != r.status, r.status == 0 && !r.mild && (status < 400 || status >= 500):
		t.Errorf("%s: %d, want %d: %.300s", name, status, r.status, answer)
	}
	if n := len(resp.Header.Values("X-Content-Type-Options")); n != 1 || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s: %d of nosniff", name, n)
	}
	if bytes.Contains(answer, []byte(hidden)) {
		t.Errorf("%s: what two others said: %.300s", name, answer)
	}
	if status < 400 || r.method == http.MethodHead {
		return
	}
	var e struct {
		Code      int     `json:"code"`
		Msg       string  `json:"msg"`
		RequestID *string `json:"requestId"`
	}
	if err := json.Unmarshal(answer, &e); err != nil || e.Code == 0 || e.Msg == "" || e.RequestID == nil {
		t.Errorf("%s: %d without the envelope: %.300q", name, status, answer)
	}
	if r.code != 0 && e.Code != r.code {
		t.Errorf("%s: code %d, want %d: %.300s", name, e.Code, r.code, answer)
	}
	if got := resp.Header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Errorf("%s: %s", name, got)
	}
	told(t, name, answer, input)
}

// told fails if a refusal tells what it must not.
func told(t *testing.T, name string, answer, input []byte) {
	t.Helper()
	if what := tells(answer, input); what != "" {
		t.Errorf("%s: the answer %s: %.600s", name, what, answer)
	}
}

// tells says what a refusal tells that it must not, or "".
func tells(answer, input []byte) string {
	if len(answer) > maxRefusal {
		return fmt.Sprintf("has %d bytes", len(answer))
	}
	if leak := photo.Leaks.Find(answer); leak != nil {
		return fmt.Sprintf("holds %q", leak)
	}
	for i := 0; i+maxEcho < len(answer); i++ {
		if bytes.Contains(input, answer[i:i+maxEcho+1]) {
			return "repeats the input"
		}
	}
	return ""
}

func TestTells(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		`{"code":10001,"msg":"bad argument"}`:         "",
		strings.Repeat("y", maxRefusal):               "",
		strings.Repeat("y", maxRefusal+1):             "has 513 bytes",
		`{"msg":"Error 1064: SQL syntax"}`:            `holds "SQL"`,
		`{"msg":"open /tmp/x"}`:                       `holds "/tmp/"`,
		`{"msg":"main.go:7"}`:                         `holds ".go:"`,
		`"` + strings.Repeat("x", maxEcho) + `"`:      "",
		`"` + strings.Repeat("x", maxEcho+1) + `"`:    "repeats the input",
		`"` + strings.Repeat("x", maxEcho) + `y...xx`: "",
	} {
		if got := tells([]byte(answer), []byte(strings.Repeat("x", 1000))); got != want {
			t.Errorf("%.60s: %q, want %q", answer, got, want)
		}
	}
}

// badJSON are bodies that are refused wherever JSON is taken: rows G16.
var badJSON = map[string]string{
	"nothing but a brace":  `{`,
	"cut":                  `{"name":"x`,
	"text behind":          `{} x`,
	"a second value":       `{}{}`,
	"a list":               `[]`,
	"a string":             `"x"`,
	"a number":             `1`,
	"depth 10,000":         strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000),
	"depth 33 in a key":    `{"x":` + strings.Repeat("[", 33) + strings.Repeat("]", 33) + `}`,
	"200,000 brackets":     strings.Repeat("[", 200_000),
	"20,000 keys":          keys(20_000),
	"20,000 elements":      `{"x":[` + strings.TrimSuffix(strings.Repeat("1,", 20_000), ",") + `]}`,
	"a key twice":          `{"a":1,"a":1}`,
	"a key twice, escaped": `{"a":1,"\u0061":1}`,
	"no UTF-8":             "{\"a\":\"\xff\xfe\"}",
	"a byte order mark":    "\xef\xbb\xbf{}",
	"UTF-16":               "{\x00}\x00",
	"NUL behind":           "{}\x00",
	"NaN":                  `{"a":NaN}`,
	"a comment":            `{}//`,
	"single quotes":        `{'a':1}`,
	"a comma too many":     `{"a":1,}`,
	"a megabyte of words":  `{"a":"` + strings.Repeat("x", 200<<10) + `\ud8"}`,
}

// keys is an object of n keys.
func keys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"k%d":1`, i)
	}
	return "{" + b.String()[1:] + "}"
}

// sorted are the keys of m in order: rows are played in the same one each time.
func sorted[V any](m map[string]V) []string {
	all := make([]string, 0, len(m))
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}
