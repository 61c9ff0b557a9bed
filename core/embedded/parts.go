package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"go.etcd.io/etcd/client/pkg/v3/fileutil"
)

// etcdStop is how long an etcd that is not needed any more is waited for.
const etcdStop = 2 * time.Second

// Parts are what a process runs itself because nobody named it another one.
type Parts struct {
	answers map[string]string
	lock    *fileutil.LockedFile
	etcd    *Etcd
	redis   *Redis
}

// SQLiteDSN names the database in the data directory dir.
func SQLiteDSN(dir string) string { return "sqlite:" + filepath.Join(dir, "tudo.db") }

// Start runs, with their data in dir, those of database, Redis and etcd that
// env does not name. It fails if another process runs its own in dir.
func Start(dir string, env func(name string) (string, bool)) (*Parts, error) {
	p := &Parts{answers: map[string]string{}}
	lacks := func(name string) bool { v, _ := env(name); return v == "" }
	if lacks("TUDO_MYSQL_DSN") || lacks("TUDO_ETCD") {
		lock, err := fileutil.TryLockFile(filepath.Join(dir, "tudo.lock"), os.O_CREATE|os.O_WRONLY, 0o600)
		if errors.Is(err, fileutil.ErrLocked) {
			return nil, fmt.Errorf("another Tudo IM runs on %s; stop it, or set TUDO_DATA_DIR to another directory", dir)
		}
		if err != nil {
			return nil, fmt.Errorf("data directory: %w", err)
		}
		p.lock = lock
	}
	if lacks("TUDO_ETCD") {
		if err := room(dir); err != nil {
			p.Close()
			return nil, err
		}
	}
	if lacks("TUDO_MYSQL_DSN") {
		p.answers["TUDO_MYSQL_DSN"] = SQLiteDSN(dir)
	}
	var errRedis, errEtcd error
	var wg sync.WaitGroup
	if lacks("TUDO_REDIS") {
		wg.Go(func() { p.redis, errRedis = StartRedis() })
	}
	if lacks("TUDO_ETCD") {
		wg.Go(func() { p.etcd, errEtcd = StartEtcd(filepath.Join(dir, "etcd")) })
	}
	wg.Wait()
	if err := errors.Join(errRedis, errEtcd); err != nil {
		p.Close()
		return nil, err
	}
	if p.redis != nil {
		p.answers["TUDO_REDIS"] = p.redis.URL()
	}
	if p.etcd != nil {
		p.answers["TUDO_ETCD"] = p.etcd.Addr()
	}
	return p, nil
}

// etcdRoom is what etcd lays out in advance: where there is less, it panics.
const etcdRoom = 64 << 20

// room returns an error if there is no room for what is to be kept in dir.
func room(dir string) error {
	f, err := os.CreateTemp(dir, ".room-*")
	if err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	err = errors.Join(fileutil.Preallocate(f, etcdRoom, true), f.Close(), os.Remove(f.Name()))
	if err != nil {
		return fmt.Errorf("data directory %s: %d MiB have to be free: %w", dir, etcdRoom>>20, err)
	}
	return nil
}

// Lookup answers for the variables that would name what runs here.
func (p *Parts) Lookup(name string) (string, bool) {
	v, ok := p.answers[name]
	return v, ok
}

// Close ends what runs, when nothing uses it any more. An etcd that takes
// long is left to end with the process.
func (p *Parts) Close() {
	if p.etcd != nil {
		p.etcd.Close(etcdStop)
	}
	if p.redis != nil {
		p.redis.Close()
	}
	if p.lock != nil {
		_ = p.lock.Close() // the system would do it too
	}
}
