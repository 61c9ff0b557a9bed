package handler

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_file/file_api/internal/conn"
	"tudoIM/tudoIM_file/file_api/internal/receive"
	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_api/internal/svc"
)

const png = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"

func sum(content string) string {
	s := sha256.Sum256([]byte(content))
	return hex.EncodeToString(s[:])
}

func TestWhatIsUploadedCanBeDownloaded(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	content := png + strings.Repeat("\x00\x01\x02", 50000)
	a := h.upload(t, 7, part{"file", "图.png", content})
	want := map[string]any{
		"uid": "uid-0", "src": "/api/file/uid-0", "fileName": "图.png", "size": float64(len(content)),
		"hash": sum(content), "fileType": "image/png", "kind": "image",
	}
	if a.status != http.StatusOK || !equal(a.env.Data, want) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	h.unchanged(t, sum(content))
	got := h.get(t, 7, "uid-0")
	if got.status != http.StatusOK || string(got.body) != content {
		t.Errorf("%d, %d bytes", got.status, len(got.body))
	}
	want["createdAt"] = float64(1700000000000)
	if a := h.get(t, 7, "info/uid-0"); a.status != http.StatusOK || !equal(a.env.Data, want) {
		t.Errorf("%d %s", a.status, a.body)
	}
	info, err := os.Stat(filepath.Join(h.dir, sum(content)[:2], sum(content)[2:4], sum(content)))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, error %v", info.Mode(), err)
	}
}

func equal(a, b map[string]any) bool {
	for k, v := range b {
		if a[k] != v {
			return false
		}
	}
	return len(a) == len(b)
}

func TestTheSameBytesAreStoredOnce(t *testing.T) {
	t.Parallel()
	h := start(t, func(s *svc.ServiceContext) { s.Turns = receive.NewTurns(100) })
	var wg sync.WaitGroup
	for user := range uint64(10) {
		wg.Go(func() { h.put(t, user+1, "same name.txt", "the same") })
		wg.Go(func() { h.put(t, user+1, "same name.txt", "another "+strconv.FormatUint(user, 10)) })
	}
	wg.Wait()
	if n := len(h.stored(t)); n != 11 {
		t.Errorf("%d stored", n)
	}
	if n := len(h.records.files); n != 20 {
		t.Errorf("%d recorded", n)
	}
}

func TestUploadsAreRefused(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	full := strings.Repeat("a", maxBytes)
	for _, c := range []struct {
		name  string
		want  *errs.Error
		parts []part
	}{
		{"one byte past the limit", errs.FileLarge, []part{{"file", "a.txt", full + "a"}}},
		{"far past the limit", errs.FileLarge, []part{{"file", "a.txt", full + full + full}}},
		{"empty", errs.Bad, []part{{"file", "a.txt", ""}}},
		{"no part", errs.Bad, nil},
		{"no file name", errs.Bad, []part{{"file", "", "hello"}}},
		{"another field", errs.Bad, []part{{"image", "a.txt", "hello"}}},
		{"another field before", errs.Bad, []part{{"note", "", "hello"}, {"file", "a.txt", "hello"}}},
		{"another field behind", errs.Bad, []part{{"file", "a.txt", "hello"}, {"note", "", "hello"}}},
		{"two files", errs.Bad, []part{{"file", "a.txt", "hello"}, {"file", "b.txt", "hello"}}},
		{"a hash of the sender's", errs.Bad, []part{{"file", "a.txt", "hello"}, {"hash", "", sum("other")}}},
		{"ten thousand fields", errs.Bad, many(10000)},
		{"program", errs.FileType, []part{{"file", "a.bin", "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff"}}},
		{"program as image", errs.FileType, []part{{"file", "a.png", "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff"}}},
		{"page", errs.FileType, []part{{"file", "a.html", "<!DOCTYPE html><script>alert(1)</script>"}}},
		{"page as image", errs.FileType, []part{{"file", "a.png", "<!DOCTYPE html><script>alert(1)</script>"}}},
		{"large program", errs.FileType, []part{{"file", "a.png", "MZ\x90" + full}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := h.upload(t, 1, c.parts...)
			a.is(t, c.want)
			if c.want == errs.Bad && a.env.Data["field"] != "file" {
				t.Errorf("does not name the field: %s", a.body)
			}
			h.unchanged(t)
		})
	}
	h.put(t, 1, "at the limit.txt", full)
	h.unchanged(t, sum(full))
}

func many(n int) []part {
	parts := make([]part, n)
	for i := range parts {
		parts[i] = part{"f" + strconv.Itoa(i), "", "x"}
	}
	return parts
}

