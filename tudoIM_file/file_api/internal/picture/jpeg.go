package picture

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"

	"tudoIM/common/errs"
)

// Markers of a JPEG.
const (
	sof0  = 0xc0 // baseline; 1 is extended, 2 progressive
	sof2  = 0xc2
	dht   = 0xc4
	rst0  = 0xd0
	rst7  = 0xd7
	eoi   = 0xd9
	sos   = 0xda
	dqt   = 0xdb
	dri   = 0xdd
	app0  = 0xe0
	app1  = 0xe1
	app2  = 0xe2
	app14 = 0xee
	app15 = 0xef
	com   = 0xfe
)

func walkJPEG(w *walker) error {
	if err := w.keep(2); err != nil { // the start of the image
		return err
	}
	for scans, turned := 0, false; ; {
		marker, err := w.marker(scans > 0)
		if err != nil {
			return err
		}
		if marker == eoi {
			if scans == 0 {
				return errs.ImageBroken
			}
			return w.put([]byte{0xff, eoi})
		}
		p, err := w.take(2)
		if err != nil {
			return err
		}
		length := int(binary.BigEndian.Uint16(p))
		if length < 2 {
			return errs.ImageBroken
		}
		segment, err := w.take(length - 2)
		if err != nil {
			return err
		}
		switch {
		case marker >= sof0 && marker <= sof2:
			if err := w.info.jpegHead(marker, segment); err != nil {
				return err
			}
		case marker == sos:
			if scans++; scans > maxScans {
				return errs.FileLarge.With("maxScans", maxScans)
			}
			if err := w.info.jpegScan(segment); err != nil {
				return err
			}
		case marker == dht, marker == dqt, marker == dri:
		case marker == app1 && bytes.HasPrefix(segment, exifMark) && !turned:
			turned = true
			w.info.turn = orientation(segment)
			if segment = nil; w.info.turn > 1 {
				segment = append(bytes.Clone(exifMark), onlyTurn(w.info.turn)...)
			}
		case marker >= app0 && marker <= app15:
			segment = wanted(marker, segment)
			w.info.jpeg.adobe = w.info.jpeg.adobe || marker == app14 && segment != nil
		case marker == com:
			segment = nil
		default:
			return errs.ImageBroken // nothing that we could decode
		}
		if segment == nil {
			continue
		}
		head := []byte{0xff, marker, 0, 0}
		binary.BigEndian.PutUint16(head[2:], uint16(len(segment)+2)) //nolint:gosec // no longer than it was
		if err := w.put(head, segment); err != nil {
			return err
		}
	}
}

// wanted returns what of an application's segment a decoder needs, nil if
// nothing.
func wanted(marker byte, segment []byte) []byte {
	switch {
	case marker == app0 && bytes.HasPrefix(segment, []byte("JFIF\x00")) && len(segment) >= 14:
		// Behind the density comes a small picture, and how large it is.
		return append(bytes.Clone(segment[:12]), 0, 0)
	case marker == app2 && bytes.HasPrefix(segment, []byte("ICC_PROFILE\x00")):
		return segment
	case marker == app14 && bytes.HasPrefix(segment, []byte("Adobe")) && len(segment) >= 12:
		return segment[:12] // how the colours are stored
	}
	return nil
}

// marker goes behind the next marker. What comes before it are the pixels of a
// scan, or nothing that belongs there.
func (w *walker) marker(scan bool) (byte, error) {
	for {
		p, err := w.in.ReadSlice(0xff)
		full := errors.Is(err, bufio.ErrBufferFull)
		if err != nil && !full {
			return 0, missing(err)
		}
		if !full {
			p = p[:len(p)-1]
		}
		if scan {
			if err := w.put(p); err != nil {
				return 0, err
			}
		}
		if full {
			continue
		}
		c := byte(0xff)
		for c == 0xff { // may be there as often as it likes
			if c, err = w.in.ReadByte(); err != nil {
				return 0, missing(err)
			}
		}
		if c != 0 && (c < rst0 || c > rst7) {
			return c, nil
		}
		if scan {
			if err := w.put([]byte{0xff, c}); err != nil {
				return 0, err
			}
		}
	}
}

// jpegFrame is what a JPEG consists of.
type jpegFrame struct {
	components  []component
	progressive bool
	adobe       bool
	work        int64 // samples that all scans go over
}

// component is one of a JPEG's: its name, and how many samples it has.
type component struct {
	id byte
	n  int64
}

// jpegHead takes the size of the whole and of its components.
func (i *Info) jpegHead(marker byte, p []byte) error {
	if len(p) < 6 {
		return errs.ImageBroken
	}
	if err := i.resize(int(binary.BigEndian.Uint16(p[3:])), int(binary.BigEndian.Uint16(p[1:]))); err != nil {
		return err
	}
	n := int(p[5])
	if n < 1 || n > 4 || len(p) != 6+3*n {
		return errs.ImageBroken
	}
	i.jpeg.progressive = marker == sof2
	// They come in units that have some blocks of each, and of the first as
	// many as there are; one alone comes block by block.
	h, v := int(p[7]>>4), int(p[7]&0xf)
	if n == 1 {
		h, v = 1, 1
	}
	if h < 1 || v < 1 {
		return errs.ImageBroken
	}
	units := int64((i.stored.X+8*h-1)/(8*h)) * int64((i.stored.Y+8*v-1)/(8*v))
	for c := p[6:]; len(c) > 0; c = c[3:] {
		blocks := int64(c[1]>>4) * int64(c[1]&0xf)
		if n == 1 {
			blocks = 1
		}
		i.jpeg.components = append(i.jpeg.components, component{c[0], 64 * units * blocks})
	}
	return nil
}

// jpegScan counts what a scan goes over.
func (i *Info) jpegScan(p []byte) error {
	if len(p) < 1 || len(p) != 4+2*int(p[0]) {
		return errs.ImageBroken
	}
	for c := p[1 : 1+2*int(p[0])]; len(c) > 0; c = c[2:] {
		for _, is := range i.jpeg.components {
			if is.id == c[0] {
				i.jpeg.work += is.n
			}
		}
	}
	if i.jpeg.work > maxWork {
		return errs.FileLarge.With("maxWork", maxWork)
	}
	return nil
}

// costJPEG counts a byte for each sample, four if all of them are held until
// the last scan, and what it takes to make RGB or CMYK of them.
func costJPEG(i *Info) int64 {
	var n int64
	for _, c := range i.jpeg.components {
		n += c.n
	}
	if i.jpeg.progressive {
		n += 4 * n
	}
	if c := i.jpeg.components; len(c) == 4 || len(c) == 3 && (i.jpeg.adobe || c[0].id == 'R') {
		n += 4 * i.pixels()
	}
	return n
}
