// Package preview makes what can be shown of a file without opening it: a
// smaller image, a picture of a video, the beginning of a text. Pictures are
// made once and kept beside the bytes they were made of.
package preview

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"runtime/debug"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/zeromicro/go-zero/core/logx"
	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_api/internal/picture"
	"tudoIM/tudoIM_file/file_api/internal/receive"
	"tudoIM/tudoIM_file/file_api/internal/store"
)

// ErrNone says that of these bytes nothing can be shown.
var ErrNone = errors.New("no preview")

// Limits bound what previews cost.
type Limits struct {
	// Work is how long one picture may take to make, waiting for others
	// included. It is made to its end when those who asked for it have left.
	Work time.Duration
	// Wait is how long who asks waits for it: less than the gateway does.
	Wait time.Duration
	// Video is how long ffmpeg may take.
	Video time.Duration
	// Forget is how long bytes that nothing can be made of are not tried again.
	Forget time.Duration
	// Line is how many pictures may be under way in this process, those that
	// wait with them, and Own how many of one user.
	Line int64
	Own  int
}

// Default are the limits of the suite.
var Default = Limits{
	Work: 15 * time.Second, Wait: 8 * time.Second, Video: 10 * time.Second, Forget: 10 * time.Minute,
	Line: 256, Own: 32,
}

// maxFailed is how many files that nothing can be made of are remembered.
const maxFailed = 4096

// File is a file that something is to be shown of.
type File struct {
	// UserID is who asks.
	UserID uint64
	// Key is where its bytes are in the store, and Hash the SHA-256 of them.
	Key, Hash string
	Size      int64
	Media     string
}

// Maker makes previews of what is in a store, and keeps them there.
type Maker struct {
	store  store.Store
	ffmpeg *FFmpeg // nil: there is none
	limits Limits
	view   func(context.Context, io.ReadSeeker, func(image.Image) error) error

	flights singleflight.Group
	line    *semaphore.Weighted
	own     *receive.Turns
	failed  *lru.Cache[string, time.Time] // by key of the file: until when
}

// New returns a Maker; ffmpeg is nil where there is none.
func New(s store.Store, ffmpeg *FFmpeg, l Limits) (*Maker, error) {
	failed, err := lru.New[string, time.Time](maxFailed)
	if err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	return &Maker{
		store: s, ffmpeg: ffmpeg, limits: l, view: picture.View,
		line: semaphore.NewWeighted(l.Line), own: receive.NewTurns(l.Own), failed: failed,
	}, nil
}

// Image is a picture as it is kept.
type Image struct {
	io.ReadSeekCloser
	// Media is its type: image/jpeg or image/png.
	Media string
}

// Tag names what Picture returns, before anything is made.
func (m *Maker) Tag(f File, width int) string {
	name, _ := variant(f.Media, width)
	return f.Hash + "." + name
}

// Picture returns a picture of f that is width wide, or the next wider size
// there is; it is never wider than f itself. 0 is the usual width. It answers
// ErrNone if f is broken or beyond the limits, errs.TooMany and
// errs.Unavailable if it is not there yet.
func (m *Maker) Picture(ctx context.Context, f File, width int) (*Image, error) {
	name, width := variant(f.Media, width)
	return m.get(ctx, f, name, width)
}

func (m *Maker) get(ctx context.Context, f File, name string, width int) (*Image, error) {
	key := store.Variant(f.Key, name)
	kept, err := m.kept(ctx, key)
	if !errors.Is(err, store.ErrMissing) {
		return kept, err
	}
	if until, ok := m.failed.Get(f.Key); ok && time.Now().Before(until) {
		return nil, ErrNone
	}
	// Nobody who asks can end the work for the others.
	free := context.WithoutCancel(ctx)
	work := m.flights.DoChan(key, func() (any, error) {
		b, err := m.work(free, f, name, width)
		if errors.Is(err, ErrNone) {
			m.failed.Add(f.Key, time.Now().Add(m.limits.Forget))
		}
		return b, err
	})
	wait := time.NewTimer(m.limits.Wait)
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return nil, late(ctx.Err())
	case <-wait.C:
		return nil, late(errors.New(key + " is not ready"))
	case done := <-work:
		if b, ok := done.Val.([]byte); ok && done.Err == nil {
			return made(b), nil
		}
		return nil, done.Err
	}
}

// made is b, a picture that we have encoded.
func made(b []byte) *Image { return &Image{whole{bytes.NewReader(b)}, mediaOf(b)} }

// whole is bytes in memory, which need no closing.
type whole struct{ *bytes.Reader }

func (whole) Close() error { return nil }

