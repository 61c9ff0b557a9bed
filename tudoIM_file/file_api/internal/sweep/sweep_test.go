package sweep

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"testing"

	"google.golang.org/grpc"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_rpc/files"
)

// records is file_rpc: garbage is what it says nobody needs.
type records struct {
	files.Files
	garbage []string
	// err is what Garbage, clearedErr what Cleared answers.
	err, clearedErr error
	cleared         []uint64
}

// Garbage answers two at a time.
func (r *records) Garbage(_ context.Context, in *files.GarbageRequest, _ ...grpc.CallOption) (*files.GarbageResponse, error) {
	var list []*files.Garbage
	for i, key := range r.garbage {
		if id := uint64(i) + 1; id > in.After && len(list) < 2 && !slices.Contains(r.cleared, id) {
			list = append(list, &files.Garbage{Id: id, Key: key})
		}
	}
	return &files.GarbageResponse{List: list}, r.err
}

func (r *records) Cleared(_ context.Context, in *files.ClearedRequest, _ ...grpc.CallOption) (*files.ClearedResponse, error) {
	if r.clearedErr == nil {
		r.cleared = append(r.cleared, in.Ids...)
	}
	return &files.ClearedResponse{}, r.clearedErr
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
	if err := d.Commit(t.Context(), hash); err != nil {
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

func TestOnlyGarbageIsRemoved(t *testing.T) {
	t.Parallel()
	disk, err := store.OpenDisk(filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = disk.Close() })
	used := put(t, disk, "used")
	r := &records{}
	for _, content := range []string{"1", "2", "3", "4", "5"} {
		r.garbage = append(r.garbage, put(t, disk, content))
	}
	r.garbage = slices.Insert(r.garbage, 2, "no key at all")

	for _, c := range []struct {
		name            string
		err, clearedErr error
		removed         int
		isThere         bool
	}{
		{"file_rpc away", errs.Unavailable, nil, 0, true},
		{"file_rpc away at the end", nil, errs.Unavailable, 0, true},
		{"one cannot be removed", nil, nil, 5, false},
		{"again", nil, nil, 0, false},
	} {
		r.err, r.clearedErr = c.err, c.clearedErr
		n, err := Sweep{disk, r}.Once(t.Context())
		// The one that cannot be removed fails each sweep, and stops none.
		if n != c.removed || err == nil || has(t, disk, r.garbage[len(r.garbage)-1]) != c.isThere || !has(t, disk, used) {
			t.Errorf("%s: %d removed, error %v", c.name, n, err)
		}
	}
	if len(r.cleared) != 5 || slices.Contains(r.cleared, 3) {
		t.Errorf("cleared %v", r.cleared)
	}
	r.garbage = nil
	if n, err := (Sweep{disk, r}).Once(t.Context()); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
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
