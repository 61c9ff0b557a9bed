package suite

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// Process is a program running as a child. It dies with the test process.
type Process struct {
	Log string // the file its output goes to

	cmd  *exec.Cmd
	done chan struct{}
	err  error // how it ended; read after done
}

// StartProcess runs cmd with its output appended to the file log.
func StartProcess(cmd *exec.Cmd, log string) (*Process, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}

	p := &Process{Log: log, cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// Pdeathsig means the death of the thread that started the child, so
		// that thread stays until the child has ended.
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", filepath.Base(cmd.Path), err)
	}
	return p, nil
}

// Pid is the process id.
func (p *Process) Pid() int {
	return p.cmd.Process.Pid
}

// Kill sends a signal. To a process that has ended it does nothing.
func (p *Process) Kill(sig os.Signal) error {
	err := p.cmd.Process.Signal(sig)
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} {
	return p.done
}

// Wait returns how the process ended, as exec.Cmd.Wait does, or an error if it
// runs on after the timeout.
func (p *Process) Wait(timeout time.Duration) error {
	select {
	case <-p.done:
		return p.err
	case <-time.After(timeout):
		return fmt.Errorf("%s (pid %d) still runs after %v", filepath.Base(p.cmd.Path), p.Pid(), timeout)
	}
}

// Stop asks the process to end, kills it if it has not within the timeout, and
// returns when it is gone.
func (p *Process) Stop(timeout time.Duration) {
	_ = p.Kill(syscall.SIGTERM)
	select {
	case <-p.done:
		return
	case <-time.After(timeout):
	}
	p.kill()
}

// kill returns when the process is gone.
func (p *Process) kill() {
	_ = p.Kill(syscall.SIGKILL)
	<-p.done
}

// Tail returns the last part of the log, for the message of a test that failed.
func (p *Process) Tail() string {
	const size = 4 << 10
	b, err := os.ReadFile(p.Log)
	if err != nil {
		return err.Error()
	}
	if len(b) > size {
		b = b[len(b)-size:]
		if i := bytes.IndexByte(b, '\n'); i >= 0 {
			b = b[i+1:]
		}
	}
	return string(b)
}

// ready asks probe until it succeeds. It fails, with the end of the log, when
// the process ends or the timeout is over.
func (p *Process) ready(timeout time.Duration, probe func() error) error {
	deadline := time.After(timeout)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := probe()
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("%s ended: %s; its log:\n%s", filepath.Base(p.cmd.Path), p.cmd.ProcessState, p.Tail())
		case <-deadline:
			return fmt.Errorf("%s not ready after %v: %w; its log:\n%s", filepath.Base(p.cmd.Path), timeout, err, p.Tail())
		case <-tick.C:
		}
	}
}

// program finds an executable, also where Debian puts servers.
func program(name, debian string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	if path, err := exec.LookPath("/usr/sbin/" + name); err == nil {
		return path, nil
	}
	return "", fmt.Errorf("%s is missing: apt-get install %s", name, debian)
}

// cached calls run, in one process at a time, in a directory that is kept for
// later runs, and returns that directory.
func cached(run func(dir string) error) (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		base = filepath.Join(os.TempDir(), "cache-"+strconv.Itoa(os.Getuid()))
	}
	dir := filepath.Join(base, "tudo-suite")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", err
	}
	defer lock.Close() // also unlocks
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	return dir, run(dir)
}

// RequireProtoc reports what must be installed to generate code.
func RequireProtoc() error {
	_, err := program("protoc", "protobuf-compiler")
	return err
}

// RequireFFmpeg reports what must be installed to make videos, and pictures of
// them.
func RequireFFmpeg() error {
	_, err := program("ffmpeg", "ffmpeg")
	return err
}