func TestBodiesThatAreNoForm(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	body, contentType := form(t, part{"file", "a.txt", "hello"})
	boundary := contentType[strings.Index(contentType, "boundary="):]
	for _, c := range []struct {
		name, contentType, encoding string
		body                        string
		want                        *errs.Error
	}{
		{"json", "application/json", "", `{"file":"a"}`, errs.BadType},
		{"no type", "", "", string(body), errs.BadType},
		{"no boundary", "multipart/form-data", "", string(body), errs.Bad},
		{"another multipart", "multipart/mixed; " + boundary, "", string(body), errs.BadType},
		{"packed", contentType, "gzip", string(body), errs.BadType},
		{"another boundary", "multipart/form-data; boundary=x", "", string(body), errs.Bad},
		{"empty", contentType, "", "", errs.Bad},
		{"only the beginning of a line", contentType, "", "--", errs.Bad},
		{"endless head", contentType, "", strings.Replace(string(body), "\r\n\r\n", "\r\nX: "+strings.Repeat("x", 100<<10)+"\r\n\r\n", 1), errs.TooLarge},
		{"endless preamble", contentType, "", strings.Repeat("x\r\n", 50<<10) + string(body), errs.TooLarge},
		{"endless epilogue", contentType, "", string(body) + strings.Repeat("x", maxBytes+(200<<10)), errs.TooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := request(t, http.MethodPost, h.url+"/api/file/file", strings.NewReader(c.body))
			r.Header.Set("Content-Type", c.contentType)
			if c.encoding != "" {
				r.Header.Set("Content-Encoding", c.encoding)
			}
			h.ask(t, 1, r).is(t, c.want)
			h.unchanged(t)
		})
	}
}

// TestAnUploadCutAnywhere sends a body that ends early, both ways a body can
// tell its length.
func TestAnUploadCutAnywhere(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	content := strings.Repeat("hello ", 2000)
	body, contentType := form(t, part{"file", "a.txt", content})
	head := bytes.Index(body, []byte("\r\n\r\n")) + 4
	end := head + len(content)
	cuts := []int{0, 1, head / 2, head - 1, head, head + 1, head + 3072, end / 2, end - 1, end, end + 1, end + 4, len(body) - 4, len(body) - 1}
	for _, chunked := range []bool{false, true} {
		for _, at := range cuts {
			t.Run(strconv.Itoa(at)+" "+strconv.FormatBool(chunked), func(t *testing.T) {
				c := h.dial(t)
				h.head(t, c, contentType, len(body), chunked)
				send(t, c, chunked, body[:at])
				if err := c.Close(); err != nil {
					t.Fatal(err)
				}
			})
		}
		// The server still answers, and nothing stayed.
		h.unchanged(t)
	}
	whole := h.dial(t)
	h.head(t, whole, contentType, len(body), true)
	send(t, whole, true, body)
	if _, err := io.WriteString(whole, "0\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if line := firstLine(t, whole); !strings.Contains(line, " 200 ") {
		t.Errorf("the whole body: %s", line)
	}
	h.unchanged(t, sum(content))
}

func (h *half) dial(t *testing.T) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// head sends the head of an upload's request.
func (h *half) head(t *testing.T, c net.Conn, contentType string, length int, chunked bool) {
	t.Helper()
	h.headTo(t, c, "/api/file/file", contentType, length, chunked)
}

func (h *half) headTo(t *testing.T, c net.Conn, path, contentType string, length int, chunked bool) {
	t.Helper()
	header := http.Header{"Host": {"x"}, "Content-Type": {contentType}}
	if chunked {
		header.Set("Transfer-Encoding", "chunked")
	} else {
		header.Set("Content-Length", strconv.Itoa(length))
	}
	token.Identity{UserID: 1, RequestID: "r"}.Sign(header, token.Key([]byte(secret), "identity"), http.MethodPost, path)
	var b bytes.Buffer
	b.WriteString("POST " + path + " HTTP/1.1\r\n")
	if err := header.Write(&b); err != nil {
		t.Fatal(err)
	}
	b.WriteString("\r\n")
	if _, err := c.Write(b.Bytes()); err != nil {
		t.Fatal(err)
	}
}

func send(t *testing.T, c net.Conn, chunked bool, body []byte) {
	t.Helper()
	if len(body) == 0 {
		return
	}
	if chunked {
		body = append(strconv.AppendInt(nil, int64(len(body)), 16), append([]byte("\r\n"), append(bytes.Clone(body), "\r\n"...)...)...)
	}
	if _, err := c.Write(body); err != nil {
		t.Fatal(err)
	}
}

func firstLine(t *testing.T, c net.Conn) string {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 512)
	n, err := c.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(b[:n]), "\r\n")
	return line
}

