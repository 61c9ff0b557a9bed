package hostile

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tudoIM/common/token"
	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// operation is one route of a half, as its OpenAPI document describes it.
type operation struct {
	half, method, path string
	Parameters         []param `json:"parameters"`
}

type param struct {
	schema
	Name   string `json:"name"`
	In     string `json:"in"`
	Schema schema `json:"schema"`
}

type schema struct {
	Type       string            `json:"type"`
	Properties map[string]schema `json:"properties"`
	Items      *schema           `json:"items"`
}

// operations are all routes of all halves: a new one is here by itself, for
// the documents are made of the routes.
func operations(t *testing.T) (all []operation) {
	t.Helper()
	for _, name := range suite.Halves {
		if !strings.HasSuffix(name, "_api") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(suite.Folder("gateway"), "..", "docs", "openapi", name+".json"))
		must(t, "the document of "+name, err)
		var doc struct {
			Paths map[string]map[string]operation `json:"paths"`
		}
		must(t, "the document of "+name, json.Unmarshal(b, &doc))
		for _, path := range sorted(doc.Paths) {
			for _, method := range sorted(doc.Paths[path]) {
				o := doc.Paths[path][method]
				o.half, o.method, o.path = name, strings.ToUpper(method), path
				all = append(all, o)
			}
		}
	}
	if len(all) < 100 {
		t.Fatalf("only %d routes", len(all))
	}
	return all
}

// body is what o takes as JSON, nil if nothing.
func (o operation) body() *schema {
	for _, p := range o.Parameters {
		if p.In == "body" {
			return &p.Schema
		}
	}
	return nil
}

// parses reports whether o reads a request at all: what does not, ignores
// what comes along.
func (o operation) parses() bool { return len(o.Parameters) > 0 }

func (o operation) isUpload() bool {
	return o.path == "/api/file/file" || o.path == "/api/file/image" || strings.HasSuffix(o.path, "/{n}")
}

func (o operation) isSocket() bool { return o.path == "/api/chat/ws" }

// at is o's path with values for its parameters.
func (o operation) at(value func(p param) string) string {
	path := o.path
	for _, p := range o.Parameters {
		if p.In == "path" {
			path = strings.ReplaceAll(path, "{"+p.Name+"}", value(p))
		}
	}
	return path
}

// nobodys are ids of nothing, one of each kind.
func nobodys(p param) string {
	switch {
	case p.Type == "integer":
		return "4503599627370497"
	case p.Name == "cid":
		return "p_4503599627370497_4503599627370498"
	default:
		return "AAAAAAAAAAAAAAAAAAAAAA"
	}
}

// spoil plays G11, G16 and G17 on o.
func (w *stage) spoil(t *testing.T, d door, o operation, who *client.Client) {
	t.Helper()
	path := o.at(nobodys)
	var rows []row
	add := func(name string, header http.Header, body any, status, code int, mild bool) {
		rows = append(rows, row{name + " " + o.path, d, who, o.method, path, header, body, status, code, mild, ""})
	}
	json := http.Header{"Content-Type": {"application/json"}}
	if o.parses() {
		for _, name := range sorted(badJSON) {
			add("G16 "+name, json, badJSON[name], 400, 0, false)
		}
		for _, media := range [][]string{
			{"text/plain"}, {"application/x-www-form-urlencoded"}, {"application/jsonx"}, {"multipart/form-data; boundary=x"}, {"application/json, text/plain"}, {"/"}, {""}, {},
		} {
			add(fmt.Sprint("G17 ", media), http.Header{"Content-Type": media}, `{"x":1}`, 415, 10012, false)
		}
	}
	add("G16 gzip", http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}}, "\x1f\x8b\x08\x00", 415, 10012, !o.parses())
	add("G11 2 MB", json, `{"a":"`+strings.Repeat("x", 2<<20)+`"}`, 413, 10008, !o.parses())
	w.set(t, o.method+" "+o.path, rows...)
}

