package handler

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"testing"

	"tudoIM/common/errs"
)

// entry is a member of an archive: zeros of this size, or a link.
type entry struct {
	name  string
	zeros int64
	link  string
}

func archive(t *testing.T, entries ...entry) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		head := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.link != "" {
			head.SetMode(fs.ModeSymlink | 0o777)
		}
		to, err := w.CreateHeader(head)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(to, io.MultiReader(strings.NewReader(e.link), io.LimitReader(nothing{}, e.zeros))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// nothing is endless zeros.
type nothing struct{}

func (nothing) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func packed(t *testing.T, zeros int64) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.Copy(w, io.LimitReader(nothing{}, zeros)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestArchivesStayPacked uploads what would hurt who unpacks it: it is bytes
// like all others, shown as a card.
func TestArchivesStayPacked(t *testing.T) {
	t.Parallel()
	bomb := archive(t, entry{name: "a", zeros: 64 << 20})
	var empty []entry
	for n := range 2000 {
		empty = append(empty, entry{name: fmt.Sprint(n)})
	}
	for name, c := range map[string]struct{ file, content string }{
		"a bomb":               {"a.zip", bomb},
		"bombs in a bomb":      {"a.zip", archive(t, entry{name: "a.zip", zeros: 1 << 20}, entry{name: "b", zeros: 64 << 20})},
		"ways out":             {"a.zip", archive(t, entry{name: "../../../../tmp/out"}, entry{name: "/etc/cron.d/out"}, entry{name: `..\out`})},
		"links":                {"a.zip", archive(t, entry{name: "out", link: "/etc/passwd"}, entry{name: "out/x", zeros: 1})},
		"many entries":         {"a.zip", archive(t, empty...)},
		"a bomb as document":   {"a.docx", archive(t, entry{name: "[Content_Types].xml", zeros: 1 << 20}, entry{name: "word/document.xml", zeros: 64 << 20})},
		"a bomb as book":       {"a.epub", archive(t, entry{name: "mimetype", zeros: 20}, entry{name: "META-INF/container.xml", zeros: 64 << 20})},
		"a packed bomb":        {"a.gz", packed(t, 64<<20)},
		"a broken directory":   {"a.zip", bomb[:len(bomb)-30]},
		"an archive by halves": {"a.zip", bomb[:len(bomb)/2]},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t, nil)
			uid := h.put(t, 1, c.file, c.content)
			if a := h.get(t, 1, uid+"/preview"); a.status != http.StatusOK || a.env.Data["preview"] != false || a.env.Data["size"] != float64(len(c.content)) {
				t.Errorf("%d %s", a.status, a.body)
			}
			h.get(t, 1, uid+"/preview?w=96").is(t, errs.NoPreview)
			if a := h.get(t, 1, uid); string(a.body) != c.content || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
				t.Errorf("%d bytes of %d, %v", len(a.body), len(c.content), a.header)
			}
			h.unchanged(t, sum(c.content))
		})
	}
}
