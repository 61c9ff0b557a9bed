package response

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/token"
)

func TestEnvelope(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		data   any
		err    error
		accept string
		status int
		body   string
		retry  string
	}{
		{"data", map[string]int{"n": 1}, nil, "", 200, `{"code":0,"msg":"","data":{"n":1},"requestId":"r1"}`, ""},
		{"nothing", nil, nil, "", 200, `{"code":0,"msg":"","data":null,"requestId":"r1"}`, ""},
		{"refusal in Chinese", nil, errs.NotFound, "", 404, `{"code":10006,"msg":"未找到","data":null,"requestId":"r1"}`, ""},
		{"refusal in English", nil, errs.NotFound, "en-US,en;q=0.9,zh;q=0.8", 404, `{"code":10006,"msg":"not found","data":null,"requestId":"r1"}`, ""},
		{"data goes when there is an error", 1, errs.NotFound, "en", 404, `{"code":10006,"msg":"not found","data":null,"requestId":"r1"}`, ""},
		{"the field at fault", nil, errs.BadArgument("userName"), "en", 400, `{"code":10001,"msg":"bad argument","data":{"field":"userName"},"requestId":"r1"}`, ""},
		{"when to come back", nil, errs.TooMany.Retry(1500 * time.Millisecond), "en", 429, `{"code":10007,"msg":"too many requests","data":{"retryAfter":"2"},"requestId":"r1"}`, "2"},
		{"wrapped", nil, fmt.Errorf("logic: %w", errs.Conflict), "en", 409, `{"code":10009,"msg":"conflict","data":null,"requestId":"r1"}`, ""},
		{"over gRPC", nil, errs.BadArgument("x").GRPC(), "en", 400, `{"code":10001,"msg":"bad argument","data":{"field":"x"},"requestId":"r1"}`, ""},
		{"internal tells nothing", nil, errors.New("password=hunter2"), "en", 500, `{"code":10500,"msg":"internal error","data":null,"requestId":"r1"}`, ""},
		{"out of time", nil, context.DeadlineExceeded, "en", 503, `{"code":10010,"msg":"service unavailable, try again later","data":null,"requestId":"r1"}`, ""},
		{"an answer that is no JSON", func() {}, nil, "en", 500, `{"code":10500,"msg":"internal error","data":null,"requestId":""}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodGet, "/api/x", nil)
			r.Header.Set("Accept-Language", c.accept)
			r = r.WithContext(token.With(r.Context(), token.Identity{RequestID: "r1"}))
			w := httptest.NewRecorder()
			Write(w, r, c.data, c.err)
			if w.Code != c.status || strings.TrimSpace(w.Body.String()) != c.body {
				t.Errorf("%d %s\nwant %d %s", w.Code, w.Body, c.status, c.body)
			}
			if got := w.Header().Get("Retry-After"); got != c.retry {
				t.Errorf("Retry-After %q, want %q", got, c.retry)
			}
			if got := w.Header().Get("X-Content-Type-Options"); got != "nosniff" {
				t.Errorf("X-Content-Type-Options %q", got)
			}
		})
	}
}

func TestRefuse(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	Refuse(errs.BadMethod).ServeHTTP(w, httptest.NewRequest(http.MethodPut, "/", nil))
	if w.Code != 405 || w.Header().Get("Content-Type") != "application/json; charset=utf-8" || !strings.Contains(w.Body.String(), "10013") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// input is a request as goctl writes them.
type input struct {
	Name string         `json:"name,optional"`
	Age  int            `json:"age,optional,range=[0:150]"`
	IDs  []uint64       `json:"ids,optional"`
	Any  map[string]any `json:"any,optional"`
	Key  string         `form:"key,optional"`
	Page int32          `form:"page,optional"`
}

// parse sends the request over a connection, so that the framing is real.
func parse(t *testing.T, send func(server string) *http.Request) (input, error) {
	t.Helper()
	var in input
	var err error
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { err = Parse(r, &in) }))
	defer s.Close()
	// Its own transport: a server that closes ends what others do on the default one.
	resp, sendErr := s.Client().Transport.RoundTrip(send(s.URL))
	if sendErr != nil {
		t.Fatal(sendErr)
	}
	resp.Body.Close()
	return in, err
}

// chunked hides the length of a body.
type chunked struct{ io.Reader }

func post(t *testing.T, body io.Reader, headers ...string) func(string) *http.Request {
	return func(server string) *http.Request {
		r, err := http.NewRequest(http.MethodPost, server+"/x", body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		return r
	}
}

// sized returns a JSON body of n bytes.
func sized(n int) string {
	const frame = `{"name":""}`
	return frame[:9] + strings.Repeat("x", n-len(frame)) + frame[9:]
}

func list(n int) string { return "[" + strings.TrimSuffix(strings.Repeat("1,", n), ",") + "]" }

func object(n int) string {
	var keys []string
	for i := range n {
		keys = append(keys, fmt.Sprintf(`"k%d":1`, i))
	}
	return "{" + strings.Join(keys, ",") + "}"
}

func deep(n int) string {
	return strings.Repeat("[", n) + strings.Repeat("]", n)
}

func TestParseBody(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		body string
		want error
	}{
		{"an object", `{"name":"ann","age":3}`, nil},
		{"an unknown key", `{"nope":1}`, nil},
		{"as large as may be", sized(MaxBody), nil},
		{"a byte more", sized(MaxBody + 1), errs.TooLarge},
		{"as deep as may be", `{"any":{"a":` + deep(maxDepth-2) + `}}`, nil},
		{"a level deeper", `{"any":{"a":` + deep(maxDepth-1) + `}}`, errs.Bad},
		{"deep without end", strings.Repeat("[", 100_000), errs.Bad},
		{"as long a list as may be", `{"ids":` + list(maxElements) + `}`, nil},
		{"one element more", `{"ids":` + list(maxElements+1) + `}`, errs.Bad},
		{"as many keys as may be", `{"any":` + object(maxElements) + `}`, nil},
		{"one key more", `{"any":` + object(maxElements+1) + `}`, errs.Bad},
		{"escaped NUL", `{"name":"a\u0000b"}`, nil},
		{"raw NUL in a text", "{\"name\":\"a\x00b\"}", errs.Bad},
		{"NUL behind", "{}\x00", errs.Bad},
		{"invalid UTF-8", "{\"name\":\"\xff\"}", errs.Bad},
		{"half a surrogate", `{"name":"\ud800"}`, nil},
		{"a key twice", `{"name":"a","name":"b"}`, errs.Bad},
		{"a key twice, escaped", `{"name":"a","n\u0061me":"b"}`, errs.Bad},
		{"a key twice inside", `{"any":{"a":1,"a":2}}`, errs.Bad},
		{"the same key in two objects", `{"any":{"a":{"a":1},"b":[{"a":1},{"a":2}]}}`, nil},
		{"two values", `{} {}`, errs.Bad},
		{"blanks around", " \r\n\t{} \n", nil},
		{"only blanks", "  ", errs.Bad},
		{"cut", `{"name":"a`, errs.Bad},
		{"wrong brackets", `{"any":[}]`, errs.Bad},
		{"a list", `[]`, errs.Bad},
		{"a text", `"x"`, errs.Bad},
		{"a text for a number", `{"age":"3"}`, errs.Bad},
		{"a fraction for a number", `{"age":1.5}`, errs.Bad},
		{"out of range", `{"age":151}`, errs.Bad},
		{"a number without end", `{"age":1e400}`, errs.Bad},
		{"a negative id", `{"ids":[-1]}`, errs.Bad},
		{"an id too large", `{"ids":[18446744073709551616]}`, errs.Bad},
		{"a comment", `{} // x`, errs.Bad},
		{"NaN", `{"age":NaN}`, errs.Bad},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for framing, body := range map[string]io.Reader{"length": strings.NewReader(c.body), "chunked": chunked{strings.NewReader(c.body)}} {
				_, err := parse(t, post(t, body))
				if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
					t.Errorf("%s: %v, want %v", framing, err, c.want)
				}
			}
		})
	}
}

