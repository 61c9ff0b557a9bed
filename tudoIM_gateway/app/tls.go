package app

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/zeromicro/go-zero/core/logx"
)

// look is how often the files of a certificate are looked at, at most.
const look = 2 * time.Second

// loadTLS returns the TLS of a gateway with the certificate of two files, nil
// if there are none. A new certificate in the files is taken without a
// restart; a broken one is logged once, and the old one stays.
func loadTLS(certFile, keyFile string) (*tls.Config, error) {
	if certFile == "" && keyFile == "" {
		return nil, nil
	}
	p := &pair{certFile: certFile, keyFile: keyFile, every: look}
	if err := p.read(); err != nil {
		return nil, err
	}
	return &tls.Config{GetCertificate: p.certificate, MinVersion: tls.VersionTLS12}, nil
}

// pair is a certificate and its key in two files.
type pair struct {
	certFile, keyFile string
	every             time.Duration

	mu     sync.Mutex
	looked time.Time
	found  string // what was in the files then, or why they could not be read
	now    *tls.Certificate
}

// certificate is what a handshake shows.
func (p *pair) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.looked) >= p.every {
		if err := p.read(); err != nil {
			logx.Errorf("the certificate in use stays: %v", err)
		}
	}
	return p.now, nil
}

// read takes what is in the files, if that is new. An error is told once.
func (p *pair) read() error {
	p.looked = time.Now()
	cert, err := os.ReadFile(p.certFile)
	if err != nil {
		return p.bad(err.Error(), err)
	}
	key, err := os.ReadFile(p.keyFile)
	if err != nil {
		return p.bad(err.Error(), err)
	}
	found := string(cert) + "\x00" + string(key)
	if found == p.found {
		return nil
	}
	now, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return p.bad(found, fmt.Errorf("%s, %s: %w", p.certFile, p.keyFile, err))
	}
	if p.now != nil {
		logx.Infof("a new certificate is in use: %s", p.certFile)
	}
	p.found, p.now = found, &now
	return nil
}

// bad returns err, or nil if found was bad already.
func (p *pair) bad(found string, err error) error {
	if found == p.found {
		return nil
	}
	p.found = found
	return fmt.Errorf("TLS: %w", err)
}
