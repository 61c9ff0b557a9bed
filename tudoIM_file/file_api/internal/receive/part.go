package receive

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_api/internal/conn"
	"tudoIM/tudoIM_file/file_api/internal/media"
)

// Part writes the part that is the body of r, which has to have size bytes, to
// w, and returns its SHA-256 in lower-case hex. Nothing is held in memory. If
// judge is not nil it is shown the first media.HeadBytes, and its error ends
// all. Refusals are errs.BadType for a form, errs.PartWrong with the size for a
// body of another one, and errs.Bad for one that is cut; errs.Unavailable says
// that w failed.
func Part(r *http.Request, body *conn.Body, size int64, judge func(head []byte) error, w io.Writer) (hash string, err error) {
	wrong := errs.PartWrong.With("size", size)
	switch {
	case len(r.Header.Values("Content-Encoding")) > 0 || isForm(r.Header):
		return "", errs.BadType
	case r.ContentLength >= 0 && r.ContentLength != size:
		return "", wrong
	}
	body.Allow(size)
	from := bufio.NewReaderSize(body, media.HeadBytes)
	if judge != nil {
		head, err := from.Peek(int(min(media.HeadBytes, size)))
		switch {
		case errors.Is(err, io.EOF):
			return "", wrong
		case err != nil:
			return "", longer(err, wrong)
		}
		if err := judge(head); err != nil {
			return "", err
		}
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(sink{w}, sum), io.LimitReader(from, size))
	if err == nil {
		err = body.Finish()
	}
	switch {
	case err != nil:
		return "", longer(err, wrong)
	case n != size:
		return "", wrong
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func isForm(h http.Header) bool {
	for _, v := range h.Values("Content-Type") {
		kind, _, err := mime.ParseMediaType(v)
		if err != nil {
			kind = strings.ToLower(strings.TrimSpace(v))
		}
		if strings.HasPrefix(kind, "multipart/") {
			return true
		}
	}
	return false
}

// longer is wrong if err says that more has come than was allowed.
func longer(err error, wrong *errs.Error) error {
	if errors.Is(err, errs.TooLarge) {
		return wrong
	}
	return refusal(err)
}
