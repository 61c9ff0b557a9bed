package preview

import (
	"bytes"
	"image"
	"image/color"
	"testing"
)

func TestPicturesKeepTheirProportionsAndAreNeverEnlarged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                  string
		w, h, width, toW, toH int
	}{
		{"wide", 1000, 500, 320, 320, 160},
		{"tall", 500, 1000, 320, 320, 640},
		{"as wide", 320, 100, 320, 320, 100},
		{"one wider", 321, 321, 320, 320, 320},
		{"smaller", 10, 10, 320, 10, 10},
		{"narrow", 1, 2000, 96, 1, 2000},
		{"flat", 2000, 1, 96, 96, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			img := image.NewGray(image.Rect(3, 5, 3+c.w, 5+c.h))
			if got := shrink(img, c.width).Bounds().Size(); got != image.Pt(c.toW, c.toH) {
				t.Errorf("%v", got)
			}
		})
	}
}

// filled is a picture of one colour.
func filled(w, h int, c color.Color) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, c)
		}
	}
	return img
}

// near reports whether two colours look alike.
func near(a, b color.Color) bool {
	r, g, bl, al := a.RGBA()
	r2, g2, bl2, al2 := b.RGBA()
	for _, d := range []int64{int64(r) - int64(r2), int64(g) - int64(g2), int64(bl) - int64(bl2), int64(al) - int64(al2)} {
		if d > 0x600 || d < -0x600 {
			return false
		}
	}
	return true
}

func TestWhatCanBeSeenThroughStaysSo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		color color.NRGBA
		media string
	}{
		{"opaque", color.NRGBA{200, 30, 60, 255}, "image/jpeg"},
		{"half", color.NRGBA{200, 30, 60, 128}, "image/png"},
		{"nothing", color.NRGBA{}, "image/png"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b, err := encode(shrink(filled(200, 100, c.color), 96))
			if err != nil || mediaOf(b) != c.media {
				t.Fatalf("%q, error %v", mediaOf(b), err)
			}
			img, _, err := image.Decode(bytes.NewReader(b))
			if err != nil || img.Bounds().Size() != image.Pt(96, 48) || !near(img.At(40, 20), c.color) {
				t.Errorf("%v %v, error %v", img.Bounds(), img.At(40, 20), err)
			}
		})
	}
}
