package picture

import (
	"bytes"
	"encoding/binary"

	"tudoIM/common/errs"
)

const (
	bmpHeader  = 14
	bmpInfo    = 40
	bmpInfo4   = 108
	bmpInfo5   = 124
	bmpPalette = 4 * 256
)

func walkBMP(w *walker) error {
	p, err := w.take(bmpHeader + 4)
	if err != nil {
		return err
	}
	head := bytes.Clone(p)
	length := binary.LittleEndian.Uint32(head[bmpHeader:])
	if length != bmpInfo && length != bmpInfo4 && length != bmpInfo5 {
		return errs.ImageBroken // older than anybody
	}
	if p, err = w.take(int(length) - 4); err != nil {
		return err
	}
	head = append(head, p...)
	width, height := int32(binary.LittleEndian.Uint32(head[18:])), int32(binary.LittleEndian.Uint32(head[22:])) //nolint:gosec // they are signed
	if height < 0 {
		height = -max(height, -MaxSide-1) // from top to bottom
	}
	if err := w.info.resize(int(width), int(height)); err != nil {
		return err
	}
	bits, palette := int64(word(head[28:])), int64(binary.LittleEndian.Uint32(head[10:]))-int64(len(head))
	if bits < 1 || bits > 32 || palette < 0 || palette > bmpPalette {
		return errs.ImageBroken
	}
	w.info.bits = bits
	pixels := (int64(width)*bits + 31) / 32 * 4 * int64(height)
	binary.LittleEndian.PutUint32(head[2:], uint32(int64(len(head))+palette+pixels)) //nolint:gosec // of 40 megapixels at most
	binary.LittleEndian.PutUint32(head[6:], 0)
	if length == bmpInfo5 {
		// The profile lies behind the pixels, or is the name of a file.
		copy(head[bmpHeader+56:], "BGRs")
		clear(head[bmpHeader+112:])
	}
	if err := w.put(head); err != nil {
		return err
	}
	return w.keep(palette + pixels)
}

func costBMP(i *Info) int64 {
	if i.bits <= 8 {
		return i.pixels()
	}
	return 4 * i.pixels()
}
