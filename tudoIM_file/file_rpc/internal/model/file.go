package model

import (
	"mime"
	"strings"
	"unicode"
	"unicode/utf8"

	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/utils/rand"
	"tudoIM/utils/text"
)

// Kinds of files, as clients show them.
const (
	KindImage    = "image"
	KindVideo    = "video"
	KindAudio    = "audio"
	KindDocument = "document"
	KindArchive  = "archive"
	KindOther    = "other"
)

// StatusLive is a file that is there for who may read it.
const StatusLive int8 = 0

const (
	uidBytes = 16 // as 22 characters
	maxName  = 255
	maxMIME  = 128
	maxID    = 1 << 53 // what a client can hold
)

// FileModel is one file of one user. Several may share the same bytes.
type FileModel struct {
	model.Base
	// UID is what clients know the file by; it cannot be guessed.
	UID    string
	UserID uint64
	BlobID uint64
	// BlobKey is where the bytes are; it stays as long as a file has them.
	BlobKey string
	// FileName is shown to people and names nothing on any disk.
	FileName string
	Size     int64
	SHA256   string `gorm:"column:sha256"`
	Mime     string
	Kind     string
	// Width and Height in pixels and Duration in milliseconds; 0 is unknown.
	Width, Height, Duration int32
	// RefCount counts nothing: which messages show the file is known where
	// messages are.
	RefCount int32
	Status   int8
	// IsPublic files may be read by everybody who knows the UID.
	IsPublic bool
}

// FileQuotaModel is what one user's files hold together. Bytes that several
// files share count for each: nobody learns from the own quota what others have.
type FileQuotaModel struct {
	UserID    uint64 `gorm:"primaryKey"`
	Bytes     int64
	Files     int64
	UpdatedAt int64 `gorm:"autoUpdateTime:milli"`
}

// Check returns a bad-argument error naming what is wrong with the file that
// is to be recorded.
func (f *FileModel) Check() error {
	switch {
	case f.UserID == 0 || f.UserID > maxID:
		return errs.BadArgument("userId")
	case !isName(f.FileName):
		return errs.BadArgument("fileName")
	case f.Size < 1:
		return errs.BadArgument("size")
	case !isHash(f.SHA256):
		return errs.BadArgument("hash")
	case !isKey(f.BlobKey):
		return errs.BadArgument("key")
	case !isMIME(f.Mime):
		return errs.BadArgument("mime")
	case f.Width < 0 || (f.Width == 0) != (f.Height == 0):
		return errs.BadArgument("width")
	case f.Height < 0:
		return errs.BadArgument("height")
	case f.IsPublic && f.Kind != KindImage:
		return errs.BadArgument("isPublic")
	}
	if !isKind(f.Kind) {
		return errs.BadArgument("kind")
	}
	return nil
}

func isKind(s string) bool {
	switch s {
	case KindImage, KindVideo, KindAudio, KindDocument, KindArchive, KindOther:
		return true
	}
	return false
}

// CanRead reports whether user may read the file: its owner, who holds a
// message that carries it, and every user if it is public.
func (f *FileModel) CanRead(user uint64, held bool) bool {
	return user != 0 && (f.UserID == user || held || f.IsPublic) && f.Status == StatusLive
}

// newUID returns 128 random bits as URL-safe text.
func newUID() string { return rand.URL(uidBytes) }

// isUID reports whether s can be the UID of a file.
func isUID(s string) bool {
	if len(s) != 22 {
		return false
	}
	return strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

// isHash reports whether s is a SHA-256 in lower-case hex.
func isHash(s string) bool { return text.IsHex(s, 64) }

func isName(s string) bool {
	return s != "" && len(s) <= maxName && utf8.ValidString(s) &&
		!strings.ContainsAny(s, `/\`) && strings.IndexFunc(s, unicode.IsControl) < 0
}

func isMIME(s string) bool {
	media, params, err := mime.ParseMediaType(s)
	return err == nil && media == s && len(params) == 0 && len(s) <= maxMIME && strings.Contains(s, "/")
}
