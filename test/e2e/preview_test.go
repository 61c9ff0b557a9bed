package e2e

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// snapshot is a photo of w by h.
func snapshot(t *testing.T, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, color.RGBA{uint8(x), uint8(y), uint8(time.Now().Nanosecond()), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// clip is a video of two seconds.
func clip(t *testing.T) []byte {
	t.Helper()
	suite.Need(t, suite.RequireFFmpeg)
	file := filepath.Join(t.TempDir(), "clip.mp4")
	out, err := exec.Command("ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=1280x720:rate=10:duration=2",
		"-c:v", "mpeg4", "-metadata", "title="+t.Name(), file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// glimpse returns the preview at path, asking again while it is being made.
func glimpse(t *testing.T, c *client.Client, path string, header http.Header) ([]byte, *http.Response) {
	t.Helper()
	for end := ctx(t); ; {
		b, resp, err := c.Download(end, path, header)
		if err == nil {
			return b, resp
		}
		if resp == nil || resp.StatusCode != http.StatusServiceUnavailable {
			t.Fatalf("%s: %v", path, err)
		}
		select {
		case <-time.After(time.Second): // as Retry-After says
		case <-end.Done():
		}
	}
}

// keptPreviews lists what was made of the bytes that only this test has:
// the variants of each key in the store.
func keptPreviews(t *testing.T, s *suite.Suite, original []byte) []string {
	t.Helper()
	var key string
	var names []string
	err := filepath.WalkDir(s.Stored(), func(p string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil // drafts come and go
		}
		names = append(names, e.Name())
		if info, err := e.Info(); err == nil && info.Size() == int64(len(original)) {
			if b, err := os.ReadFile(p); err == nil && bytes.Equal(b, original) {
				key = e.Name()
			}
		}
		return nil
	})
	if err != nil || key == "" {
		t.Fatalf("the bytes are not found, error %v", err)
	}
	var variants []string
	for _, name := range names {
		if v, ok := strings.CutPrefix(name, key+"."); ok {
			variants = append(variants, v)
		}
	}
	return variants
}

// example is a file, and what is shown of it.
type example struct {
	name    string
	content []byte
	query   string
	media   string
	size    image.Point // of a picture
	variant string
	text    string // of all else
}

// TestPreviewsAreForWhoMayReadTheFile shows what each kind of file has, to
// those who may read the message, for as long as they may.
func TestPreviewsAreForWhoMayReadTheFile(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		photo := snapshot(t, 800, 600)
		preview(t, s, []example{
			{"photo.jpg", photo, "", "image/jpeg", image.Pt(320, 240), "w320", ""},
			{"photo.jpg", photo, "?w=96", "image/jpeg", image.Pt(96, 72), "w96", ""},
			{"notes.txt", []byte("笔记 " + t.Name()), "", "text/plain; charset=utf-8", image.Point{}, "", "笔记 " + t.Name()},
			{"plan.pdf", []byte("%PDF-1.4\n" + t.Name()), "", "application/pdf", image.Point{}, "", "%PDF-1.4\n" + t.Name()},
		})
	})
}

func TestPreviewsOfVideosAreForWhoMayReadThem(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		film := clip(t)
		preview(t, s, []example{
			{"clip.mp4", film, "", "image/jpeg", image.Pt(640, 360), "poster", ""},
			{"clip.mp4", film, "?w=160", "image/jpeg", image.Pt(160, 90), "w160", ""},
		})
	})
}