// TestABodyThatDoesNotComeIsGivenUp also shows that the deadline reaches the
// connection through all that go-zero puts before it.
func TestABodyThatDoesNotComeIsGivenUp(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]conn.Patience{
		"stuck": {Stall: 200 * time.Millisecond, Grace: time.Hour, Rate: 1},
		"slow":  {Stall: time.Hour, Grace: 200 * time.Millisecond, Rate: 1 << 30},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t, func(s *svc.ServiceContext) { s.Patience = p })
			body, contentType := form(t, part{"file", "a.txt", strings.Repeat("hello ", 2000)})
			c := h.dial(t)
			h.head(t, c, contentType, len(body), false)
			send(t, c, false, body[:len(body)/2])
			if line := firstLine(t, c); !strings.Contains(line, " 400 ") {
				t.Error(line)
			}
			h.unchanged(t)
		})
	}
}

func TestTheQuotaIsAskedBeforeAndAfter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		change  func(*half)
		want    *errs.Error
		isThere bool // the bytes stay, for the sweep
	}{
		{"none left", func(h *half) { h.records.left = 0 }, errs.FileQuota, false},
		{"a byte too few left", func(h *half) { h.records.left = 4 }, errs.FileQuota, false},
		{"taken by another upload meanwhile", func(h *half) { h.records.err = errs.FileQuota }, errs.FileQuota, true},
		{"file_rpc away", func(h *half) { h.records.roomErr = errs.Unavailable }, errs.Unavailable, false},
		{"file_rpc away before the end", func(h *half) { h.records.expectErr = errs.Unavailable }, errs.Unavailable, false},
		{"the session ends meanwhile", func(h *half) { h.sessions.end(errs.Kicked) }, errs.Kicked, true},
		{"auth_rpc away", func(h *half) { h.sessions.end(errs.Unavailable) }, errs.Unavailable, true},
		{"file_rpc away at the end", func(h *half) { h.records.err = errs.Unavailable }, errs.Unavailable, true},
		{"settings_rpc away", func(h *half) { h.Settings = site{err: errs.Unavailable} }, errs.Unavailable, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := start(t, nil)
			c.change(h)
			h.upload(t, 1, part{"file", "a.txt", "hello"}).is(t, c.want)
			if c.isThere {
				h.unchanged(t, sum("hello"))
			} else {
				h.unchanged(t)
			}
			if len(h.records.files) > 0 {
				t.Error("recorded")
			}
		})
	}
	h := start(t, nil)
	h.records.left = 5
	h.put(t, 1, "the last bytes.txt", "hello")
}

// failing is a store that fails as a full disk does.
type failing struct {
	store.Store
	begin, write, commit error
}

func (s failing) Begin(ctx context.Context) (store.Draft, error) {
	if s.begin != nil {
		return nil, s.begin
	}
	d, err := s.Store.Begin(ctx)
	return failingDraft{d, s}, err
}

type failingDraft struct {
	store.Draft
	fail failing
}

func (d failingDraft) Write(p []byte) (int, error) {
	if d.fail.write != nil {
		return 0, d.fail.write
	}
	return d.Draft.Write(p)
}

func (d failingDraft) Commit(ctx context.Context, key string) error {
	if d.fail.commit != nil {
		return d.fail.commit
	}
	return d.Draft.Commit(ctx, key)
}

func TestAFullDisk(t *testing.T) {
	t.Parallel()
	full := errors.New("store: no space left on device")
	for name, fail := range map[string]failing{"begin": {begin: full}, "write": {write: full}, "commit": {commit: full}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t, func(s *svc.ServiceContext) {
				fail.Store = s.Store
				s.Store = fail
			})
			h.upload(t, 1, part{"file", "a.txt", strings.Repeat("hello", 10000)}).is(t, errs.Unavailable)
			h.unchanged(t)
		})
	}
}

func TestTooManyAtOnce(t *testing.T) {
	t.Parallel()
	h := start(t, func(s *svc.ServiceContext) { s.Turns = receive.NewTurns(1) })
	leave, err := h.Turns.Take(1)
	if err != nil {
		t.Fatal(err)
	}
	a := h.upload(t, 1, part{"file", "a.txt", "hello"})
	a.is(t, errs.TooMany)
	if a.header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
	}
	h.put(t, 2, "a.txt", "hello")
	leave()
	h.put(t, 1, "a.txt", "hello")
	h.put(t, 1, "a.txt", "hello")
}

func TestOnlyTheGatewayIsLetIn(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	body, contentType := form(t, part{"file", "a.txt", "hello"})
	r := request(t, http.MethodPost, h.url+"/api/file/file", bytes.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("User-Id", "1")
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	read(t, resp).is(t, errs.Unauthorized)
	h.unchanged(t)
}
