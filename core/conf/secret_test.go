package conf

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestASecretIsMadeOnceByManyAtATime(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	const many = 20
	all := make([][]byte, many)
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range many {
		wg.Go(func() {
			<-start
			s, err := Secret(dir, "jwt.secret", "")
			if err != nil {
				t.Error(err)
			}
			all[i] = s
		})
	}
	close(start)
	wg.Wait()
	for _, s := range all {
		if !bytes.Equal(s, all[0]) {
			t.Fatal("two callers have two secrets")
		}
	}
	if len(all[0]) < minSecret {
		t.Errorf("%d bytes", len(all[0]))
	}
	info, err := os.Stat(filepath.Join(dir, "jwt.secret"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode().Perm(), err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Errorf("left in the directory: %v, %v", files, err)
	}
	if other, err := Secret(dir, "internal.secret", ""); err != nil || bytes.Equal(other, all[0]) {
		t.Errorf("another name has the same secret, or error %v", err)
	}
}

// oneOfMany makes the test binary one of the processes of the test below.
const oneOfMany = "TUDO_TEST_ONE_OF_MANY"

func TestProcessesAgreeOnASecret(t *testing.T) {
	if os.Getenv(oneOfMany) != "" {
		s, err := Secret(".", "jwt.secret", "")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("secret=%s\n", s)
		return
	}
	t.Parallel()
	dir := t.TempDir()
	said := make([]string, 5)
	var wg sync.WaitGroup
	for i := range said {
		wg.Go(func() {
			cmd := exec.Command(os.Args[0], "-test.run=^TestProcessesAgreeOnASecret$")
			cmd.Dir, cmd.Env = dir, append(os.Environ(), oneOfMany+"=1")
			out, err := cmd.Output()
			if err != nil {
				t.Errorf("%v: %s", err, out)
			}
			_, rest, _ := strings.Cut(string(out), "secret=")
			said[i], _, _ = strings.Cut(rest, "\n")
		})
	}
	wg.Wait()
	for _, s := range said {
		if s == "" || s != said[0] {
			t.Fatalf("secrets %q", said)
		}
	}
}

func TestCreateNeverReplacesASecret(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "s")
	first := long("a")
	if err := os.WriteFile(file, []byte(first), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := create(dir, file); err != nil { // as one who found no file a moment ago
		t.Fatal(err)
	}
	if s, err := Secret(dir, "s", ""); err != nil || string(s) != first {
		t.Errorf("%q, %v", s, err)
	}
}

// long is a secret of minSecret bytes that begins with start.
func long(start string) string { return (start + "0123456789abcdefABCDEF0123456789")[:minSecret] }

func TestWeakSecretsAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, configured, file string
		ok                     bool
	}{
		{"configured, long enough", long("x"), "", true},
		{"configured, a byte short", long("x")[1:], "", false},
		{"from a file", "", long("y") + "\n", true},
		{"from a file, a byte short", "", long("y")[1:] + "\n", false},
		{"a file of blanks", "", strings.Repeat(" ", 2*minSecret), false},
		{"an empty file", "", "\n", false},
		{"configured goes first", long("x"), "short\n", true},
		{"one byte again and again", strings.Repeat("x", 2*minSecret), "", false},
		{"as many kinds of bytes as it must have", strings.Repeat("abcdefgh", 4), "", true},
		{"one kind less", strings.Repeat("abcdefga", 4), "", false},
		{"an example", long("Example"), "", false},
		{"a file of an example", "", long("-change-me-"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if c.file != "" {
				if err := os.WriteFile(filepath.Join(dir, "s"), []byte(c.file), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			s, err := Secret(dir, "s", c.configured)
			switch {
			case (err == nil) != c.ok:
				t.Fatalf("%q, %v", s, err)
			case c.ok && string(s) != strings.TrimSpace(c.configured+c.file) && string(s) != c.configured:
				t.Errorf("got %q", s)
			case err != nil && c.configured+strings.TrimSpace(c.file) != "" && strings.Contains(err.Error(), c.configured+strings.TrimSpace(c.file)):
				t.Errorf("%q tells the secret", err)
			}
		})
	}
}

func TestASecretThatCannotBeKeptIsAnError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "s"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Secret(dir, "s", ""); err == nil {
		t.Error("a directory is taken for a secret")
	}
	_, err := Secret(filepath.Join(dir, "\x00"), "s", "")
	var path *os.PathError
	if !errors.As(err, &path) {
		t.Errorf("a directory that cannot be made: %v", err)
	}
}
