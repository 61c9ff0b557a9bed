package suite

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"tudoIM/utils/ports"
)

// stopTimeout is how long a server may take to stop before it is killed.
const stopTimeout = 10 * time.Second

// Redis is a real redis-server that keeps nothing on disk.
type Redis struct {
	dir      string
	port     int
	password string
	process  *Process
}

// RequireRedis reports what must be installed for StartRedis.
func RequireRedis() error {
	_, err := program("redis-server", "redis-server")
	return err
}

// StartRedis runs a server in dir and returns when it answers.
func StartRedis(dir string) (*Redis, error) {
	port, err := ports.Take()
	if err != nil {
		return nil, err
	}
	r := &Redis{dir: dir, port: port, password: rand.Text()}
	config := fmt.Sprintf("bind 127.0.0.1\nport %d\nrequirepass %s\nsave \"\"\nappendonly no\ndir %q\ndaemonize no\n", port, r.password, dir)
	if err := os.WriteFile(r.path("redis.conf"), []byte(config), 0o600); err != nil {
		return nil, err
	}
	return r, r.Start()
}

// URL is what go-redis ParseURL takes. It stays the same after Kill and Start.
func (r *Redis) URL() string {
	u := url.URL{Scheme: "redis", User: url.UserPassword("", r.password), Host: ports.Address(r.port), Path: "/0"}
	return u.String()
}

// Process is the server's current process.
func (r *Redis) Process() *Process {
	return r.process
}

// Kill ends the server at once (SIGKILL); all it held is lost.
func (r *Redis) Kill() {
	r.process.kill()
}

// Start runs the server again, empty, and returns when it answers.
func (r *Redis) Start() error {
	bin, err := program("redis-server", "redis-server")
	if err != nil {
		return err
	}
	r.process, err = StartProcess(exec.Command(bin, r.path("redis.conf")), r.path("redis.log"))
	if err != nil {
		return err
	}
	o, err := redis.ParseURL(r.URL())
	if err != nil {
		return err
	}
	client := redis.NewClient(o)
	defer client.Close()
	err = r.process.ready(10*time.Second, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		info, err := client.InfoMap(ctx, "server").Result()
		if err == nil && info["Server"]["process_id"] != strconv.Itoa(r.process.Pid()) {
			err = fmt.Errorf("port %d belongs to another server", r.port)
		}
		return err
	})
	if err != nil {
		r.process.kill()
	}
	return err
}

// Close stops the server.
func (r *Redis) Close() {
	r.process.Stop(stopTimeout)
}

func (r *Redis) path(name string) string {
	return filepath.Join(r.dir, name)
}
