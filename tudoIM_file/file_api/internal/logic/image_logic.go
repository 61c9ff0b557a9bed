package logic

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"io"
	"math"
	"net/http"
	"time"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_api/internal/conn"
	"tudoIM/tudoIM_file/file_api/internal/picture"
	"tudoIM/tudoIM_file/file_api/internal/receive"
	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

const (
	// thumb is the preview that lists of messages and people show.
	thumb = "/preview?w=320"
	// waiting is how long an image may wait for its turn to be checked, and
	// take for it, and checking how long only the latter.
	waiting  = time.Minute
	checking = 10 * time.Second
)

// ImageLogic serves one upload of an image.
type ImageLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewImageLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ImageLogic {
	return &ImageLogic{ctx: ctx, svcCtx: svcCtx}
}

// Image stores the image in r's body, without what does not belong to the
// picture, and records it as the caller's. An upload that is cut or refused
// leaves nothing behind; one that could not be recorded once it was stored
// leaves its bytes to the sweep.
func (l *ImageLogic) Image(w http.ResponseWriter, r *http.Request) (*types.ImageResponse, error) {
	body, err := conn.NewBody(w, r, l.svcCtx.Patience)
	if err != nil {
		return nil, err
	}
	f, err := l.store(r, body)
	if err != nil {
		body.Drain(maxDrain)
		return nil, err
	}
	return &types.ImageResponse{
		UID: f.Uid, URL: src(f), ThumbURL: src(f) + thumb, Width: f.Width, Height: f.Height,
		Size: f.Size, Hash: f.Hash, FileType: f.Mime,
	}, nil
}

func (l *ImageLogic) store(r *http.Request, body *conn.Body) (*file_rpc.File, error) {
	in, err := begin(l.ctx, l.svcCtx)
	if err != nil {
		return nil, err
	}
	defer in.end()
	form := receive.Form{File: "image", Note: "imageType", Takes: picture.Takes}
	// What it is for may come last, and how much of it counts is not known yet.
	limits := receive.Limits{Size: max(in.site.ImageMaxBytes, l.svcCtx.Config.AvatarMaxBytes), Room: math.MaxInt64}
	f, err := receive.Read(r, body, form, limits, in.draft)
	if err != nil {
		return nil, err
	}
	public, most := true, l.svcCtx.Config.AvatarMaxBytes
	switch f.Note {
	case "avatar", "group_avatar":
	case "chat":
		public, most = false, in.site.ImageMaxBytes
	default:
		return nil, errs.ImageUse
	}
	if f.Size > most {
		return nil, errs.FileLarge.With("maxBytes", most)
	}
	return l.keep(in, f, public)
}

// keep stores what of the received image belongs to the picture, once it is
// certain that it is one.
func (l *ImageLogic) keep(in *intake, f *receive.File, public bool) (*file_rpc.File, error) {
	given := io.NewSectionReader(in.draft, 0, f.Size)
	info, err := picture.Inspect(given)
	if err != nil {
		return nil, store.Unavailable(err)
	}
	if info.Size > in.room {
		return nil, errs.FileQuota
	}
	draft, err := l.svcCtx.Store.Begin(l.ctx)
	if err != nil {
		return nil, store.Unavailable(err)
	}
	defer draft.Discard()
	sum := sha256.New()
	if err := info.Clean(io.MultiWriter(draft, sum), given); err != nil {
		return nil, store.Unavailable(err)
	}
	ctx, cancel := context.WithTimeout(l.ctx, waiting)
	defer cancel()
	order := picture.Order{UserID: in.user, Limit: checking}
	err = picture.View(ctx, order, io.NewSectionReader(draft, 0, info.Size), func(image.Image) error { return nil })
	if err != nil {
		return nil, store.Unavailable(err)
	}
	return in.record(draft, &file_rpc.PutRequest{
		FileName: f.Name, Size: info.Size, Hash: hex.EncodeToString(sum.Sum(nil)), Mime: f.Media, Kind: f.Kind,
		Width: info.Width, Height: info.Height, IsPublic: public,
	})
}
