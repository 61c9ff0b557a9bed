package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

func hash(content string) string {
	s := sha256.Sum256([]byte(content))
	return hex.EncodeToString(s[:])
}

func open(t *testing.T, dir string) *Disk {
	t.Helper()
	d, err := OpenDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func begin(t *testing.T, d *Disk, content string) Draft {
	t.Helper()
	f, err := d.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, content); err != nil {
		t.Fatal(err)
	}
	return f
}

func put(t *testing.T, d *Disk, content string) {
	t.Helper()
	f := begin(t, d, content)
	defer f.Discard()
	if err := f.Commit(t.Context(), hash(content)); err != nil {
		t.Fatal(err)
	}
}

// holds checks that exactly contents are stored, and no other file is in dir
// but locks.
func holds(t *testing.T, d *Disk, dir string, contents ...string) {
	t.Helper()
	var want, got []string
	for _, c := range contents {
		f, size, err := d.Open(t.Context(), hash(c))
		if err != nil {
			t.Errorf("%q: %v", c, err)
			continue
		}
		b, err := io.ReadAll(f)
		if err != nil || string(b) != c || size != int64(len(c)) || f.Close() != nil {
			t.Errorf("%q: %q, size %d, error %v", c, b, size, err)
		}
		want = append(want, hash(c))
	}
	if err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && filepath.Ext(p) != lockExt {
			got = append(got, e.Name())
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("holds %q, want %q", got, want)
	}
}

func TestOnlyWhatIsCommittedIsThere(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	d := open(t, dir)
	f := begin(t, d, "hello")
	if _, _, err := d.Open(t.Context(), hash("hello")); !errors.Is(err, ErrMissing) {
		t.Errorf("before commit: %v", err)
	}
	if err := f.Commit(t.Context(), hash("hello")); err != nil {
		t.Fatal(err)
	}
	f.Discard()
	begin(t, d, "given up").Discard()
	holds(t, d, dir, "hello")
	put(t, d, "hello")
	holds(t, d, dir, "hello")
}

func TestNothingButAKeyBecomesAPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	d := open(t, dir)
	f := begin(t, d, "hello")
	defer f.Discard()
	for _, bad := range []string{"", "..", "../../x", strings.ToUpper(hash("hello")), hash("hello")[1:], hash("hello") + "/../../x", hash("hello") + ".", hash("hello") + ".W1", hash("hello") + ".a.b", hash("hello") + "." + strings.Repeat("a", 13)} {
		if err := f.Commit(t.Context(), bad); err == nil {
			t.Errorf("%q is committed", bad)
		}
		if _, _, err := d.Open(t.Context(), bad); !errors.Is(err, ErrMissing) {
			t.Errorf("%q opens: %v", bad, err)
		}
		if err := d.Remove(t.Context(), bad); err == nil {
			t.Errorf("%q is removed", bad)
		}
	}
}

func TestAFolderThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(dir string) error{
		"file": func(dir string) error { return os.WriteFile(dir, nil, 0o600) },
		"link": func(dir string) error { return os.Symlink(os.TempDir(), dir) },
		"file in place": func(dir string) error {
			return errors.Join(os.Mkdir(dir, 0o700), os.WriteFile(filepath.Join(dir, tmpDir), nil, 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "files")
			if err := prepare(dir); err != nil {
				t.Fatal(err)
			}
			if d, err := OpenDisk(dir); err == nil {
				_ = d.Close()
				t.Error("opened")
			}
		})
	}
}

// vanish ends d as the end of its process would: locks go, files stay.
func vanish(t *testing.T, d *Disk) {
	t.Helper()
	if err := d.lock.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestWhatAKilledProcessLeftIsClearedAtTheNextStart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	killed, living := open(t, dir), open(t, dir)
	put(t, killed, "kept")
	begin(t, killed, "half done")
	going := begin(t, living, "going on")
	vanish(t, killed)

	next := open(t, dir)
	if err := going.Commit(t.Context(), hash("going on")); err != nil {
		t.Errorf("another process's draft: %v", err)
	}
	going.Discard()
	holds(t, next, dir, "kept", "going on")
	entries, err := os.ReadDir(filepath.Join(dir, tmpDir))
	if err != nil || len(entries) != 4 { // two folders, two locks
		t.Errorf("%v, error %v", entries, err)
	}
}

func TestProcessesThatStartTogether(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	for range 5 {
		old := open(t, dir)
		begin(t, old, "left")
		vanish(t, old)
	}
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			d, err := OpenDisk(dir)
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { _ = d.Close() })
			f, err := d.Begin(context.Background())
			if err != nil {
				t.Error(err)
				return
			}
			defer f.Discard()
			content := fmt.Sprint(i)
			if _, err := io.WriteString(f, content); err != nil {
				t.Error(err)
			}
			if err := f.Commit(t.Context(), hash(content)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	holds(t, open(t, dir), dir, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
}

func TestRemoveLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	d := open(t, dir)
	put(t, d, "kept")
	put(t, d, "gone")
	for _, v := range Variants {
		f := begin(t, d, "made of it")
		if err := f.Commit(t.Context(), Variant(hash("gone"), v)); err != nil {
			t.Fatal(err)
		}
	}
	for _, content := range []string{"gone", "gone", "never there"} {
		if err := d.Remove(t.Context(), hash(content)); err != nil {
			t.Error(err)
		}
	}
	holds(t, d, dir, "kept")
}
