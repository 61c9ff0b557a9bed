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
	"time"
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
	if err := f.Commit(hash(content)); err != nil {
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

func age(t *testing.T, dir, content string, by time.Duration) {
	t.Helper()
	at := time.Now().Add(-by)
	if err := os.Chtimes(filepath.Join(dir, filepath.FromSlash(place(hash(content)))), at, at); err != nil {
		t.Fatal(err)
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
	if err := f.Commit(hash("hello")); err != nil {
		t.Fatal(err)
	}
	f.Discard()
	begin(t, d, "given up").Discard()
	holds(t, d, dir, "hello")
	put(t, d, "hello")
	holds(t, d, dir, "hello")
}

func TestNothingButAHashBecomesAPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	d := open(t, dir)
	f := begin(t, d, "hello")
	defer f.Discard()
	for _, bad := range []string{"", "..", "../../x", strings.ToUpper(hash("hello")), hash("hello")[1:], hash("hello") + "/../../x"} {
		if err := f.Commit(bad); err == nil {
			t.Errorf("%q is committed", bad)
		}
		if _, _, err := d.Open(t.Context(), bad); !errors.Is(err, ErrMissing) {
			t.Errorf("%q opens: %v", bad, err)
		}
		if err := d.Remove(t.Context(), bad, time.Now()); err == nil {
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
	if err := going.Commit(hash("going on")); err != nil {
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
			if err := f.Commit(hash(content)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	holds(t, open(t, dir), dir, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
}

func TestOldListsWhatWasNotStoredLately(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	d := open(t, dir)
	want := map[string]bool{}
	for i := range BatchSize + 10 {
		content := fmt.Sprint(i)
		at := filepath.Join(dir, filepath.FromSlash(place(hash(content))))
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o700), os.WriteFile(at, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
		if i >= 5 {
			age(t, dir, content, time.Hour)
			want[hash(content)] = true
		}
	}
	for _, odd := range []string{"ab/cd/note.txt", "ab/note.txt", "note.txt", "ab/cd/" + hash("0")} { // not ours
		at := filepath.Join(dir, filepath.FromSlash(odd))
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o700), os.WriteFile(at, nil, 0o600), os.Chtimes(at, time.Unix(0, 0), time.Unix(0, 0))); err != nil {
			t.Fatal(err)
		}
	}
	begin(t, d, "draft")
	calls := 0
	if err := d.Old(t.Context(), time.Now().Add(-time.Minute), func(hashes []string) error {
		calls++
		if len(hashes) > BatchSize {
			t.Errorf("%d at once", len(hashes))
		}
		for _, h := range hashes {
			if !want[h] {
				t.Errorf("%s is listed", h)
			}
			delete(want, h)
		}
		return nil
	}); err != nil || len(want) > 0 || calls != 2 {
		t.Errorf("error %v, %d left out, %d calls", err, len(want), calls)
	}
	stop := errors.New("stop")
	if err := d.Old(t.Context(), time.Now(), func([]string) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := d.Old(ended, time.Now(), func([]string) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestRemoveKeepsWhatIsStoredAgain(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	d := open(t, dir)
	put(t, d, "old")
	put(t, d, "again")
	age(t, dir, "old", time.Hour)
	age(t, dir, "again", time.Hour)
	put(t, d, "again")
	for _, content := range []string{"old", "again", "never there"} {
		if err := d.Remove(t.Context(), hash(content), time.Now().Add(-time.Minute)); err != nil {
			t.Error(err)
		}
	}
	holds(t, d, dir, "again")
}

// TestRemoveAgainstStore lets one store, over and over, what another removes:
// what was stored after the last moment that counts is always there in the end.
func TestRemoveAgainstStore(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	a, b := open(t, dir), open(t, dir)
	ended := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-ended:
				return
			default:
			}
			if err := b.Remove(context.Background(), hash("x"), time.Now().Add(-time.Minute)); err != nil {
				t.Error(err)
			}
		}
	})
	for range 50 {
		put(t, a, "x")
		at := time.Now().Add(-time.Hour)
		err := a.root.Chtimes(place(hash("x")), at, at)
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // a removal is looking at it
			t.Fatal(err)
		}
		put(t, a, "x")
	}
	close(ended)
	wg.Wait()
	holds(t, a, dir, "x")
}

func TestWhatWasMovedAsideComesBack(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	d := open(t, dir)
	put(t, d, "aside")
	put(t, d, "again")
	for _, content := range []string{"aside", "again"} {
		if err := d.root.Rename(place(hash(content)), asideDir+"/"+hash(content)+".x"); err != nil {
			t.Fatal(err)
		}
	}
	put(t, d, "again")
	holds(t, open(t, dir), dir, "aside", "again")
}
