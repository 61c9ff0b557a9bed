package suite

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"tudoIM/utils/ports"
)

// Etcd is a real, durable etcd of one member in a process of its own.
type Etcd struct {
	dir     string
	bin     string
	client  string
	peer    string
	process *Process
}

// etcdBinary builds the server once; later runs find it unchanged.
var etcdBinary = sync.OnceValues(func() (string, error) {
	dir, err := cached(func(dir string) error {
		build := exec.Command("go", "build", "-o", filepath.Join(dir, "etcdserver"), "tudoIM/test/suite/etcdserver")
		out, err := build.CombinedOutput()
		if err != nil {
			return fmt.Errorf("build etcdserver: %w\n%s", err, out)
		}
		return nil
	})
	return filepath.Join(dir, "etcdserver"), err
})

// RequireEtcd builds the server StartEtcd runs.
func RequireEtcd() error {
	_, err := etcdBinary()
	return err
}

// StartEtcd runs a server in dir and returns when it answers.
func StartEtcd(dir string) (*Etcd, error) {
	bin, err := etcdBinary()
	if err != nil {
		return nil, err
	}
	client, err := ports.Take()
	if err != nil {
		return nil, err
	}
	peer, err := ports.Take()
	if err != nil {
		return nil, err
	}
	e := &Etcd{dir: dir, bin: bin, client: ports.Address(client), peer: ports.Address(peer)}
	return e, e.Start()
}

// Addr is the host and port clients connect to. It stays the same after Kill
// and Start.
func (e *Etcd) Addr() string {
	return e.client
}

// Process is the server's current process.
func (e *Etcd) Process() *Process {
	return e.process
}

// Kill ends the server at once (SIGKILL).
func (e *Etcd) Kill() {
	e.process.kill()
}

// Start runs the server again on the data it had and returns when it answers.
func (e *Etcd) Start() error {
	var err error
	cmd := exec.Command(e.bin, "-data", e.data(), "-client", e.client, "-peer", e.peer)
	e.process, err = StartProcess(cmd, filepath.Join(e.dir, "etcd.log"))
	if err != nil {
		return err
	}
	if err := e.process.ready(30*time.Second, e.ping); err != nil {
		e.process.kill()
		return err
	}
	return nil
}

// ping asks for a key, which needs a leader. It does not let the client dial
// before the port is open: that one would wait long before it tried again.
func (e *Etcd) ping() error {
	c, err := net.DialTimeout("tcp", e.client, time.Second)
	if err != nil {
		return err
	}
	c.Close()
	client, err := clientv3.New(clientv3.Config{Endpoints: []string{e.client}})
	if err != nil {
		return err
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, err = client.Get(ctx, "ready")
	return err
}

// Wipe deletes the data of a server that was killed: Start then begins an
// empty one.
func (e *Etcd) Wipe() error {
	select {
	case <-e.process.Done():
		return os.RemoveAll(e.data())
	default:
		return fmt.Errorf("etcd %s still runs", e.client)
	}
}

// Close stops the server.
func (e *Etcd) Close() {
	e.process.Stop(stopTimeout)
}

func (e *Etcd) data() string {
	return filepath.Join(e.dir, "etcd-data")
}
