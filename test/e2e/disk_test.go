//go:build linux

package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// small is what the disk of TestADiskThatIsFull has room for, in bytes.
const small = 8 << 20

// TestADiskThatIsFull has the bytes of files on a disk that fills up, beside
// one for all else that does not.
func TestADiskThatIsFull(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root may mount a small disk")
	}
	s := own(t, suite.One, 1)
	must(t, "stop", s.Members[0].Stop())
	disk := s.Stored()
	must(t, "mount", syscall.Mount("tmpfs", disk, "tmpfs", 0, fmt.Sprintf("size=%d", small)))
	t.Cleanup(func() {
		_ = s.Members[0].Stop() // which has files open there
		must(t, "unmount", syscall.Unmount(disk, 0))
	})
	must(t, "start", s.Members[0].Start())
	ann, bob := friends(t, s)

	pdf := func(n int) []byte { // of 1 MiB
		content := fmt.Appendf(nil, "%%PDF-1.4\nnumber %d\n", n)
		return append(content, bytes.Repeat([]byte{'x'}, 1<<20-len(content))...)
	}
	var stored []client.File
	for n := range small>>20 + 1 {
		f, err := ann.Upload(ctx(t), "plan.pdf", pdf(n))
		if err != nil {
			wantCode(t, "upload", err, unavailable)
			break
		}
		stored = append(stored, f)
	}
	if len(stored) == 0 || len(stored) > small>>20 {
		t.Fatalf("%d files of 1 MiB", len(stored))
	}
	u, err := ann.OpenUpload(ctx(t), "parts.pdf", 1<<20, "", 1<<20)
	must(t, "open an upload in parts", err)
	_, err = ann.PutPart(ctx(t), u.UploadID, 1, bytes.NewReader(pdf(100)), nil)
	wantCode(t, "upload a part", err, unavailable)
	rest := filepath.Join(disk, "rest")
	if err := os.WriteFile(rest, make([]byte, small), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("fill the disk: %v", err)
	}
	_, err = ann.UploadImage(ctx(t), "chat", "face.png", faceOf(t, ann))
	wantCode(t, "upload a small image", err, unavailable)
	must(t, "remove the rest", os.Remove(rest))
	must(t, "cancel", ann.CancelUpload(ctx(t), u.UploadID))

	put(t, ann, private(ann, bob), "text", client.Text("messages go on"))
	put(t, ann, private(ann, bob), "file", fileBody(stored[0]))
	mine, err := ann.MyFiles(ctx(t), "", 1, 20)
	if err != nil || mine.Count != int64(len(stored)) || mine.UsedBytes != int64(len(stored))<<20 {
		t.Errorf("%+v, %v", mine, err)
	}
	var there []string
	must(t, "look", filepath.WalkDir(disk, func(p string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() && filepath.Ext(p) != ".lock" {
			there = append(there, p)
		}
		return err
	}))
	if len(there) != len(stored) {
		t.Errorf("%d files, but on the disk are %q", len(stored), there)
	}
	for n, f := range stored {
		got, _, err := ann.Download(ctx(t), f.Src, nil)
		if err != nil || !bytes.Equal(got, pdf(n)) {
			t.Errorf("file %d: %d bytes, %v", n, len(got), err)
		}
	}
	if _, _, err := bob.Download(ctx(t), stored[0].Src, http.Header{}); err != nil {
		t.Errorf("bob: %v", err)
	}

	must(t, "more room", syscall.Mount("", disk, "", syscall.MS_REMOUNT, fmt.Sprintf("size=%d", 2*small)))
	more, err := ann.Upload(ctx(t), "more.pdf", pdf(50))
	must(t, "upload again", err)
	reads(t, "uploaded again", more, pdf(50), map[string]*client.Client{"ann": ann}, "ann")
}
