package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
)

// secret is what metadata says, and nobody else is to know.
const secret = "52.5200N 13.4050E"

// scene is 24 x 16, of which every corner has another colour.
func scene() image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, 24, 16))
	for y := range 16 {
		for x := range 24 {
			m.Set(x, y, corner(x < 12, y < 8))
		}
	}
	return m
}

func corner(left, top bool) color.NRGBA {
	switch {
	case left && top:
		return color.NRGBA{R: 255, A: 255}
	case top:
		return color.NRGBA{G: 255, A: 255}
	case left:
		return color.NRGBA{B: 255, A: 255}
	}
	return color.NRGBA{R: 255, G: 255, B: 255, A: 255}
}

// exif says how a picture is to be turned, and more; order is II or MM.
func exif(order string, turn int) []byte {
	var o binary.AppendByteOrder = binary.LittleEndian
	magic := "II*\x00"
	if order == "MM" {
		o, magic = binary.BigEndian, "MM\x00*"
	}
	b := append(o.AppendUint32([]byte(magic), 8), 0, 0)
	if order == "MM" {
		b[9] = 2
	} else {
		b[8] = 2
	}
	b = o.AppendUint16(o.AppendUint16(b, 0x010f), 2) // the maker, a text
	b = o.AppendUint32(o.AppendUint32(b, uint32(len(secret))), 38)
	b = o.AppendUint16(o.AppendUint16(b, tagOrientation), typeShort)
	b = o.AppendUint16(o.AppendUint32(b, 1), uint16(turn))
	return append(append(b, 0, 0, 0, 0, 0, 0), secret...)
}

func encoded(t testing.TB, encode func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func segment(marker byte, data ...string) []byte {
	all := strings.Join(data, "")
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(all)+2)), all...)
}

// aJPEG is the scene with these segments behind its beginning.
func aJPEG(t testing.TB, m image.Image, segments ...[]byte) []byte {
	b := encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, m, &jpeg.Options{Quality: 100}) })
	return slices.Concat(b[:2], slices.Concat(segments...), b[2:])
}

func chunk(name string, data ...[]byte) []byte {
	all := slices.Concat(data...)
	b := append(binary.BigEndian.AppendUint32(nil, uint32(len(all))), name...)
	b = append(b, all...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// aPNG is m with these chunks behind its head.
func aPNG(t testing.TB, m image.Image, chunks ...[]byte) []byte {
	b := encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, m) })
	return slices.Concat(b[:33], slices.Concat(chunks...), b[33:])
}

// bare is a PNG of that size, of grey pixels that are all black.
func bare(t testing.TB, width, height int) []byte {
	head := binary.BigEndian.AppendUint32(nil, uint32(width))
	head = append(binary.BigEndian.AppendUint32(head, uint32(height)), 1, 0, 0, 0, 0) // a bit a pixel
	pixels := encoded(t, func(b *bytes.Buffer) error {
		w := zlib.NewWriter(b)
		row := make([]byte, 1+(width+7)/8)
		for range height {
			if _, err := w.Write(row); err != nil {
				return err
			}
		}
		return w.Close()
	})
	return slices.Concat([]byte(pngMagic), chunk("IHDR", head), chunk("IDAT", pixels), chunk("IEND"))
}

// moving is an APNG of n frames.
func moving(t testing.TB, n int) []byte {
	chunks := [][]byte{chunk("acTL", binary.BigEndian.AppendUint32(nil, uint32(n)), make([]byte, 4))}
	frame := func() []byte {
		b := make([]byte, 26)
		binary.BigEndian.PutUint32(b[4:], 24)
		binary.BigEndian.PutUint32(b[8:], 16)
		return chunk("fcTL", b)
	}
	b := aPNG(t, scene(), append(chunks, frame())...)
	end := len(b) - 12
	for range n - 1 {
		chunks = append(chunks, frame(), chunk("fdAT", []byte("1234xx")))
	}
	return slices.Concat(b[:end], slices.Concat(chunks[1:]...), b[end:])
}

func aGIF(t testing.TB, frames int) []byte {
	m := image.NewPaletted(image.Rect(0, 0, 24, 16), color.Palette{corner(true, true), corner(false, true), corner(true, false), corner(false, false)})
	for y := range 16 {
		for x := range 24 {
			m.Set(x, y, scene().At(x, y))
		}
	}
	g := &gif.GIF{}
	for range frames {
		g.Image, g.Delay = append(g.Image, m), append(g.Delay, 1)
	}
	return encoded(t, func(b *bytes.Buffer) error { return gif.EncodeAll(b, g) })
}

// within puts blocks into a GIF before its first frame, behind its head and
// the loop.
func within(b []byte, blocks ...[]byte) []byte {
	at := 13
	if b[10]&0x80 != 0 {
		at += 3 << (b[10]&7 + 1)
	}
	return slices.Concat(b[:at], slices.Concat(blocks...), b[at:])
}

func aBMP(t testing.TB) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return bmp.Encode(b, scene()) })
}

// sceneWebP is the scene, without loss.
const sceneWebP = "UklGRj4AAABXRUJQVlA4TDEAAAAvF8ADAB8gkE1a/s7XEJAQ/N8sApIk/3+O+Y+4IRcQZhtNcpKTvP8RRPQ/tlVPQH0CAA=="

// glassWebP is red glass of that size, with loss and with alpha.
const glassWebP = "UklGRmwAAABXRUJQVlA4WAoAAAAQAAAAFwAADwAAQUxQSAoAAAABB9C/iAhERP8DVlA4IDwAAAAQAwCdASoYABAAPpE4l0eloyIhMAgAsBIJQBdl0AAQNgAA/u7T3/4DdfFtMv/3OB/3OB/3OB/HM1mAAAA="

func riffOf(name string, data ...[]byte) []byte {
	all := slices.Concat(data...)
	b := append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(all))), all...)
	return append(b, make([]byte, len(all)&1)...)
}

func webpOf(t testing.TB, text string) []byte {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// pixels is the chunk of sceneWebP.
func pixels(t testing.TB) []byte { return webpOf(t, sceneWebP)[12:] }

// aWebP is an extended one with these flags and chunks.
func aWebP(flags byte, chunks ...[]byte) []byte {
	return riffOf("RIFF", []byte("WEBP"), riffOf("VP8X", []byte{flags, 0, 0, 0, 23, 0, 0, 15, 0, 0}), slices.Concat(chunks...))
}

func anmf(t testing.TB, chunks ...[]byte) []byte {
	return riffOf("ANMF", []byte{0, 0, 0, 0, 0, 0, 23, 0, 0, 15, 0, 0, 100, 0, 0, 0}, slices.Concat(chunks...), pixels(t))
}
