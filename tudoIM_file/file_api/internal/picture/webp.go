package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"io"
	"math"

	"tudoIM/common/errs"
)

// Flags of an extended WebP.
const (
	webpMoves   = 1 << 1
	webpXMP     = 1 << 2
	webpEXIF    = 1 << 3
	webpAlpha   = 1 << 4
	webpProfile = 1 << 5
)

// riff is what a WebP's beginning says of what follows.
type riff struct {
	flags byte
	// frames are how many bytes stay of each.
	frames []int64
	// alpha and pixels are the chunks of the first.
	alpha, pixels section
	size          image.Point // of it
	// packed says that its alpha, and lossless that its pixels are stored as
	// what is without loss.
	packed, lossless bool
}

// section is where some bytes are, with their chunk's head and filling.
type section struct{ at, n int64 }

func walkWebP(w *walker) error {
	p, err := w.take(12)
	if err != nil {
		return err
	}
	end := int64(binary.LittleEndian.Uint32(p[4:])) + 8
	var size int64
	if w.known != nil {
		size = w.known.Size - 8
	}
	if err := w.riffHead("RIFF", size, []byte("WEBP")); err != nil {
		return err
	}
	for first, done := true, false; w.at() < end; first = false {
		name, size, err := w.riffChunk(end)
		if err != nil {
			return err
		}
		switch {
		case name == "VP8X" && first:
			err = w.webpExtended(size)
		case name == "ANMF" && w.info.webp.flags&webpMoves != 0:
			done = true
			err = w.webpFrame(size)
		case (name == "VP8 " || name == "VP8L" || name == "ALPH") && w.info.webp.flags&webpMoves == 0 && !done:
			done = name != "ALPH"
			err = w.webpPixels(name, size, first)
		case name == "ICCP" && w.info.webp.flags&webpProfile != 0, name == "ANIM" && w.info.webp.flags&webpMoves != 0:
			err = w.riffKeep(name, size)
		case name == "EXIF" && w.info.webp.flags&webpEXIF != 0 && w.info.turn == 1:
			err = w.webpEXIF(size)
		default:
			err = w.drop(size + size&1)
		}
		if err != nil {
			return err
		}
		if done && w.info.webp.flags == 0 {
			break // nothing else belongs to it
		}
	}
	if w.info.webp.pixels.n == 0 {
		return errs.ImageBroken
	}
	return nil
}

// riffChunk goes behind the head of the next chunk, which ends before end.
func (w *walker) riffChunk(end int64) (name string, size int64, err error) {
	p, err := w.take(8)
	if err != nil {
		return "", 0, err
	}
	size = int64(binary.LittleEndian.Uint32(p[4:]))
	if size > math.MaxInt32 || w.at()+size > end {
		return "", 0, errs.ImageBroken
	}
	return string(p[:4]), size, nil
}

func (w *walker) riffHead(name string, size int64, rest ...[]byte) error {
	if err := w.put([]byte(name), binary.LittleEndian.AppendUint32(nil, uint32(size))); err != nil { //nolint:gosec // as it was read, or less
		return err
	}
	return w.put(rest...)
}

func (w *walker) riffKeep(name string, size int64) error {
	if err := w.riffHead(name, size); err != nil {
		return err
	}
	return w.keep(size + size&1)
}

func (w *walker) webpExtended(size int64) error {
	p, err := w.take(10)
	if err != nil {
		return err
	}
	if size != 10 {
		return errs.ImageBroken
	}
	w.info.webp.flags = p[0] | 1 // so that it is not 0
	if err := w.info.resize(uint24(p[4:])+1, uint24(p[7:])+1); err != nil {
		return err
	}
	flags := p[0] & (webpMoves | webpAlpha | webpProfile)
	if w.known != nil && w.known.turn > 1 {
		flags |= webpEXIF
	}
	return w.riffHead("VP8X", size, []byte{flags, 0, 0, 0}, p[4:10])
}

// webpPixels keeps a chunk of pixels. It is alone, or part of a frame that has
// the size of the whole.
func (w *walker) webpPixels(name string, size int64, alone bool) error {
	at := w.at() - 8
	whole := section{at, 8 + size + size&1}
	if name == "ALPH" {
		if err := w.webpAlpha(whole, size); err != nil {
			return err
		}
		return w.riffKeep(name, size)
	}
	data, err := w.see(min(size, 10))
	if err != nil {
		return err
	}
	of, ok := webpSize(name, data)
	if !ok {
		return errs.ImageBroken
	}
	if alone {
		if err := w.info.resize(of.X, of.Y); err != nil {
			return err
		}
	}
	if of != w.info.stored {
		return errs.ImageBroken
	}
	w.info.webp.pixels, w.info.webp.size, w.info.webp.lossless = whole, of, name == "VP8L"
	return w.riffKeep(name, size)
}

// webpAlpha takes the alpha of the first frame.
func (w *walker) webpAlpha(whole section, size int64) error {
	data, err := w.see(min(size, 1))
	if err != nil {
		return err
	}
	w.info.webp.alpha, w.info.webp.packed = whole, len(data) > 0 && data[0]&3 != 0
	return nil
}

