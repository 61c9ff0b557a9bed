// Package suite runs Tudo IM as its users do: the built binaries, as one
// process on what it embeds, or as every half in a process of its own on a
// real MariaDB, Redis and etcd that it starts itself. Every process dies with
// the test process that started it.
package suite

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"tudoIM/utils/ports"
)

// Mode is how the suite runs.
type Mode int

const (
	// One is the single process on its embedded parts.
	One Mode = iota
	// Many is every half in its own process on real parts.
	Many
)

// Modes are all modes, by the name a subtest has.
var Modes = map[string]Mode{"one": One, "many": Many}

// Halves are the names of all halves and the gateway, which is last.
var Halves = []string{
	"auth_rpc", "user_rpc", "chat_rpc", "group_rpc", "file_rpc", "settings_rpc",
	"auth_api", "user_api", "chat_api", "group_api", "file_api", "settings_api", "gateway",
}

const (
	// readyWait bounds a start; under the race detector on two cores twenty
	// processes take a while.
	readyWait = 90 * time.Second
	// endWait is how long a process may take to end after SIGTERM.
	endWait = 15 * time.Second
)

// Config says what to start.
type Config struct {
	Mode Mode
	// Copies is how many of every half and gateway there are in Many; 0 is 1.
	Copies int
	// Env is added to the environment of every process: NAME=value.
	Env []string
}

// Unlimited raises, in the environment of a suite, what one user and one address
// may do beyond what any test does: all of them come from one address.
var Unlimited = []string{
	"TUDO_LOGIN_PER_ACCOUNT_IP=1000", "TUDO_LOGIN_PER_ACCOUNT=1000", "TUDO_LOGIN_PER_DEVICE=1000", "TUDO_LOGIN_PER_IP=100000",
	"TUDO_REGISTER_PER_HOUR=100000",
	"TUDO_RATE_USER=1000000/s", "TUDO_RATE_IP=1000000/s", "TUDO_RATE_UPGRADE=1000000/s", "TUDO_RATE_REFUSED=1000000/s",
	"TUDO_RATE_SEARCH=1000000/s", "TUDO_RATE_UPLOAD=1000000/s", "TUDO_RATE_UPLOAD_BYTES=10000000/s burst 1000000000", "TUDO_RATE_REFRESH=1000000/s",
	"TUDO_RATE_SEND=1000000/s", "TUDO_RATE_GROUP=1000000/s",
}

// Suite is a running suite.
type Suite struct {
	Mode Mode
	// Dir holds everything: data, logs, databases.
	Dir string
	// The real parts; nil in One.
	MariaDB *MariaDB
	Redis   *Redis
	Etcd    *Etcd
	S3      *S3
	// Members are the processes.
	Members []*Member

	bin string
	env []string
}

// Member is one process of a suite: a half, a gateway, or all of them.
type Member struct {
	// Name is the half's, or tudoim for the single process.
	Name string
	// Addr is where it listens; Inner answers /healthz and /readyz.
	Addr, Inner string
	// Log is the file its output goes to.
	Log string

	cmd     func() *exec.Cmd
	process *Process
}

// Start builds what is not built yet and returns when the suite is ready.
func Start(c Config) (*Suite, error) {
	s, err := prepare(c)
	if err != nil {
		return nil, err
	}
	for _, m := range s.Members {
		if err := m.Launch(); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	if err := s.Ready(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// prepare starts the parts and makes the tables; no member runs yet.
func prepare(c Config) (*Suite, error) {
	bin, err := Binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "tudo-suite-")
	if err != nil {
		return nil, err
	}
	s := &Suite{Mode: c.Mode, Dir: dir, bin: bin}
	s.env = append(clean(os.Environ()), "TUDO_DATA_DIR="+s.path("data"), "TUDO_LOG_ENCODING=plain", "GORACE=exitcode=66")
	if c.Mode == Many {
		err = s.parts()
	}
	s.env = append(s.env, c.Env...)
	if err == nil {
		err = s.members(c.Mode, max(c.Copies, 1))
	}
	if err == nil && c.Mode == Many {
		_, err = s.Migrate()
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// parts starts MariaDB, Redis, etcd and S3.
func (s *Suite) parts() error {
	var db, cache, etcd, bucket error
	var wg sync.WaitGroup
	wg.Go(func() { s.MariaDB, db = StartMariaDB(s.Dir) })
	wg.Go(func() { s.Redis, cache = StartRedis(s.Dir) })
	wg.Go(func() { s.Etcd, etcd = StartEtcd(s.Dir) })
	wg.Go(func() { s.S3, bucket = StartS3(s.Dir) })
	wg.Wait()
	if err := errors.Join(db, cache, etcd, bucket); err != nil {
		return err
	}
	s.env = append(s.env, "TUDO_MYSQL_DSN="+s.MariaDB.DSN(), "TUDO_REDIS="+s.Redis.URL(), "TUDO_ETCD="+s.Etcd.Addr())
	s.env = append(s.env, s.S3.Env()...)
	return nil
}

func (s *Suite) members(mode Mode, copies int) error {
	if mode == One {
		return s.add("tudoim", "TUDO_GATEWAY_ADDR", "TUDO_INNER_ADDR", s.Dir, 0)
	}
	for n := range copies {
		for _, name := range Halves {
			prefix := "TUDO_" + strings.ToUpper(name)
			if err := s.add(name, prefix+"_ADDR", prefix+"_INNER_ADDR", Folder(name), n); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Suite) add(name, addr, inner, dir string, n int) error {
	port, err := ports.Take()
	if err != nil {
		return err
	}
	second, err := ports.Take()
	if err != nil {
		return err
	}
	m := &Member{
		Name: name, Addr: ports.Address(port), Inner: ports.Address(second),
		Log: s.path(name + "-" + strconv.Itoa(n) + ".log"),
	}
	m.cmd = func() *exec.Cmd {
		cmd := exec.Command(filepath.Join(s.bin, name))
		cmd.Dir = dir
		cmd.Env = append(slices.Clone(s.env), addr+"="+m.Addr, inner+"="+m.Inner)
		return cmd
	}
	s.Members = append(s.Members, m)
	return nil
}

// Migrate runs tudoim -db on the suite's database and returns what it says.
func (s *Suite) Migrate() (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), readyWait)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, "tudoim"), "-db")
	cmd.Env, cmd.Dir = s.env, s.Dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("tudoim -db: %w\n%s", err, out)
	}
	return string(out), err
}

// Command is the program name with the suite's environment, not started.
func (s *Suite) Command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.bin, name), args...)
	cmd.Env, cmd.Dir = slices.Clone(s.env), s.Dir
	return cmd
}

