package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tudoIM/core/run"
	"tudoIM/utils/ports"
)

// asMain makes the test binary behave as the program.
const asMain = "TUDO_TEST_AS_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asMain) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program is the program, running.
type program struct {
	t    *testing.T
	cmd  *exec.Cmd
	done chan struct{}

	mu  sync.Mutex
	out bytes.Buffer
}

func (p *program) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.Write(b)
}

func (p *program) output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

// start runs the program with nothing of our environment but env.
func start(t *testing.T, env []string, args ...string) *program {
	t.Helper()
	p := &program{t: t, cmd: exec.Command(os.Args[0], args...), done: make(chan struct{})}
	p.cmd.Env = append([]string{asMain + "=1", "HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}, env...)
	p.cmd.Stdout, p.cmd.Stderr = p, p
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = p.cmd.Wait(); close(p.done) }()
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); <-p.done })
	return p
}

// end waits for the end and returns the exit code.
func (p *program) end(within time.Duration) int {
	p.t.Helper()
	select {
	case <-p.done:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(within):
		p.t.Fatalf("still runs after %v:\n%s", within, p.output())
		return -1
	}
}

func (p *program) says(what string, within time.Duration) {
	p.t.Helper()
	for end := time.Now().Add(within); !strings.Contains(p.output(), what); {
		select {
		case <-p.done:
			p.t.Fatalf("ended:\n%s", p.output())
		case <-time.After(10 * time.Millisecond):
		}
		if time.Now().After(end) {
			p.t.Fatalf("does not say %q:\n%s", what, p.output())
		}
	}
}

func ask(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func TestWholeSuiteInOneProcess(t *testing.T) {
	t.Parallel()
	addrs, err := ports.Loopback(2)
	if err != nil {
		t.Fatal(err)
	}
	env := []string{"TUDO_DATA_DIR=" + t.TempDir(), "TUDO_GATEWAY_ADDR=" + addrs[0], "TUDO_INNER_ADDR=" + addrs[1]}
	url := "http://" + addrs[0]
	account := `{"userName":"ann","password":"correct horse","deviceId":"d1","platform":"web"}`

	begin := time.Now()
	p := start(t, env)
	p.says("Ctrl-C stops it.", 30*time.Second)
	t.Logf("ready after %v", time.Since(begin))
	for _, at := range []string{url + "/readyz", url + "/healthz", url + "/", "http://" + addrs[1] + "/readyz", "http://" + addrs[1] + "/metrics"} {
		if status, body := ask(t, http.MethodGet, at, ""); status != http.StatusOK {
			t.Errorf("%s: %d %s", at, status, body)
		}
	}
	if status, body := ask(t, http.MethodPost, url+"/api/auth/register", account); status != http.StatusOK {
		t.Fatalf("register: %d %s", status, body)
	}

	second := start(t, env)
	if code := second.end(10 * time.Second); code != 1 || strings.Count(second.output(), "\n") != 1 || !strings.Contains(second.output(), "another Tudo IM runs on") {
		t.Errorf("a second process on the data directory: %d\n%s", code, second.output())
	}

	_ = p.cmd.Process.Kill() // what it answered must be there again
	p.end(5 * time.Second)
	p = start(t, env)
	p.says("Ctrl-C stops it.", 30*time.Second)
	if status, body := ask(t, http.MethodPost, url+"/api/auth/login", account); status != http.StatusOK {
		t.Errorf("login after kill -9: %d %s", status, body)
	}

	begin = time.Now()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	if code := p.end(10 * time.Second); code != 0 || strings.Contains(p.output(), "error") {
		t.Errorf("stopped with %d:\n%s", code, p.output())
	}
	t.Logf("stopped after %v", time.Since(begin))
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("stopping took %v", took)
	}
}

func TestPortTaken(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p := start(t, []string{"TUDO_DATA_DIR=" + t.TempDir(), "TUDO_GATEWAY_ADDR=" + l.Addr().String()})
	if code := p.end(20 * time.Second); code != 1 || !strings.Contains(p.output(), "gateway cannot listen on "+l.Addr().String()) {
		t.Errorf("%d\n%s", code, p.output())
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	env := []string{"TUDO_DATA_DIR=" + t.TempDir()}
	for _, want := range []string{"auth_rpc: 00001_", "All tables are up to date."} {
		p := start(t, env, "-db")
		if code := p.end(30 * time.Second); code != 0 || !strings.Contains(p.output(), want) || !strings.Contains(p.output(), "TUDO_MYSQL_DSN") {
			t.Errorf("%d, wanted %q:\n%s", code, want, p.output())
		}
	}
}

func TestTablesWithoutDatabase(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts and says nothing
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	closed, err := ports.Loopback(1)
	if err != nil {
		t.Fatal(err)
	}
	for name, dsn := range map[string]string{
		"silent":  fmt.Sprintf("tudo:hunter2@tcp(%s)/tudo", l.Addr()),
		"closed":  fmt.Sprintf("tudo:hunter2@tcp(%s)/tudo", closed[0]),
		"no DSN":  "tudo:hunter2@nowhere",
		"no name": "tudo:hunter2@tcp(127.0.0.1:3306)/",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, []string{"TUDO_DATA_DIR=" + t.TempDir(), "TUDO_MYSQL_DSN=" + dsn}, "-db")
			code := p.end(7 * time.Second)
			if code != 1 || strings.Contains(p.output(), "hunter2") || strings.Count(p.output(), "\n") != 1 {
				t.Errorf("%d\n%s", code, p.output())
			}
		})
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ names, want string }{
		{"auth_rpc", "auth_rpc"},
		{"auth", "auth_rpc auth_api"},
		{"gateway, chat_api", "chat_api gateway"},
		{"rpc", "auth_rpc user_rpc chat_rpc group_rpc file_rpc settings_rpc"},
		{"api", "auth_api user_api chat_api group_api file_api settings_api"},
		{"auth,nothing", "error"},
		{"", "error"},
		{"auth,", "error"},
	} {
		chosen, err := choose(c.names)
		var got []string
		for _, h := range chosen {
			got = append(got, h.Name)
		}
		if err != nil {
			got = []string{"error"}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q: %s, want %s", c.names, s, c.want)
		}
	}
}

// Every configuration is complete with nothing set, and has names of its own.
func TestConfigurations(t *testing.T) {
	t.Parallel()
	all, err := run.Load(halves, files, func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	var taken []string
	for i, l := range all {
		if l.Conf.Name != halves[i].Name {
			t.Errorf("%s calls itself %s", halves[i].Name, l.Conf.Name)
		}
		for _, addr := range []string{l.Conf.Listen, l.Conf.Inner} {
			if slices.Contains(taken, addr) {
				t.Errorf("%s: %s is another's", l.Conf.Name, addr)
			}
			taken = append(taken, addr)
		}
	}
	if _, err := run.Load(halves, os.DirFS(t.TempDir()), os.LookupEnv); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without files: %v", err)
	}
}
