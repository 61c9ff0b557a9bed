package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"image"
	"runtime"
	"slices"
	"testing"

	"tudoIM/common/errs"
)

// deep is a PNG of that size, of pixels of 64 bits.
func deep(t testing.TB, width, height int) []byte { return plain(t, width, height, 16, 6, 0) }

// plain is a PNG of that size whose pixels are all 0.
func plain(t testing.TB, width, height int, depth, colour, interlace byte, chunks ...[]byte) []byte {
	head := binary.BigEndian.AppendUint32(nil, uint32(width))
	head = append(binary.BigEndian.AppendUint32(head, uint32(height)), depth, colour, 0, 0, interlace)
	bits := int(depth) * map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
	pixels := encoded(t, func(b *bytes.Buffer) error {
		w, err := zlib.NewWriterLevel(b, zlib.BestSpeed)
		if err != nil {
			return err
		}
		passes := [][4]int{{0, 0, 1, 1}}
		if interlace > 0 {
			passes = [][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}
		}
		for _, p := range passes {
			row := make([]byte, 1+((width-p[0]+p[2]-1)/p[2]*bits+7)/8)
			for range (height - p[1] + p[3] - 1) / p[3] {
				if _, err := w.Write(row); err != nil {
					return err
				}
			}
		}
		return w.Close()
	})
	return slices.Concat([]byte(pngMagic), chunk("IHDR", head), slices.Concat(chunks...), chunk("IDAT", pixels), chunk("IEND"))
}

// layered is a JPEG of that size that comes in so many scans: all pixels at
// once, then bit by bit of one component after the other, of which nothing is
// said but that nothing changes. hv is how the first is sampled, and the
// fourth if there is one.
func layered(side, components, scans, turn int, hv byte) []byte {
	var b []byte
	put := func(marker byte, p ...byte) {
		b = binary.BigEndian.AppendUint16(append(b, 0xff, marker), uint16(len(p)+2))
		b = append(b, p...)
	}
	b = append(b, 0xff, 0xd8)
	if turn > 1 {
		put(app1, append(bytes.Clone(exifMark), onlyTurn(turn)...)...)
	}
	if components == 4 {
		put(app14, []byte("Adobe\x00\x64\x00\x00\x00\x00\x00")...)
	}
	put(dqt, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...)
	sof := []byte{8, byte(side >> 8), byte(side), byte(side >> 8), byte(side), byte(components)}
	scan := []byte{byte(components)}
	for c := range components {
		of := byte(0x11)
		if c == 0 || c == 3 {
			of = hv
		}
		sof, scan = append(sof, byte(c+1), of, 0), append(scan, byte(c+1), 0)
	}
	put(sof2, sof...)
	put(dht, append([]byte{0, 1}, make([]byte, 16)...)...)                  // 0: nothing changes
	put(dht, append(append([]byte{0x10, 1}, make([]byte, 15)...), 0xe0)...) // 0: a run of blocks
	put(sos, append(scan, 0, 0, 0)...)
	h, v := int(hv>>4), int(hv&0xf)
	units := ((side + 8*h - 1) / (8 * h)) * ((side + 8*v - 1) / (8 * v))
	blocks := units * (h*v + components - 1)
	if components == 4 {
		blocks += units * (h*v - 1)
	}
	b = append(b, make([]byte, (blocks+7)/8)...)
	for s := range scans - 1 {
		c := s % components
		put(sos, 1, byte(c+1), 0, 1, 63, 0x10)
		left := (side + 7) / 8
		if c > 0 && (c < 3 && h > 1) {
			left = (side + 8*h - 1) / (8 * h)
		}
		left *= left
		var bits uint64
		n := 0
		flush := func() {
			n -= 8
			x := byte(bits >> n)
			if b = append(b, x); x == 0xff {
				b = append(b, 0)
			}
		}
		for ; left > 0; left -= 32767 {
			bits, n = bits<<15|uint64(max(min(left, 32767)-16384, 0)), n+15
			for n >= 8 {
				flush()
			}
		}
		bits, n = bits<<8, n+8
		flush()
	}
	return append(b, 0xff, eoi)
}

