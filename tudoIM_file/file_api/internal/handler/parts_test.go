package handler

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_file/file_api/internal/join"
	"tudoIM/tudoIM_file/file_api/internal/receive"
	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

func (q *records) OpenUpload(_ context.Context, in *file_rpc.OpenUploadRequest, _ ...grpc.CallOption) (*file_rpc.Upload, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if in.Size > q.left {
		return nil, errs.FileQuota
	}
	u := &file_rpc.Upload{
		UploadId: fmt.Sprintf("upload-%d", len(q.uploads)), UserId: in.UserId, FileName: in.FileName, Size: in.Size, Hash: in.Hash,
		PartSize: in.PartSize, Parts: int32((in.Size + in.PartSize - 1) / in.PartSize), ExpiresAt: 1700000000000,
	}
	q.uploads[u.UploadId] = u
	return u, nil
}

// upload is the upload of user; one called expired is.
func (q *records) upload(user uint64, id string) (*file_rpc.Upload, error) {
	if id == "expired" {
		return nil, errs.UploadEnded
	}
	if u := q.uploads[id]; u != nil && u.UserId == user {
		return u, nil
	}
	return nil, errs.NotFound
}

func (q *records) GetUpload(_ context.Context, in *file_rpc.GetUploadRequest, _ ...grpc.CallOption) (*file_rpc.Upload, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	u, err := q.upload(in.UserId, in.UploadId)
	if err != nil {
		return nil, err
	}
	u = proto.Clone(u).(*file_rpc.Upload)
	if !in.WithDone {
		u.Done = nil
	}
	if in.N > 0 && in.N <= u.Parts {
		u.Bytes = min(u.PartSize, u.Size-int64(in.N-1)*u.PartSize)
	}
	return u, nil
}

func (q *records) PutPart(_ context.Context, in *file_rpc.PutPartRequest, _ ...grpc.CallOption) (*file_rpc.PutPartResponse, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.partErr != nil {
		return nil, q.partErr
	}
	u, err := q.upload(in.UserId, in.UploadId)
	if err != nil {
		return nil, err
	}
	u.Done = slices.DeleteFunc(u.Done, func(p *file_rpc.UploadPart) bool { return p.N == in.Part.N })
	u.Done = append(u.Done, in.Part)
	slices.SortFunc(u.Done, func(a, b *file_rpc.UploadPart) int { return int(a.N - b.N) })
	u.Ver++
	return &file_rpc.PutPartResponse{}, nil
}

func (q *records) CompleteUpload(ctx context.Context, in *file_rpc.CompleteUploadRequest, _ ...grpc.CallOption) (*file_rpc.File, error) {
	q.mu.Lock()
	u, err := q.upload(in.UserId, in.UploadId)
	q.mu.Unlock()
	if err != nil {
		return nil, err
	}
	if in.Ver != u.Ver {
		return nil, errs.Conflict
	}
	f, err := q.Put(ctx, &file_rpc.PutRequest{
		UserId: in.UserId, FileName: u.FileName, Size: u.Size, Hash: in.Hash, Mime: in.Mime, Kind: in.Kind, Key: in.Key,
		Width: in.Width, Height: in.Height,
	})
	if err == nil {
		q.mu.Lock()
		defer q.mu.Unlock()
		u.FileUid, u.Done = f.Uid, nil
	}
	return f, err
}

func (q *records) CancelUpload(_ context.Context, in *file_rpc.CancelUploadRequest, _ ...grpc.CallOption) (*file_rpc.CancelUploadResponse, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if u, err := q.upload(in.UserId, in.UploadId); err == nil {
		delete(q.uploads, u.UploadId)
	}
	return &file_rpc.CancelUploadResponse{}, nil
}

// callWith sends in, as JSON, as user.
func (h *half) callWith(t *testing.T, user uint64, method, path string, in map[string]any) *answer {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	return h.call(t, user, method, path, string(body))
}

// open begins an upload of content in parts of size, and returns its id.
func (h *half) open(t *testing.T, user uint64, name, content string, size int) string {
	t.Helper()
	a := h.callWith(t, user, http.MethodPost, "multipart", map[string]any{
		"fileName": name, "size": len(content), "hash": strings.ToUpper(sum(content)), "partSize": size,
	})
	id, _ := a.env.Data["uploadId"].(string)
	if a.status != http.StatusOK || id == "" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	return id
}

