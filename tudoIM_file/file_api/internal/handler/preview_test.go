package handler

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	encoder "image/png"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_api/internal/svc"
)

// drawn is a picture of w by h.
func drawn(t *testing.T, w, h int, opaque bool) string {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = byte(i)
		if i%4 == 3 {
			img.Pix[i] = 255
		}
	}
	var b bytes.Buffer
	var err error
	if opaque {
		err = jpeg.Encode(&b, img, nil)
	} else {
		img.Set(0, 0, color.NRGBA{})
		err = encoder.Encode(&b, img)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// counting is a store that knows how often it was asked for which bytes.
type counting struct {
	store.Store
	mu     sync.Mutex
	opened map[string]int
}

func (s *counting) Open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error) {
	b, n, err := s.Store.Open(ctx, key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		s.opened[key]++
	}
	return b, n, err
}

// since returns what was opened since it was asked last.
func (s *counting) since() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.opened
	s.opened = map[string]int{}
	return was
}

func counted(t *testing.T) (*half, *counting) {
	t.Helper()
	s := &counting{opened: map[string]int{}}
	h := start(t, func(c *svc.ServiceContext) {
		s.Store = c.Store
		c.Store = s
	})
	return h, s
}

const policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

func TestWhatIsShownOfAFile(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	long := strings.Repeat("a", 64<<10)
	pdf := "%PDF-1.7\n" + strings.Repeat("1 0 obj ", 20000)
	for _, c := range []struct {
		name, file, content string
		query               string
		contentType, saved  string // under which name
		tag                 string
		policy              string
		size                image.Point // of a picture
		body                string      // of all else
		cut                 bool
	}{
		{name: "photo", file: "a.jpeg", content: drawn(t, 800, 600, true), contentType: "image/jpeg", saved: "a.jpg", tag: ".w320", size: image.Pt(320, 240)},
		{name: "photo, wide", file: "a.jpeg", content: drawn(t, 800, 600, true), query: "?w=600", contentType: "image/jpeg", saved: "a.jpg", tag: ".w640", size: image.Pt(640, 480)},
		{name: "photo, wider than it is", file: "a.jpeg", content: drawn(t, 800, 600, true), query: "?w=2048", contentType: "image/jpeg", saved: "a.jpg", tag: ".w2048", size: image.Pt(800, 600)},
		{name: "drawing", file: "图.png", content: drawn(t, 800, 600, false), query: "?w=1", contentType: "image/png", saved: "图.png", tag: ".w96", size: image.Pt(96, 72)},
		{name: "text", file: "a.csv", content: "a,b\n1,你\n", contentType: "text/plain; charset=utf-8", saved: "a.csv", tag: ".text", body: "a,b\n1,你\n"},
		{name: "text at the limit", file: "a.txt", content: long, contentType: "text/plain; charset=utf-8", saved: "a.txt", tag: ".text", body: long},
		{name: "text past it", file: "a.txt", content: long + "b", contentType: "text/plain; charset=utf-8", saved: "a.txt", tag: ".text", body: long, cut: true},
		{name: "json", file: "a.json", content: `{"code":10001}`, contentType: "text/plain; charset=utf-8", saved: "a.json", tag: ".text", body: `{"code":10001}`},
		{name: "pdf", file: "a.pdf", content: pdf, contentType: "application/pdf", saved: "a.pdf", body: pdf,
			policy: "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := h.put(t, 1, c.file, c.content) + "/preview" + c.query
			if c.policy == "" {
				c.policy = policy
			}
			tag := `"` + sum(c.content) + c.tag + `"`
			is := func(a *answer) {
				t.Helper()
				for name, want := range map[string]string{
					"Content-Type": c.contentType, "X-Content-Type-Options": "nosniff", "Content-Security-Policy": c.policy,
					"Cache-Control": "private, no-cache", "Etag": tag, "Accept-Ranges": "bytes",
				} {
					if got := a.header.Get(name); got != want {
						t.Errorf("%s: %s, want %s", name, got, want)
					}
				}
				if got := a.header.Get("Content-Disposition"); !strings.HasPrefix(got, "inline; ") || !strings.HasSuffix(got, "."+c.saved[strings.LastIndexByte(c.saved, '.')+1:]) {
					t.Error(got)
				}
				if (a.header.Get("X-Truncated") == "true") != c.cut {
					t.Errorf("X-Truncated: %q", a.header.Get("X-Truncated"))
				}
			}
			a := h.get(t, 1, path)
			is(a)
			if c.size == (image.Point{}) && string(a.body) != c.body {
				t.Errorf("%d, %d bytes", a.status, len(a.body))
			}
			if img, _, err := image.Decode(bytes.NewReader(a.body)); c.size != (image.Point{}) && (err != nil || img.Bounds().Size() != c.size) {
				t.Errorf("%d, error %v", a.status, err)
			}
			first := h.peek(t, 1, path)
			is(first)
			if first.status != http.StatusOK || len(first.body) > 0 || first.header.Get("Content-Length") != strconv.Itoa(len(a.body)) {
				t.Errorf("HEAD: %d, %d bytes of %s", first.status, len(first.body), first.header.Get("Content-Length"))
			}
			if part := h.get(t, 1, path, "Range", "bytes=1-3"); part.status != http.StatusPartialContent || string(part.body) != string(a.body[1:4]) {
				t.Errorf("a part: %d %q", part.status, part.body)
			}
			for _, list := range []string{`"x", W/` + tag, "*", tag} {
				known := h.get(t, 1, path, "If-None-Match", list)
				if known.status != http.StatusNotModified || known.header.Get("Etag") != tag || known.header.Get("Cache-Control") != "private, no-cache" || len(known.body) > 0 {
					t.Errorf("known as %s: %d %v", list, known.status, known.header)
				}
			}
			// However it is put, what is known is never answered by nothing.
			for _, lists := range [][]string{{`"x"`, tag}, {"junk, " + tag}, {"junk", "*"}, {`"x`, tag}} {
				known := h.get(t, 1, path, "If-None-Match", lists[0], "If-None-Match", lists[len(lists)-1])
				if known.status != http.StatusNotModified && string(known.body) != string(a.body) {
					t.Errorf("known as %q: %d, %d bytes", lists, known.status, len(known.body))
				}
			}
			h.get(t, 2, path).is(t, errs.FileAccess)
			h.get(t, 2, path, "If-None-Match", tag).is(t, errs.FileAccess)
			if a := h.peek(t, 2, path); a.status != http.StatusNotFound {
				t.Errorf("HEAD of another: %d", a.status)
			}
		})
	}
}

