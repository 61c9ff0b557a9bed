package e2e

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"tudoIM/test/suite"
	"tudoIM/utils/ports"
)

// startWait is how long a program may take to find out that it cannot start.
const startWait = 5 * time.Second

// hunter is in the passwords and secrets of TestStartUp: no output may have it.
const hunter = "hunter2"

// attempt is a program that is to say why it does not start.
type attempt struct {
	name    string
	program string
	args    []string
	env     []string
	// want is in the one line it says.
	want string
}

// program is name with nothing of our environment but env, and a data
// directory of its own.
func program(t *testing.T, name string, env []string, args ...string) *exec.Cmd {
	t.Helper()
	bin, err := suite.Binaries()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(bin, name), args...)
	if cmd.Dir = t.TempDir(); name != "tudoim" {
		cmd.Dir = suite.Folder(name) // with etc/, where its operator starts it
	}
	home := t.TempDir()
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TUDO_DATA_DIR=" + filepath.Join(home, "data")}, env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

// fails fails unless the attempt ends in time with code 1 and one clear line.
func (a attempt) fails(t *testing.T) {
	t.Helper()
	cmd := program(t, a.program, a.env, a.args...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	within := startWait
	if suite.Race { // which makes programs slow to start
		within *= 4
	}
	late := time.AfterFunc(2*within, func() { _ = cmd.Process.Kill() })
	err := cmd.Wait()
	late.Stop()
	took := time.Since(begin)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || took > within {
		t.Errorf("%v after %v, want code 1 within %v", err, took, within)
	}
	// A log may say beside it what is away: lines of their own form.
	lines := slices.DeleteFunc(strings.SplitAfter(said.String(), "\n"), func(l string) bool { return l == "" || l[0] == '{' })
	if len(lines) != 1 || !strings.HasPrefix(lines[0], a.program+": ") || !strings.Contains(strings.ToLower(lines[0]), strings.ToLower(a.want)) {
		t.Errorf("want one line with %q:\n%s", a.want, said.String())
	}
	for _, bad := range []string{hunter, "goroutine ", "panic"} {
		if all := out.String() + said.String(); strings.Contains(all, bad) {
			t.Errorf("%q is in:\n%s", bad, all)
		}
	}
}

// TestStartUp starts programs with what is wrong in one thing each: a program
// that cannot work says so and ends, with the exit code 1 and one line, which
// has no secret in it. What is only away is TestStartInAnyOrder's.
func TestStartUp(t *testing.T) {
	suite.Need(t)
	for name, rows := range map[string][]attempt{
		"configuration file": fileRows(t), "secrets": secretRows(t), "limits": limitRows(t), "addresses": addressRows(t),
		"database": dsnRows(t), "data directory": dataRows(t), "environment": environmentRows(t),
	} {
		t.Run(name, func(t *testing.T) {
			for _, row := range rows {
				t.Run(row.name, row.fails)
			}
		})
	}
}

func fileRows(t *testing.T) (rows []attempt) {
	t.Helper()
	dir := t.TempDir()
	good, err := os.ReadFile(filepath.Join(suite.Folder("auth_api"), "etc", "auth.yaml"))
	must(t, "read", err)
	row := func(name, file, want string) {
		rows = append(rows, attempt{name, "auth_api", []string{"-f", file}, nil, want})
	}
	row("missing", filepath.Join(dir, "none.yaml"), "no such file")
	row("a directory", dir, "not a regular file")
	row("a device", "/dev/zero", "not a regular file")
	row("not readable", "/proc/self/mem", "config") // which not even root can read from its start
	bomb := "a: &a [x,x,x,x,x,x,x,x]\n"
	for n := range 20 {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", 'b'+n, 'b'+n, strings.Repeat(fmt.Sprintf("*%c,", 'a'+n), 8))
	}
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "not a yaml mapping"},
		{"only comments", "# nothing\n", "not a yaml mapping"},
		{"not yaml", "Name: [", "yaml"},
		{"binary", "\x00\x01\x02\xff", "yaml"},
		{"tabs", "Name: auth_api\nLog:\n\tLevel: info\n", "yaml"},
		{"an alias bomb", bomb, ""},
		{"as large as no configuration is", string(good) + strings.Repeat("#", 100<<20), "at most"},
		{"an unknown key", string(good) + "Timout: 3000\n", "unknown key Timout"},
		{"a key twice", string(good) + "Name: auth_api\n", "Name"},
		{"a key missing", strings.Replace(string(good), "Name: ", "# ", 1), "Name"},
	} {
		file := filepath.Join(dir, strings.ReplaceAll(c.name, " ", "-")+".yaml")
		must(t, "write", os.WriteFile(file, []byte(c.text), 0o600))
		row(c.name, file, c.want)
	}
	return rows
}

