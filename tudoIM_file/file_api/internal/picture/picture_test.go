package picture

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tudoIM/common/errs"
)

func inspect(t *testing.T, b []byte) *Info {
	t.Helper()
	info, err := Inspect(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func clean(t *testing.T, b []byte) []byte {
	t.Helper()
	info := inspect(t, b)
	var out bytes.Buffer
	if err := info.Clean(&out, bytes.NewReader(b)); err != nil {
		t.Fatal(err)
	}
	if int64(out.Len()) != info.Size {
		t.Errorf("%d bytes, said %d", out.Len(), info.Size)
	}
	return out.Bytes()
}

// first returns what View shows.
func first(ctx context.Context, r io.ReadSeeker) (image.Image, error) {
	var got image.Image
	err := View(ctx, Order{UserID: users.Add(1), Limit: time.Minute}, r, func(m image.Image) error {
		got = m
		return nil
	})
	return got, err
}

// users are of one test each, so that none waits for another.
var users atomic.Uint64

func decode(t *testing.T, b []byte) image.Image {
	t.Helper()
	m, err := first(t.Context(), bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// letters names the corners of m by the scene's: a b over c d.
func letters(m image.Image) string {
	b := m.Bounds()
	var found strings.Builder
	for _, p := range []image.Point{{b.Min.X + 2, b.Min.Y + 2}, {b.Max.X - 3, b.Min.Y + 2}, {b.Min.X + 2, b.Max.Y - 3}, {b.Max.X - 3, b.Max.Y - 3}} {
		c, _ := color.NRGBAModel.Convert(m.At(p.X, p.Y)).(color.NRGBA)
		bright := func(v uint8) bool { return v > 128 }
		switch {
		case bright(c.R) && bright(c.G) && bright(c.B):
			found.WriteByte('d')
		case bright(c.R):
			found.WriteByte('a')
		case bright(c.G):
			found.WriteByte('b')
		case bright(c.B):
			found.WriteByte('c')
		default:
			found.WriteByte('?')
		}
	}
	return found.String()
}

// seen are the scene's corners as each orientation means them to be seen.
var seen = []string{"", "abcd", "badc", "dcba", "cdab", "acbd", "cadb", "dbca", "bdac"}

const profile = "a colour profile"

// described are pictures of the scene with everything that can be said of one.
var described = map[string]func(t *testing.T, exif []byte) []byte{
	"jpeg": func(t *testing.T, exif []byte) []byte {
		return append(aJPEG(t, scene(),
			segment(app0, "JFIF\x00\x01\x02\x01\x00\x48\x00\x48\x01\x01", secret[:3]), // with a small picture
			segment(app0, "JFXX\x00", secret),
			segment(app1, "Exif\x00\x00", string(exif)),
			segment(app1, "http://ns.adobe.com/xap/1.0/\x00", secret),
			segment(app1, "Exif\x00\x00", secret),
			segment(app2, "ICC_PROFILE\x00\x01\x01", profile),
			segment(app2, "MPF\x00", secret),
			segment(0xed, "Photoshop 3.0\x00", secret),
			segment(0xeb, "JP", secret),
			segment(com, secret),
			[]byte("between"), []byte("\xff\xff\xff"),
		), secret...)
	},
	"png": func(t *testing.T, exif []byte) []byte {
		return append(aPNG(t, scene(),
			chunk("iCCP", []byte(profile)), chunk("pHYs", []byte("\x00\x00\x0b\x13\x00\x00\x0b\x13\x01")),
			chunk("eXIf", exif), chunk("tEXt", []byte("Author\x00"+secret)), chunk("iTXt", []byte(secret)), chunk("zTXt", []byte(secret)),
			chunk("tIME", []byte(secret)), chunk("caBX", []byte(secret)), chunk("prVt", []byte(secret)),
		), secret...)
	},
	"png that moves": func(t *testing.T, exif []byte) []byte {
		b := moving(t, 3)
		return slices.Concat(b[:33], chunk("eXIf", exif), b[33:], []byte(secret))
	},
	"webp": func(t *testing.T, exif []byte) []byte {
		return append(aWebP(webpEXIF|webpXMP|webpProfile, riffOf("ICCP", []byte(profile)), pixels(t),
			riffOf("EXIF", exif), riffOf("XMP ", []byte(secret)), riffOf("what", []byte(secret))), secret...)
	},
	"webp with another EXIF": func(t *testing.T, exif []byte) []byte {
		return aWebP(webpEXIF|webpXMP|webpProfile, riffOf("ICCP", []byte(profile)), pixels(t), riffOf("EXIF", exifMark, exif), riffOf("EXIF", []byte(secret)))
	},
	"webp that moves": func(t *testing.T, exif []byte) []byte {
		return aWebP(webpEXIF|webpMoves, riffOf("ANIM", make([]byte, 6)), anmf(t), anmf(t, riffOf("what", []byte(secret+"!"))), riffOf("EXIF", exif))
	},
}

func TestOnlyThePictureStays(t *testing.T) {
	t.Parallel()
	for name, make := range described {
		for _, order := range []string{"II", "MM"} {
			for turn := range 10 { // 0 and 9 mean nothing
				t.Run(fmt.Sprint(name, " ", order, " ", turn), func(t *testing.T) {
					t.Parallel()
					given := make(t, exif(order, turn))
					if !bytes.Contains(given, []byte(secret)) {
						t.Fatal("nothing to hide")
					}
					kept := clean(t, given)
					for part := range strings.FieldsSeq(secret) {
						if bytes.Contains(kept, []byte(part)) {
							t.Errorf("%s is still there", part)
						}
					}
					if bytes.Contains(given, []byte(profile)) != bytes.Contains(kept, []byte(profile)) {
						t.Error("the profile is gone")
					}
					want, width, height := seen[1], int32(24), int32(16)
					if turn > 0 && turn < 9 {
						want = seen[turn]
					}
					if turn > 4 && turn < 9 {
						width, height = height, width
					}
					for what, b := range map[string][]byte{"given": given, "kept": kept} {
						info, m := inspect(t, b), decode(t, b)
						if info.Width != width || info.Height != height || m.Bounds().Dx() != int(width) || m.Bounds().Dy() != int(height) {
							t.Errorf("%s is %d x %d, decoded %v", what, info.Width, info.Height, m.Bounds())
						}
						if got := letters(m); got != want {
							t.Errorf("%s looks like %s, want %s", what, got, want)
						}
					}
					if !bytes.Equal(clean(t, kept), kept) {
						t.Error("what is clean changes again")
					}
				})
			}
		}
	}
}

func TestPicturesWithoutMetadataStayAsTheyAre(t *testing.T) {
	t.Parallel()
	loop := []byte("!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00")
	for name, b := range map[string][]byte{
		"jpeg": aJPEG(t, scene()), "png": aPNG(t, scene()), "moving png": moving(t, 3), "gif": aGIF(t, 1), "moving gif": aGIF(t, 3),
		"looping gif": within(aGIF(t, 1), loop), "webp": webpOf(t, sceneWebP), "webp with alpha": webpOf(t, glassWebP), "bmp": aBMP(t),
		"moving webp": aWebP(webpMoves, riffOf("ANIM", make([]byte, 6)), anmf(t)),
	} {
		if kept := clean(t, b); !bytes.Equal(kept, b) {
			t.Errorf("%s: %d bytes of %d", name, len(kept), len(b))
		}
		if kept := clean(t, append(bytes.Clone(b), "PK\x03\x04<html>"...)); !bytes.Equal(kept, b) {
			t.Errorf("%s: something stays behind its end", name)
		}
		m := decode(t, b)
		if info := inspect(t, b); m.Bounds().Size() != image.Pt(24, 16) || info.Width != 24 || info.Height != 16 {
			t.Errorf("%s: %v, %+v", name, m.Bounds(), info)
		}
		if name != "webp with alpha" && letters(m) != seen[1] {
			t.Errorf("%s looks like %s", name, letters(m))
		}
	}
}

func TestRemarksInGIFs(t *testing.T) {
	t.Parallel()
	plain := aGIF(t, 2)
	loop := []byte("!\xff\x0bANIMEXTS1.0\x03\x01\x05\x00\x00")
	given := within(plain,
		slices.Concat([]byte("!\xfe\x11"), []byte(secret), []byte{0}),
		slices.Concat([]byte("!\xff\x0bXMP DataXMP\x11"), []byte(secret), []byte{0}),
		slices.Concat([]byte("!\xff\x0bANIMEXTS1.0\x11"), []byte(secret), []byte("\x03\x01\x05\x00\x00")),
		slices.Concat([]byte("!\x01\x11"), []byte(secret), []byte{0}),
	)
	if kept := clean(t, given); !bytes.Equal(kept, within(plain, loop)) {
		t.Errorf("%q", kept)
	}
}

func TestProfilesOfBMPsAreNotFollowed(t *testing.T) {
	t.Parallel()
	b := aBMP(t)
	head := slices.Concat(b[:14], make([]byte, bmpInfo5))
	copy(head[14:], b[14:54])
	binary.LittleEndian.PutUint32(head[10:], 14+bmpInfo5)
	binary.LittleEndian.PutUint32(head[14:], bmpInfo5)
	copy(head[14+56:], "LINK")
	binary.LittleEndian.PutUint32(head[14+112:], uint32(len(b)))
	kept := clean(t, slices.Concat(head, b[54:], []byte(secret)))
	if bytes.Contains(kept, []byte("LINK")) || bytes.Contains(kept, []byte(secret[:8])) || len(kept) != len(b)+bmpInfo5-bmpInfo {
		t.Errorf("%q", kept)
	}
	if got := letters(decode(t, kept)); got != seen[1] {
		t.Errorf("looks like %s", got)
	}
}

func TestTheFirstFrameIsSeenWhereItIs(t *testing.T) {
	t.Parallel()
	b := aGIF(t, 1)
	binary.LittleEndian.PutUint16(b[6:], 48) // the whole is wider
	at := bytes.IndexByte(b[13:], ',') + 13
	if b[10]&0x80 != 0 {
		at = 13 + 3<<(b[10]&7+1) + bytes.IndexByte(b[13+3<<(b[10]&7+1):], ',')
	}
	binary.LittleEndian.PutUint16(b[at+1:], 24)
	m := decode(t, b)
	if m.Bounds() != image.Rect(0, 0, 48, 16) {
		t.Fatal(m.Bounds())
	}
	if _, _, _, a := m.At(2, 2).RGBA(); a != 0 {
		t.Error("the left is not empty")
	}
	if got := letters(subImage(m, image.Rect(24, 0, 48, 16))); got != seen[1] {
		t.Errorf("the right looks like %s", got)
	}
	webp := aWebP(webpMoves, riffOf("ANIM", make([]byte, 6)), anmf(t))
	webp[24] = 47 // the width of the whole, less one
	webp[bytes.Index(webp, []byte("ANMF"))+8] = 12
	if got := letters(subImage(decode(t, webp), image.Rect(24, 0, 48, 16))); got != seen[1] {
		t.Errorf("the right of a WebP looks like %s", got)
	}
}

func subImage(m image.Image, r image.Rectangle) image.Image {
	n, _ := m.(*image.NRGBA)
	return n.SubImage(r)
}

// wholes are one image of each kind.
func wholes(t testing.TB) map[string][]byte {
	return map[string][]byte{
		"jpeg": aJPEG(t, scene()), "png": aPNG(t, scene()), "moving png": moving(t, 2), "gif": aGIF(t, 2), "bmp": aBMP(t),
		"webp": webpOf(t, sceneWebP), "webp with alpha": webpOf(t, glassWebP),
		"moving webp": aWebP(webpMoves, riffOf("ANIM", make([]byte, 6)), anmf(t), anmf(t)),
	}
}

func TestAnImageCutAnywhereIsBroken(t *testing.T) {
	t.Parallel()
	for name, b := range wholes(t) {
		for n := range b {
			_, err := Inspect(bytes.NewReader(b[:n]))
			if !errors.Is(err, errs.ImageBroken) && (n >= 12 || !errors.Is(err, errs.FileType)) {
				t.Errorf("%s: the first %d of %d bytes: %v", name, n, len(b), err)
			}
			if w, h, err := Size(bytes.NewReader(b[:n])); w != 0 || h != 0 || err != nil {
				t.Errorf("%s: the first %d of %d bytes are %d x %d, %v", name, n, len(b), w, h, err)
			}
		}
		if w, h, err := Size(bytes.NewReader(b)); w != 24 || h != 16 || err != nil {
			t.Errorf("%s: %d x %d, %v", name, w, h, err)
		}
	}
}

func set(b []byte, at int, with ...byte) []byte {
	b = bytes.Clone(b)
	copy(b[at:], with)
	return b
}

func TestWhatMakesNoSenseIsBroken(t *testing.T) {
	t.Parallel()
	j, p, g, w := aJPEG(t, scene()), aPNG(t, scene()), aGIF(t, 1), webpOf(t, sceneWebP)
	sof := bytes.Index(j, []byte{0xff, sof0})
	head := p[8:33]
	for name, b := range map[string][]byte{
		"jpeg without pixels":        {0xff, 0xd8, 0xff, eoi},
		"jpeg with two heads":        slices.Concat(j[:sof], j[sof:sof+19], j[sof:]),
		"jpeg of no height":          set(j, sof+5, 0, 0),
		"jpeg without loss":          set(j, sof+1, 0xc3),
		"jpeg with a short segment":  slices.Concat(j[:2], []byte{0xff, com, 0, 1}, j[2:]),
		"jpeg with wrong codes":      set(j, bytes.Index(j, []byte{0xff, dht})+5, 0xff, 0xff, 0xff),
		"jpeg larger than its data":  set(j, sof+5, 0x10, 0),
		"png without a head":         slices.Concat(p[:8], p[33:]),
		"png with two heads":         slices.Concat(p[:33], head, p[33:]),
		"png of no width":            slices.Concat(p[:8], chunk("IHDR", make([]byte, 13)), p[33:]),
		"png of a negative width":    slices.Concat(p[:8], chunk("IHDR", []byte{0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 8, 0, 0, 0, 0}), p[33:]),
		"png without pixels":         slices.Concat(p[:33], p[len(p)-12:]),
		"png with an unknown chunk":  slices.Concat(p[:33], chunk("NEWS", nil), p[33:]),
		"png with a wrong sum":       set(p, len(p)-20, 1, 2, 3, 4),
		"png with an endless chunk":  slices.Concat(p[:33], []byte("\xff\xff\xff\xfftEXt"), p[33:]),
		"png frame beyond the whole": slices.Concat(p[:33], chunk("fcTL", []byte("1234\x7f\xff\xff\xff\x00\x00\x00\x01\x7f\xff\xff\xff\x00\x00\x00\x0012345678")), p[33:]),
		"gif without frames":         slices.Concat(g[:bytes.IndexByte(g[13+12:], ',')+13+12], []byte(";")),
		"gif frame beyond the whole": set(g, 6, 23),
		"gif with an unknown block":  within(g, []byte{0}),
		"gif of no size":             set(g, 6, 0, 0, 0, 0),
		"webp of another size":       aWebP(0, set(pixels(t), 9, 0x18)),
		"webp without pixels":        aWebP(0),
		"webp with wrong pixels":     set(w, 25, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
		"webp with a long chunk":     set(w, 16, 0xff),
		"webp frame beyond":          set(aWebP(webpMoves, anmf(t)), 24, 5),
		"webp frame without pixels":  aWebP(webpMoves, riffOf("ANMF", make([]byte, 16))),
		"bmp of another time":        set(aBMP(t), 14, 12),
		"bmp upside down for ever":   set(aBMP(t), 22, 0, 0, 0, 0x80),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := first(t.Context(), bytes.NewReader(b))
			if !errors.Is(err, errs.ImageBroken) && (name != "png of a negative width" && name != "bmp upside down for ever" || !errors.Is(err, errs.FileLarge)) {
				t.Error(err)
			}
		})
	}
	for name, b := range map[string]string{
		"nothing": "", "text": "hello", "heic": "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "avif": "\x00\x00\x00\x18ftypavif\x00\x00\x00\x00",
		"tiff": "II*\x00\x08\x00\x00\x00", "svg": "<svg/>", "wav": "RIFF\x00\x00\x00\x00WAVEfmt ",
	} {
		if _, err := first(t.Context(), strings.NewReader(b)); !errors.Is(err, errs.FileType) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// many is a JPEG that goes over its pixels n times.
func many(t testing.TB, n int) []byte {
	j := aJPEG(t, scene())
	scan := bytes.Index(j, []byte{0xff, sos})
	return slices.Concat(j[:scan], bytes.Repeat(j[scan:len(j)-2], n), j[len(j)-2:])
}

func headJPEG(t testing.TB, width, height uint16) []byte {
	j := aJPEG(t, scene())
	sof := bytes.Index(j, []byte{0xff, sof0})
	return set(j, sof+5, byte(height>>8), byte(height), byte(width>>8), byte(width))
}

func frames(t testing.TB, n int) []byte {
	all := [][]byte{riffOf("ANIM", make([]byte, 6))}
	for range n {
		all = append(all, anmf(t))
	}
	return aWebP(webpMoves, all...)
}

func TestLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		b     []byte
		limit string // which one it is beyond
	}{
		{"a side at the limit", bare(t, MaxSide, 1), ""},
		{"a side past it", bare(t, MaxSide+1, 1), "maxSide"},
		{"another side at the limit", bare(t, 1, MaxSide), ""},
		{"another side past it", bare(t, 1, MaxSide+1), "maxSide"},
		{"pixels at the limit", bare(t, 8000, 5000), ""},
		{"pixels past it", bare(t, 8000, 5001), "maxPixels"},
		{"gif frames at the limit", aGIF(t, MaxFrames), ""},
		{"gif frames past it", aGIF(t, MaxFrames+1), "maxFrames"},
		{"png frames at the limit", moving(t, MaxFrames), ""},
		{"png frames past it", moving(t, MaxFrames+1), "maxFrames"},
		{"webp frames at the limit", frames(t, MaxFrames), ""},
		{"webp frames past it", frames(t, MaxFrames+1), "maxFrames"},
		{"scans at the limit", many(t, maxScans), ""},
		{"scans past it", many(t, maxScans+1), "maxScans"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Inspect(bytes.NewReader(c.b))
			if c.limit == "" && err != nil || c.limit != "" && (!errors.Is(err, errs.FileLarge) || errs.From(err).Data[c.limit] == "") {
				t.Error(err)
			}
		})
	}
}

// TestBombsCostNothing does not run beside others: it counts what is allocated.
func TestBombsCostNothing(t *testing.T) {
	long := string(exif("II", 6)) + strings.Repeat("x", 60000)
	segments := [][]byte{segment(app1, "Exif\x00\x00", long)}
	for range 170 {
		segments = append(segments, segment(app1, "Exif\x00\x00", long))
	}
	for _, c := range []struct {
		name string
		b    []byte
		want error
	}{
		{"png of 20,000 x 20,000", bare(t, 20000, 20000), errs.FileLarge},
		{"jpeg of 65,535 x 65,535", headJPEG(t, 65535, 65535), errs.FileLarge},
		{"gif of 10,000 frames", aGIF(t, 10000), errs.FileLarge},
		{"gif of 65,535 x 65,535", set(aGIF(t, 1), 6, 0xff, 0xff, 0xff, 0xff), errs.FileLarge},
		{"webp of 16,384 x 16,384", set(webpOf(t, sceneWebP), 21, 0xff, 0xff, 0xff, 0x0f), errs.FileLarge},
		{"webp of 2^24 x 2^24", set(aWebP(0, pixels(t)), 24, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), errs.FileLarge},
		{"bmp of 30,000 x 30,000", set(aBMP(t), 18, 0x30, 0x75, 0, 0, 0x30, 0x75, 0, 0), errs.FileLarge},
		{"jpeg with 10 MB of EXIF", aJPEG(t, scene(), segments...), nil},
		{"png with 10 MB of EXIF", aPNG(t, scene(), chunk("eXIf", exif("MM", 6), make([]byte, 10<<20))), nil},
		{"webp with 10 MB of EXIF", aWebP(webpEXIF, pixels(t), riffOf("EXIF", exif("MM", 6), make([]byte, 10<<20))), nil},
		{"png with 10 MB of text", aPNG(t, scene(), bytes.Repeat(chunk("tEXt", []byte("a\x00b")), 700_000)), nil},
		{"gif with 10 MB of remarks", within(aGIF(t, 1), bytes.Repeat([]byte("!\xfe\x01x\x00"), 2_000_000)), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			info, err := Inspect(bytes.NewReader(c.b))
			if !errors.Is(err, c.want) {
				t.Error(err)
			}
			if err == nil {
				var kept bytes.Buffer
				if err := info.Clean(&kept, bytes.NewReader(c.b)); err != nil || kept.Len() > 2000 {
					t.Errorf("%d bytes stay, %v", kept.Len(), err)
				}
				decode(t, kept.Bytes())
			}
			runtime.ReadMemStats(&after)
			if got := after.TotalAlloc - before.TotalAlloc; got > 16<<20 { // all together, most of it long forgotten
				t.Errorf("%d bytes of memory", got)
			}
		})
	}
}

// stubborn fails to read behind some bytes.
type stubborn struct {
	io.ReadSeeker
	left int
}

var errStubborn = errors.New("input/output error")

func (s *stubborn) Read(p []byte) (int, error) {
	if s.left == 0 {
		return 0, errStubborn
	}
	n, err := s.ReadSeeker.Read(p[:min(len(p), s.left)])
	s.left -= n
	return n, err
}

func TestAReaderThatFailsIsNotABrokenImage(t *testing.T) {
	t.Parallel()
	for name, b := range wholes(t) {
		for n := range 3 * len(b) {
			_, err := first(t.Context(), &stubborn{bytes.NewReader(b), n})
			if err == nil {
				break // it was read to its end
			}
			if !errors.Is(err, errStubborn) || errors.Is(err, errs.ImageBroken) || errors.Is(err, errs.FileType) {
				t.Fatalf("%s, %d: %v", name, n, err)
			}
		}
	}
	b := aPNG(t, scene())
	if _, _, err := Size(&stubborn{bytes.NewReader(b), 20}); !errors.Is(err, errStubborn) {
		t.Error(err)
	}
}

func TestADecoderThatPanicsHasFoundABrokenImage(t *testing.T) {
	t.Parallel()
	info := inspect(t, aPNG(t, scene()))
	info.format = &format{first: whole, config: info.format.config, decode: func(io.Reader) (image.Image, error) { panic("index out of range") }}
	if _, err := info.decode(bytes.NewReader(aPNG(t, scene()))); !errors.Is(err, errs.ImageBroken) {
		t.Error(err)
	}
}

func FuzzInspect(f *testing.F) {
	for _, b := range wholes(f) {
		f.Add(b)
	}
	f.Add(encoded(f, func(b *bytes.Buffer) error { return jpeg.Encode(b, scene(), nil) }))
	f.Add(aWebP(webpEXIF, pixels(f), riffOf("EXIF", exif("MM", 6))))
	f.Fuzz(func(t *testing.T, b []byte) {
		info, err := Inspect(bytes.NewReader(b))
		if err != nil {
			if e := (*errs.Error)(nil); !errors.As(err, &e) {
				t.Error(err)
			}
			return
		}
		if info.stored.X*info.stored.Y > 1<<20 {
			return // only slow
		}
		kept := clean(t, b)
		again := inspect(t, kept)
		if again.Width != info.Width || again.Height != info.Height || again.turn != info.turn || again.Frames != info.Frames || again.Size != info.Size {
			t.Errorf("%+v became %+v", info, again)
		}
		m, err := first(t.Context(), bytes.NewReader(kept))
		if err == nil && m.Bounds().Size() != image.Pt(int(info.Width), int(info.Height)) {
			t.Errorf("%v, said %d x %d", m.Bounds(), info.Width, info.Height)
		}
	})
}
