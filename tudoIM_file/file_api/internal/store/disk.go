package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"go.etcd.io/etcd/client/pkg/v3/fileutil"

	"tudoIM/utils/rand"
)

const (
	// tmpDir holds a folder for each process that writes, and beside it a file
	// the process keeps locked: what nobody locks is left over.
	tmpDir  = ".tmp"
	lockExt = ".lock"
)

// Disk is a Store in a folder: the bytes at key abcd... are the file
// ab/cd/abcd....
type Disk struct {
	root *os.Root
	tmp  string // of this process, within root
	lock *fileutil.LockedFile
}

// OpenDisk opens the store in folder dir, which it makes if need be, and
// clears away what processes that are gone left half done there. It fails if
// dir cannot be written to, or is not a folder itself but a link to one.
func OpenDisk(dir string) (*Disk, error) {
	if info, err := os.Lstat(dir); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("store: %s is not a folder", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	d := &Disk{root: root}
	if err := d.prepare(dir); err != nil {
		return nil, errors.Join(fmt.Errorf("store %s: %w", dir, err), root.Close())
	}
	return d, nil
}

func (d *Disk) prepare(dir string) error {
	if err := d.root.MkdirAll(tmpDir, 0o700); err != nil {
		return err
	}
	if err := d.clear(dir); err != nil {
		return err
	}
	return d.claim(dir)
}

// clear removes the drafts of processes that are gone.
func (d *Disk) clear(dir string) error {
	entries, err := fs.ReadDir(d.root.FS(), tmpDir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		id, ok := strings.CutSuffix(e.Name(), lockExt)
		if !ok {
			continue
		}
		lock, err := fileutil.TryLockFile(filepath.Join(dir, tmpDir, e.Name()), os.O_WRONLY, 0o600)
		if errors.Is(err, fileutil.ErrLocked) || errors.Is(err, fs.ErrNotExist) {
			continue // in use, or cleared by another
		}
		if err != nil {
			return err
		}
		err = errors.Join(d.root.RemoveAll(path.Join(tmpDir, id)), gone(d.root.Remove(path.Join(tmpDir, e.Name()))))
		if err := errors.Join(err, lock.Close()); err != nil {
			return err
		}
	}
	return nil
}

// claim makes the folder for this process's drafts.
func (d *Disk) claim(dir string) error {
	for range 10 {
		tmp := path.Join(tmpDir, rand.Hex(8))
		file := filepath.Join(dir, tmp+lockExt)
		lock, err := fileutil.TryLockFile(file, os.O_CREATE|os.O_WRONLY, 0o600)
		if errors.Is(err, fileutil.ErrLocked) {
			continue // one who clears was faster
		}
		if err != nil {
			return err
		}
		mine, err1 := lock.Stat()
		there, err2 := os.Stat(file)
		if err1 != nil || err2 != nil || !os.SameFile(mine, there) { // cleared before it was locked
			_ = lock.Close()
			continue
		}
		d.tmp, d.lock = tmp, lock
		return d.root.Mkdir(tmp, 0o700)
	}
	return errors.New("no folder for drafts")
}

// Close ends the use of the store, and with it all drafts.
func (d *Disk) Close() error {
	return errors.Join(
		d.root.RemoveAll(d.tmp), d.root.Remove(d.tmp+lockExt), d.lock.Close(), d.root.Close())
}

// Ready implements Store.
func (d *Disk) Ready(context.Context) error {
	_, err := d.root.Stat(d.tmp)
	return err
}

func place(key string) string { return path.Join(key[:2], key[2:4], key) }

// Open implements Store.
func (d *Disk) Open(_ context.Context, key string) (io.ReadSeekCloser, int64, error) {
	if !isKey(key) {
		return nil, 0, ErrMissing
	}
	f, err := d.root.Open(place(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, fmt.Errorf("%s: %w", key, ErrMissing)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("store: %w", err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a file")
	}
	if err != nil {
		_ = f.Close()
		return nil, 0, fmt.Errorf("store: %s: %w", key, err)
	}
	return f, info.Size(), nil
}

// Begin implements Store.
func (d *Disk) Begin(ctx context.Context) (Draft, error) {
	f, err := d.begin(ctx)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (d *Disk) begin(context.Context) (*draft, error) {
	name := path.Join(d.tmp, rand.Hex(16))
	f, err := d.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return &draft{disk: d, file: f, name: name}, nil
}

type draft struct {
	disk *Disk
	file *os.File
	name string // "" once it is gone from there
}

func (f *draft) Write(p []byte) (int, error) {
	n, err := f.file.Write(p)
	if err != nil {
		err = fmt.Errorf("store: %w", err)
	}
	return n, err
}

func (f *draft) ReadAt(p []byte, at int64) (int, error) {
	n, err := f.file.ReadAt(p, at)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("store: %w", err)
	}
	return n, err
}

func (f *draft) Commit(_ context.Context, key string) error {
	if !isKey(key) {
		return fmt.Errorf("store: %q is not a key", key)
	}
	if err := f.commit(key); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

func (f *draft) commit(key string) error {
	if err := f.file.Sync(); err != nil {
		return err
	}
	to := place(key)
	if err := f.disk.root.MkdirAll(path.Dir(to), 0o700); err != nil {
		return err
	}
	if err := f.disk.root.Rename(f.name, to); err != nil {
		return err
	}
	f.name = ""
	for dir := path.Dir(to); ; dir = path.Dir(dir) {
		if err := f.disk.sync(dir); err != nil || dir == "." {
			return err
		}
	}
}

// sync makes the entries of folder dir safe from a loss of power.
func (d *Disk) sync(dir string) error {
	f, err := d.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (f *draft) Discard() {
	_ = f.file.Close()
	if f.name != "" {
		_ = f.disk.root.Remove(f.name) // what stays is cleared at the next start
		f.name = ""
	}
}

// Remove implements Store.
func (d *Disk) Remove(_ context.Context, key string) error {
	if !isKey(key) {
		return fmt.Errorf("store: %q is not a key", key)
	}
	// What is made of the bytes goes last: nothing is made of what is not there.
	failed := []error{gone(d.root.Remove(place(key)))}
	for _, v := range Variants {
		failed = append(failed, gone(d.root.Remove(place(Variant(key, v)))))
	}
	if err := errors.Join(failed...); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

// gone takes it for done when what is to be removed is not there.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
