package preview

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_api/internal/picture"
	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_api/internal/turn"
)

var errAway = errors.New("the store is away")

// shelf is a store in memory.
type shelf struct {
	store.Store
	mu    sync.Mutex
	bytes map[string][]byte
	// opened counts what was opened by key.
	opened map[string]int
	// open, read, begin and commit are what fails.
	open, read, begin, commit error
}

func newShelf() *shelf { return &shelf{bytes: map[string][]byte{}, opened: map[string]int{}} }

func (s *shelf) Open(_ context.Context, key string) (io.ReadSeekCloser, int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened[key]++
	b, ok := s.bytes[key]
	switch {
	case s.open != nil:
		return nil, 0, s.open
	case !ok:
		return nil, 0, store.ErrMissing
	case s.read != nil:
		return failing{whole{bytes.NewReader(b)}, s.read}, int64(len(b)), nil
	}
	return whole{bytes.NewReader(b)}, int64(len(b)), nil
}

type failing struct {
	io.ReadSeekCloser
	err error
}

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func (s *shelf) Begin(context.Context) (store.Draft, error) { return &draft{shelf: s}, s.begin }

type draft struct {
	bytes.Buffer
	shelf *shelf
}

func (d *draft) Commit(_ context.Context, key string) error {
	d.shelf.mu.Lock()
	defer d.shelf.mu.Unlock()
	if d.shelf.commit == nil {
		d.shelf.bytes[key] = bytes.Clone(d.Bytes())
	}
	return d.shelf.commit
}

func (d *draft) ReadAt(p []byte, at int64) (int, error) {
	return bytes.NewReader(d.Bytes()).ReadAt(p, at)
}

func (d *draft) Discard() {}

func (s *shelf) Remove(_ context.Context, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.bytes, key)
	for _, v := range store.Variants {
		delete(s.bytes, store.Variant(key, v))
	}
	return nil
}

// has returns what is kept under key.
func (s *shelf) has(key string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes[key]
}

const hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

// put stores b as the bytes of an image.
func (s *shelf) put(b []byte) File {
	s.bytes[hash] = b
	return File{UserID: 1, Key: hash, Hash: hash, Size: int64(len(b)), Media: "image/jpeg"}
}

// photo is an image of 400 by 300.
func photo(t *testing.T) []byte {
	t.Helper()
	b, err := encode(filled(400, 300, color.NRGBA{10, 120, 200, 255}))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// maker returns a Maker over s that counts what it decodes.
func maker(t *testing.T, s store.Store, l Limits) (*Maker, *atomic.Int64) {
	t.Helper()
	m, err := New(s, nil, l)
	if err != nil {
		t.Fatal(err)
	}
	n, view := &atomic.Int64{}, m.view
	m.view = func(ctx context.Context, o picture.Order, r io.ReadSeeker, use func(image.Image) error) error {
		n.Add(1)
		return view(ctx, o, r, use)
	}
	return m, n
}

// size reads img to its end.
func size(t *testing.T, img *Image) image.Point {
	t.Helper()
	defer img.Close()
	got, _, err := image.Decode(img)
	if err != nil {
		t.Fatal(err)
	}
	return got.Bounds().Size()
}

func TestAPictureIsMadeOnceAndKept(t *testing.T) {
	t.Parallel()
	s := newShelf()
	f := s.put(photo(t))
	m, decoded := maker(t, s, Default)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			img, err := m.Picture(t.Context(), f, 100)
			if err != nil {
				t.Error(err)
				return
			}
			if got := size(t, img); got != image.Pt(160, 120) || img.Media != "image/jpeg" {
				t.Errorf("%v %s", got, img.Media)
			}
		})
	}
	all.Wait()
	if decoded.Load() != 1 || len(s.has(hash+".w160")) == 0 {
		t.Errorf("%d decoded", decoded.Load())
	}
	if _, err := m.Picture(t.Context(), f, 0); err != nil || decoded.Load() != 2 || len(s.has(hash+".w320")) == 0 {
		t.Errorf("the usual width: %d decoded, error %v", decoded.Load(), err)
	}
	// Also for another process on the same store, and without the original.
	delete(s.bytes, hash)
	m, decoded = maker(t, s, Default)
	if img, err := m.Picture(t.Context(), f, 160); err != nil || size(t, img) != image.Pt(160, 120) || decoded.Load() != 0 {
		t.Errorf("%d decoded, error %v", decoded.Load(), err)
	}
}

