package suite

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"tudoIM/utils/ports"
)

// S3Bucket is the bucket of an S3.
const S3Bucket = "tudo"

// S3 is a real server that speaks S3 (Versity's gateway over a folder).
type S3 struct {
	dir     string
	bin     string
	addr    string
	access  string
	secret  string
	process *Process
}

// s3Binary builds the server once; later runs find it unchanged. It is a
// module of its own: the suite needs nothing of what it needs.
var s3Binary = sync.OnceValues(func() (string, error) {
	dir, err := cached(func(dir string) error {
		where, err := exec.Command("go", "list", "-f", "{{.Dir}}", "tudoIM/test/suite").Output()
		if err != nil {
			return fmt.Errorf("find s3server: %w", err)
		}
		build := exec.Command("go", "build", "-o", filepath.Join(dir, "versitygw"), "github.com/versity/versitygw/cmd/versitygw")
		build.Dir = filepath.Join(strings.TrimSpace(string(where)), "s3server")
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("build s3server: %w\n%s", err, out)
		}
		return nil
	})
	return filepath.Join(dir, "versitygw"), err
})

// RequireS3 builds the server StartS3 runs.
func RequireS3() error {
	_, err := s3Binary()
	return err
}

// StartS3 runs a server in dir and returns when it answers and has S3Bucket.
func StartS3(dir string) (*S3, error) {
	bin, err := s3Binary()
	if err != nil {
		return nil, err
	}
	port, err := ports.Take()
	if err != nil {
		return nil, err
	}
	s := &S3{dir: dir, bin: bin, addr: ports.Address(port), access: "tudo" + rand.Text()[:8], secret: rand.Text()}
	for _, d := range []string{s.data(), s.meta()} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, err
		}
	}
	return s, s.Start()
}

// Env is what file_api takes to use the server.
func (s *S3) Env() []string {
	return []string{
		"TUDO_S3_ENDPOINT=" + s.Endpoint(), "TUDO_S3_BUCKET=" + S3Bucket,
		"TUDO_S3_ACCESS_KEY=" + s.access, "TUDO_S3_SECRET_KEY=" + s.secret,
	}
}

// Endpoint is the URL of the server. It stays the same after Kill and Start.
func (s *S3) Endpoint() string { return "http://" + s.addr }

// Keys are who may do everything.
func (s *S3) Keys() (access, secret string) { return s.access, s.secret }

// Process is the server's current process.
func (s *S3) Process() *Process { return s.process }

// Kill ends the server at once (SIGKILL).
func (s *S3) Kill() { s.process.kill() }

// Start runs the server again on the data it had and returns when it answers.
func (s *S3) Start() error {
	cmd := exec.Command(s.bin, "--quiet", "--port", s.addr, "posix", "--sidecar", s.meta(), s.data())
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+s.access, "ROOT_SECRET_KEY="+s.secret)
	var err error
	if s.process, err = StartProcess(cmd, filepath.Join(s.dir, "s3.log")); err != nil {
		return err
	}
	if err := s.process.ready(30*time.Second, s.ping); err != nil {
		s.process.kill()
		return err
	}
	return nil
}

// ping makes the bucket, if need be.
func (s *S3) ping() error {
	client, err := s.Client()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	is, err := client.BucketExists(ctx, S3Bucket)
	if err != nil || is {
		return err
	}
	return client.MakeBucket(ctx, S3Bucket, minio.MakeBucketOptions{})
}

// Client is a client of the server.
func (s *S3) Client() (*minio.Client, error) {
	return minio.New(s.addr, &minio.Options{Creds: credentials.NewStaticV4(s.access, s.secret, ""), Region: "us-east-1", MaxRetries: 1})
}

// Objects lists the names in the bucket, and of what is being put there.
func (s *S3) Objects(ctx context.Context) (names []string, err error) {
	client, err := s.Client()
	if err != nil {
		return nil, err
	}
	for o := range client.ListObjects(ctx, S3Bucket, minio.ListObjectsOptions{Recursive: true}) {
		if o.Err != nil {
			return nil, o.Err
		}
		names = append(names, o.Key)
	}
	for u := range client.ListIncompleteUploads(ctx, S3Bucket, "", true) {
		if u.Err != nil {
			return nil, u.Err
		}
		names = append(names, u.Key+" incomplete")
	}
	return names, nil
}

// Close stops the server.
func (s *S3) Close() { s.process.Stop(stopTimeout) }

func (s *S3) data() string { return filepath.Join(s.dir, "s3-data") }
func (s *S3) meta() string { return filepath.Join(s.dir, "s3-meta") }
