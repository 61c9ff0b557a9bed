package ports

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// child has this binary print ports and wait for the end of its input.
const child = "TUDO_TEST_PORTS"

func TestMain(m *testing.M) {
	if os.Getenv(child) == "" {
		os.Exit(m.Run())
	}
	addrs, err := Loopback(2*block + 10)
	fmt.Println(strings.Join(addrs, " "), err)
	_, _ = os.Stdin.Read(make([]byte, 1))
}

func TestNoPortIsGivenTwice(t *testing.T) {
	t.Parallel()
	const processes = 8
	var lines []string
	for range processes {
		cmd := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0]) // #nosec G204 -- this very binary
		cmd.Env = append(os.Environ(), child+"=1")
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = in.Close()
			if err := cmd.Wait(); err != nil {
				t.Error(err)
			}
		})
		b := make([]byte, 1<<14)
		n, err := out.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(b[:n]))
	}
	seen := map[string]bool{}
	for _, line := range lines {
		addrs, ok := strings.CutSuffix(line, " <nil>\n")
		if !ok {
			t.Fatal(line)
		}
		for addr := range strings.SplitSeq(addrs, " ") {
			if seen[addr] {
				t.Errorf("%s twice", addr)
			}
			seen[addr] = true
			l, err := net.Listen("tcp", addr)
			if err != nil {
				t.Error(err)
				continue
			}
			_ = l.Close()
		}
	}
	if want := processes * (2*block + 10); len(seen) != want {
		t.Errorf("%d ports, want %d", len(seen), want)
	}
}