// rowsOfBodiesAtTheGateway are G11, G16 and G17 on every route.
func rowsOfBodiesAtTheGateway(t *testing.T, w *stage) {
	for _, o := range operations(t) {
		if o.isUpload() || o.isSocket() || o.path == "/api/auth/authentication" {
			continue // uploads are rows F, sockets rows W, and what is inside is no path
		}
		if !o.parses() {
			continue // its body is refused or ignored; nothing may come of it but the answer
		}
		w.spoil(t, w.gateway(), o, w.ann)
	}
}

// rowsOfBodiesAtTheHalves are the same with a signature that is right: a half
// relies on nothing that the gateway refuses.
func rowsOfBodiesAtTheHalves(t *testing.T, w *stage) {
	for _, o := range operations(t) {
		if o.isUpload() || o.isSocket() || !o.parses() {
			continue
		}
		w.spoil(t, w.half(o.half), o, w.ann)
	}
}

// wrong are values of another type than s's.
func wrong(s schema) []any {
	return map[string][]any{
		"string":  {1, -1.5, true, []any{}, object{"$ne": ""}, json.RawMessage("1e400")},
		"integer": {"1", "1 or 1=1", -1.5, true, []any{1}, object{"$gt": 0}, json.RawMessage("1e400"), json.RawMessage("18446744073709551616"), json.RawMessage("-9223372036854775809")},
		"boolean": {"true", 1, []any{}, object{}},
		"array":   {"x", 1, true, object{}},
		"object":  {"x", 1, true, []any{}},
	}[s.Type]
}

// extreme are values of s's type that are at the end of it.
func extreme(s schema) []any {
	switch s.Type {
	case "string":
		return []any{"", " ", "\x00", "\u200b\u202e", strings.Repeat("x", 100_000), json.RawMessage(`"\ud800"`), "' OR 1=1 -- ", "%", "../../etc/passwd", "<img src=x onerror=alert(1)>", nil}
	case "integer":
		return []any{0, -1, math.MaxInt32, math.MinInt64, int64(math.MaxInt64), uint64(math.MaxUint64), nil}
	case "boolean":
		return []any{false, nil}
	case "array":
		all := []any{[]any{}, nil, []any{nil}}
		if s.Items != nil {
			one := usual(*s.Items)
			all = append(all, slices.Repeat([]any{one}, 1000), []any{one, one})
			for _, v := range extreme(*s.Items) {
				all = append(all, []any{v})
			}
		}
		return all
	case "object":
		return []any{object{}, nil, object{"x": strings.Repeat("y", 100_000)}}
	}
	return nil
}

// usual is a value of s's type that is about nobody.
func usual(s schema) any {
	switch s.Type {
	case "string":
		return "nobodys"
	case "integer":
		return uint64(4503599627370497)
	case "boolean":
		return true
	case "array":
		if s.Items == nil {
			return []any{}
		}
		return []any{usual(*s.Items)}
	}
	if len(s.Properties) == 0 {
		return client.Text("x") // the only ones without are messages
	}
	all := object{}
	for name, p := range s.Properties {
		all[name] = usual(p)
	}
	return all
}