// kept opens a picture that was made before. One whose beginning is damaged is
// missing: it is made anew.
func (m *Maker) kept(ctx context.Context, key string) (*Image, error) {
	b, _, err := m.store.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	head := make([]byte, magicSize)
	n, err := io.ReadFull(b, head)
	media := mediaOf(head[:n])
	if err == nil && media != "" {
		_, err = b.Seek(0, io.SeekStart)
	}
	switch {
	case err == nil && media != "":
		return &Image{b, media}, nil
	case err == nil, errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		err = store.ErrMissing
	}
	return nil, errors.Join(fmt.Errorf("preview %s: %w", key, err), b.Close())
}

// work makes the picture name of f and keeps it.
func (m *Maker) work(ctx context.Context, f File, name string, width int) (b []byte, err error) {
	leave, err := m.queue(f.UserID)
	if err != nil {
		return nil, err
	}
	defer leave()
	key := store.Variant(f.Key, name)
	ctx, cancel := context.WithTimeout(ctx, m.limits.Work)
	defer cancel()
	defer func() { // decoders read what strangers made up
		if p := recover(); p != nil {
			logx.WithContext(ctx).Errorf("preview %s: %v\n%s", key, p, debug.Stack())
			b, err = nil, ErrNone
		}
	}()
	// Whoever asked before us may have had it made just now.
	kept, err := m.kept(ctx, key)
	if err == nil {
		b, err = io.ReadAll(kept)
		return b, errors.Join(err, kept.Close())
	}
	if !errors.Is(err, store.ErrMissing) {
		return nil, err
	}
	if b, err = m.build(ctx, f, name, width); err != nil {
		return nil, err
	}
	if err := m.keep(ctx, key, b); err != nil {
		logx.WithContext(ctx).Errorf("preview %s is not kept: %v", key, err)
	}
	return b, nil
}

// queue lets user wait in line, until leave is called.
func (m *Maker) queue(user uint64) (leave func(), err error) {
	mine, err := m.own.Take(user)
	if err != nil {
		return nil, err
	}
	if !m.line.TryAcquire(1) {
		mine()
		return nil, fmt.Errorf("%w: previews: the line is full", errs.Unavailable.Retry(time.Second))
	}
	return func() {
		m.line.Release(1)
		mine()
	}, nil
}

// build makes the picture name of f, at most width wide.
func (m *Maker) build(ctx context.Context, f File, name string, width int) ([]byte, error) {
	src, err := m.source(ctx, f, name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = src.Close() }()
	var b []byte
	err = m.view(ctx, src, func(img image.Image) (err error) {
		b, err = encode(shrink(img, width))
		return err
	})
	switch {
	case err == nil:
		return b, nil
	case ctx.Err() != nil:
		return nil, late(ctx.Err())
	case errors.Is(err, errs.FileType), errors.Is(err, errs.FileLarge), errors.Is(err, errs.ImageBroken):
		logx.WithContext(ctx).Infof("preview of %s: %v", f.Key, err)
		return nil, ErrNone
	}
	return nil, fmt.Errorf("preview of %s: %w", f.Key, err)
}

// source is what the picture name of f is made of: its bytes or, of a video, a
// frame of it.
func (m *Maker) source(ctx context.Context, f File, name string) (io.ReadSeekCloser, error) {
	if _, video := demuxers[f.Media]; !video {
		return m.open(ctx, f)
	}
	if name != poster {
		return m.get(ctx, f, poster, posterWidth)
	}
	b, err := m.open(ctx, f)
	if err != nil {
		return nil, err
	}
	defer func() { _ = b.Close() }()
	frame, err := m.ffmpeg.Frame(ctx, b, demuxers[f.Media], m.limits.Video)
	if err != nil {
		return nil, err
	}
	return whole{bytes.NewReader(frame)}, nil
}

// open opens the bytes of f.
func (m *Maker) open(ctx context.Context, f File) (io.ReadSeekCloser, error) {
	b, size, err := m.store.Open(ctx, f.Key)
	if err != nil {
		return nil, err
	}
	if size != f.Size {
		return nil, errors.Join(fmt.Errorf("%d of %d bytes are stored at %s", size, f.Size, f.Key), b.Close())
	}
	return b, nil
}

// keep stores the picture b at key. Whoever removes the bytes it was made of
// does so long after the last who could ask for it, and it goes with them.
func (m *Maker) keep(ctx context.Context, key string, b []byte) error {
	draft, err := m.store.Begin(ctx)
	if err != nil {
		return err
	}
	defer draft.Discard()
	if _, err := draft.Write(b); err != nil {
		return err
	}
	return draft.Commit(ctx, key)
}

// late says that the time for a picture is over, which tells nothing of it.
func late(err error) error {
	return fmt.Errorf("%w: preview: %w", errs.Unavailable.Retry(time.Second), err)
}