// preview plays examples, each sent by one to another and taken back.
func preview(t *testing.T, s *suite.Suite, examples []example) {
	t.Helper()
	ann, bob, _, eve, _ := circle(t, s)
	for _, c := range examples {
		what := c.name + c.query
		f, err := ann.Upload(ctx(t), c.name, c.content)
		if err != nil {
			t.Fatal(err)
		}
		path := f.Src + "/preview" + c.query
		sent := put(t, ann, private(ann, bob), what, fileBody(f))
		got, resp := glimpse(t, bob, path, nil)
		h := resp.Header
		if resp.StatusCode != http.StatusOK || h.Get("Content-Type") != c.media || h.Get("X-Content-Type-Options") != "nosniff" ||
			h.Get("Cache-Control") != "private, no-cache" || !strings.HasPrefix(h.Get("Content-Disposition"), "inline;") {
			t.Errorf("%s: %d %v", what, resp.StatusCode, h)
		}
		if c.size == (image.Point{}) {
			if string(got) != c.text {
				t.Errorf("%s: %q", what, got)
			}
		} else {
			img, _, err := image.Decode(bytes.NewReader(got))
			if err != nil || img.Bounds().Size() != c.size {
				t.Errorf("%s: error %v", what, err)
			}
			if kept := keptPreviews(t, s, c.content); !strings.Contains(" "+strings.Join(kept, " ")+" ", " "+c.variant+" ") {
				t.Errorf("%s: kept are %q", what, kept)
			}
		}
		again, _ := glimpse(t, ann, path, nil)
		if !bytes.Equal(again, got) {
			t.Errorf("%s: ann gets another one", what)
		}
		if _, resp := glimpse(t, bob, path, http.Header{"If-None-Match": {h.Get("ETag")}}); resp.StatusCode != http.StatusNotModified {
			t.Errorf("%s: %d of what bob has", what, resp.StatusCode)
		}
		if a, b := head(t, bob, path), head(t, eve, path); a != http.StatusOK || b != http.StatusNotFound {
			t.Errorf("%s: HEAD is %d for bob and %d for eve", what, a, b)
		}
		_, _, err = eve.Download(ctx(t), path, nil)
		wantCode(t, what+": eve", err, 60006)
		if _, err := ann.Recall(ctx(t), sent.MsgID); err != nil {
			t.Fatal(err)
		}
		_, _, err = bob.Download(ctx(t), path, nil)
		wantCode(t, what+": bob, after the recall", err, 60006)
		_, _, err = bob.Download(ctx(t), path, http.Header{"If-None-Match": {h.Get("ETag")}})
		wantCode(t, what+": bob, who has it, after the recall", err, 60006)
		glimpse(t, ann, path, nil)
	}
}

// TestWhatHasNoPreview is told apart from what cannot be read.
func TestWhatHasNoPreview(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		broken := snapshot(t, 400, 300)
		for name, content := range map[string][]byte{
			"notes.zip":  append([]byte("PK\x03\x04\x14\x00\x00\x00\x00\x00"), t.Name()...),
			"broken.mp4": append([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), t.Name()...),
			"broken.jpg": broken[:len(broken)/2],
		} {
			f, err := ann.Upload(ctx(t), name, content)
			if err != nil {
				t.Fatal(err)
			}
			var card struct {
				UID, FileName, FileType, Kind, Hash string
				Size                                int64
				Preview                             *bool
			}
			err = ann.Call(ctx(t), http.MethodGet, f.Src+"/preview", nil, &card)
			if name == "broken.jpg" {
				wantCode(t, name, err, 60007)
			} else if err != nil || card.UID != f.UID || card.FileName != name || card.Size != int64(len(content)) || card.Preview == nil || *card.Preview {
				t.Errorf("%s: %+v, error %v", name, card, err)
			}
			_, _, err = ann.Download(ctx(t), f.Src+"/preview?w=96", nil)
			wantCode(t, name+" as a picture", err, 60007)
			for _, query := range []string{"", "?w=96"} {
				_, _, err = bob.Download(ctx(t), f.Src+"/preview"+query, nil)
				wantCode(t, name+query+": bob", err, 60006)
			}
			for _, w := range []string{"0", "-1", "2049", "x"} {
				_, _, err = ann.Download(ctx(t), f.Src+"/preview?w="+w, nil)
				wantCode(t, name+" "+w+" wide", err, 10001)
			}
		}
	})
}
