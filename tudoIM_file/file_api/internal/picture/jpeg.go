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
			if len(segment) < 6 {
				return errs.ImageBroken
			}
			if err := w.info.resize(int(binary.BigEndian.Uint16(segment[3:])), int(binary.BigEndian.Uint16(segment[1:]))); err != nil {
				return err
			}
		case marker == sos:
			if scans++; scans > maxScans {
				return errs.FileLarge.With("maxScans", maxScans)
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