// held is a decoder that waits until it is let go.
type held struct {
	begun chan struct{} // one for each that has begun
	let   chan struct{}
}

func hold(m *Maker) *held {
	h := &held{begun: make(chan struct{}, 10), let: make(chan struct{})}
	view := m.view
	m.view = func(ctx context.Context, o picture.Order, r io.ReadSeeker, use func(image.Image) error) error {
		h.begun <- struct{}{}
		<-h.let
		return view(ctx, o, r, use)
	}
	return h
}

// wait waits until done reports true.
func wait(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(what)
		}
	}
}

func TestTheWorkGoesOnWhenWhoAskedHasLeft(t *testing.T) {
	t.Parallel()
	s := newShelf()
	f := s.put(photo(t))
	m, _ := maker(t, s, Default)
	h := hold(m)
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := m.Picture(ctx, f, 96)
		left <- err
	}()
	<-h.begun
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(h.let)
	wait(t, "not kept", func() bool { return len(s.has(hash+".w96")) > 0 })
}

func TestWhoAsksDoesNotWaitForLong(t *testing.T) {
	t.Parallel()
	s := newShelf()
	f := s.put(photo(t))
	l := Default
	l.Wait = time.Millisecond
	m, _ := maker(t, s, l)
	h := hold(m)
	_, err := m.Picture(t.Context(), f, 96)
	var e *errs.Error
	if !errors.As(err, &e) || e.Code != errs.Unavailable.Code || e.Data[errs.RetryAfter] == "" {
		t.Error(err)
	}
	close(h.let)
	wait(t, "not kept", func() bool { return len(s.has(hash+".w96")) > 0 })
	if img, err := m.Picture(t.Context(), f, 96); err != nil || size(t, img) != image.Pt(96, 72) {
		t.Error(err)
	}
}

func TestAFullLineTurnsAway(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		line      int64
		own       int
		mine, his int // codes
	}{
		{"of one user", 10, 1, errs.TooMany.Code, 0},
		{"of all", 1, 10, errs.Unavailable.Code, errs.Unavailable.Code},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShelf()
			f := s.put(photo(t))
			l := Default
			l.Line, l.Own = c.line, c.own
			m, _ := maker(t, s, l)
			h := hold(m)
			first := make(chan error)
			go func() {
				_, err := m.Picture(t.Context(), f, 96)
				first <- err
			}()
			<-h.begun
			ask := func(user uint64, width int) chan error {
				f := f
				f.UserID = user
				done := make(chan error, 1)
				go func() {
					_, err := m.Picture(t.Context(), f, width)
					done <- err
				}()
				return done
			}
			mine, his := ask(1, 160), ask(2, 640)
			is := func(err error, code int) bool {
				if code == 0 {
					return err == nil
				}
				var e *errs.Error
				return errors.As(err, &e) && e.Code == code
			}
			if err := <-mine; !is(err, c.mine) {
				t.Errorf("one more of the same user: %v", err)
			}
			close(h.let)
			if err := <-his; c.his == 0 && !is(err, 0) {
				t.Errorf("one of another user: %v", err)
			}
			if err := <-first; err != nil {
				t.Error(err)
			}
			wait(t, "the line stays full", func() bool { return is(<-ask(1, 1280), 0) })
		})
	}
}

