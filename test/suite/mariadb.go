package suite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"

	"tudoIM/utils/ports"
)

// MariaDB is a real mariadbd. A commit it has answered survives Kill.
type MariaDB struct {
	// BufferPoolMB is the size of InnoDB's cache from the next Start on.
	BufferPoolMB int
	// Args are further options from the next Start on; they win over ours.
	Args []string

	dir      string
	port     int
	password string
	process  *Process
}

// RequireMariaDB reports what must be installed for StartMariaDB.
func RequireMariaDB() error {
	for _, name := range []string{"mariadbd", "mariadb-install-db"} {
		if _, err := program(name, "mariadb-server"); err != nil {
			return err
		}
	}
	return nil
}

// StartMariaDB installs a server in dir, runs it and returns when it answers.
// Its one database is called tudo.
func StartMariaDB(dir string) (*MariaDB, error) {
	if err := RequireMariaDB(); err != nil {
		return nil, err
	}
	port, err := ports.Take()
	if err != nil {
		return nil, err
	}
	m := &MariaDB{BufferPoolMB: 64, dir: dir, port: port, password: rand.Text()}
	if err := m.install(); err != nil {
		return nil, err
	}
	return m, m.Start()
}

// install copies the data of a fresh server, made once on this machine.
func (m *MariaDB) install() error {
	bin, err := program("mariadbd", "mariadb-server")
	if err != nil {
		return err
	}
	version, err := exec.Command(bin, "--no-defaults", "--version").Output()
	if err != nil {
		return err
	}
	words := strings.Fields(string(version)) // mariadbd Ver 10.11.19-MariaDB-...
	if len(words) < 3 {
		return fmt.Errorf("mariadbd --version says %q", version)
	}
	name := "mariadb-" + words[2]
	cache, err := cached(func(dir string) error { return installDB(filepath.Join(dir, name)) })
	if err != nil {
		return err
	}
	out, err := exec.Command("cp", "-a", "--reflink=auto", filepath.Join(cache, name), m.path("mariadb-data")).CombinedOutput()
	if err != nil {
		return fmt.Errorf("copy the fresh database: %w: %s", err, out)
	}
	// A user of this server only; the file is read at every start.
	setup := strings.NewReplacer("{password}", m.password, "{root}", rand.Text()).Replace(`CREATE DATABASE IF NOT EXISTS tudo;
ALTER USER root@localhost IDENTIFIED BY '{root}';
CREATE OR REPLACE USER tudo@'127.0.0.1' IDENTIFIED BY '{password}';
GRANT ALL ON tudo.* TO tudo@'127.0.0.1';
GRANT ALL ON ` + "`tudo\\_%`" + `.* TO tudo@'127.0.0.1';
GRANT PROCESS ON *.* TO tudo@'127.0.0.1';
`)
	return os.WriteFile(m.path("setup.sql"), []byte(setup), 0o600)
}

// installDB makes the data of a fresh server at path, unless it is there.
func installDB(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	bin, err := program("mariadb-install-db", "mariadb-server")
	if err != nil {
		return err
	}
	half := path + ".new"
	if err := os.RemoveAll(half); err != nil {
		return err
	}
	out, err := exec.Command(bin, "--no-defaults", "--datadir="+half, "--auth-root-authentication-method=normal",
		"--skip-test-db", "--skip-name-resolve", "--innodb-log-file-size=32M", "--user="+account()).CombinedOutput()
	if err != nil {
		return fmt.Errorf("mariadb-install-db: %w\n%s", err, out)
	}
	return os.Rename(half, path)
}

// account is who the server runs as: it refuses to be root unless told so.
func account() string {
	if os.Getuid() == 0 {
		return "root"
	}
	return strconv.Itoa(os.Getuid())
}

// DSN is the server's database tudo, for the Go driver. It stays the same
// after Kill and Start.
func (m *MariaDB) DSN() string {
	return m.dsn("tudo")
}

// NewDatabase makes the empty database tudo_<name> and returns its DSN.
func (m *MariaDB) NewDatabase(name string) (string, error) {
	db, err := sql.Open("mysql", m.DSN())
	if err != nil {
		return "", err
	}
	defer db.Close()
	name = "tudo_" + name
	if _, err := db.Exec("CREATE DATABASE `" + strings.ReplaceAll(name, "`", "``") + "`"); err != nil {
		return "", fmt.Errorf("create %s: %w", name, err)
	}
	return m.dsn(name), nil
}

func (m *MariaDB) dsn(database string) string {
	return fmt.Sprintf("tudo:%s@tcp(%s)/%s?parseTime=true&charset=utf8mb4", m.password, ports.Address(m.port), database)
}

// Process is the server's current process.
func (m *MariaDB) Process() *Process {
	return m.process
}

// Kill ends the server at once (SIGKILL).
func (m *MariaDB) Kill() {
	m.process.kill()
}

// Start runs the server again on the data it had and returns when it answers.
func (m *MariaDB) Start() error {
	bin, err := program("mariadbd", "mariadb-server")
	if err != nil {
		return err
	}
	cmd := exec.Command(bin, "--no-defaults",
		"--datadir="+m.path("mariadb-data"),
		"--socket=socket", // in the data directory; the whole path could be too long
		"--pid-file="+m.path("mariadb.pid"),
		"--init-file="+m.path("setup.sql"),
		"--user="+account(),
		"--bind-address=127.0.0.1",
		"--port="+strconv.Itoa(m.port),
		"--skip-name-resolve",
		"--skip-log-bin",
		"--performance-schema=OFF",
		"--character-set-server=utf8mb4",
		"--max-connections=500",
		"--innodb-flush-log-at-trx-commit=1",
		"--innodb-log-file-size=32M",
		fmt.Sprintf("--innodb-buffer-pool-size=%dM", m.BufferPoolMB),
	)
	cmd.Args = append(cmd.Args, m.Args...)
	m.process, err = StartProcess(cmd, m.path("mariadb.log"))
	if err != nil {
		return err
	}
	config, err := mysql.ParseDSN(m.DSN())
	if err != nil {
		return err
	}
	config.Logger = &mysql.NopLogger{} // it is not up yet: that is no error
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	err = m.process.ready(60*time.Second, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		return db.PingContext(ctx)
	})
	if err != nil {
		m.process.kill()
	}
	return err
}

// Close stops the server.
func (m *MariaDB) Close() {
	m.process.Stop(stopTimeout)
}

func (m *MariaDB) path(name string) string {
	return filepath.Join(m.dir, name)
}
