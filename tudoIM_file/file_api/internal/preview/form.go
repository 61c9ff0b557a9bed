package preview

import (
	"slices"

	"tudoIM/tudoIM_file/file_api/internal/picture"
)

// Form is how a file can be shown.
type Form int

const (
	// None is what can only be described.
	None Form = iota
	// Picture is what a picture can be made of.
	Picture
	// Text is what its beginning can be read of.
	Text
	// Whole is what a browser shows by itself, page by page.
	Whole
)

// texts are the types that people can read as they are.
var texts = []string{"text/plain", "text/csv", "text/tab-separated-values", "application/json"}

// demuxers are ffmpeg's names for the containers of videos. Naming one keeps
// ffmpeg from guessing: some of what it knows are lists of other places to
// read from.
var demuxers = map[string]string{
	"video/mp4":       "mov",
	"video/x-m4v":     "mov",
	"video/quicktime": "mov",
	"video/3gpp":      "mov",
	"video/3gpp2":     "mov",
	"video/webm":      "matroska",
	"video/matroska":  "matroska",
	"video/ogg":       "ogg",
	"video/mpeg":      "mpeg",
	"video/x-msvideo": "avi",
	"video/x-flv":     "flv",
	"video/x-ms-asf":  "asf",
}

// Of says how files of this type are shown. Videos have no picture where there
// is no ffmpeg.
func (m *Maker) Of(media string) Form {
	switch {
	case picture.Takes(media), m.ffmpeg != nil && demuxers[media] != "":
		return Picture
	case slices.Contains(texts, media):
		return Text
	case media == "application/pdf":
		return Whole
	}
	return None
}

const (
	// MaxWidth is the most a picture may be asked to be wide.
	MaxWidth = 2048
	// usual is how wide an image is if it is not said.
	usual = 320
	// posterWidth and posterHeight bound the picture of a video.
	posterWidth  = 640
	posterHeight = 1280
)

// widths are all there are, so that nobody fills the store with one picture in
// two thousand sizes.
var widths = []struct {
	width   int
	variant string
}{{96, "w96"}, {160, "w160"}, {320, "w320"}, {640, "w640"}, {1280, "w1280"}, {MaxWidth, "w2048"}}

// poster is the variant that is a video's picture as it was taken.
const poster = "poster"

// variant names the picture of a file of this type that is at least width
// wide, if the file is, and says how wide it is at most. A width of 0 is the
// usual one; more than MaxWidth is MaxWidth.
func variant(media string, width int) (string, int) {
	_, video := demuxers[media]
	if width == 0 {
		if video {
			return poster, posterWidth
		}
		width = usual
	}
	for _, w := range widths {
		if video && w.width >= posterWidth {
			return poster, posterWidth
		}
		if w.width >= width {
			return w.variant, w.width
		}
	}
	return "w2048", MaxWidth
}