func TestBrokenImagesHaveNone(t *testing.T) {
	t.Parallel()
	b := photo(t)
	for name, bad := range map[string][]byte{
		"cut": b[:len(b)/3], "nothing but a beginning": b[:3], "text": []byte("hello"), "empty": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShelf()
			f := s.put(bad)
			m, decoded := maker(t, s, Default)
			for _, width := range []int{0, 96, 2048} {
				if _, err := m.Picture(t.Context(), f, width); !errors.Is(err, ErrNone) {
					t.Error(err)
				}
			}
			if decoded.Load() != 1 || len(s.bytes) != 1 {
				t.Errorf("tried %d times, %d stored", decoded.Load(), len(s.bytes))
			}
		})
	}
}

func TestWhatTakesTooLongIsNotTriedAgainAtOnce(t *testing.T) {
	t.Parallel()
	s := newShelf()
	f := s.put(photo(t))
	l := Default
	l.Decode = 0
	m, decoded := maker(t, s, l)
	for range 3 {
		if _, err := m.Picture(t.Context(), f, 96); !errors.Is(err, ErrNone) {
			t.Error(err)
		}
	}
	if decoded.Load() != 1 {
		t.Errorf("tried %d times", decoded.Load())
	}
	// Who has only waited is none the wiser.
	l = Default
	l.Work = time.Millisecond
	m, decoded = maker(t, s, l)
	m.view = func(ctx context.Context, _ picture.Order, _ io.ReadSeeker, _ func(image.Image) error) error {
		decoded.Add(1)
		<-ctx.Done()
		return fmt.Errorf("picture: %w: %w", turn.ErrLate, ctx.Err())
	}
	for n := int64(1); n < 3; n++ {
		if _, err := m.Picture(t.Context(), f, 96); !errors.Is(err, errs.Unavailable) || decoded.Load() != n {
			t.Errorf("%d tries, error %v", decoded.Load(), err)
		}
	}
}

// TestWhoJoinsIsNotCharged has one user at his limit, who asked
// first for what another asks for.
func TestWhoJoinsIsNotCharged(t *testing.T) {
	t.Parallel()
	s := newShelf()
	f := s.put(photo(t))
	l := Default
	l.Own, l.Wait = 1, time.Millisecond
	m, _ := maker(t, s, l)
	h := hold(m)
	ask := func(user uint64) error {
		f := f
		f.UserID = user
		_, err := m.Picture(t.Context(), f, 96)
		return err
	}
	for _, c := range []struct {
		name string
		user uint64
		want error
	}{{"the first", 1, errs.Unavailable}, {"the first, again", 1, errs.TooMany}, {"another", 2, errs.Unavailable}, {"another, again", 2, errs.TooMany}} {
		if err := ask(c.user); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	close(h.let)
	wait(t, "not kept", func() bool { return len(s.has(hash+".w96")) > 0 })
	for user := range uint64(3) {
		wait(t, "a turn is lost", func() bool {
			leave, err := m.own.Take(user)
			if err == nil {
				leave()
			}
			return err == nil
		})
	}
}

// onward is a store whose bytes are read once, in their order.
type onward struct{ *shelf }

func (s onward) Open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error) {
	b, n, err := s.shelf.Open(ctx, key)
	return unmoved{b}, n, err
}

type unmoved struct{ io.ReadSeekCloser }

func (unmoved) Seek(int64, int) (int64, error) { return 0, errAway }

func TestAKeptPictureIsReadAtOnce(t *testing.T) {
	t.Parallel()
	s := newShelf()
	f := s.put(nil)
	b := photo(t)
	for name, c := range map[string]struct {
		n    int
		want error
	}{"small": {len(b), nil}, "at the limit": {maxWhole, nil}, "past it": {maxWhole + 1, errs.Unavailable}} {
		s.bytes[hash+".w96"] = append(bytes.Clone(b), make([]byte, c.n-len(b))...)
		m, _ := maker(t, onward{s}, Default)
		img, err := m.Picture(t.Context(), f, 96)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && size(t, img) != image.Pt(400, 300) {
			t.Errorf("%s is another", name)
		}
	}
}

