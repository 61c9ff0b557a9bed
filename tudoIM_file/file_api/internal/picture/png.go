package picture

import (
	"encoding/binary"
	"hash/crc32"
	"image"

	"tudoIM/common/errs"
)

const pngMagic = "\x89PNG\r\n\x1a\n"

// pngKept are the chunks that make the picture: pixels, colours and frames.
var pngKept = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true,
	"tRNS": true, "gAMA": true, "cHRM": true, "sRGB": true, "iCCP": true, "cICP": true, "mDCV": true, "cLLI": true,
	"sBIT": true, "bKGD": true, "pHYs": true,
	"acTL": true, "fcTL": true, "fdAT": true,
}

func walkPNG(w *walker) error {
	if err := w.keep(int64(len(pngMagic))); err != nil {
		return err
	}
	turned, frames := false, 0
	var head [8]byte // one for all chunks: there may be very many
	for {
		p, err := w.take(8)
		if err != nil {
			return err
		}
		copy(head[:], p)
		name, size := string(head[4:]), int64(binary.BigEndian.Uint32(head[:]))
		if size > 1<<31-1 || (name == "IHDR") == (w.info.stored != image.Point{}) {
			return errs.ImageBroken // the size comes first, and once
		}
		data, err := w.see(size)
		if err != nil {
			return err
		}
		switch name {
		case "IHDR":
			if len(data) < 13 {
				return errs.ImageBroken
			}
			w.info.png = pngPixels{depth: data[8], colour: data[9], interlaced: data[12] != 0}
			err = w.info.resize(side(data), side(data[4:]))
		case "tRNS":
			w.info.png.glass = true
		case "fcTL":
			if len(data) < 26 {
				return errs.ImageBroken
			}
			frames++
			at := image.Pt(side(data[12:]), side(data[16:]))
			err = w.info.frame(frames, image.Rectangle{Min: at, Max: at.Add(image.Pt(side(data[4:]), side(data[8:])))})
		case "eXIf":
			if turn := orientation(data); turn > 1 && !turned {
				w.info.turn = turn
				err = w.chunk(name, onlyTurn(turn))
			}
			turned = true
		}
		if err != nil {
			return err
		}
		switch {
		case pngKept[name]:
			if err := w.put(head[:]); err != nil {
				return err
			}
			err = w.keep(size + 4)
		case name[0]&0x20 == 0: // nobody may pass over it
			return errs.ImageBroken
		default:
			err = w.drop(size + 4)
		}
		if err != nil || name == "IEND" {
			return err
		}
	}
}

// side is a length, which is beyond all limits if it is no number of 31 bits.
func side(p []byte) int { return int(min(binary.BigEndian.Uint32(p), 1<<31-1)) }

// chunk writes a chunk of our own.
func (w *walker) chunk(name string, data []byte) error {
	sum := crc32.NewIEEE()
	_, _ = sum.Write([]byte(name))
	_, _ = sum.Write(data)
	return w.put(binary.BigEndian.AppendUint32(nil, uint32(len(data))), []byte(name), data, sum.Sum(nil)) //nolint:gosec // our own, and short
}

// pngPixels is how a PNG's pixels are stored.
type pngPixels struct {
	depth, colour byte
	interlaced    bool
	glass         bool // some of them can be seen through
}

// costPNG counts one byte for a pixel that is grey or of a palette, or else
// four, twice as many of 16 bits, and all of it again if it comes in passes.
func costPNG(i *Info) int64 {
	n := 4 * i.pixels()
	if i.png.colour == 3 || i.png.colour == 0 && !i.png.glass {
		n = i.pixels()
	}
	if i.png.depth == 16 {
		n *= 2
	}
	if i.png.interlaced {
		n *= 2
	}
	return n
}