func (h *half) putPart(t *testing.T, user uint64, id string, n int, content string, header ...string) *answer {
	t.Helper()
	r := request(t, http.MethodPut, h.url+"/api/file/multipart/"+id+"/"+strconv.Itoa(n), strings.NewReader(content))
	r.Header.Set("Content-Type", "application/octet-stream")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return h.ask(t, user, r)
}

func (h *half) complete(t *testing.T, user uint64, id string) *answer {
	t.Helper()
	return h.call(t, user, http.MethodPost, "multipart/"+id+"/complete", "")
}

func TestPartsBecomeAFile(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	content := png + strings.Repeat("0123456789", 500)
	id := h.open(t, 7, "C:\\图.png", content, 2000)
	state := map[string]any{
		"uploadId": id, "fileName": "图.png", "size": float64(len(content)), "partSize": float64(2000), "parts": float64(3),
		"expiresAt": float64(1700000000000),
	}
	is := func(done ...any) {
		t.Helper()
		a := h.get(t, 7, "multipart/"+id)
		got, ok := a.env.Data["done"].([]any)
		delete(a.env.Data, "done")
		if a.status != http.StatusOK || !ok || !slices.Equal(got, done) || !equal(a.env.Data, state) {
			t.Errorf("%d %s, want %v", a.status, a.body, done)
		}
	}
	is()
	for n, at := range map[int]int{3: 4000, 1: 0} {
		piece := content[at:min(at+2000, len(content))]
		a := h.putPart(t, 7, id, n, piece, "X-Part-Hash", strings.ToUpper(sum(piece)))
		if a.status != http.StatusOK || !equal(a.env.Data, map[string]any{"n": float64(n), "size": float64(len(piece)), "hash": sum(piece)}) {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	is(1.0, 3.0)
	a := h.complete(t, 7, id)
	a.is(t, errs.PartWrong)
	if a.env.Data["missing"] != "2" {
		t.Errorf("%s", a.body)
	}
	h.putPart(t, 7, id, 2, strings.Repeat("x", 2000))
	a = h.complete(t, 7, id)
	a.is(t, errs.HashDiffers)
	if len(h.records.files) != 0 {
		t.Error("recorded")
	}
	h.putPart(t, 7, id, 2, content[2000:4000])
	want := map[string]any{
		"uid": "uid-0", "src": "/api/file/uid-0", "fileName": "图.png", "size": float64(len(content)),
		"hash": sum(content), "fileType": "image/png", "kind": "image",
	}
	for range 2 {
		if a := h.complete(t, 7, id); a.status != http.StatusOK || !equal(a.env.Data, want) {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	state["uid"] = "uid-0"
	is()
	if got := h.get(t, 7, "uid-0"); string(got.body) != content {
		t.Errorf("%d, %d bytes", got.status, len(got.body))
	}
	h.putPart(t, 7, id, 2, content[2000:4000]).is(t, errs.Conflict)
}

func TestWhatAnUploadInPartsIsRefusedFor(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	for _, c := range []struct {
		name string
		want *errs.Error
		body map[string]any
	}{
		{"no name", errs.Bad, map[string]any{"fileName": "", "size": 1, "partSize": 1}},
		{"a program's name", errs.FileType, map[string]any{"fileName": "setup.exe", "size": 1, "partSize": 1}},
		{"a page's name, cut", errs.FileType, map[string]any{"fileName": "a.html. ", "size": 1, "partSize": 1}},
		{"too large for who asks", errs.FileQuota, map[string]any{"fileName": "a", "size": 1<<30 + 1, "partSize": 1}},
		{"size is no number", errs.Bad, map[string]any{"fileName": "a", "size": "much", "partSize": 1}},
		{"no size", errs.Bad, map[string]any{"fileName": "a"}},
	} {
		t.Run(c.name, func(t *testing.T) { h.callWith(t, 1, http.MethodPost, "multipart", c.body).is(t, c.want) })
	}
	if len(h.records.uploads) > 0 {
		t.Error("opened")
	}
	id := h.open(t, 1, "a.bin", "0123456789", 10)
	for _, of := range []struct {
		name, id string
		user     uint64
		want     *errs.Error
	}{{"somebody else's", id, 2, errs.NotFound}, {"none", "none", 1, errs.NotFound}, {"expired", "expired", 1, errs.UploadEnded}} {
		h.get(t, of.user, "multipart/"+of.id).is(t, of.want)
		h.putPart(t, of.user, of.id, 1, "0123456789").is(t, of.want)
		h.complete(t, of.user, of.id).is(t, of.want)
		if a := h.call(t, of.user, http.MethodDelete, "multipart/"+of.id, ""); a.status != http.StatusOK {
			t.Errorf("%s: cancelled %d %s", of.name, a.status, a.body)
		}
	}
	if a := h.get(t, 1, "multipart/"+id); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.body)
	}
	h.unchanged(t)
	for range 2 {
		if a := h.call(t, 1, http.MethodDelete, "multipart/"+id, ""); a.status != http.StatusOK {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	h.get(t, 1, "multipart/"+id).is(t, errs.NotFound)
}

func TestPartsAreRefused(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	content := strings.Repeat("0123456789", 1000)
	id := h.open(t, 1, "a.bin", content+"end", 10000)
	for _, c := range []struct {
		name    string
		n       int
		content string
		header  []string
		want    *errs.Error
		data    map[string]any
	}{
		{"number 0", 0, content, nil, errs.PartWrong, map[string]any{"parts": "2"}},
		{"a number too high", 3, content, nil, errs.PartWrong, map[string]any{"parts": "2"}},
		{"less than nothing", -1, content, nil, errs.PartWrong, map[string]any{"parts": "2"}},
		{"a byte too short", 1, content[1:], nil, errs.PartWrong, map[string]any{"size": "10000"}},
		{"a byte too long", 1, content + "x", nil, errs.PartWrong, map[string]any{"size": "10000"}},
		{"nothing", 1, "", nil, errs.PartWrong, map[string]any{"size": "10000"}},
		{"the last a byte too long", 2, "end.", nil, errs.PartWrong, map[string]any{"size": "3"}},
		{"another hash", 1, content, []string{"X-Part-Hash", sum("x")}, errs.PartWrong, map[string]any{"hash": sum(content)}},
		{"a hash that is none", 1, content, []string{"X-Part-Hash", "x"}, errs.PartWrong, map[string]any{"hash": sum(content)}},
		{"a form", 1, content, []string{"Content-Type", "multipart/form-data; boundary=x"}, errs.BadType, nil},
		{"a broken form", 1, content, []string{"Content-Type", "Multipart/form-data; boundary"}, errs.BadType, nil},
		{"packed", 1, content, []string{"Content-Encoding", "gzip"}, errs.BadType, nil},
		{"a program", 1, "MZ\x90" + content[3:], nil, errs.FileType, nil},
		{"a page", 1, "<!DOCTYPE html>" + content[15:], nil, errs.FileType, nil},
	} {
		for _, chunked := range []bool{false, true} {
			t.Run(c.name+" "+strconv.FormatBool(chunked), func(t *testing.T) {
				var body io.Reader = strings.NewReader(c.content)
				if chunked {
					body = io.MultiReader(body)
				}
				r := request(t, http.MethodPut, h.url+"/api/file/multipart/"+id+"/"+strconv.Itoa(c.n), body)
				for i := 0; i < len(c.header); i += 2 {
					r.Header.Set(c.header[i], c.header[i+1])
				}
				a := h.ask(t, 1, r)
				a.is(t, c.want)
				if !equal(a.env.Data, c.data) {
					t.Errorf("%s", a.body)
				}
				h.unchanged(t)
			})
		}
	}
	for _, n := range []string{"x", "1.5", "99999999999", "%ff"} {
		h.call(t, 1, http.MethodPut, "multipart/"+id+"/"+n, "").is(t, errs.Bad)
	}
	h.call(t, 1, http.MethodPut, "multipart/%ff/1", "").is(t, errs.Bad)
	r := request(t, http.MethodPut, h.url+"/api/file/multipart/"+id+"/1", io.MultiReader(strings.NewReader(content)))
	if a := h.ask(t, 1, r); a.status != http.StatusOK { // of unknown length, and without a type
		t.Errorf("%d %s", a.status, a.body)
	}
	h.unchanged(t, sum(content))
}

func TestWhatIsAwayStopsParts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change  func(*half)
		isThere bool // the bytes stay, for the sweep
	}{
		"auth_rpc away":                {func(h *half) { h.sessions.end(errs.Unavailable) }, true},
		"file_rpc away before the end": {func(h *half) { h.records.expectErr = errs.Unavailable }, false},
		"file_rpc away at the end":     {func(h *half) { h.records.partErr = errs.Unavailable }, true},
		"no place to write":            {func(h *half) { h.Store = &failing{Store: h.Store, begin: errors.New("full")} }, false},
		"a disk that is full":          {func(h *half) { h.Store = &failing{Store: h.Store, write: errors.New("full")} }, false},
		"a disk that fails":            {func(h *half) { h.Store = &failing{Store: h.Store, commit: errors.New("broken")} }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t, nil)
			id := h.open(t, 1, "a.txt", "hello", 5)
			c.change(h)
			h.putPart(t, 1, id, 1, "hello").is(t, errs.Unavailable)
			if c.isThere {
				h.unchanged(t, sum("hello"))
			} else {
				h.unchanged(t)
			}
			if len(h.records.uploads[id].Done) > 0 {
				t.Error("recorded")
			}
		})
	}
	h := start(t, nil)
	id := h.open(t, 1, "a.txt", "hello", 5)
	h.sessions.end(errs.Kicked)
	h.putPart(t, 1, id, 1, "hello").is(t, errs.Kicked)
	h.unchanged(t, sum("hello")) // for the sweep
	h.Turns = receive.NewTurns(0)
	h.putPart(t, 1, id, 1, "hello").is(t, errs.TooMany)
	if len(h.records.uploads[id].Done) > 0 {
		t.Error("recorded")
	}
}