func TestADownloadHasAHead(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	uid := h.put(t, 1, "a.txt", "0123456789")
	get, head := h.get(t, 1, uid+"?dl=1"), h.peek(t, 1, uid+"?dl=1")
	if head.status != http.StatusOK || len(head.body) > 0 {
		t.Errorf("%d %q", head.status, head.body)
	}
	for _, name := range []string{"Content-Type", "Content-Length", "Content-Disposition", "Etag", "Cache-Control", "Accept-Ranges", "Content-Security-Policy"} {
		if head.header.Get(name) != get.header.Get(name) || head.header.Get(name) == "" {
			t.Errorf("%s: %q, of GET %q", name, head.header.Get(name), get.header.Get(name))
		}
	}
	if a := h.peek(t, 1, uid, "If-None-Match", `"`+sum("0123456789")+`"`); a.status != http.StatusNotModified {
		t.Errorf("known: %d", a.status)
	}
	for _, path := range []string{uid, "missing"} {
		if a := h.peek(t, 2, path); a.status != http.StatusNotFound || len(a.body) > 0 {
			t.Errorf("%s of another: %d", path, a.status)
		}
	}
	if a := h.peek(t, 1, uid+"?dl=yes"); a.status != http.StatusBadRequest {
		t.Errorf("a bad query: %d", a.status)
	}
}

