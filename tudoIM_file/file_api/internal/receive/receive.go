// Package receive takes one file out of an upload as it comes.
package receive

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_api/internal/conn"
	"tudoIM/tudoIM_file/file_api/internal/media"
)

const (
	// envelope bounds what is around the file: as much before as behind it.
	envelope = 64 << 10
	// maxNote bounds a note; of a longer one the beginning is taken.
	maxNote = 64
)

// Form says what an upload consists of: one file, and a note beside it at most.
type Form struct {
	// File and Note are the names of the fields. Without Note there is none.
	File, Note string
	// Takes says which types are taken in, of those that media knows; nil is
	// all of them.
	Takes func(media string) bool
}

// Limits bound one file in bytes.
type Limits struct {
	// Size is what any file may have; beyond it the answer is errs.FileLarge.
	Size int64
	// Room is what its owner has left; beyond it the answer is errs.FileQuota.
	Room int64
}

// File is what was received.
type File struct {
	// Name is shown to people, see media.Name.
	Name string
	// Media and Kind are what the bytes say they are.
	Media, Kind string
	Size        int64
	// Hash is the SHA-256 of the bytes in lower-case hex.
	Hash string
	// Note is what the form's note says, "" if there was none.
	Note string
}

// Read writes the one file of r, whose body is body, to w. Nothing is held in
// memory or on disk but what w keeps. Only if the error is nil, the body came
// whole and held what form says alone, in any order; all refusals are for the sender:
// errs.BadType and errs.Bad for what is not such a body, errs.FileType,
// errs.FileLarge and errs.FileQuota for the file itself. errs.Unavailable
// says that w failed.
func Read(r *http.Request, body *conn.Body, form Form, limits Limits, w io.Writer) (*File, error) {
	parts, err := open(r, body)
	if err != nil {
		return nil, err
	}
	body.Allow(envelope)
	f := &File{}
	for noted := false; ; {
		// Raw: the bytes are taken as they are, whatever the part says of their encoding.
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, refusal(err)
		}
		switch name := part.FileName(); {
		case part.FormName() == form.File && name != "" && f.Name == "":
			f.Name = media.Name(name)
			body.Allow(limits.Size + envelope)
			err = f.copy(w, part, form, limits)
		case form.Note != "" && part.FormName() == form.Note && name == "" && !noted:
			noted = true
			err = f.note(part)
		default:
			return nil, errs.BadArgument(form.File) // nothing else belongs there
		}
		if err != nil {
			return nil, err
		}
	}
	if f.Name == "" {
		return nil, errs.BadArgument(form.File)
	}
	if err := body.Finish(); err != nil {
		return nil, refusal(err)
	}
	return f, nil
}

func open(r *http.Request, body io.Reader) (*multipart.Reader, error) {
	if len(r.Header.Values("Content-Encoding")) > 0 {
		return nil, errs.BadType
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return nil, errs.BadType
	}
	if params["boundary"] == "" {
		return nil, errs.Bad
	}
	return multipart.NewReader(body, params["boundary"]), nil
}

func (f *File) note(part io.Reader) error {
	note, err := io.ReadAll(io.LimitReader(part, maxNote))
	if err != nil {
		return refusal(err)
	}
	f.Note = string(note)
	return nil
}

func (f *File) copy(w io.Writer, part io.Reader, form Form, limits Limits) (err error) {
	from := bufio.NewReaderSize(part, media.HeadBytes)
	head, err := from.Peek(media.HeadBytes)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return refusal(err)
	case len(head) == 0:
		return errs.BadArgument(form.File)
	}
	if f.Media, f.Kind, err = media.Detect(head, f.Name); err != nil {
		return err
	}
	if form.Takes != nil && !form.Takes(f.Media) {
		return errs.FileType
	}
	most, over := limits.Size, errs.FileLarge.With("maxBytes", limits.Size)
	if limits.Room < most {
		most, over = limits.Room, errs.FileQuota
	}
	sum := sha256.New()
	f.Size, err = io.Copy(io.MultiWriter(sink{w}, sum), io.LimitReader(from, most))
	if err != nil {
		return refusal(err)
	}
	if _, err := from.ReadByte(); err == nil {
		return over
	} else if !errors.Is(err, io.EOF) {
		return refusal(err)
	}
	f.Hash = hex.EncodeToString(sum.Sum(nil))
	return nil
}

// refusal is err if it says itself what it means; otherwise the sender's
// framing is broken.
func refusal(err error) error {
	var e *errs.Error
	if errors.As(err, &e) {
		return err
	}
	return fmt.Errorf("%w: %w", errs.Bad, err)
}

// sink tells a place that fails from a body that does.
type sink struct{ io.Writer }

func (s sink) Write(p []byte) (int, error) {
	n, err := s.Writer.Write(p)
	if err != nil {
		err = fmt.Errorf("%w: %w", errs.Unavailable, err)
	}
	return n, err
}
