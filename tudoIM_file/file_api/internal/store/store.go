// Package store keeps the bytes of files, each at a place that file_rpc gave
// them. It knows nothing of files: whether anybody needs some bytes is
// file_rpc's to say.
package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"tudoIM/common/errs"
	"tudoIM/utils/text"
)

// ErrMissing says that there are no bytes at that place.
var ErrMissing = errors.New("the stored bytes are missing")

// Store keeps bytes, each under a key: the one file_rpc gave, or that and one
// of Variants, see Variant. All of it may be called at the same time, also
// from several processes that share one store.
type Store interface {
	// Begin opens a place for bytes that are still to come.
	Begin(ctx context.Context) (Draft, error)
	// Open returns the bytes at key and how many they are, or ErrMissing.
	Open(ctx context.Context, key string) (bytes io.ReadSeekCloser, size int64, err error)
	// Remove removes the bytes at key and all their variants. It is done, too,
	// if there are none.
	Remove(ctx context.Context, key string) error
	// Ready reports whether the store can be reached.
	Ready(ctx context.Context) error
}

// Unavailable is what a failure of a store is to who asks, if err is none of ours.
func Unavailable(err error) error {
	var e *errs.Error
	if err == nil || errors.As(err, &e) {
		return err
	}
	return fmt.Errorf("%w: %w", errs.Unavailable, err)
}

// Draft is bytes on their way into a store. Nobody else sees them before
// Commit, and nothing of them stays without it.
type Draft interface {
	io.Writer
	// ReadAt reads what was written so far.
	io.ReaderAt
	// Commit stores what was written at key, safe from a loss of power when it
	// returns. What was there before is replaced.
	Commit(ctx context.Context, key string) error
	// Discard gives up what was not committed. It may always be called.
	Discard()
}

// Variants are what is made of a file's bytes and kept beside them.
var Variants = []string{"w96", "w160", "w320", "w640", "w1280", "w2048", "poster"}

// Variant returns the key of what was made of the bytes at key.
func Variant(key, variant string) string { return key + "." + variant }

// Keys of file_rpc are hex: 16 random bytes, or, as it was, 32 of a hash.
const (
	keyLen    = 32
	oldKeyLen = 64
)

// isKey reports whether s can be a key; nothing else ever becomes part of a
// path.
func isKey(s string) bool {
	key, variant, varied := strings.Cut(s, ".")
	if varied && (variant == "" || len(variant) > 12 || strings.Trim(variant, "abcdefghijklmnopqrstuvwxyz0123456789") != "") {
		return false
	}
	return text.IsHex(key, keyLen) || text.IsHex(key, oldKeyLen)
}
