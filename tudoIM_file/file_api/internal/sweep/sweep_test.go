package sweep

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_rpc/files"
)

// records is file_rpc: it knows the files of used.
type records struct {
	files.Files
	used []string
	err  error
	// asked is called before the answer.
	asked func()
}

func (r records) Unused(_ context.Context, in *files.UnusedRequest, _ ...grpc.CallOption) (*files.UnusedResponse, error) {
	if r.asked != nil {
		r.asked()
	}
	unused := slices.DeleteFunc(slices.Clone(in.Hashes), func(h string) bool { return slices.Contains(r.used, h) })
	return &files.UnusedResponse{Hashes: unused}, r.err
}

func put(t *testing.T, s store.Store, content string) (hash string) {
	t.Helper()
	d, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Discard()
	if _, err := io.WriteString(d, content); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(content))
	hash = hex.EncodeToString(sum[:])
	if err := d.Commit(hash); err != nil {
		t.Fatal(err)
	}
	return hash
}

func has(t *testing.T, s store.Store, hash string) bool {
	t.Helper()
	f, _, err := s.Open(t.Context(), hash)
	if errors.Is(err, store.ErrMissing) {
		return false
	}
	if err != nil || f.Close() != nil {
		t.Fatal(err)
	}
	return true
}

func TestOnlyOldBytesThatNoFileHasAreRemoved(t *testing.T) {
	t.Parallel()
	disk, err := store.OpenDisk(filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = disk.Close() })
	used, orphan := put(t, disk, "used"), put(t, disk, "orphan")
	old, later := time.Now().Add(-time.Minute), time.Now().Add(time.Minute)

	for _, c := range []struct {
		name    string
		records records
		before  time.Time
		removed int
		isThere bool
	}{
		{"too new", records{used: []string{used}}, old, 0, true},
		{"file_rpc away", records{err: errs.Unavailable}, later, 0, true},
		{"old", records{used: []string{used}}, later, 1, false},
		{"again", records{used: []string{used}}, later, 0, false},
	} {
		n, err := Sweep{disk, c.records}.Once(t.Context(), c.before)
		if n != c.removed || (err != nil) != (c.records.err != nil) || has(t, disk, orphan) != c.isThere || !has(t, disk, used) {
			t.Errorf("%s: %d removed, error %v", c.name, n, err)
		}
	}
}

func TestBytesStoredWhileTheSweepAsksStay(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	disk, err := store.OpenDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = disk.Close() })
	hash := put(t, disk, "orphan")
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(dir, hash[:2], hash[2:4], hash), old, old); err != nil {
		t.Fatal(err)
	}
	asked := 0
	again := func() {
		asked++
		put(t, disk, "orphan")
	}
	if _, err := (Sweep{disk, records{asked: again}}).Once(t.Context(), old.Add(time.Minute)); err != nil || asked != 1 {
		t.Fatalf("asked %d times, error %v", asked, err)
	}
	if !has(t, disk, hash) {
		t.Error("removed")
	}
}

func TestTheSweepEnds(t *testing.T) {
	t.Parallel()
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		Sweep{}.Run(ctx)
	}()
	end()
	<-ended
}
