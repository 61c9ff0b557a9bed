package handler

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/grpc"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_api/internal/receive"
	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

func (q *records) Known(_ context.Context, in *file_rpc.KnownRequest, _ ...grpc.CallOption) (*file_rpc.KnownResponse, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.known++
	if q.knownErr != nil {
		return nil, q.knownErr
	}
	for _, f := range q.files {
		if f.Hash == in.Hash && f.Size == in.Size && (in.Anybody || f.UserId == in.UserId) {
			return &file_rpc.KnownResponse{IsKnown: true, Key: f.Key, Width: f.Width, Height: f.Height}, nil
		}
	}
	return &file_rpc.KnownResponse{}, nil
}

// check asks whether the caller has content.
func (h *half) check(t *testing.T, user uint64, name, content string, more ...string) *answer {
	t.Helper()
	in := map[string]any{"fileName": name, "size": len(content), "hash": sum(content)}
	for i := 0; i < len(more); i += 2 {
		in[more[i]] = more[i+1]
	}
	return h.callWith(t, user, http.MethodPost, "check", in)
}

// prove answers the challenge in a with the places in content that it asks for.
func prove(t *testing.T, a *answer, content string) []string {
	t.Helper()
	c, ok := a.env.Data["challenge"].(map[string]any)
	if !ok || len(a.env.Data) != 2 || a.env.Data["exists"] != false {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var places strings.Builder
	for _, r := range c["ranges"].([]any) {
		r := r.(map[string]any)
		offset, length := int(r["offset"].(float64)), int(r["length"].(float64))
		places.WriteString(content[offset : offset+length])
	}
	return []string{"challenge", c["id"].(string), "proof", sum(places.String())}
}

// no checks that a says nothing but no.
func (a *answer) no(t *testing.T, what string) {
	t.Helper()
	if a.status != http.StatusOK || !equal(a.env.Data, map[string]any{"exists": false}) {
		t.Errorf("%s: %d %s", what, a.status, a.body)
	}
}

func TestBytesThatOneHasNeedNoUpload(t *testing.T) {
	t.Parallel()
	for instant, others := range map[string]bool{"own": false, "all": true} {
		t.Run(instant, func(t *testing.T) {
			t.Parallel()
			h := start(t, func(s *svc.ServiceContext) { s.Config.Instant = instant })
			content := png + strings.Repeat("0123456789", 8000)
			h.put(t, 1, "a.png", content)
			a := h.check(t, 1, "../b.png", content, prove(t, h.check(t, 1, "b.png", content), content)...)
			want := map[string]any{
				"exists": true, "uid": "uid-1", "src": "/api/file/uid-1", "fileName": "b.png", "size": float64(len(content)), "hash": sum(content),
				"fileType": "image/png", "kind": "image",
			}
			if a.status != http.StatusOK || !equal(a.env.Data, want) {
				t.Fatalf("%d %s", a.status, a.body)
			}
			if got := h.get(t, 1, "uid-1"); string(got.body) != content {
				t.Errorf("%d, %d bytes", got.status, len(got.body))
			}
			a = h.check(t, 2, "c.png", content, prove(t, h.check(t, 2, "c.png", content), content)...)
			if others && (a.status != http.StatusOK || a.env.Data["uid"] != "uid-2") {
				t.Errorf("%d %s", a.status, a.body)
			}
			if !others {
				a.no(t, "somebody else's")
			}
			if got := h.stored(t); len(got) != 1 || got[0] != sum(content) {
				t.Errorf("stored %q", got)
			}
		})
	}
}

func TestWithoutThePossessionNothingIsTold(t *testing.T) {
	t.Parallel()
	for _, instant := range []string{"own", "all"} {
		t.Run(instant, func(t *testing.T) {
			t.Parallel()
			h := start(t, func(s *svc.ServiceContext) { s.Config.Instant = instant })
			content, other := strings.Repeat("hello ", 100), strings.Repeat("other ", 100)
			h.put(t, 1, "a.txt", content)
			first := h.check(t, 1, "a.txt", content)
			right := prove(t, first, content)
			prove(t, h.check(t, 1, "a.txt", other), other)
			if h.records.known != 0 {
				t.Error("looked for before anything was proven")
			}
			wrong := []string{right[0], right[1], "proof", sum("x")}
			h.check(t, 1, "a.txt", content, wrong...).no(t, "a wrong proof")
			h.check(t, 1, "a.txt", content, right[0], right[1], "proof", sum(content+" ")).no(t, "the hash of more")
			h.check(t, 1, "a.txt", other, prove(t, h.check(t, 1, "a.txt", other), other)...).no(t, "a right proof of what nobody has")
			for name, a := range map[string]*answer{
				"somebody else's":   h.check(t, 2, "a.txt", content, right...),
				"of another hash":   h.check(t, 1, "a.txt", other, right...),
				"changed":           h.check(t, 1, "a.txt", content, "challenge", "B"+right[1][1:], "proof", right[3]),
				"cut":               h.check(t, 1, "a.txt", content, "challenge", right[1][1:], "proof", right[3]),
				"none with a proof": h.check(t, 1, "a.txt", content, "proof", right[3]),
			} {
				a.is(t, errs.Bad)
				if a.env.Data["field"] != "challenge" {
					t.Errorf("%s: %s", name, a.body)
				}
			}
			if len(h.records.files) != 1 {
				t.Errorf("%d recorded", len(h.records.files))
			}
			h.check(t, 1, "a.png", content, right...).is(t, errs.FileType) // for the bytes are not what it says
			if a := h.check(t, 1, "b.txt", content, right...); a.env.Data["exists"] != true {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
}

func TestWhatACheckIsRefusedFor(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	for _, c := range []struct {
		name, field string
		change      []any
	}{
		{"no name", "fileName", []any{"fileName", ""}},
		{"no hash", "hash", []any{"hash", "x"}},
		{"empty", "size", []any{"size", 0}},
		{"less", "size", []any{"size", -1}},
		{"more than can be counted", "size", []any{"size", 1<<53 + 1}},
		{"no proof", "proof", []any{"challenge", "x"}},
		{"a proof that is none", "proof", []any{"challenge", "x", "proof", "x"}},
		{"no challenge", "challenge", []any{"challenge", "x", "proof", sum("")}},
	} {
		in := map[string]any{"fileName": "a", "size": 1, "hash": sum("a")}
		for i := 0; i < len(c.change); i += 2 {
			in[c.change[i].(string)] = c.change[i+1]
		}
		a := h.callWith(t, 1, http.MethodPost, "check", in)
		a.is(t, errs.Bad)
		if a.env.Data["field"] != c.field {
			t.Errorf("%s: %s", c.name, a.body)
		}
	}
	h.check(t, 1, "a.exe", "a").is(t, errs.FileType)
	h.Turns = receive.NewTurns(0)
	h.check(t, 1, "a", "a").is(t, errs.TooMany)
}

func TestWhatIsAwayStopsACheck(t *testing.T) {
	t.Parallel()
	content := "hello"
	for name, c := range map[string]struct {
		change func(*half)
		want   *errs.Error
	}{
		"file_rpc away":            {func(h *half) { h.records.knownErr = errs.Unavailable }, errs.Unavailable},
		"file_rpc away at the end": {func(h *half) { h.records.err = errs.Unavailable }, errs.Unavailable},
		"no room left":             {func(h *half) { h.records.err = errs.FileQuota }, errs.FileQuota},
		"a store that is away":     {func(h *half) { h.Store = &closed{h.Store} }, errs.Unavailable},
		"bytes that are gone": {func(h *half) {
			if err := h.Store.Remove(context.Background(), sum(content)); err != nil {
				panic(err)
			}
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t, nil)
			h.put(t, 1, "a.txt", content)
			proof := prove(t, h.check(t, 1, "a.txt", content), content)
			c.change(h)
			a := h.check(t, 1, "a.txt", content, proof...)
			if c.want == nil {
				a.no(t, name)
				return
			}
			a.is(t, c.want)
		})
	}
	// With all, a store that is away tells nothing of what is there.
	h := start(t, func(s *svc.ServiceContext) { s.Config.Instant = "all" })
	proof := prove(t, h.check(t, 1, "a.txt", content), content)
	h.Store = unready{h.Store}
	h.check(t, 1, "a.txt", content, proof...).is(t, errs.Unavailable)
	if h.records.known != 0 {
		t.Error("looked for")
	}
}

// unready is a store that says it is away.
type unready struct{ store.Store }

func (unready) Ready(context.Context) error { return errors.New("away") }
