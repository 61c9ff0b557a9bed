package picture

import (
	"encoding/binary"
	"image"

	"tudoIM/common/errs"
)

func walkGIF(w *walker) error {
	p, err := w.take(13)
	if err != nil {
		return err
	}
	if err := w.info.resize(word(p[6:]), word(p[8:])); err != nil {
		return err
	}
	if err := w.put(p); err != nil {
		return err
	}
	if err := w.keep(colours(p[10])); err != nil {
		return err
	}
	for frames := 0; ; {
		p, err := w.take(1)
		if err != nil {
			return err
		}
		switch p[0] {
		case ',':
			frames++
			err = w.gifFrame(frames)
		case '!':
			err = w.gifExtension()
		case ';':
			if frames == 0 {
				return errs.ImageBroken
			}
			return w.put([]byte{';'})
		default:
			err = errs.ImageBroken
		}
		if err != nil {
			return err
		}
	}
}

func (w *walker) gifFrame(n int) error {
	p, err := w.take(9)
	if err != nil {
		return err
	}
	at := image.Pt(word(p), word(p[2:]))
	if err := w.info.frame(n, image.Rectangle{Min: at, Max: at.Add(image.Pt(word(p[4:]), word(p[6:])))}); err != nil {
		return err
	}
	table := colours(p[8])
	if err := w.put([]byte{','}, p); err != nil {
		return err
	}
	if err := w.keep(table + 1); err != nil { // and how wide the codes are
		return err
	}
	return w.blocks(true)
}

// gifExtension keeps how a frame is shown and how often all are.
func (w *walker) gifExtension() error {
	p, err := w.take(1)
	if err != nil {
		return err
	}
	switch p[0] {
	case 0xf9:
		if err := w.put([]byte{'!', 0xf9}); err != nil {
			return err
		}
		return w.blocks(true)
	case 0xff:
		return w.gifApplication()
	}
	return w.blocks(false)
}

func (w *walker) gifApplication() error {
	p, err := w.block()
	if err != nil || len(p) == 1 {
		return err
	}
	name := string(p[1:])
	if name != "NETSCAPE2.0" && name != "ANIMEXTS1.0" {
		return w.blocks(false)
	}
	for loops := false; ; {
		p, err := w.block()
		if err != nil || len(p) == 1 {
			return err
		}
		if loops || len(p) != 4 || p[1] != 1 {
			continue
		}
		loops = true
		if err := w.put([]byte("!\xff\x0b"+name), p, []byte{0}); err != nil {
			return err
		}
	}
}

// blocks goes behind a row of blocks.
func (w *walker) blocks(keep bool) error {
	for {
		p, err := w.block()
		if err != nil {
			return err
		}
		if keep {
			if err := w.put(p); err != nil {
				return err
			}
		}
		if len(p) == 1 {
			return nil
		}
	}
}

// block takes the next block of a row: how long it is, 0 at the end of the
// row, and what is in it.
func (w *walker) block() ([]byte, error) {
	p, err := w.see(1)
	if err != nil {
		return nil, err
	}
	n := 1
	if len(p) > 0 {
		n += int(p[0])
	}
	return w.take(n)
}

func word(p []byte) int { return int(binary.LittleEndian.Uint16(p)) }

// colours is how long the table is that flags announce.
func colours(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// costGIF counts a byte for each pixel of the first frame.
func costGIF(i *Info) int64 {
	return int64(i.first.Dx())*int64(i.first.Dy()) + i.placed()
}
