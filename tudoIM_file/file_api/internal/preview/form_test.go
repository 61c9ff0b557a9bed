package preview

import (
	"slices"
	"testing"

	"tudoIM/tudoIM_file/file_api/internal/store"
)

func TestWidthsAreRoundedUpToOneThatIsKept(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		media   string
		width   int
		variant string
		most    int
	}{
		{"image/png", 0, "w320", 320},
		{"image/png", 1, "w96", 96},
		{"image/png", 96, "w96", 96},
		{"image/png", 97, "w160", 160},
		{"image/png", 160, "w160", 160},
		{"image/png", 161, "w320", 320},
		{"image/png", 321, "w640", 640},
		{"image/png", 640, "w640", 640},
		{"image/png", 641, "w1280", 1280},
		{"image/png", 1281, "w2048", 2048},
		{"image/png", MaxWidth, "w2048", 2048},
		{"image/png", MaxWidth + 1, "w2048", 2048},
		{"video/mp4", 0, "poster", 640},
		{"video/mp4", 1, "w96", 96},
		{"video/mp4", 320, "w320", 320},
		{"video/mp4", 321, "poster", 640},
		{"video/mp4", MaxWidth, "poster", 640},
	} {
		if name, most := variant(c.media, c.width); name != c.variant || most != c.most {
			t.Errorf("%s %d: %s, at most %d", c.media, c.width, name, most)
		}
	}
}

// TestTheStoreKnowsAllVariants has it so that they go with the bytes.
func TestTheStoreKnowsAllVariants(t *testing.T) {
	t.Parallel()
	all := []string{poster}
	for _, w := range widths {
		all = append(all, w.variant)
	}
	slices.Sort(all)
	if known := slices.Sorted(slices.Values(store.Variants)); !slices.Equal(known, all) {
		t.Errorf("the store knows %q of %q", known, all)
	}
}

func TestHowATypeIsShown(t *testing.T) {
	t.Parallel()
	without, with := &Maker{}, &Maker{ffmpeg: &FFmpeg{}}
	for media, want := range map[string]Form{
		"image/jpeg": Picture, "image/png": Picture, "image/apng": Picture, "image/gif": Picture, "image/webp": Picture, "image/bmp": Picture,
		"text/plain": Text, "text/csv": Text, "text/tab-separated-values": Text, "application/json": Text,
		"application/pdf": Whole,
		"image/heic":      None, "image/tiff": None, "text/rtf": None, "audio/mpeg": None, "audio/ogg": None, "application/zip": None,
		"application/octet-stream": None, "": None, "text/html": None, "image/svg+xml": None,
	} {
		if a, b := without.Of(media), with.Of(media); a != want || b != want {
			t.Errorf("%s: %d, and %d with ffmpeg", media, a, b)
		}
	}
	for media := range demuxers {
		if a, b := without.Of(media), with.Of(media); a != None || b != Picture {
			t.Errorf("%s: %d, and %d with ffmpeg", media, a, b)
		}
	}
}
