// Package picture looks into images: how large they are, whether they are
// whole, and what in them is nobody's business. It trusts none: what it would
// cost to decode one is known before it is decoded.
package picture

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/webp"

	"tudoIM/common/errs"
)

// Limits of one image, whatever it is for.
const (
	MaxPixels = 40_000_000
	MaxSide   = 12_000
	MaxFrames = 200
	// maxScans bounds how many scans a JPEG may have, and maxWork how many
	// samples they go over together: ten times those of MaxPixels in colour.
	maxScans = 100
	maxWork  = 10 * 3 * MaxPixels
	// maxCost bounds how many bytes of memory decoding may take.
	maxCost = 350_000_000
)

// Info is what an image says of itself.
type Info struct {
	// Width and Height in pixels, as it is to be seen.
	Width, Height int32
	// Frames is 1 for what does not move.
	Frames int
	// Size is how many bytes Clean writes.
	Size int64

	format *format
	// stored are the pixels before they are turned, and turn is how: the
	// orientation of EXIF, 1 to 8.
	stored image.Point
	turn   int
	// first is where in the whole the first frame is; empty is all of it.
	first image.Rectangle
	// cost is how many bytes of memory View allocates, no fewer.
	cost int64
	jpeg jpegFrame
	png  pngPixels
	webp riff
	bits int64 // a pixel of a BMP
}

// Takes reports whether images of this type can be looked into.
func Takes(media string) bool {
	switch media {
	case "image/jpeg", "image/png", "image/apng", "image/gif", "image/webp", "image/bmp":
		return true
	}
	return false
}

// format is a kind of images that can be looked into.
type format struct {
	// magic is how they begin; ? is any byte.
	magic []string
	walk  func(*walker) error
	// first returns the first frame as config and decode take it.
	first  func(io.ReadSeeker, *Info) (io.Reader, error)
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
	// cost is how many bytes of memory decode allocates for pixels, no fewer.
	cost func(*Info) int64
}

var formats = []*format{
	{[]string{"\xff\xd8\xff"}, walkJPEG, whole, jpeg.DecodeConfig, jpeg.Decode, costJPEG},
	{[]string{pngMagic}, walkPNG, whole, png.DecodeConfig, png.Decode, costPNG},
	{[]string{"GIF87a", "GIF89a"}, walkGIF, whole, gif.DecodeConfig, gif.Decode, costGIF},
	{[]string{"RIFF????WEBP"}, walkWebP, still, webp.DecodeConfig, webp.Decode, costWebP},
	{[]string{"BM"}, walkBMP, whole, bmp.DecodeConfig, bmp.Decode, costBMP},
}

// whole is for decoders that stop after the first frame by themselves.
func whole(r io.ReadSeeker, _ *Info) (io.Reader, error) {
	_, err := r.Seek(0, io.SeekStart)
	return r, err
}

// formatOf returns the format of what begins with head, nil if it is none.
func formatOf(head []byte) *format {
	for _, f := range formats {
		for _, magic := range f.magic {
			if fits(head, magic) {
				return f
			}
		}
	}
	return nil
}

func fits(head []byte, magic string) bool {
	if len(head) < len(magic) {
		return false
	}
	for i := range len(magic) {
		if magic[i] != '?' && magic[i] != head[i] {
			return false
		}
	}
	return true
}

// Inspect goes through the image in r from its first byte to its last, without
// decoding it, in constant memory. It answers errs.FileType if it is none of a
// format we know, errs.FileLarge if it is beyond the limits, errs.ImageBroken
// if it is cut or makes no sense. All other errors are r's.
func Inspect(r io.ReadSeeker) (*Info, error) {
	info := &Info{Frames: 1, turn: 1}
	if err := walk(r, io.Discard, info, nil); err != nil {
		return nil, err
	}
	return info, nil
}

// Size returns width and height of the image in r, as it is to be seen; 0 is
// for what Inspect refuses. The error is r's.
func Size(r io.ReadSeeker) (width, height int32, err error) {
	info, err := Inspect(r)
	var refused *errs.Error
	if errors.As(err, &refused) {
		return 0, 0, nil
	}
	if err != nil {
		return 0, 0, err
	}
	return info.Width, info.Height, nil
}

// Clean writes the image in r, of which i is, without what does not belong to
// the picture: the place and the time it was taken, the device, the remarks,
// small pictures of how it once was, whatever comes behind its end. The pixels
// are not touched, nor are the colour profile and the way it is to be turned.
func (i *Info) Clean(w io.Writer, r io.ReadSeeker) error {
	again := &Info{Frames: 1, turn: 1}
	if err := walk(r, w, again, i); err != nil {
		return err
	}
	if again.Size != i.Size {
		return fmt.Errorf("picture: %d bytes in place of %d", again.Size, i.Size)
	}
	return nil
}

// resize takes the size of the whole. It is errs.FileLarge beyond the limits.
func (i *Info) resize(width, height int) error {
	switch {
	case i.stored != image.Point{}, width < 1, height < 1:
		return errs.ImageBroken
	case width > MaxSide || height > MaxSide:
		return errs.FileLarge.With("maxSide", MaxSide)
	case width*height > MaxPixels:
		return errs.FileLarge.With("maxPixels", MaxPixels)
	}
	i.stored = image.Pt(width, height)
	return nil
}

// frame counts frame n, which is to be seen at that place of the whole.
func (i *Info) frame(n int, at image.Rectangle) error {
	if !at.In(image.Rectangle{Max: i.stored}) || at.Empty() {
		return errs.ImageBroken
	}
	if n > MaxFrames {
		return errs.FileLarge.With("maxFrames", MaxFrames)
	}
	if n == 1 {
		i.first = at
	}
	i.Frames = n
	return nil
}

// finish sets what is known at the end, and says what it means to decode it.
func (i *Info) finish() error {
	if i.stored == (image.Point{}) {
		return errs.ImageBroken
	}
	i.Width, i.Height = int32(i.stored.X), int32(i.stored.Y) //nolint:gosec // within MaxSide
	if i.turn > 4 {                                          // on its side
		i.Width, i.Height = i.Height, i.Width
	}
	i.cost = i.format.cost(i)
	if i.turn > 1 {
		i.cost += 4 * i.pixels()
	}
	if i.cost > maxCost {
		return errs.FileLarge.With("maxMemory", maxCost)
	}
	return nil
}

// pixels is how many the whole has.
func (i *Info) pixels() int64 { return int64(i.stored.X) * int64(i.stored.Y) }

// placed is what it costs to put the first frame into the whole, see place.
func (i *Info) placed() int64 {
	if i.first.Empty() || i.first.Size() == i.stored {
		return 0
	}
	return 4 * i.pixels()
}

func walk(r io.ReadSeeker, out io.Writer, info, known *Info) error {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("picture: %w", err)
	}
	w := &walker{from: &counter{r: r}, out: out, info: info, known: known}
	w.in = bufio.NewReaderSize(w.from, peek)
	head, err := w.in.Peek(16)
	if err != nil && err != io.EOF {
		return fmt.Errorf("picture: %w", err)
	}
	if info.format = formatOf(head); info.format == nil {
		return errs.FileType
	}
	if err := info.format.walk(w); err != nil {
		return err
	}
	info.Size = w.n
	return info.finish()
}
