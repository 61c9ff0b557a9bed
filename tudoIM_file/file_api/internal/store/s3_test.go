package store

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tudoIM/test/suite"
)

// service runs a server of S3 and returns what names its bucket.
func service(t *testing.T) (*suite.S3, S3Config) {
	t.Helper()
	suite.Need(t, suite.RequireS3)
	s, err := suite.StartS3(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	access, secret := s.Keys()
	return s, S3Config{Endpoint: s.Endpoint(), Region: "us-east-1", Bucket: suite.S3Bucket, AccessKey: access, SecretKey: secret}
}

func openS3(t *testing.T, c S3Config) *S3 {
	t.Helper()
	s, err := OpenS3(c, filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// objects fails unless exactly want are in the bucket, and nothing is being
// put there.
func objects(t *testing.T, s *suite.S3, want ...string) {
	t.Helper()
	got, err := s.Objects(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("objects %q, want %q", got, want)
	}
}

func TestABucketKeepsBytesAsADiskDoes(t *testing.T) {
	t.Parallel()
	server, c := service(t)
	c.Prefix = "files/"
	s := openS3(t, c)
	if err := s.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	f := beginIn(t, s, "hello")
	if _, _, err := s.Open(t.Context(), hash("hello")); !errors.Is(err, ErrMissing) {
		t.Errorf("before commit: %v", err)
	}
	objects(t, server)
	for range 2 { // the same again is the same
		if err := f.Commit(t.Context(), hash("hello")); err != nil {
			t.Fatal(err)
		}
	}
	f.Discard()
	beginIn(t, s, "given up").Discard()
	objects(t, server, "files/"+place(hash("hello")))

	b, size, err := s.Open(t.Context(), hash("hello"))
	if err != nil || size != 5 {
		t.Fatalf("size %d, %v", size, err)
	}
	for _, at := range []int64{0, 3, 1} {
		if _, err := b.Seek(at, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(b); err != nil || string(got) != "hello"[at:] {
			t.Errorf("from %d: %q, %v", at, got, err)
		}
	}
	if end, err := b.Seek(0, io.SeekEnd); err != nil || end != 5 || b.Close() != nil {
		t.Errorf("ends at %d, %v", end, err)
	}

	for _, v := range Variants {
		f := beginIn(t, s, "made of it")
		if err := f.Commit(t.Context(), Variant(hash("hello"), v)); err != nil {
			t.Fatal(err)
		}
		f.Discard()
	}
	for range 2 {
		if err := s.Remove(t.Context(), hash("hello")); err != nil {
			t.Error(err)
		}
	}
	objects(t, server)
	for _, bad := range []string{"", "..", strings.Repeat("../", 11) + "x"} {
		if _, _, err := s.Open(t.Context(), bad); !errors.Is(err, ErrMissing) {
			t.Errorf("%q opens: %v", bad, err)
		}
		if s.Remove(t.Context(), bad) == nil || beginIn(t, s, "x").Commit(t.Context(), bad) == nil {
			t.Errorf("%q is a key", bad)
		}
	}
}

func beginIn(t *testing.T, s Store, content string) Draft {
	t.Helper()
	d, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Discard)
	if _, err := io.WriteString(d, content); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestLongBytesAreNotHeldInMemory puts several files of 50 MB at a time, each
// in several calls.
func TestLongBytesAreNotHeldInMemory(t *testing.T) {
	server, c := service(t) // by itself: it looks at what the process holds
	s := openS3(t, c)
	block := make([]byte, 1<<20)
	for i := range block {
		block[i] = byte(rand.Int())
	}
	const blocks, files = 50, 4
	var most uint64
	var mu sync.Mutex
	watch := func() {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		mu.Lock()
		most = max(most, m.HeapInuse)
		mu.Unlock()
	}
	var wg sync.WaitGroup
	for i := range files {
		wg.Go(func() {
			d, err := s.Begin(context.Background())
			if err != nil {
				t.Error(err)
				return
			}
			defer d.Discard()
			for range blocks {
				if _, err := d.Write(block); err != nil {
					t.Error(err)
				}
			}
			watch()
			if err := d.Commit(context.Background(), hash(string(rune('a'+i)))); err != nil {
				t.Error(err)
			}
			watch()
		})
	}
	wg.Wait()
	if most > 100<<20 {
		t.Errorf("%d MiB of heap for %d files of %d MiB", most>>20, files, blocks)
	}
	got, size, err := s.Open(t.Context(), hash("b"))
	if err != nil || size != blocks<<20 {
		t.Fatalf("%d, %v", size, err)
	}
	defer func() { _ = got.Close() }()
	buf := make([]byte, len(block))
	for range blocks {
		if _, err := io.ReadFull(got, buf); err != nil || !bytes.Equal(buf, block) {
			t.Fatalf("other bytes, %v", err)
		}
	}
	names, err := server.Objects(t.Context())
	if err != nil || len(names) != files {
		t.Errorf("%q, %v", names, err)
	}
}

func TestAServiceThatIsAway(t *testing.T) {
	t.Parallel()
	server, c := service(t)
	s := openS3(t, c)
	f := beginIn(t, s, "kept")
	if err := f.Commit(t.Context(), hash("kept")); err != nil {
		t.Fatal(err)
	}
	waiting := beginIn(t, s, "waiting")
	server.Kill()
	away := func(what string, err error) {
		t.Helper()
		if err == nil || errors.Is(err, ErrMissing) {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, _, err := s.Open(t.Context(), hash("kept"))
	away("open", err)
	away("commit", waiting.Commit(t.Context(), hash("waiting")))
	away("remove", s.Remove(t.Context(), hash("kept")))
	away("ready", s.Ready(t.Context()))
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	if err := s.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	objects(t, server, place(hash("kept")))
	if err := waiting.Commit(t.Context(), hash("waiting")); err != nil {
		t.Error(err)
	}
	objects(t, server, place(hash("kept")), place(hash("waiting")))
}

// TestACommitThatIsGivenUpLeavesNothing ends one in the middle of its calls.
func TestACommitThatIsGivenUpLeavesNothing(t *testing.T) {
	t.Parallel()
	server, c := service(t)
	s := openS3(t, c)
	d := beginIn(t, s, strings.Repeat("0123456789abcdef", 8<<20))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- d.Commit(ctx, hash("long")) }()
	for end := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		names, err := server.Objects(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(names) > 0 || time.Now().After(end) {
			break
		}
	}
	cancel()
	err := <-ended
	if err := s.Remove(t.Context(), hash("long")); err != nil {
		t.Error(err)
	}
	objects(t, server)
	t.Logf("the commit ended with %v", err)
}

func TestABucketThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	good := S3Config{Endpoint: "http://127.0.0.1:1", Region: "us-east-1", Bucket: "b", AccessKey: "a", SecretKey: "the secret"}
	for name, change := range map[string]func(*S3Config){
		"no scheme":         func(c *S3Config) { c.Endpoint = "127.0.0.1:1" },
		"another scheme":    func(c *S3Config) { c.Endpoint = "ftp://127.0.0.1:1" },
		"a path":            func(c *S3Config) { c.Endpoint += "/bucket" },
		"a password in it":  func(c *S3Config) { c.Endpoint = "http://a:the%20secret@127.0.0.1" },
		"no bucket":         func(c *S3Config) { c.Bucket = "" },
		"no access key":     func(c *S3Config) { c.AccessKey = "" },
		"no secret key":     func(c *S3Config) { c.SecretKey = "" },
		"prefix from above": func(c *S3Config) { c.Prefix = "../x/" },
		"absolute prefix":   func(c *S3Config) { c.Prefix = "/x/" },
	} {
		c := good
		change(&c)
		dir := filepath.Join(t.TempDir(), "files")
		if _, err := OpenS3(c, dir); err == nil || strings.Contains(err.Error(), "the secret") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: a folder is made", name)
		}
	}
	s := openS3(t, good)
	if err := s.Ready(t.Context()); err == nil || strings.Contains(err.Error(), "the secret") {
		t.Errorf("nobody listens: %v", err)
	}
}

func TestAnotherBucketAndOtherKeysAreNotReady(t *testing.T) {
	t.Parallel()
	_, c := service(t)
	none, wrong := c, c
	none.Bucket, wrong.SecretKey = "another", "not the secret"
	for name, c := range map[string]S3Config{"no such bucket": none, "wrong key": wrong} {
		if err := openS3(t, c).Ready(t.Context()); err == nil || strings.Contains(err.Error(), c.SecretKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