func TestADecoderThatPanicsEndsNothing(t *testing.T) {
	t.Parallel()
	s := newShelf()
	f := s.put(photo(t))
	m, _ := maker(t, s, Default)
	m.view = func(context.Context, picture.Order, io.ReadSeeker, func(image.Image) error) error {
		panic("index out of range")
	}
	for range 3 {
		if _, err := m.Picture(t.Context(), f, 96); !errors.Is(err, ErrNone) {
			t.Error(err)
		}
	}
}

func TestAStoreThatFailsIsNoBrokenImage(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(*shelf, error){
		"open": func(s *shelf, err error) { s.open = err },
		"read": func(s *shelf, err error) { s.read = err },
		"read what is kept": func(s *shelf, err error) {
			s.bytes[hash+".w96"] = s.bytes[hash]
			s.read = err
		},
		"other": func(s *shelf, err error) { s.bytes[hash] = append(s.bytes[hash], make([]byte, 1)...) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShelf()
			b := photo(t)
			f := s.put(b)
			m, _ := maker(t, s, Default)
			fail(s, errAway)
			away := name != "other" // which is nobody's fault but ours
			if _, err := m.Picture(t.Context(), f, 96); err == nil || errors.Is(err, ErrNone) || errors.Is(err, errs.Unavailable) != away {
				t.Error(err)
			}
			if _, _, err := m.Text(t.Context(), f); err == nil || errors.Is(err, errs.Unavailable) != away {
				t.Errorf("read as a text: %v", err)
			}
			s.open, s.read = nil, nil
			delete(s.bytes, hash+".w96")
			s.put(b)
			if img, err := m.Picture(t.Context(), f, 96); err != nil || size(t, img) != image.Pt(96, 72) {
				t.Errorf("once it is back: %v", err)
			}
		})
	}
}

func TestWhatCannotBeKeptIsShown(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(*shelf){
		"begin": func(s *shelf) { s.begin = errAway }, "commit": func(s *shelf) { s.commit = errAway },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShelf()
			f := s.put(photo(t))
			fail(s)
			m, decoded := maker(t, s, Default)
			for n := int64(1); n < 3; n++ {
				if img, err := m.Picture(t.Context(), f, 96); err != nil || size(t, img) != image.Pt(96, 72) || decoded.Load() != n {
					t.Errorf("%d decoded, error %v", decoded.Load(), err)
				}
			}
		})
	}
}

// forgetful is a store that says once that the bytes of a file are missing.
type forgetful struct {
	*shelf
	at int // how often they are opened before
}

func (s *forgetful) Open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error) {
	if key == hash {
		if s.at--; s.at == -1 {
			return nil, 0, store.ErrMissing
		}
	}
	return s.shelf.Open(ctx, key)
}

func TestAPictureNeverCostsTheBytesItIsOf(t *testing.T) {
	t.Parallel()
	for at := range 3 {
		s := newShelf()
		f := s.put(photo(t))
		m, _ := maker(t, &forgetful{s, at}, Default)
		_, _ = m.Picture(t.Context(), f, 96)
		if img, err := m.Picture(t.Context(), f, 96); err != nil || size(t, img) != image.Pt(96, 72) || len(s.has(hash)) == 0 {
			t.Errorf("missing at %d: %d bytes left, error %v", at, len(s.has(hash)), err)
		}
	}
}

func TestADamagedPictureIsMadeAnew(t *testing.T) {
	t.Parallel()
	for name, b := range map[string][]byte{"empty": {}, "short": []byte("\xff\xd8"), "zeros": make([]byte, 100)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShelf()
			f := s.put(photo(t))
			s.bytes[hash+".w96"] = b
			m, _ := maker(t, s, Default)
			if img, err := m.Picture(t.Context(), f, 96); err != nil || size(t, img) != image.Pt(96, 72) {
				t.Error(err)
			}
			if !strings.HasPrefix(string(s.has(hash+".w96")), jpegMagic) {
				t.Error("still damaged")
			}
		})
	}
}
