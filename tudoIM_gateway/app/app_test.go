package app

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/core/conf"
	"tudoIM/utils/ports"
)

// patience bounds whatever a test waits for.
const patience = 30 * time.Second

// logs is what the process has logged.
var logs = &output{}

type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(b)
}

func (o *output) count(what string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.Count(o.b.String(), what)
}

func TestMain(m *testing.M) {
	logx.SetWriter(logx.NewWriter(logs))
	os.Exit(m.Run())
}

// certificate makes one of its own for 127.0.0.1, as PEM, with its key.
func certificate(t *testing.T, serial int64) (cert, key []byte) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	is := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "127.0.0.1"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	raw, err := x509.CreateCertificate(rand.Reader, is, is, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	of, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: of})
}

// files are the two files of a certificate.
type files struct {
	t         *testing.T
	cert, key string
}

func newFiles(t *testing.T) files {
	dir := t.TempDir()
	return files{t, filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")}
}

func (f files) write(cert, key []byte) {
	f.t.Helper()
	for file, b := range map[string][]byte{f.cert: cert, f.key: key} {
		if err := os.WriteFile(file, b, 0o600); err != nil {
			f.t.Fatal(err)
		}
	}
}

// serial is what a handshake shows now.
func serial(t *testing.T, c *tls.Config) int64 {
	t.Helper()
	shown, err := c.GetCertificate(nil)
	if err != nil {
		t.Fatal(err)
	}
	return shown.Leaf.SerialNumber.Int64()
}

func TestACertificateIsRenewedWithoutARestart(t *testing.T) {
	t.Parallel()
	f := newFiles(t)
	cert1, key1 := certificate(t, 1)
	cert2, key2 := certificate(t, 2)
	f.write(cert1, key1)
	p := &pair{certFile: f.cert, keyFile: f.key}
	if err := p.read(); err != nil {
		t.Fatal(err)
	}
	c := &tls.Config{GetCertificate: p.certificate}
	for _, step := range []struct {
		name      string
		cert, key []byte
		want      int64
		logged    int // lines about these files so far
	}{
		{"at first", cert1, key1, 1, 0},
		{"half of the new one is there", cert2, key1, 1, 1},
		{"the same again", cert2, key1, 1, 1},
		{"all of it is", cert2, key2, 2, 2},
		{"what is none", []byte("no certificate"), key2, 2, 3},
		{"an empty file", nil, nil, 2, 4},
		{"the first one again", cert1, key1, 1, 5},
	} {
		f.write(step.cert, step.key)
		for range 3 {
			if got := serial(t, c); got != step.want {
				t.Errorf("%s: certificate %d is shown, want %d", step.name, got, step.want)
			}
		}
		if got := logs.count(f.cert); got != step.logged {
			t.Errorf("%s: %d lines are logged, want %d", step.name, got, step.logged)
		}
	}
	if err := os.Remove(f.cert); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if got := serial(t, c); got != 1 {
			t.Errorf("without a file: certificate %d is shown", got)
		}
	}
	if got := logs.count(f.cert); got != 6 {
		t.Errorf("without a file: %d lines are logged", got)
	}
	if logs.count("PRIVATE") > 0 {
		t.Error("a key is in the log")
	}
}

func TestFilesAreNotLookedAtForEachHandshake(t *testing.T) {
	t.Parallel()
	f := newFiles(t)
	f.write(certificate(t, 1))
	c, err := loadTLS(f.cert, f.key)
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	f.write(certificate(t, 2))
	for serial(t, c) != 2 {
		if time.Since(begin) > patience {
			t.Fatal("the new certificate is never shown")
		}
	}
	if took := time.Since(begin); took < look/2 {
		t.Errorf("it is shown after %v", took)
	}
}

// TestAGatewayWithTLS runs one with nothing behind it.
func TestAGatewayWithTLS(t *testing.T) {
	t.Parallel()
	addrs, err := ports.Loopback(3)
	if err != nil {
		t.Fatal(err)
	}
	f := newFiles(t)
	f.write(certificate(t, 1))
	env := map[string]string{
		"TUDO_GATEWAY_ADDR": addrs[0], "TUDO_GATEWAY_INNER_ADDR": addrs[1], "TUDO_ETCD": addrs[2], "TUDO_DATA_DIR": t.TempDir(),
		"TUDO_TLS_CERT": f.cert, "TUDO_TLS_KEY": f.key,
	}
	text, err := os.ReadFile("../etc/gateway.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var c Config
	if err := conf.Parse(text, &c, func(name string) (string, bool) { v, ok := env[name]; return v, ok }); err != nil {
		t.Fatal(err)
	}
	gateway, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	go gateway.Start()

	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
	}}
	get := func(url string) (*http.Response, string) {
		t.Helper()
		for end := time.Now().Add(patience); ; {
			resp, err := client.Get(url)
			if err == nil {
				defer resp.Body.Close()
				body, err := io.ReadAll(resp.Body)
				if err != nil {
					t.Fatal(err)
				}
				return resp, string(body)
			}
			if time.Now().After(end) {
				t.Fatal(err)
			}
		}
	}
	for path, status := range map[string]int{"/": 200, "/healthz": 200, "/readyz": 503, "/api/user/user_info": 401, "/none": 404} {
		resp, body := get("https://" + addrs[0] + path)
		if resp.StatusCode != status || resp.Header.Get("Strict-Transport-Security") != "max-age=31536000" {
			t.Errorf("%s: %s %v\n%s", path, resp.Status, resp.Header, body)
		}
	}
	for _, old := range []uint16{tls.VersionTLS10, tls.VersionTLS11} {
		conn, err := tls.Dial("tcp", addrs[0], &tls.Config{InsecureSkipVerify: true, MinVersion: old, MaxVersion: old})
		if err == nil {
			conn.Close()
			t.Errorf("%s is spoken", tls.VersionName(old))
		}
	}
	f.write(certificate(t, 2))
	for end := time.Now().Add(patience); ; {
		resp, _ := get("https://" + addrs[0] + "/healthz")
		if resp.TLS.PeerCertificates[0].SerialNumber.Int64() == 2 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the new certificate is never shown")
		}
	}
	resp, body := get("http://" + addrs[1] + "/metrics")
	if resp.StatusCode != http.StatusOK || !strings.Contains(body, "go_goroutines") {
		t.Errorf("/metrics: %s\n%.300s", resp.Status, body)
	}
	if resp, _ := get("https://" + addrs[0] + "/metrics"); resp.StatusCode != http.StatusNotFound {
		t.Errorf("/metrics for everybody: %s", resp.Status)
	}
}

func TestWithoutFilesThereIsNoTLS(t *testing.T) {
	t.Parallel()
	if c, err := loadTLS("", ""); c != nil || err != nil {
		t.Errorf("%v, %v", c, err)
	}
	f := newFiles(t)
	f.write(certificate(t, 1))
	for _, of := range [][2]string{{f.cert, ""}, {"", f.key}, {f.key, f.cert}, {f.cert, f.cert}, {"/none", f.key}} {
		if _, err := loadTLS(of[0], of[1]); err == nil || !strings.HasPrefix(err.Error(), "TLS: ") {
			t.Errorf("%q: %v", of, err)
		}
	}
}
