// Package store keeps the bytes of files, each under the SHA-256 of them. It
// knows nothing of files: whether anybody needs some bytes is file_rpc's to say.
package store

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"time"
)

// ErrMissing says that there are no bytes of that hash.
var ErrMissing = errors.New("the stored bytes are missing")

// Store keeps bytes. All of it may be called at the same time, also from
// several processes that share one store.
type Store interface {
	// Begin opens a place for bytes that are still to come.
	Begin(ctx context.Context) (Draft, error)
	// Open returns the bytes of hash and how many they are, or ErrMissing.
	Open(ctx context.Context, hash string) (bytes io.ReadSeekCloser, size int64, err error)
	// Old calls f with the hashes of what was stored last before t, up to
	// BatchSize of them at a time, until f fails.
	Old(ctx context.Context, t time.Time, f func(hashes []string) error) error
	// Remove removes the bytes of hash if they were stored last before t. What
	// is stored again later, and be it meanwhile, stays.
	Remove(ctx context.Context, hash string, t time.Time) error
	// Ready reports whether the store can be reached.
	Ready(ctx context.Context) error
}

// Draft is bytes on their way into a store. Nobody else sees them before
// Commit, and nothing of them stays without it.
type Draft interface {
	io.Writer
	// Commit stores what was written under hash, safe from a loss of power
	// when it returns. Bytes that are there already count as stored now.
	Commit(hash string) error
	// Discard gives up what was not committed. It may always be called.
	Discard()
}

// BatchSize is how many hashes Old hands out at a time.
const BatchSize = 500

// isHash reports whether s is a SHA-256 in lower-case hex; nothing else ever
// becomes part of a path.
func isHash(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 32 && s == strings.ToLower(s)
}
