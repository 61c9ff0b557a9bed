package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"tudoIM/utils/rand"
)

// Old implements Store.
func (d *Disk) Old(ctx context.Context, t time.Time, f func(hashes []string) error) error {
	batch := make([]string, 0, BatchSize)
	err := d.walk(ctx, ".", 0, func(dir string, e fs.DirEntry) error {
		info, err := e.Info()
		if err != nil {
			return gone(err)
		}
		if !info.Mode().IsRegular() || !isHash(e.Name()) || path.Join(dir, e.Name()) != place(e.Name()) || !info.ModTime().Before(t) {
			return nil
		}
		if batch = append(batch, e.Name()); len(batch) < BatchSize {
			return nil
		}
		err = f(batch)
		batch = batch[:0]
		return err
	})
	if err == nil && len(batch) > 0 {
		err = f(batch)
	}
	return err
}

// depth is how many folders lie above the bytes.
const depth = 2

// walk calls f for what is depth folders below dir, without ever holding a
// whole folder in memory.
func (d *Disk) walk(ctx context.Context, dir string, at int, f func(dir string, e fs.DirEntry) error) error {
	folder, err := d.root.Open(dir)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer func() { _ = folder.Close() }()
	for {
		entries, err := folder.ReadDir(BatchSize)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("store: %w", err)
		}
		for _, e := range entries {
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case at == depth:
				err = f(dir, e)
			case e.IsDir() && len(e.Name()) == 2:
				err = d.walk(ctx, path.Join(dir, e.Name()), at+1, f)
			}
			if err != nil {
				return err
			}
		}
	}
}

// Remove implements Store. A look at the time and a removal are two steps,
// between which the same bytes may be stored anew. So the bytes are first
// moved aside, where nobody replaces them, and looked at there.
func (d *Disk) Remove(_ context.Context, hash string, t time.Time) error {
	if !isHash(hash) {
		return fmt.Errorf("store: %q is not a hash", hash)
	}
	aside := path.Join(asideDir, hash+"."+rand.Hex(8))
	if err := d.root.Rename(place(hash), aside); err != nil {
		return gone(err)
	}
	info, err := d.root.Stat(aside)
	if err != nil {
		return gone(err) // a process that starts has put it back
	}
	if !info.ModTime().Before(t) {
		return d.restore(aside)
	}
	return gone(d.root.Remove(aside))
}

// putBack gives back what a process that is gone, or one that is at it right
// now, has moved aside: the next Remove will find it again.
func (d *Disk) putBack() error {
	entries, err := fs.ReadDir(d.root.FS(), asideDir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := d.restore(path.Join(asideDir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// restore puts aside back to its place, unless there are bytes again: they
// are the same.
func (d *Disk) restore(aside string) error {
	hash, _, _ := strings.Cut(path.Base(aside), ".")
	if isHash(hash) {
		err := d.root.MkdirAll(path.Dir(place(hash)), 0o700)
		if err == nil {
			err = d.root.Link(aside, place(hash))
		}
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return gone(err)
		}
	}
	return gone(d.root.Remove(aside))
}