func TestWhatCannotBeShownIsDescribed(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	for _, c := range []struct{ name, file, content, media, kind string }{
		{"archive", "a.zip", "PK\x03\x04\x14\x00\x00\x00\x00\x00", "application/zip", "archive"},
		{"sound", "a.mp3", "\xff\xfb\x90\x00\x00\x00\x00\x00\x00\x00", "audio/mpeg", "audio"},
		{"unknown", "a.bin", "\x00\x01\x02\x03\xfe\xff\x80", "application/octet-stream", "other"},
		{"video without ffmpeg", "a.mp4", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "video/mp4", "video"},
		{"image of a type we cannot read", "a.heic", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heic", "image"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			uid := h.put(t, 1, c.file, c.content)
			a := h.get(t, 1, uid+"/preview")
			want := map[string]any{
				"uid": uid, "fileName": c.file, "size": float64(len(c.content)), "hash": sum(c.content), "fileType": c.media, "kind": c.kind, "preview": false,
			}
			if a.status != http.StatusOK || a.env.Code != 0 || !equal(a.env.Data, want) || a.header.Get("Cache-Control") != "private, no-cache" {
				t.Errorf("%d %s", a.status, a.body)
			}
			h.get(t, 1, uid+"/preview?w=96").is(t, errs.NoPreview)
			h.get(t, 2, uid+"/preview").is(t, errs.FileAccess)
			if a := h.peek(t, 1, uid+"/preview"); a.status != http.StatusOK || len(a.body) > 0 {
				t.Errorf("HEAD: %d", a.status)
			}
		})
	}
	for file, content := range map[string]string{"a.txt": "hello", "a.pdf": "%PDF-1.7\n1 0 obj"} {
		h.get(t, 1, h.put(t, 1, file, content)+"/preview?w=96").is(t, errs.NoPreview)
	}
}

func TestPreviewsThatAreAskedForBadly(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	uid := h.put(t, 1, "a.jpg", drawn(t, 100, 100, true))
	for _, w := range []string{"0", "-1", "2049", "99999999999999999999", "1.5", "x", "0x10", "1,2", "%20"} {
		h.get(t, 1, uid+"/preview?w="+w).is(t, errs.Bad)
	}
	for _, w := range []string{"1", "2048"} {
		if a := h.get(t, 1, uid+"/preview?w="+w); a.status != http.StatusOK {
			t.Errorf("%s: %d %s", w, a.status, a.body)
		}
	}
	for _, path := range []string{uid + "/preview/x", "preview", "/preview"} {
		if a := h.get(t, 1, path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	h.get(t, 1, "missing/preview").is(t, errs.FileAccess)
	// Broken, and beyond the limits: a header of 20,000 by 20,000.
	whole := drawn(t, 100, 100, true)
	for name, content := range map[string]string{
		"cut": whole[:len(whole)/2], "only its beginning": png,
		"a bomb": "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x4e\x20\x00\x00\x4e\x20\x08\x00\x00\x00\x00\x6b\x4b\x0c\x27\x00\x00\x00\x00IDAT\x35\xaf\x06\x1e\x00\x00\x00\x00IEND\xae\x42\x60\x82",
	} {
		uid := h.put(t, 1, "a", content)
		for _, query := range []string{"", "?w=96"} {
			if a := h.get(t, 1, uid+"/preview"+query); a.status != http.StatusNotFound || a.env.Code != errs.NoPreview.Code {
				t.Errorf("%s%s: %d %s", name, query, a.status, a.body)
			}
		}
		if a := h.get(t, 1, uid); a.status != http.StatusOK {
			t.Errorf("%s cannot be downloaded: %d", name, a.status)
		}
	}
}

func TestAPreviewIsMadeOnceForAll(t *testing.T) {
	t.Parallel()
	h, s := counted(t)
	content := drawn(t, 800, 600, true)
	mine, yours := h.put(t, 1, "a.jpg", content), h.put(t, 2, "b.jpg", content)
	hash := sum(content)
	if a := h.get(t, 1, mine+"/preview", "If-None-Match", `"`+hash+`.w320"`); a.status != http.StatusNotModified || len(s.since()) > 0 {
		t.Errorf("made for who has it: %d", a.status)
	}
	a := h.get(t, 1, mine+"/preview?w=300")
	if got := s.since(); a.status != http.StatusOK || got[hash] == 0 {
		t.Errorf("%d, opened %v", a.status, got)
	}
	b := h.get(t, 2, yours+"/preview")
	if got := s.since(); b.status != http.StatusOK || !bytes.Equal(a.body, b.body) || len(got) != 1 || got[hash+".w320"] != 1 {
		t.Errorf("%d, opened %v", b.status, got)
	}
	if got := h.stored(t); !slices.Equal(got, []string{hash, hash + ".w320"}) {
		t.Errorf("stored %q", got)
	}
}