func secretRows(t *testing.T) (rows []attempt) {
	t.Helper()
	for _, c := range []struct{ name, value, want string }{
		{"short", hunter + strings.Repeat("q9Zk", 6), "shorter than 32 bytes"},
		{"one character", strings.Repeat("x", 64), "easy to guess"},
		{"an example's", "example-" + hunter + "-Qk3vLx81ZpTn0aYcEw", "easy to guess"},
		{"to be changed", "CHANGE-ME-" + hunter + "-Qk3vLx81ZpTn0aYcEw", "easy to guess"},
	} {
		for _, at := range []struct{ program, variable string }{
			{"gateway", "TUDO_JWT_SECRET"}, {"gateway", "TUDO_INTERNAL_SECRET"}, {"auth_rpc", "TUDO_JWT_SECRET"}, {"chat_rpc", "TUDO_INTERNAL_SECRET"}, {"tudoim", "TUDO_JWT_SECRET"},
		} {
			env := []string{at.variable + "=" + c.value, "TUDO_MYSQL_DSN=tudo:" + hunter + "@tcp(" + nobody(t) + ")/tudo"}
			rows = append(rows, attempt{c.name + " " + at.variable + " of " + at.program, at.program, nil, env, c.want})
		}
	}
	empty := t.TempDir()
	must(t, "write", os.WriteFile(filepath.Join(empty, "internal.secret"), []byte("\n"), 0o600))
	return append(rows, attempt{"an empty file", "gateway", nil, []string{"TUDO_DATA_DIR=" + empty}, "internal.secret"})
}

// numeric finds the variables of numbers in the configurations of all halves.
var numeric = regexp.MustCompile(`(?m)^(\w+): \$\{(TUDO_[A-Z_]+):-[0-9]+\}$`)

// limitRows has values that no number may have, which are found in the
// configurations themselves: one that is added without bounds fails here.
func limitRows(t *testing.T) (rows []attempt) {
	t.Helper()
	for _, half := range suite.Halves {
		files, err := filepath.Glob(filepath.Join(suite.Folder(half), "etc", "*.yaml"))
		if err != nil || len(files) != 1 {
			t.Fatalf("configurations of %s: %q, %v", half, files, err)
		}
		text, err := os.ReadFile(files[0])
		must(t, "read", err)
		for _, found := range numeric.FindAllStringSubmatch(string(text), -1) {
			key, variable := found[1], found[2]
			for _, value := range []string{"0", "-1", "1099511627777", "9007199254740993", "1h"} {
				rows = append(rows, attempt{variable + "=" + value + " of " + half, half, nil, []string{variable + "=" + value}, key})
			}
		}
	}
	for _, half := range []string{"gateway", "chat_api"} {
		for _, value := range []string{"0/s", "-1/s", "1000000001/s", "10", "10/day", "10/s burst 0", "1/h burst 25"} {
			rows = append(rows, attempt{"TUDO_RATE_USER=" + value + " of " + half, half, nil, []string{"TUDO_RATE_USER=" + value}, `rate "` + value + `"`})
		}
	}
	if len(rows) < 60 {
		t.Fatalf("only %d rows: the configurations are not read as they should be", len(rows))
	}
	return rows
}