// TestAPartCutAnywhere sends a body that ends early, both ways a body can tell
// its length.
func TestAPartCutAnywhere(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	content := strings.Repeat("hello ", 2000)
	id := h.open(t, 1, "a.txt", content, len(content))
	path := "/api/file/multipart/" + id + "/1"
	head := func(length string) string {
		header := http.Header{"Host": {"x"}}
		token.Identity{UserID: 1, RequestID: "r"}.Sign(header, token.Key([]byte(secret), "identity"), http.MethodPut, path)
		var b bytes.Buffer
		b.WriteString("PUT " + path + " HTTP/1.1\r\n" + length + "\r\n")
		if err := header.Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.String() + "\r\n"
	}
	for chunked, length := range map[bool]string{false: "Content-Length: " + strconv.Itoa(len(content)), true: "Transfer-Encoding: chunked"} {
		for _, at := range []int{0, 1, 3071, 3072, 3073, len(content) / 2, len(content) - 1, len(content)} {
			if at == len(content) && !chunked {
				continue // that is all of it
			}
			c := h.dial(t)
			if _, err := io.WriteString(c, head(length)); err != nil {
				t.Fatal(err)
			}
			send(t, c, chunked, []byte(content[:at]))
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
		}
		h.unchanged(t)
	}
	if len(h.records.uploads[id].Done) > 0 {
		t.Error("recorded")
	}
	if a := h.putPart(t, 1, id, 1, content); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.body)
	}
	h.unchanged(t, sum(content))
}

