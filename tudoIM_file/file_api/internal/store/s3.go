package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

const (
	// s3Call bounds a call that moves no bytes, and s3Stall how long none may
	// come while some are awaited.
	s3Call  = 10 * time.Second
	s3Stall = time.Minute
	s3Dial  = 2 * time.Second
	// s3Remove bounds the removal of all there is of a key.
	s3Remove = time.Minute
	// A Commit may take a minute, and a second more for each of these bytes.
	s3Commit = time.Minute
	s3Rate   = 256 << 10
	// s3Tries is how often a call is made that fails by no fault of ours.
	s3Tries = 3
	// s3Part is how much of long bytes goes in one call, s3Parts how many of
	// those at a time.
	s3Part  = 16 << 20
	s3Parts = 2
)

// S3Config names a bucket of a service that speaks S3.
type S3Config struct {
	// Endpoint is http(s)://host[:port]; empty means no S3.
	Endpoint string `json:",optional"`
	Region   string `json:",default=us-east-1"`
	Bucket   string `json:",optional"`
	// Prefix begins the name of every object.
	Prefix    string `json:",optional"`
	AccessKey string `json:",optional"`
	SecretKey string `json:",optional"`
}

// S3 is a Store in a bucket: the bytes at key abcd... are the object
// PREFIXab/cd/abcd.... What is on its way is a file of a Disk until it is
// whole, so an upload that is cut leaves nothing in the bucket.
type S3 struct {
	client *minio.Client
	bucket string
	prefix string
	drafts *Disk
}

// OpenS3 returns the store in the bucket that c names, whose drafts are in
// folder dir. Nothing is asked yet: a service that is away is Ready's to tell.
func OpenS3(c S3Config, dir string) (*S3, error) {
	u, err := url.Parse(c.Endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return nil, errors.New("store: S3 endpoint is not of the form https://host")
	}
	if c.Bucket == "" || c.AccessKey == "" || c.SecretKey == "" {
		return nil, errors.New("store: S3 needs a bucket, an access key and a secret key")
	}
	if c.Prefix != "" && (strings.HasPrefix(c.Prefix, "/") || path.Clean(c.Prefix) != strings.TrimSuffix(c.Prefix, "/") || strings.HasPrefix(c.Prefix, "..")) {
		return nil, errors.New("store: S3 prefix is not of the form folder/")
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""),
		Secure: u.Scheme == "https", Region: c.Region, Transport: transport(), MaxRetries: s3Tries,
	})
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	drafts, err := OpenDisk(dir)
	if err != nil {
		return nil, err
	}
	return &S3{client: client, bucket: c.Bucket, prefix: c.Prefix, drafts: drafts}, nil
}

// transport gives up connections on which nothing moves.
func transport() http.RoundTripper {
	dial := &net.Dialer{Timeout: s3Dial, KeepAlive: 15 * time.Second}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := dial.DialContext(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return stalling{c}, nil
		},
		ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 64, IdleConnTimeout: s3Stall / 2,
		TLSHandshakeTimeout: 5 * time.Second, ExpectContinueTimeout: time.Second,
		DisableCompression: true, // the bytes as they are
	}
}

// stalling is a connection that fails when nothing moves on it for s3Stall.
type stalling struct{ net.Conn }

func (c stalling) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(s3Stall)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

// Write puts off the end of a Read that waits meanwhile, too: there is nothing
// to be read before all is written.
func (c stalling) Write(p []byte) (int, error) {
	if err := c.SetDeadline(time.Now().Add(s3Stall)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

func (s *S3) name(key string) string { return s.prefix + place(key) }

// Close ends the use of the store, and with it all drafts.
func (s *S3) Close() error { return s.drafts.Close() }

// Ready implements Store.
func (s *S3) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s3Call)
	defer cancel()
	if err := s.drafts.Ready(ctx); err != nil {
		return err
	}
	is, err := s.client.BucketExists(ctx, s.bucket)
	if err == nil && !is {
		err = fmt.Errorf("there is no bucket %s", s.bucket)
	}
	return err
}

// Open implements Store.
func (s *S3) Open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error) {
	if !isKey(key) {
		return nil, 0, ErrMissing
	}
	asked, cancel := context.WithTimeout(ctx, s3Call)
	defer cancel()
	info, err := s.client.StatObject(asked, s.bucket, s.name(key), minio.StatObjectOptions{})
	if err != nil {
		return nil, 0, s.missing(asked, key, err)
	}
	object, err := s.client.GetObject(ctx, s.bucket, s.name(key), minio.GetObjectOptions{})
	if err != nil {
		return nil, 0, fmt.Errorf("store: %w", err)
	}
	return object, info.Size, nil
}

// missing tells what is not there from a bucket that is not, which is the same
// answer to a question about an object.
func (s *S3) missing(ctx context.Context, key string, err error) error {
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		var is bool
		if is, err = s.client.BucketExists(ctx, s.bucket); is {
			return fmt.Errorf("%s: %w", key, ErrMissing)
		}
		if err == nil {
			err = fmt.Errorf("there is no bucket %s", s.bucket)
		}
	}
	return fmt.Errorf("store: %w", err)
}

// Remove implements Store.
func (s *S3) Remove(ctx context.Context, key string) error {
	if !isKey(key) {
		return fmt.Errorf("store: %q is not a key", key)
	}
	ctx, cancel := context.WithTimeout(ctx, s3Remove)
	defer cancel()
	// Parts of a Commit that was killed are no objects yet.
	failed := []error{s.client.RemoveIncompleteUpload(ctx, s.bucket, s.name(key))}
	// The key's own name is the first of all that begin with it.
	for o := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.name(key), Recursive: true}) {
		if o.Err == nil {
			o.Err = s.client.RemoveObject(ctx, s.bucket, o.Key, minio.RemoveObjectOptions{})
		}
		failed = append(failed, o.Err)
	}
	if err := errors.Join(failed...); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

// Begin implements Store.
func (s *S3) Begin(ctx context.Context) (Draft, error) {
	d, err := s.drafts.begin(ctx)
	if err != nil {
		return nil, err
	}
	return &s3Draft{draft: d, s3: s}, nil
}

type s3Draft struct {
	*draft
	s3 *S3
}

func (d *s3Draft) Commit(ctx context.Context, key string) error {
	if !isKey(key) {
		return fmt.Errorf("store: %q is not a key", key)
	}
	info, err := d.file.Stat()
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, s3Commit+time.Duration(info.Size()/s3Rate)*time.Second)
	defer cancel()
	// A section of the file is read where it lies: no part is held in memory.
	_, err = d.s3.client.PutObject(ctx, d.s3.bucket, d.s3.name(key), io.NewSectionReader(d.file, 0, info.Size()), info.Size(), minio.PutObjectOptions{
		ContentType: "application/octet-stream", PartSize: s3Part, NumThreads: s3Parts,
	})
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}