func addressRows(t *testing.T) (rows []attempt) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, "listen", err)
	t.Cleanup(func() { l.Close() })
	taken := l.Addr().String()
	off := func(program string) []string {
		env := []string{"TUDO_GATEWAY_INNER_ADDR=off", "TUDO_CHAT_API_INNER_ADDR=off", "TUDO_CHAT_RPC_INNER_ADDR=off"}
		if program == "chat_rpc" {
			env = append(env, "TUDO_MYSQL_DSN=tudo:"+hunter+"@tcp("+nobody(t)+")/tudo")
		}
		return env
	}
	for _, c := range []struct{ name, addr, want string }{
		{"no port", "127.0.0.1", "listen address"},
		{"port 0", "127.0.0.1:0", "a port is needed"},
		{"port 70000", "127.0.0.1:70000", "listen address"},
		{"a port that is taken", taken, "cannot listen on " + taken},
		{"another machine's", "203.0.113.7:8080", "cannot listen on 203.0.113.7:8080"},
		{"no host", "a:b:c", "listen address"},
	} {
		for program, variable := range map[string]string{
			"gateway": "TUDO_GATEWAY_ADDR", "chat_api": "TUDO_CHAT_API_ADDR", "chat_rpc": "TUDO_CHAT_RPC_ADDR", "tudoim": "TUDO_GATEWAY_ADDR",
		} {
			rows = append(rows, attempt{c.name + " for " + program, program, nil, append(off(program), variable+"="+c.addr), c.want})
		}
	}
	for program, prefix := range map[string]string{"gateway": "TUDO_GATEWAY", "chat_api": "TUDO_CHAT_API", "chat_rpc": "TUDO_CHAT_RPC", "tudoim": "TUDO"} {
		env := append(off(program), prefix+"_INNER_ADDR="+taken)
		if program != "tudoim" {
			env = append(env, prefix+"_ADDR="+nobody(t))
		} else {
			env = append(env, "TUDO_GATEWAY_ADDR="+nobody(t))
		}
		rows = append(rows, attempt{"a taken inner address for " + program, program, nil, env, "inner address"})
	}
	return append(rows,
		attempt{"no etcd", "chat_api", nil, []string{"TUDO_ETCD= "}, "TUDO_ETCD"},
		attempt{"a redis URL that is none", "chat_api", nil, []string{"TUDO_REDIS=redis://:" + hunter + "@[::1"}, "TUDO_REDIS"},
		attempt{"an origin that is none", "gateway", nil, []string{"TUDO_ORIGINS=im.example.com"}, "origin"},
		attempt{"networks that are none", "gateway", nil, []string{"TUDO_NETWORKS=everywhere"}, "networks"},
		attempt{"a certificate that is not there", "gateway", nil, []string{"TUDO_TLS_CERT=/none.pem", "TUDO_TLS_KEY=/none.key"}, "TLS"},
		attempt{"a key without its certificate", "gateway", nil, []string{"TUDO_TLS_KEY=/none.key"}, "TLS"},
	)
}

