package preview

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"strings"

	"github.com/kovidgoyal/imaging"
)

// quality is the JPEGs': nobody sees at these sizes what more would keep.
const quality = 82

// shrink returns img at most width wide, in its proportions. It never enlarges.
func shrink(img image.Image, width int) image.Image {
	b := img.Bounds()
	if b.Dx() <= width {
		return img
	}
	return imaging.Resize(img, width, max(1, (b.Dy()*width+b.Dx()/2)/b.Dx()), imaging.CatmullRom)
}

// encode writes img anew, with nothing but its pixels: as JPEG, or as PNG if
// some of them can be seen through.
func encode(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	o, ok := img.(interface{ Opaque() bool })
	if !ok || !o.Opaque() {
		if err := png.Encode(&b, img); err != nil {
			return nil, fmt.Errorf("preview: %w", err)
		}
		return b.Bytes(), nil
	}
	if n, ok := img.(*image.NRGBA); ok { // opaque, the two are the same, and the other is written faster
		img = &image.RGBA{Pix: n.Pix, Stride: n.Stride, Rect: n.Rect}
	}
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	return b.Bytes(), nil
}

const (
	jpegMagic = "\xff\xd8\xff"
	pngMagic  = "\x89PNG\r\n\x1a\n"
	magicSize = len(pngMagic)
)

// mediaOf returns the type of a picture that begins with head, or "" if it is
// none of ours.
func mediaOf(head []byte) string {
	switch {
	case strings.HasPrefix(string(head), jpegMagic):
		return "image/jpeg"
	case strings.HasPrefix(string(head), pngMagic):
		return "image/png"
	}
	return ""
}