func TestParseReadsAChunkedBody(t *testing.T) {
	t.Parallel()
	in, err := parse(t, post(t, chunked{strings.NewReader(`{"name":"ann","age":3,"ids":[1,2]}`)}))
	if err != nil || in.Name != "ann" || in.Age != 3 || len(in.IDs) != 2 {
		t.Errorf("%+v, %v", in, err)
	}
}

func TestParseRefusesEncodingsAndTypes(t *testing.T) {
	t.Parallel()
	const body = `{"name":"ann"}`
	for _, c := range []struct {
		name, body string
		headers    []string
		want       error
	}{
		{"charset named", body, []string{"Content-Type", "application/json; charset=utf-8"}, nil},
		{"in capitals", body, []string{"Content-Type", "Application/JSON"}, nil},
		{"gzip", body, []string{"Content-Encoding", "gzip"}, errs.BadType},
		{"identity", body, []string{"Content-Encoding", "identity"}, errs.BadType},
		{"gzip without a body", "", []string{"Content-Encoding", "gzip"}, errs.BadType},
		{"form", "name=ann", []string{"Content-Type", "application/x-www-form-urlencoded"}, errs.BadType},
		{"multipart", body, []string{"Content-Type", "multipart/form-data; boundary=x"}, errs.BadType},
		{"text", body, []string{"Content-Type", "text/plain"}, errs.BadType},
		{"no type", body, []string{"Content-Type", ""}, errs.BadType},
		{"a broken type", body, []string{"Content-Type", "application/json; charset"}, errs.BadType},
		{"two types", body, []string{"Content-Type", "application/json, text/plain"}, errs.BadType},
		{"almost", body, []string{"Content-Type", "application/jsonp"}, errs.BadType},
		{"no body needs no type", "", []string{"Content-Type", ""}, nil},
		{"multipart without a body", "", []string{"Content-Type", "multipart/form-data; boundary=x"}, errs.Bad},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := parse(t, post(t, strings.NewReader(c.body), c.headers...))
			if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

type strict struct {
	Name string `json:"name,optional"`
	In   struct {
		Age *int `json:"age,optional"`
	} `json:"in,optional"`
}

func (*strict) Strict() {}

func TestParseOfWhatIsStrict(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]error{
		``: nil, `{}`: nil, `{"name":"x","in":{"age":1}}`: nil,
		`{"nam":"x"}`: errs.Bad, `{"name":"x","in":{"agee":1}}`: errs.Bad, `{"in":{"age":"1"}}`: errs.Bad,
	} {
		r := httptest.NewRequest(http.MethodPut, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		if err := Parse(r, &strict{}); !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("%s: %v, want %v", body, err, want)
		}
	}
}

func TestParseQuery(t *testing.T) {
	t.Parallel()
	params := func(n int) string { return "key=x" + strings.Repeat("&a=1", n-1) }
	for _, c := range []struct {
		name, path, query string
		want              error
	}{
		{"none", "/x", "", nil},
		{"text", "/x", "key=" + url.QueryEscape("你好 &=%"), nil},
		{"path with text", "/" + url.PathEscape("你好"), "", nil},
		{"as many as may be", "/x", params(maxParams), nil},
		{"one more", "/x", params(maxParams + 1), errs.Bad},
		{"no text", "/x", "key=%ff", errs.Bad},
		{"a name that is no text", "/x", "%ff=1", errs.Bad},
		{"a path that is no text", "/%ff", "", errs.Bad},
		{"a broken escape", "/x", "key=%zz", errs.Bad},
		{"semicolons", "/x", "key=1;page=2", errs.Bad},
		{"a text for a number", "/x", "page=x", errs.Bad},
		{"a number too large", "/x", "page=2147483648", errs.Bad},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := parse(t, func(server string) *http.Request {
				r, err := http.NewRequest(http.MethodGet, server, nil)
				if err != nil {
					t.Fatal(err)
				}
				r.URL.Opaque, r.URL.RawQuery = "//"+r.URL.Host+c.path, c.query
				return r
			})
			if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

func TestARefusalDoesNotRepeatTheInput(t *testing.T) {
	t.Parallel()
	_, err := parse(t, post(t, strings.NewReader(`{"age":"<script>"}`)))
	if err == nil || strings.Contains(fmt.Sprintf("%+v", err), "script") {
		t.Errorf("%+v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`{"name":"ann","age":3,"ids":[1],"any":{"a":[]}}`, `{}`, `[]`, `null`, `"x"`, `1`, `{"age":1e400}`, `{"a":1,"a":2}`,
		`{"name":"\ud800"}`, deep(40), `{"ids":[1,"2",null]}`, `{"any":{"":{}}}`, "\xff", `{"name":null,"age":null,"ids":null}`, `{"":1}`, `{"ids":{"a":1}}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest(http.MethodPost, "/x?key=1", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		var in input
		err := Parse(r, &in)
		var e *errs.Error
		if err != nil && (!errors.As(err, &e) || e.Status >= 500) {
			t.Errorf("%q: %v", body, err)
		}
		if err == nil && body != "" && !json.Valid([]byte(body)) {
			t.Errorf("%q was taken", body)
		}
	})
}