func dsnRows(t *testing.T) (rows []attempt) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts and says nothing
	must(t, "listen", err)
	t.Cleanup(func() { l.Close() })
	gone := nobody(t)
	for _, c := range []struct{ name, dsn, want string }{
		{"no DSN", hunter, "not a valid MySQL DSN"},
		{"another product's", "postgres://tudo:" + hunter + "@127.0.0.1/tudo", "not a valid MySQL DSN"},
		{"no database", "tudo:" + hunter + "@tcp(" + gone + ")/", "names no database"},
		{"many statements in one", "tudo:" + hunter + "@tcp(" + gone + ")/tudo?multiStatements=true", "multiStatements is refused"},
		{"a second line", "tudo:" + hunter + "@tcp(" + gone + ")/tudo\nMaxOpenConns: 1", ""},
	} {
		for _, program := range []string{"chat_rpc", "tudoim"} {
			env := []string{"TUDO_MYSQL_DSN=" + c.dsn, "TUDO_GATEWAY_ADDR=" + nobody(t), "TUDO_CHAT_RPC_ADDR=" + nobody(t)}
			args := []string{"-db"}
			if program != "tudoim" {
				args = nil
			}
			if c.want == "" && program != "tudoim" {
				continue // it waits for that server, as for any that is away
			}
			rows = append(rows, attempt{c.name + " for " + program, program, args, env, c.want})
		}
	}
	dsn := func(addr string) []string {
		return []string{"TUDO_MYSQL_DSN=tudo:" + hunter + "@tcp(" + addr + ")/tudo"}
	}
	return append(rows,
		attempt{"nothing set for a lone half", "chat_rpc", nil, nil, "TUDO_MYSQL_DSN"},
		attempt{"a host that is down", "tudoim", []string{"-db"}, dsn(gone), gone},
		attempt{"a host that is silent", "tudoim", []string{"-db"}, dsn(l.Addr().String()), l.Addr().String()},
	)
}

func dataRows(t *testing.T) (rows []attempt) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	must(t, "write", os.WriteFile(file, nil, 0o600))
	for name, at := range map[string]string{
		"a file": file, "below a file": filepath.Join(file, "data"), "where nothing can be made": "/proc/tudo", "not writable": "/proc",
	} {
		for _, program := range []string{"tudoim", "file_api"} {
			rows = append(rows, attempt{name + " for " + program, program, nil, []string{"TUDO_DATA_DIR=" + at, "TUDO_GATEWAY_ADDR=" + nobody(t)}, ""})
		}
	}
	link := filepath.Join(dir, "link")
	must(t, "make", os.Mkdir(link, 0o700))
	must(t, "link", os.Symlink("/etc", filepath.Join(link, "files")))
	wrong := filepath.Join(dir, "wrong")
	must(t, "make", os.Mkdir(wrong, 0o700))
	must(t, "write", os.WriteFile(filepath.Join(wrong, "files"), nil, 0o600))
	for name, at := range map[string]string{"files is a link": link, "files is a file": wrong} {
		rows = append(rows, attempt{name, "file_api", nil, []string{"TUDO_DATA_DIR=" + at}, "is not a folder"})
	}
	if os.Geteuid() != 0 {
		t.Log("only root may mount a small disk: a full one is not tried")
		return rows
	}
	full := filepath.Join(dir, "full")
	must(t, "make", os.Mkdir(full, 0o700))
	must(t, "mount", syscall.Mount("tmpfs", full, "tmpfs", 0, "size=4k"))
	t.Cleanup(func() { must(t, "unmount", syscall.Unmount(full, 0)) })
	must(t, "fill", os.WriteFile(filepath.Join(full, "rest"), make([]byte, 4<<10), 0o600))
	for _, program := range []string{"tudoim", "file_api"} {
		rows = append(rows, attempt{"full for " + program, program, nil, []string{"TUDO_DATA_DIR=" + full, "TUDO_GATEWAY_ADDR=" + nobody(t)}, ""})
	}
	return rows
}

func environmentRows(t *testing.T) []attempt {
	t.Helper()
	return []attempt{
		{"a second line in an address", "gateway", nil, []string{"TUDO_GATEWAY_ADDR=127.0.0.1:1\nAccessLog: false"}, "listen address"},
		{"a second line in a name", "gateway", nil, []string{"TUDO_ETCD=127.0.0.1:1", "TUDO_LOG_LEVEL=info\nMode: console"}, ""},
		{"a value that is no text", "gateway", nil, []string{"TUDO_ETCD=" + hunter + "\xff"}, "TUDO_ETCD is not valid UTF-8"},
		{"a secret as an argument", "tudoim", []string{"TUDO_JWT_SECRET=" + hunter}, nil, "unknown argument"},
		{"a half that does not exist", "tudoim", []string{"-only", "nobody"}, nil, "nobody"},
	}
}

