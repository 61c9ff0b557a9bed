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
	return w.blocks(w.keepBlock)
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
		return w.blocks(w.keepBlock)
	case 0xff:
		return w.gifApplication()
	}
	return w.blocks(w.dropBlock)
}

func (w *walker) gifApplication() error {
	var name, loop string
	err := w.blocks(func(n int) error {
		p, err := w.take(n)
		switch {
		case err != nil:
			return err
		case name == "":
			name = string(p)
		case n == 3 && p[0] == 1:
			loop = string(p)
		}
		return nil
	})
	if err != nil || loop == "" || name != "NETSCAPE2.0" && name != "ANIMEXTS1.0" {
		return err
	}
	return w.put([]byte("!\xff\x0b" + name + "\x03" + loop + "\x00"))
}

// blocks goes through a row of blocks, of 1 to 255 bytes, and behind its end.
func (w *walker) blocks(each func(n int) error) error {
	for {
		p, err := w.take(1)
		if err != nil {
			return err
		}
		if err := each(int(p[0])); err != nil || p[0] == 0 {
			return err
		}
	}
}

func (w *walker) keepBlock(n int) error {
	if err := w.put([]byte{byte(n)}); err != nil {
		return err
	}
	return w.keep(int64(n))
}

func (w *walker) dropBlock(n int) error { return w.drop(int64(n)) }

func word(p []byte) int { return int(binary.LittleEndian.Uint16(p)) }

// colours is how long the table is that flags announce.
func colours(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}
