package picture

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"io"
	"time"

	"github.com/kovidgoyal/imaging"
	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_api/internal/turn"
)

// decoding hands out maxCost bytes of memory: what decoding may take of the
// machine does not depend on who asks for it.
var decoding = turn.New(maxCost)

// Order is for whom an image is decoded, and how long that may take.
type Order struct {
	UserID uint64
	Limit  time.Duration
}

// View calls use with the first frame of the image in r, turned as it is to be
// seen. It fails as Inspect does, before anything is decoded where the limits
// are concerned. It waits until ctx ends for the turn of who ordered it, see
// turn.Take; then errs.FileLarge is, too, for what cannot be decoded within
// the order's limit. The turn lasts until use is done, so that the memory of
// all images under way is bounded; there are two of them at most.
func View(ctx context.Context, o Order, r io.ReadSeeker, use func(image.Image) error) error {
	info, err := Inspect(r)
	if err != nil {
		return err
	}
	leave, err := decoding.Take(ctx, o.UserID, max(info.cost, maxCost/2))
	if err != nil {
		return fmt.Errorf("picture: %w", err)
	}
	defer leave()
	run, cancel := context.WithTimeout(ctx, o.Limit)
	defer cancel()
	from := &watched{ReadSeeker: r, ctx: run}
	m, err := info.decode(from)
	if errors.Is(from.err, context.DeadlineExceeded) && ctx.Err() == nil {
		return errs.FileLarge.With("maxSeconds", o.Limit.Seconds())
	}
	if from.err != nil { // decoders take it for their own
		return fmt.Errorf("picture: %w", from.err)
	}
	if err != nil {
		return err
	}
	return use(turned(info.place(m), info.turn))
}

// watched ends with ctx, and remembers an error that is none of the image's.
type watched struct {
	io.ReadSeeker
	ctx context.Context
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		w.err = err
		return 0, err
	}
	n, err := w.ReadSeeker.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

// decode returns the first frame. A decoder that does not know what to do with
// an image, and be it that it panics, has found a broken one.
func (i *Info) decode(r io.ReadSeeker) (m image.Image, err error) {
	defer func() {
		if p := recover(); p != nil {
			logx.Errorf("picture: a decoder panics: %v", p)
			m, err = nil, errs.ImageBroken
		}
	}()
	from, err := i.format.first(r, i)
	if err != nil {
		return nil, err
	}
	// What the decoder is going to make is asked from itself.
	config, err := i.format.config(bufio.NewReader(from))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errs.ImageBroken, err)
	}
	if config.Width*config.Height > i.stored.X*i.stored.Y {
		return nil, fmt.Errorf("%w: %d x %d in place of %v", errs.ImageBroken, config.Width, config.Height, i.stored)
	}
	if from, err = i.format.first(r, i); err != nil {
		return nil, err
	}
	if m, err = i.format.decode(bufio.NewReader(from)); err != nil {
		return nil, fmt.Errorf("%w: %w", errs.ImageBroken, err)
	}
	return m, nil
}

// place puts the first frame where it is in the whole, if it is only a part.
func (i *Info) place(m image.Image) image.Image {
	if m.Bounds().Size() == i.stored {
		return m
	}
	whole := image.NewNRGBA(image.Rectangle{Max: i.stored})
	draw.Draw(whole, m.Bounds().Sub(m.Bounds().Min).Add(i.first.Min), m, m.Bounds().Min, draw.Src)
	return whole
}

// turned returns m as EXIF means it to be seen.
func turned(m image.Image, turn int) image.Image {
	switch turn {
	case 2:
		return imaging.FlipH(m)
	case 3:
		return imaging.Rotate180(m)
	case 4:
		return imaging.FlipV(m)
	case 5:
		return imaging.Transpose(m)
	case 6:
		return imaging.Rotate270(m)
	case 7:
		return imaging.Transverse(m)
	case 8:
		return imaging.Rotate90(m)
	}
	return m
}