func TestTheWholeIsJudged(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	// The first part is judged when it comes: so it is stored behind its back.
	page := "<!DOCTYPE html><script>alert(1)</script>"
	id := h.open(t, 1, "a.bin", page, len(page))
	h.putPart(t, 1, id, 1, page).is(t, errs.FileType)
	draft, err := h.Store.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer draft.Discard()
	if _, err := io.WriteString(draft, page); err != nil {
		t.Fatal(err)
	}
	if err := draft.Commit(t.Context(), sum(page)); err != nil {
		t.Fatal(err)
	}
	part := &file_rpc.UploadPart{N: 1, Size: int64(len(page)), Hash: sum(page), Key: sum(page)}
	if _, err := h.records.PutPart(t.Context(), &file_rpc.PutPartRequest{UserId: 1, UploadId: id, Part: part}); err != nil {
		t.Fatal(err)
	}
	h.complete(t, 1, id).is(t, errs.FileType)
	part.Size--
	h.complete(t, 1, id).is(t, errs.Internal)
	part.Key = sum("what is not there")
	h.complete(t, 1, id).is(t, errs.Internal)
	if len(h.records.files) > 0 {
		t.Error("recorded")
	}
	h.unchanged(t, sum(page))
}

func TestWhatIsAwayStopsTheWhole(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*half){
		"file_rpc away before the end": func(h *half) { h.records.expectErr = errs.Unavailable },
		"file_rpc away at the end":     func(h *half) { h.records.err = errs.Unavailable },
		"no place to write":            func(h *half) { h.Joiner.Store = &failing{Store: h.Store, begin: errors.New("full")} },
		"a disk that is full":          func(h *half) { h.Joiner.Store = &failing{Store: h.Store, write: errors.New("full")} },
		"a disk that fails":            func(h *half) { h.Joiner.Store = &failing{Store: h.Store, commit: errors.New("broken")} },
		"a store that is away":         func(h *half) { h.Joiner.Store = &closed{h.Store} },
		"a store that breaks":          func(h *half) { h.Joiner.Store = &broken{h.Store} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t, nil)
			id := h.open(t, 1, "a.txt", "hello", 3)
			h.putPart(t, 1, id, 1, "hel")
			h.putPart(t, 1, id, 2, "lo")
			change(h)
			a := h.complete(t, 1, id)
			if a.status < http.StatusInternalServerError || name != "a store that breaks" && a.env.Code != errs.Unavailable.Code {
				t.Errorf("%d %s", a.status, a.body)
			}
			if len(h.records.files) > 0 || len(h.records.uploads[id].Done) != 2 {
				t.Error("recorded")
			}
			h.records.expectErr, h.records.err, h.Joiner.Store = nil, nil, h.Store
			if a := h.complete(t, 1, id); a.status != http.StatusOK { // and then it goes on
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
}

// closed is a store that cannot be read, broken one with a bug.
type (
	closed struct{ store.Store }
	broken struct{ store.Store }
)

func (closed) Open(context.Context, string) (io.ReadSeekCloser, int64, error) {
	return nil, 0, errors.New("away")
}

func (broken) Open(context.Context, string) (io.ReadSeekCloser, int64, error) { panic("a bug") }

// gate is a store that opens nothing before its gate does.
type gate struct {
	store.Store
	open  chan struct{}
	asked atomic.Int64
}

func (g *gate) Begin(ctx context.Context) (store.Draft, error) {
	g.asked.Add(1)
	select {
	case <-g.open:
		return g.Store.Begin(ctx)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// TestJoiningGoesOnWithoutWhoAsked also shows that of one upload it is done
// once.
func TestJoiningGoesOnWithoutWhoAsked(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	slow := &gate{Store: h.Store, open: make(chan struct{})}
	h.Joiner = &join.Joiner{Files: h.records, Store: slow, Turns: h.Turns, Wait: 50 * time.Millisecond}
	id := h.open(t, 1, "a.txt", "hello", 5)
	h.putPart(t, 1, id, 1, "hello")
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			a := h.complete(t, 1, id)
			a.is(t, errs.Unavailable)
			if a.header.Get("Retry-After") != "2" {
				t.Errorf("%v", a.header)
			}
		})
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	if _, err := h.Joiner.Join(left, 1, id); !errors.Is(err, errs.Unavailable) {
		t.Error(err)
	}
	wg.Wait()
	if n := slow.asked.Load(); n != 1 {
		t.Errorf("joined %d times at once", n)
	}
	if _, err := h.Joiner.Join(t.Context(), 2, id); !errors.Is(err, errs.NotFound) {
		t.Errorf("somebody else joins it: %v", err)
	}
	close(slow.open)
	var a *answer
	for end := time.Now().Add(10 * time.Second); ; {
		if a = h.complete(t, 1, id); a.status == http.StatusOK {
			break
		}
		a.is(t, errs.Unavailable)
		if time.Now().After(end) {
			t.Fatal("never done")
		}
	}
	if a.env.Data["uid"] != "uid-0" || len(h.records.files) != 1 {
		t.Errorf("%s", a.body)
	}
}

func TestACompletionTakesATurn(t *testing.T) {
	t.Parallel()
	h := start(t, func(s *svc.ServiceContext) { s.Turns = receive.NewTurns(1) })
	id := h.open(t, 1, "a.txt", "hello", 5)
	h.putPart(t, 1, id, 1, "hello")
	leave, err := h.Turns.Take(1)
	if err != nil {
		t.Fatal(err)
	}
	h.complete(t, 1, id).is(t, errs.TooMany)
	leave()
	if a := h.complete(t, 1, id); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// TestPartsCostNoMemory uploads and joins 64 MiB.
func TestPartsCostNoMemory(t *testing.T) {
	h := start(t, nil)
	const size, parts = 8 << 20, 8
	id := h.callWith(t, 1, http.MethodPost, "multipart", map[string]any{"fileName": "a.bin", "size": size * parts, "partSize": size}).env.Data["uploadId"].(string)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for n := range parts {
		random := rand.NewChaCha8([32]byte{byte(n)})
		r := request(t, http.MethodPut, fmt.Sprintf("%s/api/file/multipart/%s/%d", h.url, id, n+1), io.LimitReader(random, size))
		if a := h.ask(t, 1, r); a.status != http.StatusOK {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	if a := h.complete(t, 1, id); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
		t.Errorf("%d MiB for 64", used>>20)
	}
}
