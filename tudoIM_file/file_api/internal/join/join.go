// Package join makes a file of the parts it came in.
package join

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/singleflight"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_api/internal/media"
	"tudoIM/tudoIM_file/file_api/internal/picture"
	"tudoIM/tudoIM_file/file_api/internal/receive"
	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_rpc/files"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

const (
	// Wait is less than the gateway waits for an answer.
	Wait = 8 * time.Second
	// again is when who was not answered in time is to ask again.
	again = 2 * time.Second
	// most is how long one file may take: less than the hour for which the
	// bytes of parts stay that are replaced meanwhile.
	most = 50 * time.Minute
	// maxMissing bounds how many parts are named that have not come.
	maxMissing = 100
)

// Joiner joins parts. Of one upload it joins once at a time.
type Joiner struct {
	Files files.Files
	Store store.Store
	Turns *receive.Turns
	// Wait is how long who asks is let wait.
	Wait time.Duration

	flights singleflight.Group
}

// Join makes the upload id of user a file and returns it; repeated it returns
// the same one. It goes on when who has asked leaves, or has waited for j.Wait
// and got errs.Unavailable with a time to ask again, and ends within the hour.
// It answers errs.PartWrong with the parts that are missing,
// errs.HashDiffers and errs.FileType for the whole, which leave the upload as
// it is, errs.TooMany if the user has no turn left, errs.Conflict if a part has
// come meanwhile, and what file_rpc does.
func (j *Joiner) Join(ctx context.Context, user uint64, id string) (*file_rpc.File, error) {
	done := j.flights.DoChan(strconv.FormatUint(user, 10)+"/"+id, func() (f any, err error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), most)
		defer cancel()
		defer func() { // left alone it would end the process
			if r := recover(); r != nil {
				err = fmt.Errorf("join: panic: %v\n%s", r, debug.Stack())
			}
		}()
		return j.join(ctx, user, id)
	})
	timer := time.NewTimer(j.Wait)
	defer timer.Stop()
	select {
	case r := <-done:
		f, _ := r.Val.(*file_rpc.File)
		return f, r.Err
	case <-timer.C:
		return nil, fmt.Errorf("%w: upload %s is still being joined", errs.Unavailable.Retry(again), id)
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", errs.Unavailable, ctx.Err())
	}
}

func (j *Joiner) join(ctx context.Context, user uint64, id string) (*file_rpc.File, error) {
	u, err := j.Files.GetUpload(ctx, &file_rpc.GetUploadRequest{UserId: user, UploadId: id, WithDone: true})
	if err != nil {
		return nil, err
	}
	if u.FileUid != "" {
		return j.Files.Get(ctx, &file_rpc.GetRequest{UserId: user, Uid: u.FileUid})
	}
	if list := missing(u); list != "" {
		return nil, errs.PartWrong.With("missing", list)
	}
	leave, err := j.Turns.Take(user)
	if err != nil {
		return nil, err
	}
	defer leave()
	draft, err := j.Store.Begin(ctx)
	if err != nil {
		return nil, store.Unavailable(err)
	}
	defer draft.Discard()
	whole, err := j.whole(ctx, u, draft)
	if err != nil {
		return nil, err
	}
	place, err := j.Files.Expect(ctx, &file_rpc.ExpectRequest{Hash: whole.Hash, Size: u.Size})
	if err != nil {
		return nil, err
	}
	if err := draft.Commit(ctx, place.Key); err != nil {
		return nil, store.Unavailable(err)
	}
	whole.Key = place.Key
	return j.Files.CompleteUpload(ctx, whole)
}

// missing names the first parts of u that have not come, with commas.
func missing(u *file_rpc.Upload) string {
	var list []string
	done := u.Done
	for n := int32(1); n <= u.Parts && len(list) < maxMissing; n++ {
		if len(done) > 0 && done[0].N == n {
			done = done[1:]
		} else {
			list = append(list, strconv.Itoa(int(n)))
		}
	}
	return strings.Join(list, ",")
}

// whole writes the parts of u to draft, one behind the other, and says what
// that is.
func (j *Joiner) whole(ctx context.Context, u *file_rpc.Upload, draft store.Draft) (*file_rpc.CompleteUploadRequest, error) {
	sum := sha256.New()
	for _, p := range u.Done {
		if err := j.copy(ctx, io.MultiWriter(draft, sum), p); err != nil {
			return nil, fmt.Errorf("part %d of upload %s: %w", p.N, u.UploadId, err)
		}
	}
	hash := hex.EncodeToString(sum.Sum(nil))
	if u.Hash != "" && u.Hash != hash {
		return nil, errs.HashDiffers.With("hash", hash)
	}
	bytes := io.NewSectionReader(draft, 0, u.Size)
	head := make([]byte, min(media.HeadBytes, u.Size))
	if _, err := io.ReadFull(bytes, head); err != nil {
		return nil, store.Unavailable(err)
	}
	kind, group, err := media.Detect(head, u.FileName)
	if err != nil {
		return nil, err
	}
	whole := &file_rpc.CompleteUploadRequest{
		UserId: u.UserId, UploadId: u.UploadId, Ver: u.Ver, Hash: hash, Mime: kind, Kind: group,
	}
	if group == "image" {
		// A file is a file, and be it an image that nobody can show.
		if whole.Width, whole.Height, err = picture.Size(bytes); err != nil {
			return nil, store.Unavailable(err)
		}
	}
	return whole, nil
}

func (j *Joiner) copy(ctx context.Context, w io.Writer, p *file_rpc.UploadPart) error {
	if err := ctx.Err(); err != nil {
		return store.Unavailable(err)
	}
	bytes, size, err := j.Store.Open(ctx, p.Key)
	if errors.Is(err, store.ErrMissing) {
		return err
	}
	if err != nil {
		return store.Unavailable(err)
	}
	defer func() { _ = bytes.Close() }()
	if size != p.Size {
		return fmt.Errorf("%d of %d bytes are stored at %s", size, p.Size, p.Key)
	}
	if _, err := io.CopyN(w, bytes, size); err != nil {
		return store.Unavailable(err)
	}
	return nil
}