// nobody is an address of this machine where nobody listens.
func nobody(t *testing.T) string {
	t.Helper()
	port, err := ports.Take()
	must(t, "port", err)
	return ports.Address(port)
}

// TestNoSecretIsAFlag shows that there is no way to give a secret where every
// user of the machine can read it.
func TestNoSecretIsAFlag(t *testing.T) {
	for name := range map[string]bool{"tudoim": true, "auth_rpc": true, "gateway": true} {
		out, err := program(t, name, nil, "-help").CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, secret := range []string{"secret", "password", "dsn", "key"} {
			if strings.Contains(strings.ToLower(string(out)), secret) {
				t.Errorf("%s takes a %s:\n%s", name, secret, out)
			}
		}
	}
}

// TestStartOnADatabase starts on a MariaDB that is there, but refuses, has the
// wrong tables, or would forget.
func TestStartOnADatabase(t *testing.T) {
	suite.Need(t, suite.RequireMariaDB)
	m, err := suite.StartMariaDB(t.TempDir())
	must(t, "start MariaDB", err)
	t.Cleanup(m.Close)
	db, err := sql.Open("mysql", m.DSN())
	must(t, "open", err)
	t.Cleanup(func() { db.Close() })
	half := func(name, dsn, want string) {
		t.Helper()
		t.Run(name, attempt{name, "chat_rpc", nil, []string{"TUDO_MYSQL_DSN=" + dsn, "TUDO_CHAT_RPC_ADDR=" + nobody(t), "TUDO_CHAT_RPC_INNER_ADDR=off"}, want}.fails)
	}
	upgrade := func() {
		t.Helper()
		out, err := program(t, "tudoim", []string{"TUDO_MYSQL_DSN=" + m.DSN()}, "-db").CombinedOutput()
		if err != nil {
			t.Fatalf("-db: %v\n%s", err, out)
		}
	}
	change := func(statement string) {
		t.Helper()
		_, err := db.ExecContext(ctx(t), statement)
		must(t, statement, err)
	}
	_, rest, _ := strings.Cut(m.DSN(), "@")
	half("a wrong password", "tudo:"+hunter+"@"+rest, "Access denied")
	half("a wrong user", "nobody:"+hunter+"@"+rest, "Access denied")
	half("no such database", strings.Replace(m.DSN(), "/tudo?", "/tudo_none?", 1), "Unknown database")
	half("somebody else's database", strings.Replace(m.DSN(), "/tudo?", "/mysql?", 1), "mysql")

	half("no tables", m.DSN(), "go run main.go -db")
	upgrade()
	var newest int
	must(t, "version", db.QueryRowContext(ctx(t), "SELECT MAX(version_id) FROM chat_rpc_schema_version").Scan(&newest))
	change(fmt.Sprintf("DELETE FROM chat_rpc_schema_version WHERE version_id = %d", newest))
	half("tables older than the program", m.DSN(), "go run main.go -db")
	change(fmt.Sprintf("INSERT INTO chat_rpc_schema_version (version_id, is_applied) VALUES (%d, TRUE), (99999, TRUE)", newest))
	half("tables newer than the program", m.DSN(), "start the newer one")
	change("DELETE FROM chat_rpc_schema_version WHERE version_id = 99999")

	again := func(args ...string) {
		t.Helper()
		m.Process().Stop(startWait)
		m.Args = args
		must(t, "start MariaDB again", m.Start())
	}
	for _, lazy := range []string{"0", "2"} {
		again("--innodb-flush-log-at-trx-commit=" + lazy)
		half("a server that may forget, "+lazy, m.DSN(), "innodb_flush_log_at_trx_commit")
	}
	// What the connection itself sets right is no reason.
	again("--sql-mode=", "--default-time-zone=+05:30", "--character-set-server=latin1", "--log-bin", "--sync-binlog=0")
	inner := nobody(t)
	cmd := program(t, "chat_rpc", []string{"TUDO_MYSQL_DSN=" + m.DSN(), "TUDO_CHAT_RPC_ADDR=" + nobody(t), "TUDO_CHAT_RPC_INNER_ADDR=" + inner, "TUDO_ETCD=" + nobody(t)})
	out := runs(t, cmd)
	eventually(t, "it serves, but for its etcd", func(c context.Context) error {
		missing, err := (&suite.Member{Name: "chat_rpc", Inner: inner}).Missing(c)
		if err == nil && (len(missing) != 1 || !strings.Contains(fmt.Sprint(missing), "etcd")) {
			err = fmt.Errorf("misses %v", missing)
		}
		return err
	})
	eventually(t, "it warns of the binary log", func(context.Context) error {
		if said := out(); !strings.Contains(said, "sync_binlog") {
			return errors.New(said)
		}
		return nil
	})
}

