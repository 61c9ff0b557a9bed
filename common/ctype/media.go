package ctype

import (
	"math"
	"slices"
	"strings"

	"tudoIM/common/errs"
)

// Limits of the parts with files.
const (
	MaxTitle   = 255    // code points
	MaxSide    = 20_000 // pixels
	MaxSeconds = 24 * 60 * 60
)

// FilePath and a file's uid are the address of its bytes.
const FilePath = "/api/file/"

// MediaMsg is the part of an image, a video, a voice and a sticker. A client
// names the file by uid or src and describes it; the server knows the rest.
type MediaMsg struct {
	silent
	Title string `json:"title,omitempty"`
	Src   string `json:"src"`
	UID   string `json:"uid"`
	// Time is the length in whole seconds, rounded up from Duration.
	Time     int64   `json:"time,omitempty"`
	Duration float64 `json:"duration,omitempty"`
	Width    int     `json:"width,omitempty"`
	Height   int     `json:"height,omitempty"`
	// Thumb is the src of an image that stands for the file.
	Thumb string `json:"thumb,omitempty"`
	Size  int64  `json:"size,omitempty"`
	// Type is the MIME type of the content.
	Type string `json:"type,omitempty"`
	Hash string `json:"hash,omitempty"`
}

// FileMsg is the part of a file: the one of the kind that is known by its name.
type FileMsg struct{ MediaMsg }

func (f *FileMsg) detail() string { return f.Title }

// File is what the server knows of a file.
type File struct {
	UID, Name, Mime, Kind, Hash string
	Size                        int64
	// Width and Height in pixels; 0 is unknown.
	Width, Height int
}

func (m *MediaMsg) check(Limits) error {
	uid := m.UID
	if uid == "" {
		uid = uidOf(m.Src)
	}
	thumb := m.Thumb
	if strings.HasPrefix(thumb, FilePath) {
		thumb = uidOf(thumb)
	}
	switch {
	case !IsUID(uid):
		return bad("uid")
	case m.Thumb != "" && !IsUID(thumb):
		return bad("thumb")
	case !isLine(m.Title, MaxTitle):
		return bad("title")
	case m.Width < 0 || m.Width > MaxSide:
		return bad("width")
	case m.Height < 0 || m.Height > MaxSide:
		return bad("height")
	case m.Time < 0 || m.Time > MaxSeconds:
		return bad("time")
	case m.Duration < 0 || m.Duration > MaxSeconds:
		return bad("duration")
	}
	*m = MediaMsg{
		Title: m.Title, Src: FilePath + uid, UID: uid,
		Time: m.Time, Duration: m.Duration, Width: m.Width, Height: m.Height,
	}
	if thumb != "" {
		m.Thumb = FilePath + thumb
	}
	if m.Duration == 0 {
		m.Duration = float64(m.Time)
	}
	m.Time = int64(math.Ceil(m.Duration))
	return nil
}

// Attach fills in what the server knows of the files that b refers to, by uid;
// see Refs. It is errs.FileUnknown when one is not in files, errs.BadMessage
// when one is not of a kind that suits the type.
func (b *Body) Attach(files map[string]File) error {
	m := b.media()
	if m == nil {
		return nil
	}
	f, ok := files[m.UID]
	if !ok {
		return errs.FileUnknown.With("uid", m.UID)
	}
	if suits := kinds[b.Type].files; len(suits) > 0 && !slices.Contains(suits, f.Kind) {
		return bad("uid")
	}
	if m.Thumb != "" {
		uid := uidOf(m.Thumb)
		thumb, ok := files[uid]
		if !ok {
			return errs.FileUnknown.With("uid", uid)
		}
		if thumb.Kind != "image" {
			return bad("thumb")
		}
	}
	m.Src, m.Size, m.Hash, m.Type = FilePath+m.UID, f.Size, f.Hash, f.Mime
	if f.Width > 0 && f.Height > 0 {
		m.Width, m.Height = f.Width, f.Height
	}
	if m.Title == "" {
		m.Title = Shorten(f.Name, MaxTitle)
	}
	return nil
}

// media returns the part of b when it is one with a file.
func (b *Body) media() *MediaMsg {
	switch p := b.part().(type) {
	case *MediaMsg:
		return p
	case *FileMsg:
		return &p.MediaMsg
	}
	return nil
}

// uidOf returns the uid of the file at src, "" when src is no file of ours.
func uidOf(src string) string {
	uid, ok := strings.CutPrefix(src, FilePath)
	if !ok || !IsUID(uid) {
		return ""
	}
	return uid
}

// IsUID reports whether s can be the uid of a file.
func IsUID(s string) bool {
	return len(s) == 22 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}
