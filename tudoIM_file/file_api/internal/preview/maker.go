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
	// Decode is how long an image may take once it has its turn, and Video how
	// long ffmpeg; nothing can be made of what takes longer.
	Decode, Video time.Duration
	// Forget is how long bytes that nothing can be made of are not tried again.
	Forget time.Duration
	// Line is how many may be asked for in this process at a time, until they
	// are made, and Own how many by one user.
	Line int64
	Own  int
}

// Default are the limits of the suite.
var Default = Limits{
	Work: 15 * time.Second, Wait: 8 * time.Second, Decode: 10 * time.Second, Video: 10 * time.Second, Forget: 10 * time.Minute,
	Line: 256, Own: 32,
}

const (
	// maxFailed is how many files that nothing can be made of are remembered.
	maxFailed = 4096
	// maxWhole is how large a kept picture is that is read at once.
	maxWhole = 4 << 20
)

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
	view   func(context.Context, picture.Order, io.ReadSeeker, func(image.Image) error) error

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
	if kept, err := m.known(ctx, f, name); !errors.Is(err, store.ErrMissing) {
		return kept, err
	}
	leave, err := m.queue(f.UserID)
	if err != nil {
		return nil, err
	}
	work := m.flight(ctx, f, name, width)
	wait := time.NewTimer(m.limits.Wait)
	defer wait.Stop()
	select {
	case <-ctx.Done():
		err = ctx.Err()
	case <-wait.C:
		err = errors.New(name + " of " + f.Key + " is not ready")
	case done := <-work:
		leave()
		return landed(done)
	}
	// The work goes on, and counts as his who asked for it.
	go func() {
		<-work
		leave()
	}()
	return nil, late(err)
}

// known returns the picture name of f if it was made before. It answers
// ErrNone if none can be made, store.ErrMissing if none was yet.
func (m *Maker) known(ctx context.Context, f File, name string) (*Image, error) {
	kept, err := m.kept(ctx, store.Variant(f.Key, name))
	if !errors.Is(err, store.ErrMissing) {
		return kept, err
	}
	if until, ok := m.failed.Get(f.Key); ok && time.Now().Before(until) {
		return nil, ErrNone
	}
	return nil, err
}

// flight makes the picture name of f, once for all who ask for it meanwhile.
// Nobody who asks can end the work for the others; it ends by itself.
func (m *Maker) flight(ctx context.Context, f File, name string, width int) <-chan singleflight.Result {
	free := context.WithoutCancel(ctx)
	return m.flights.DoChan(store.Variant(f.Key, name), func() (any, error) {
		b, err := m.work(free, f, name, width)
		if errors.Is(err, ErrNone) {
			m.failed.Add(f.Key, time.Now().Add(m.limits.Forget))
		}
		return b, err
	})
}

func landed(done singleflight.Result) (*Image, error) {
	if b, ok := done.Val.([]byte); ok && done.Err == nil {
		return made(b), nil
	}
	return nil, done.Err
}

// made is b, a picture that we have encoded.
func made(b []byte) *Image { return &Image{whole{bytes.NewReader(b)}, mediaOf(b)} }

// whole is bytes in memory, which need no closing.
type whole struct{ *bytes.Reader }

func (whole) Close() error { return nil }

// kept returns a picture that was made before. One whose beginning is damaged
// is missing: it is made anew.
func (m *Maker) kept(ctx context.Context, key string) (*Image, error) {
	b, n, err := m.store.Open(ctx, key)
	if err != nil {
		return nil, unavailable(fmt.Errorf("preview %s: %w", key, err))
	}
	img, err := m.opened(b, n)
	if err != nil {
		return nil, errors.Join(unavailable(fmt.Errorf("preview %s: %w", key, err)), b.Close())
	}
	return img, nil
}

// opened is the picture of n bytes in b. Reading it at once, if it is not too
// large, spares a store elsewhere all further questions.
func (m *Maker) opened(b io.ReadSeekCloser, n int64) (*Image, error) {
	head := make([]byte, min(n, int64(magicSize)))
	if n <= maxWhole {
		head = make([]byte, n)
	}
	_, err := io.ReadFull(b, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	media := mediaOf(head)
	if err != nil || media == "" {
		return nil, store.ErrMissing
	}
	if n <= maxWhole {
		return &Image{whole{bytes.NewReader(head)}, media}, b.Close()
	}
	_, err = b.Seek(0, io.SeekStart)
	return &Image{b, media}, err
}

// work makes the picture name of f and keeps it.
func (m *Maker) work(ctx context.Context, f File, name string, width int) (b []byte, err error) {
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

// queue counts what user asks for, until leave is called.
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
	err = m.view(ctx, picture.Order{UserID: f.UserID, Limit: m.limits.Decode}, src, func(img image.Image) (err error) {
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
	return nil, unavailable(fmt.Errorf("preview of %s: %w", f.Key, err))
}

// source is what the picture name of f is made of: its bytes or, of a video, a
// frame of it.
func (m *Maker) source(ctx context.Context, f File, name string) (io.ReadSeekCloser, error) {
	if _, video := demuxers[f.Media]; !video {
		return m.open(ctx, f)
	}
	if name != poster {
		return m.poster(ctx, f)
	}
	b, err := m.open(ctx, f)
	if err != nil {
		return nil, err
	}
	defer func() { _ = b.Close() }()
	frame, err := m.ffmpeg.Frame(ctx, Video{f.UserID, b, demuxers[f.Media]}, m.limits.Video)
	if err != nil {
		return nil, unavailable(err)
	}
	return whole{bytes.NewReader(frame)}, nil
}

// poster is the picture of a video that all others are made of. Who asked for
// one of those is counted already.
func (m *Maker) poster(ctx context.Context, f File) (*Image, error) {
	kept, err := m.known(ctx, f, poster)
	if !errors.Is(err, store.ErrMissing) {
		return kept, err
	}
	select {
	case <-ctx.Done():
		return nil, late(ctx.Err())
	case done := <-m.flight(ctx, f, poster, posterWidth):
		return landed(done)
	}
}

// open opens the bytes of f.
func (m *Maker) open(ctx context.Context, f File) (io.ReadSeekCloser, error) {
	b, size, err := m.store.Open(ctx, f.Key)
	if err != nil {
		return nil, unavailable(fmt.Errorf("preview of %s: %w", f.Key, err))
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

// unavailable is what a failure of the store or of ffmpeg is to who asks, if
// err is none of ours.
func unavailable(err error) error {
	var e *errs.Error
	if err == nil || errors.As(err, &e) || errors.Is(err, ErrNone) || errors.Is(err, store.ErrMissing) {
		return err
	}
	return fmt.Errorf("%w: %w", errs.Unavailable, err)
}
