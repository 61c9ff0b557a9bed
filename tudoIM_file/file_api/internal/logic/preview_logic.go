package logic

import (
	"bytes"
	"context"
	"errors"
	"net/http"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_file/file_api/internal/media"
	"tudoIM/tudoIM_file/file_api/internal/preview"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// PreviewLogic serves one preview.
type PreviewLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewPreviewLogic(ctx context.Context, svcCtx *svc.ServiceContext) *PreviewLogic {
	return &PreviewLogic{ctx: ctx, svcCtx: svcCtx}
}

// Preview writes what can be shown of a file, or returns its card if that is
// nothing. Who says how wide asks for a picture and gets no card: without one,
// and of a broken image, the answer is errs.NoPreview. With a card or an error
// nothing is written yet.
func (l *PreviewLogic) Preview(w http.ResponseWriter, r *http.Request, req *types.PreviewRequest) (*types.PreviewCard, error) {
	f, err := l.svcCtx.Access.Get(l.ctx, token.From(l.ctx).UserID, req.UID)
	if err != nil {
		return nil, err
	}
	form := l.svcCtx.Previews.Of(f.Mime)
	switch {
	case form == preview.Picture:
		err = l.picture(w, r, f, req.W)
		if errors.Is(err, errs.NoPreview) && req.W == 0 && f.Kind != "image" {
			break
		}
		return nil, err
	case req.W != 0:
		return nil, errs.NoPreview
	case form == preview.Text:
		return nil, l.text(w, r, f)
	case form == preview.Whole:
		return nil, l.whole(w, r, f)
	}
	w.Header().Set("Cache-Control", "private, no-cache")
	return &types.PreviewCard{
		UID: f.Uid, FileName: f.FileName, Size: f.Size, Hash: f.Hash, FileType: f.Mime, Kind: f.Kind,
	}, nil
}

func (l *PreviewLogic) picture(w http.ResponseWriter, r *http.Request, f *file_rpc.File, width int) error {
	of := l.file(f)
	tag := l.svcCtx.Previews.Tag(of, width)
	if l.unchanged(w, r, tag) {
		return nil
	}
	img, err := l.svcCtx.Previews.Picture(l.ctx, of, width)
	if errors.Is(err, preview.ErrNone) {
		return errs.NoPreview
	}
	if err != nil {
		return err
	}
	defer func() { _ = img.Close() }()
	show(w.Header(), tag, img.Media, named(f.FileName, img.Media))
	serve(w, r, l.svcCtx.Patience, img)
	return nil
}

// unchanged answers who has what is known by tag, before anything is made.
func (l *PreviewLogic) unchanged(w http.ResponseWriter, r *http.Request, tag string) bool {
	if !knows(r, tag) {
		return false
	}
	guard(w.Header(), tag)
	w.WriteHeader(http.StatusNotModified)
	return true
}

// text writes the beginning of f.
func (l *PreviewLogic) text(w http.ResponseWriter, r *http.Request, f *file_rpc.File) error {
	tag := f.Hash + ".text"
	if l.unchanged(w, r, tag) {
		return nil
	}
	text, more, err := l.svcCtx.Previews.Text(l.ctx, l.file(f))
	if err != nil {
		return err
	}
	show(w.Header(), tag, media.ContentType("text/plain"), f.FileName)
	if more {
		w.Header().Set("X-Truncated", "true")
	}
	serve(w, r, l.svcCtx.Patience, bytes.NewReader(text))
	return nil
}

// whole writes f, or the range of it that r asks for, as what a browser shows.
func (l *PreviewLogic) whole(w http.ResponseWriter, r *http.Request, f *file_rpc.File) error {
	b, err := open(l.ctx, l.svcCtx, f)
	if err != nil {
		return err
	}
	defer func() { _ = b.Close() }()
	show(w.Header(), f.Hash, media.ContentType(f.Mime), f.FileName)
	w.Header().Set("Content-Security-Policy", pdfPolicy)
	serve(w, r, l.svcCtx.Patience, b)
	return nil
}

func (l *PreviewLogic) file(f *file_rpc.File) preview.File {
	return preview.File{UserID: token.From(l.ctx).UserID, Key: f.Key, Hash: f.Hash, Size: f.Size, Media: f.Mime}
}