// runs runs cmd until the test ends and returns what tells what it has said.
func runs(t *testing.T, cmd *exec.Cmd) (said func() string) {
	t.Helper()
	log := filepath.Join(t.TempDir(), "log")
	p, err := suite.StartProcess(cmd, log)
	must(t, "start", err)
	t.Cleanup(func() { p.Stop(15 * time.Second) })
	return func() string {
		b, err := os.ReadFile(log)
		must(t, "read", err)
		return string(b)
	}
}

// TestTwoOfOneAddress starts a half twice at one address, and twice under one:
// the first is registered all the time.
func TestTwoOfOneAddress(t *testing.T) {
	suite.Need(t, suite.RequireEtcd)
	e, err := suite.StartEtcd(t.TempDir())
	must(t, "start etcd", err)
	t.Cleanup(e.Close)
	etcd, err := clientv3.New(clientv3.Config{Endpoints: []string{e.Addr()}})
	must(t, "client", err)
	t.Cleanup(func() { etcd.Close() })
	at := nobody(t)
	env := []string{"TUDO_ETCD=" + e.Addr(), "TUDO_SETTINGS_API_ADDR=" + at, "TUDO_SETTINGS_API_INNER_ADDR=off"}
	registered := func(want int) func(c context.Context) error {
		return func(c context.Context) error {
			got, err := etcd.Get(c, "settings_api/", clientv3.WithPrefix())
			if err != nil {
				return err
			}
			for _, kv := range got.Kvs {
				if string(kv.Value) != at {
					return fmt.Errorf("registered as %s", kv.Value)
				}
			}
			if len(got.Kvs) != want {
				return fmt.Errorf("%d are registered, want %d", len(got.Kvs), want)
			}
			return nil
		}
	}
	runs(t, program(t, "settings_api", env))
	eventually(t, "the first is registered", registered(1))
	watch := etcd.Watch(t.Context(), "settings_api/", clientv3.WithPrefix())

	attempt{"the same address", "settings_api", nil, env, "cannot listen on " + at}.fails(t)
	must(t, "the first is there", registered(1)(ctx(t)))
	select {
	case change := <-watch:
		t.Errorf("the second one changed what is registered: %v", change.Events)
	default:
	}

	second, err := suite.StartProcess(program(t, "settings_api", append(slices.Clone(env), "TUDO_SETTINGS_API_ADDR="+nobody(t), "TUDO_SETTINGS_API_ADVERTISE="+at)), filepath.Join(t.TempDir(), "log"))
	must(t, "start", err)
	eventually(t, "both are registered", registered(2))
	second.Stop(15 * time.Second)
	must(t, "the first is there still", registered(1)(ctx(t)))
}