// rowsOfFields play, for every field of every request, what is of another type
// and what is at the end of its own, in path, query and body. They come from
// somebody who is sacrificed: some are taken as they are. Nobody else may
// notice.
func rowsOfFields(t *testing.T, w *stage) {
	mal := w.register(t)
	for _, o := range operations(t) {
		if o.isUpload() || o.isSocket() {
			continue
		}
		d := w.half(o.half)
		var rows []row
		add := func(name, path string, body any, status int) {
			rows = append(rows, row{o.path + " " + name, d, mal, o.method, path, nil, body, status, 0, true, ""})
		}
		for _, p := range o.Parameters {
			switch p.In {
			case "path":
				for _, v := range []string{"0", "-1", "9223372036854775808", "18446744073709551615", "18446744073709551616", "1.5", "0x1", "null", "1%20or%201=1", "%00", "%ff", "..%2f..%2fetc", strings.Repeat("9", 5000)} {
					path := o.at(func(other param) string {
						if other.Name == p.Name {
							return v
						}
						return nobodys(other)
					})
					add(p.Name+" "+v[:min(len(v), 20)], path, nil, 0)
				}
			case "query":
				values := []string{"", "%00", "%ff", strings.Repeat("x", 5000), "%25", "1&" + p.Name + "=2"}
				if p.Type == "integer" {
					values = append(values, "-1", "0", "1e9", "1.5", "x", "9223372036854775807", "18446744073709551615", "18446744073709551616", "1%20union%20select%201")
				}
				for _, v := range values {
					add(p.Name+"="+v[:min(len(v), 20)], o.at(nobodys)+"?"+p.Name+"="+v, nil, 0)
				}
			case "body":
				for _, name := range sorted(p.Schema.Properties) {
					field := p.Schema.Properties[name]
					with := func(v any) object {
						all := usual(p.Schema).(object)
						all[name] = v
						return all
					}
					for _, v := range wrong(field) {
						add(fmt.Sprintf("%s is %.40v", name, v), o.at(nobodys), with(v), 400)
					}
					if field.Items != nil { // go-zero takes "1" for 1 there, and the other way round
						for _, v := range wrong(*field.Items) {
							add(fmt.Sprintf("%s is a list of %.40v", name, v), o.at(nobodys), with([]any{v}), 0)
						}
					}
					for _, v := range extreme(field) {
						add(fmt.Sprintf("%s is %.40v", name, v), o.at(nobodys), with(v), 0)
					}
				}
			}
		}
		w.set(t, o.method+" "+o.path, rows...)
	}
}

// rowsOfForgedIdentities go straight to the halves with an identity that is
// not the gateway's, and with one that is of nobody or past numbers.
func rowsOfForgedIdentities(t *testing.T, w *stage) {
	for _, o := range operations(t) {
		path := o.at(nobodys)
		var body any
		if s := o.body(); s != nil {
			body = usual(*s)
		}
		plain, err := url.PathUnescape(path)
		must(t, path, err)
		signed := func(key []byte, method, path string, change func(h http.Header)) http.Header {
			h := http.Header{}
			token.Identity{
				UserID: w.ann.UserID, Role: 2, SessionID: 1, ExpiresAt: time.Now().Add(time.Hour).Unix(), ClientIP: "127.0.0.1", RequestID: "r",
			}.Sign(h, key, method, path)
			change(h)
			return h
		}
		same := func(http.Header) {}
		set := func(name, value string) func(http.Header) { return func(h http.Header) { h.Set(name, value) } }
		var rows []row
		for _, c := range []struct {
			name   string
			header http.Header
		}{
			{"nothing", nil},
			{"a token", http.Header{"Authorization": {"Bearer " + w.ann.AccessToken}}},
			{"headers alone", http.Header{"User-Id": {fmt.Sprint(w.bob.UserID)}, "Role": {"1"}, "Session-Id": {"1"}, "Expires-At": {"99999999999"}}},
			{"an empty signature", signed(w.key, o.method, plain, set("Identity-Signature", ""))},
			{"signed with another key", signed([]byte("x"), o.method, plain, same)},
			{"signed with no key", signed(nil, o.method, plain, same)},
			{"signed for another method", signed(w.key, "PATCH", plain, same)},
			{"signed for another path", signed(w.key, o.method, plain+"x", same)},
			{"somebody else", signed(w.key, o.method, plain, set("User-Id", fmt.Sprint(w.bob.UserID)))},
			{"another role", signed(w.key, o.method, plain, set("Role", "1"))},
			{"another end", signed(w.key, o.method, plain, set("Expires-At", "99999999999"))},
			{"half a signature", signed(w.key, o.method, plain, func(h http.Header) { h.Set("Identity-Signature", h.Get("Identity-Signature")[:32]) })},
			{"a user past numbers", signed(w.key, o.method, plain, set("User-Id", "18446744073709551616"))},
		} {
			rows = append(rows, row{c.name + " " + o.path, w.bare(o.half), nil, o.method, path, c.header, body, 401, 10002, false, ""})
		}
		w.set(t, o.method+" "+o.path, rows...)
	}
}