// Environ is the environment every process of the suite has.
func (s *Suite) Environ() []string { return slices.Clone(s.env) }

// Ready waits until every member that runs has all it needs.
func (s *Suite) Ready() error {
	ctx, cancel := context.WithTimeout(context.Background(), readyWait)
	defer cancel()
	errs := make([]error, len(s.Members))
	var wg sync.WaitGroup
	for i, m := range s.Members {
		if m.Running() {
			wg.Go(func() { errs[i] = m.Ready(ctx) })
		}
	}
	wg.Wait()
	return errors.Join(errs...)
}

// URLs are the gateways', for clients.
func (s *Suite) URLs() []string {
	var urls []string
	for _, m := range s.Members {
		if m.Name == "gateway" || m.Name == "tudoim" {
			urls = append(urls, m.URL())
		}
	}
	return urls
}

// Half returns the processes that run the half called name.
func (s *Suite) Half(name string) []*Member {
	var found []*Member
	for _, m := range s.Members {
		if m.Name == name || m.Name == "tudoim" {
			found = append(found, m)
		}
	}
	return found
}

// Close ends everything, members first, and removes the suite's directory. It
// fails, and keeps the directory, when a member did not end as it should or
// its log shows what must never happen.
func (s *Suite) Close() error {
	errs := make([]error, len(s.Members))
	var wg sync.WaitGroup
	for i, m := range s.Members {
		wg.Go(func() { errs[i] = m.Stop() })
	}
	wg.Wait()
	if s.Etcd != nil {
		s.Etcd.Close()
	}
	if s.S3 != nil {
		s.S3.Close()
	}
	if s.Redis != nil {
		s.Redis.Close()
	}
	if s.MariaDB != nil {
		s.MariaDB.Close()
	}
	for _, m := range s.Members {
		errs = append(errs, m.checkLog())
	}
	err := errors.Join(errs...)
	if err == nil {
		err = os.RemoveAll(s.Dir)
	}
	if err != nil {
		err = fmt.Errorf("%w\n(logs are in %s)", err, s.Dir)
	}
	return err
}

func (s *Suite) path(name string) string { return filepath.Join(s.Dir, name) }

// URL is the member's address for HTTP.
func (m *Member) URL() string { return "http://" + m.Addr }

// Pid is the process id.
func (m *Member) Pid() int { return m.process.Pid() }

// Running reports whether the process was started and has not ended.
func (m *Member) Running() bool {
	if m.process == nil {
		return false
	}
	select {
	case <-m.process.Done():
		return false
	default:
		return true
	}
}

// Launch runs the member again and does not wait until it is ready.
func (m *Member) Launch() (err error) {
	m.process, err = StartProcess(m.cmd(), m.Log)
	return err
}

// Start runs the member again, at the same address, and returns when it is ready.
func (m *Member) Start() error {
	if err := m.Launch(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), readyWait)
	defer cancel()
	return m.Ready(ctx)
}

// Kill ends the member at once (SIGKILL).
func (m *Member) Kill() { m.process.kill() }

// Stop ends the member by SIGTERM; see StopBy.
func (m *Member) Stop() error { return m.StopBy(syscall.SIGTERM) }

// StopBy asks the member by a signal to end. It fails if that takes longer
// than 15 s or the exit code is not 0. One that does not run is stopped
// already.
func (m *Member) StopBy(sig os.Signal) error {
	if !m.Running() {
		return nil
	}
	if err := m.process.Kill(sig); err != nil {
		return err
	}
	if err := m.process.Wait(endWait); err != nil {
		m.process.kill()
		return fmt.Errorf("%s after %v: %w; its log:\n%s", m.Name, sig, err, m.process.Tail())
	}
	return nil
}

