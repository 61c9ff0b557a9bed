package suite

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestProcessEndsAsItIsTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		script string
		sig    os.Signal
		want   string
	}{
		"by itself":    {"exit 0", nil, ""},
		"with a code":  {"exit 3", nil, "exit status 3"},
		"terminated":   {"exec sleep 100", syscall.SIGTERM, "signal: terminated"},
		"killed":       {"exec sleep 100", syscall.SIGKILL, "signal: killed"},
		"not at once":  {"exec sleep 100", nil, "still runs"},
		"after SIGHUP": {"trap 'exit 4' HUP; echo set; while :; do sleep 0.01; done", syscall.SIGHUP, "exit status 4"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startScript(t, c.script)
			if strings.Contains(c.script, "echo set") {
				err := p.ready(10*time.Second, func() error {
					_, err := os.Stat(p.Log)
					if err == nil && !strings.Contains(p.Tail(), "set") {
						err = os.ErrNotExist
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			timeout := 20 * time.Second
			if c.sig != nil {
				if err := p.Kill(c.sig); err != nil {
					t.Fatal(err)
				}
			} else if c.want == "still runs" {
				timeout = time.Millisecond
			}
			got := ""
			if err := p.Wait(timeout); err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, c.want) || (c.want == "") != (got == "") {
				t.Errorf("ended with %q, want %q", got, c.want)
			}
		})
	}
}

func TestProcessStopKillsWhatDoesNotListen(t *testing.T) {
	t.Parallel()
	p := startScript(t, "trap '' TERM; while :; do sleep 0.01; done")
	p.Stop(50 * time.Millisecond)
	if err := syscall.Kill(p.Pid(), 0); err != syscall.ESRCH {
		t.Errorf("still there: %v", err)
	}
	if err := p.Kill(syscall.SIGTERM); err != nil {
		t.Errorf("signal after the end: %v", err)
	}
}

func TestProcessThatDoesNotGetReadyShowsItsLog(t *testing.T) {
	t.Parallel()
	p := startScript(t, "echo no such luck >&2; exit 1")
	err := p.ready(20*time.Second, func() error { return os.ErrNotExist })
	if err == nil || !strings.Contains(err.Error(), "no such luck") {
		t.Errorf("error %v does not show the log", err)
	}
}

func TestProgramNamesThePackageThatIsMissing(t *testing.T) {
	t.Parallel()
	_, err := program("no-such-server", "some-package")
	if err == nil || !strings.Contains(err.Error(), "apt-get install some-package") {
		t.Error(err)
	}
}

func startScript(t *testing.T, script string) *Process {
	t.Helper()
	p, err := StartProcess(exec.Command("sh", "-c", script), filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	return p
}