// webpSize returns the size that pixels say they have.
func webpSize(name string, p []byte) (image.Point, bool) {
	switch {
	case name == "VP8 " && len(p) == 10 && bytes.Equal(p[3:6], []byte{0x9d, 0x01, 0x2a}):
		return image.Pt(word(p[6:])&0x3fff, word(p[8:])&0x3fff), true
	case name == "VP8L" && len(p) >= 5 && p[0] == 0x2f:
		bits := binary.LittleEndian.Uint32(p[1:])
		return image.Pt(int(bits&0x3fff)+1, int(bits>>14&0x3fff)+1), true
	}
	return image.Point{}, false
}

// webpFrame keeps one frame: how it is shown, its alpha and its pixels.
func (w *walker) webpFrame(size int64) error {
	const head = 16
	if size < head {
		return errs.ImageBroken
	}
	end := w.at() + size
	p, err := w.take(head)
	if err != nil {
		return err
	}
	n := len(w.info.webp.frames)
	at, of := image.Pt(2*uint24(p), 2*uint24(p[3:])), image.Pt(uint24(p[6:])+1, uint24(p[9:])+1)
	if err := w.info.frame(n+1, image.Rectangle{Min: at, Max: at.Add(of)}); err != nil {
		return err
	}
	var stays int64
	if w.known != nil {
		stays = w.known.webp.frames[n]
	}
	if err := w.riffHead("ANMF", stays, p); err != nil {
		return err
	}
	begin, pixels := w.n-head, false
	for !pixels && w.at() < end {
		name, size, err := w.riffChunk(end)
		if err != nil {
			return err
		}
		whole := section{w.at() - 8, 8 + size + size&1}
		switch name {
		case "ALPH":
			if n == 0 {
				err = w.webpAlpha(whole, size)
			}
			if err == nil {
				err = w.riffKeep(name, size)
			}
		case "VP8 ", "VP8L":
			var data []byte
			if data, err = w.see(min(size, 10)); err != nil {
				return err
			}
			if is, ok := webpSize(name, data); !ok || is != of {
				return errs.ImageBroken
			}
			if n == 0 {
				w.info.webp.pixels, w.info.webp.size, w.info.webp.lossless = whole, of, name == "VP8L"
			}
			pixels = true
			err = w.riffKeep(name, size)
		default:
			err = w.drop(size + size&1)
		}
		if err != nil {
			return err
		}
	}
	if !pixels {
		return errs.ImageBroken
	}
	w.info.webp.frames = append(w.info.webp.frames, w.n-begin)
	return w.drop(max(end+size&1-w.at(), 0))
}

func (w *walker) webpEXIF(size int64) error {
	data, err := w.see(size)
	if err != nil {
		return err
	}
	if w.info.turn = orientation(data); w.info.turn > 1 {
		only := onlyTurn(w.info.turn)
		if err := w.riffHead("EXIF", int64(len(only)), only); err != nil {
			return err
		}
	}
	return w.drop(size + size&1)
}

func uint24(p []byte) int { return int(p[0]) | int(p[1])<<8 | int(p[2])<<16 }

// still returns the first frame as a WebP that does not move: the decoder
// knows no other, and is particular about what comes with it.
func still(r io.ReadSeeker, info *Info) (io.Reader, error) {
	first := info.webp
	var flags byte
	if first.alpha.n > 0 {
		flags = webpAlpha
	}
	head := []byte("WEBPVP8X\x0a\x00\x00\x00")
	head = append(head, flags, 0, 0, 0)
	for _, n := range []int{first.size.X - 1, first.size.Y - 1} {
		head = append(head, byte(n), byte(n>>8), byte(n>>16)) //nolint:gosec // 24 bits, byte by byte
	}
	riff := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(int64(len(head))+first.alpha.n+first.pixels.n)) //nolint:gosec // within a file of 32 bits
	return io.MultiReader(bytes.NewReader(append(riff, head...)), &sectionReader{r, first.alpha}, &sectionReader{r, first.pixels}), nil
}

// sectionReader reads a section of a file that only one reads at a time.
type sectionReader struct {
	r io.ReadSeeker
	section
}

func (s *sectionReader) Read(p []byte) (int, error) {
	if s.n == 0 {
		return 0, io.EOF
	}
	if _, err := s.r.Seek(s.at, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := s.r.Read(p[:min(int64(len(p)), s.n)])
	s.at, s.n = s.at+int64(n), s.n-int64(n)
	return n, err
}

// costWebP counts a frame with loss as YCbCr with half the colours.
func costWebP(i *Info) int64 {
	f := i.webp
	n := int64(f.size.X) * int64(f.size.Y)
	cost := i.placed()
	if f.lossless {
		cost += costVP8L(n, f.pixels.n)
	} else {
		x, y := int64(f.size.X+15)&^15, int64(f.size.Y+15)&^15
		cost += x*y*3/2 + x*y/16 + f.pixels.n // with how each block is filtered
	}
	if f.alpha.n > 0 {
		cost += n
		if f.packed {
			cost += costVP8L(n, f.alpha.n)
		}
	}
	return cost
}

// costVP8L counts four bytes for each pixel, as many for what it is of a
// palette, and what is said of each tile, which has 16 pixels or more, in up
// to three ways. The decoder takes trees of codes for 2600 kinds of tiles at
// most: what they need however short they are, and no more than 256 bytes for
// each of the file.
func costVP8L(pixels, size int64) int64 {
	return 9*pixels + min(2600*2700+256*size, 2600*53_000)
}