// TestDecodingCostsNoMoreThanIsSaid does not run beside others: it counts what
// is allocated.
func TestDecodingCostsNoMoreThanIsSaid(t *testing.T) {
	turned := chunk("eXIf", onlyTurn(6))
	glass := chunk("tRNS", []byte{0, 0})
	part := set(aGIF(t, 1), 6, 0xb8, 0x0b, 0xb8, 0x0b) // of 3000 x 3000
	for name, b := range map[string][]byte{
		"the worst: a photo in scans":  layered(6320, 3, 10, 1, 0x22),
		"the worst: CMYK in scans":     layered(3700, 4, 10, 1, 0x11),
		"the worst: a photo on a side": layered(5400, 3, 10, 6, 0x22),
		"the worst: 64 bits a pixel":   plain(t, 8000, 5000, 16, 6, 0),
		"the worst: in passes":         plain(t, 5000, 4300, 16, 6, 1),
		"the worst: alpha on a side":   plain(t, 8000, 5000, 8, 6, 0, turned),
		"grey":                         plain(t, 2000, 1500, 8, 0, 0),
		"grey of 16 bits":              plain(t, 2000, 1500, 16, 0, 0),
		"grey glass":                   plain(t, 2000, 1500, 8, 0, 0, glass),
		"grey glass of 16 bits":        plain(t, 2000, 1500, 16, 0, 1, glass),
		"colours":                      plain(t, 2000, 1500, 8, 2, 1),
		"a palette":                    plain(t, 2000, 1500, 8, 3, 0, chunk("PLTE", make([]byte, 3))),
		"grey in scans":                layered(2000, 1, 5, 3, 0x22),
		"a part of a gif":              part,
		"jpeg":                         aJPEG(t, image.NewYCbCr(image.Rect(0, 0, 2000, 1500), image.YCbCrSubsampleRatio420), segment(app1, "Exif\x00\x00", string(exif("II", 6)))),
		"webp":                         webpOf(t, sceneWebP), "webp with alpha": webpOf(t, glassWebP),
	} {
		info, err := Inspect(bytes.NewReader(b))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		if _, err := first(t.Context(), bytes.NewReader(b)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		runtime.ReadMemStats(&after)
		// What does not depend on the pixels is some buffers.
		if got := int64(after.TotalAlloc - before.TotalAlloc); got > info.cost+2<<20 || info.cost > maxCost {
			t.Errorf("%s: %d bytes of memory, said %d", name, got, info.cost)
		}
	}
}

func TestWhatCostsTooMuchIsNotDecoded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		b     []byte
		limit string // which one it is beyond
	}{
		{"a photo of 12 MP in scans, on a side", layered(3500, 3, 10, 6, 0x22), ""},
		{"a photo of 40 MP in scans", layered(6320, 3, 10, 1, 0x22), ""},
		{"a photo of 40 MP in scans, on a side", layered(6320, 3, 10, 6, 0x22), "maxMemory"},
		{"40 MP of CMYK in scans", layered(6320, 4, 4, 1, 0x11), "maxMemory"},
		{"many scans of few pixels", layered(1000, 3, 100, 1, 0x11), ""},
		{"many scans of many pixels", layered(4200, 3, 100, 1, 0x11), "maxWork"},
		{"40 MP of 64 bits", plain(t, 8000, 5000, 16, 6, 0), ""},
		{"40 MP of 64 bits, on a side", plain(t, 8000, 5000, 16, 6, 0, chunk("eXIf", onlyTurn(6))), "maxMemory"},
		{"40 MP of 64 bits, in passes", plain(t, 8000, 5000, 16, 6, 1), "maxMemory"},
	} {
		_, err := Inspect(bytes.NewReader(c.b))
		if c.limit == "" && err != nil || c.limit != "" && (!errors.Is(err, errs.FileLarge) || errs.From(err).Data[c.limit] == "") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
