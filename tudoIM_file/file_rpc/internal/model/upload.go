package model

import (
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/model"
)

// What an upload in parts has come to.
const (
	UploadOpen int8 = iota
	// UploadDone has become a file.
	UploadDone
	// UploadExpired has given back what it held.
	UploadExpired
)

// Sizes of parts in bytes; the last one of an upload may be smaller.
const (
	minPart     = 1 << 20
	maxPart     = 16 << 20
	defaultPart = 8 << 20
	maxParts    = 10000
)

// UploadModel is a file that comes in parts. While it is open, its size and one
// file are counted in its user's quota. Once it is not, the row stays for a
// while to say what became of it.
type UploadModel struct {
	model.Base
	// UID is what its user knows the upload by; it cannot be guessed.
	UID      string
	UserID   uint64
	FileName string
	Size     int64
	// SHA256 is what the file's has to be, "" if that was not said.
	SHA256   string `gorm:"column:sha256"`
	PartSize int64
	// Ver rises with every part.
	Ver       int64
	Status    int8
	ExpiresAt int64
	// FileUID is the file it has become.
	FileUID string
}

// UploadPartModel is a part that has come. It refers to its bytes as a file does.
type UploadPartModel struct {
	model.Base
	UploadID uint64
	// N counts from 1.
	N       int32
	Size    int64
	SHA256  string `gorm:"column:sha256"`
	BlobID  uint64
	BlobKey string
}

// Check returns a bad-argument error naming what is wrong with the upload that
// is to be opened, or errs.FileLarge beyond most bytes.
func (u *UploadModel) Check(most int64) error {
	switch {
	case u.UserID == 0 || u.UserID > maxID:
		return errs.BadArgument("userId")
	case !isName(u.FileName):
		return errs.BadArgument("fileName")
	case u.Size < 1:
		return errs.BadArgument("size")
	case u.Size > most:
		return errs.FileLarge.With("maxBytes", most)
	case u.SHA256 != "" && !isHash(u.SHA256):
		return errs.BadArgument("hash")
	case u.PartSize < minPart || u.PartSize > maxPart || u.parts() > maxParts:
		return errs.BadArgument("partSize")
	}
	return nil
}

func (u *UploadModel) parts() int64 { return (u.Size + u.PartSize - 1) / u.PartSize }

// Parts is how many parts the upload has.
func (u *UploadModel) Parts() int32 { return int32(u.parts()) } // #nosec G115 -- at most maxParts

// PartBytes is how long part n is, 0 if there is no such part.
func (u *UploadModel) PartBytes(n int32) int64 {
	switch {
	case n < 1 || n > u.Parts():
		return 0
	case n == u.Parts():
		return u.Size - int64(n-1)*u.PartSize
	}
	return u.PartSize
}

// Known returns errs.UploadEnded if at now the upload has expired.
func (u *UploadModel) Known(now int64) error {
	if u.Status == UploadExpired || u.ExpiresAt <= now {
		return errs.UploadEnded
	}
	return nil
}

// Takes returns nil if at now the upload takes parts: errs.UploadEnded when it
// has expired, errs.Conflict when it is a file already.
func (u *UploadModel) Takes(now int64) error {
	if err := u.Known(now); err != nil {
		return err
	}
	if u.Status != UploadOpen {
		return errs.Conflict
	}
	return nil
}

// Part returns errs.PartWrong unless a part n of size bytes belongs to the upload.
func (u *UploadModel) Part(n int32, size int64) error {
	switch want := u.PartBytes(n); want {
	case 0:
		return errs.PartWrong.With("parts", u.Parts())
	case size:
		return nil
	default:
		return errs.PartWrong.With("size", want)
	}
}

// UploadLimits bound uploads in parts.
type UploadLimits struct {
	// Bytes is how large one file may be, Open how many a user may have open.
	Bytes, Open int64
	// Life is how long an upload stays after its last part, and as long again
	// what is known of it.
	Life time.Duration
}