// Ready waits until the member has all it needs.
func (m *Member) Ready(ctx context.Context) error {
	left := readyWait
	if end, ok := ctx.Deadline(); ok {
		left = time.Until(end)
	}
	return m.process.ready(left, func() error {
		missing, err := m.Missing(ctx)
		if err == nil && len(missing) > 0 {
			err = fmt.Errorf("misses %v", missing)
		}
		return err
	})
}

// Missing asks the member what it lacks, name to reason.
func (m *Member) Missing(ctx context.Context) (map[string]string, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+m.Inner+"/readyz", nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var answer struct {
		Ready   bool              `json:"ready"`
		Missing map[string]string `json:"missing"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return nil, fmt.Errorf("/readyz of %s: %w", m.Name, err)
	}
	if answer.Ready != (resp.StatusCode == http.StatusOK) {
		return nil, fmt.Errorf("/readyz of %s: %s but ready is %t", m.Name, resp.Status, answer.Ready)
	}
	return answer.Missing, nil
}

// Stored is the folder that has the bytes of files, whichever store they are in.
func (s *Suite) Stored() string {
	if s.S3 != nil {
		return s.S3.data()
	}
	return s.path(filepath.Join("data", "files"))
}

// Output is all the member has written so far.
func (m *Member) Output() (string, error) {
	b, err := os.ReadFile(m.Log)
	return string(b), err
}

// never is what no log may have: a data race, a crash, or something secret.
var never = regexp.MustCompile(`WARNING: DATA RACE|(?m)^panic: |^fatal error: |\[recovered\]|runtime error:|Bearer [A-Za-z0-9]|eyJ[A-Za-z0-9_-]{10,}\.`)

func (m *Member) checkLog() error {
	b, err := os.ReadFile(m.Log)
	if errors.Is(err, os.ErrNotExist) {
		return nil // it was never started
	}
	if err != nil {
		return err
	}
	at := never.FindIndex(b)
	if at == nil {
		return nil
	}
	const around = 4 << 10
	return fmt.Errorf("the log of %s has what it must not have:\n%s", m.Name, b[max(0, at[0]-around/4):min(len(b), at[1]+around)])
}

// clean is env without what would configure the suite from outside.
func clean(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(v string) bool { return strings.HasPrefix(v, "TUDO_") })
}

// Folder is where a half's main package is, from the root of the module.
func Folder(name string) string {
	root := moduleRoot()
	if name == "gateway" {
		return filepath.Join(root, "tudoIM_gateway")
	}
	pair, _, _ := strings.Cut(name, "_")
	return filepath.Join(root, "tudoIM_"+pair, name)
}

var moduleRoot = sync.OnceValue(func() string {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "."
	}
	return filepath.Dir(string(bytes.TrimSpace(out)))
})

// unused is how long the programs of a checkout are kept that runs no tests.
const unused = 24 * time.Hour

// forget removes from dir the programs of checkouts that have run no tests
// lately, a gigabyte each, and takes down that bin's has.
func forget(dir, bin string) error {
	now := time.Now()
	if err := os.Chtimes(bin, now, now); err != nil {
		return err
	}
	bins, err := filepath.Glob(filepath.Join(dir, "bin-*"))
	if err != nil {
		return err
	}
	for _, b := range bins {
		if info, err := os.Stat(b); err == nil && now.Sub(info.ModTime()) > unused {
			if err := os.RemoveAll(b); err != nil {
				return err
			}
		}
	}
	return nil
}

// Binaries builds every program of the suite, with the race detector if the
// tests have it, and returns where they are. What has not changed is not
// built again.
func Binaries() (string, error) { return binaries() }

var binaries = sync.OnceValues(func() (string, error) {
	kind := "bin"
	args := []string{"build"}
	if Race {
		kind, args = "bin-race", append(args, "-race")
	}
	bin := ""
	_, err := cached(func(dir string) error {
		// Two checkouts on one machine must not run each other's programs.
		bin = filepath.Join(dir, fmt.Sprintf("%s-%x", kind, crc32.ChecksumIEEE([]byte(moduleRoot()))))
		if err := os.MkdirAll(bin, 0o700); err != nil {
			return err
		}
		if err := forget(dir, bin); err != nil {
			return err
		}
		builds := [][]string{{"-o", bin + "/"}, {"-o", filepath.Join(bin, "gateway"), Folder("gateway")}, {"-o", filepath.Join(bin, "tudoim"), "."}}
		for _, name := range Halves[:len(Halves)-1] {
			builds[0] = append(builds[0], Folder(name))
		}
		for _, one := range builds {
			build := exec.Command("go", append(slices.Clone(args), one...)...)
			build.Dir = moduleRoot()
			if out, err := build.CombinedOutput(); err != nil {
				return fmt.Errorf("build the suite: %w\n%s", err, out)
			}
		}
		return nil
	})
	return bin, err
})
