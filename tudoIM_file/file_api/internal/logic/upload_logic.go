package logic

import (
	"context"
	"io"
	"net/http"

	"tudoIM/tudoIM_file/file_api/internal/conn"
	"tudoIM/tudoIM_file/file_api/internal/picture"
	"tudoIM/tudoIM_file/file_api/internal/receive"
	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// UploadLogic serves one upload.
type UploadLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewUploadLogic(ctx context.Context, svcCtx *svc.ServiceContext) *UploadLogic {
	return &UploadLogic{ctx: ctx, svcCtx: svcCtx}
}

// Upload stores the file in r's body and records it as the caller's. An upload
// that is cut or refused leaves nothing behind; one that could not be recorded
// once it was stored leaves its bytes to the sweep.
func (l *UploadLogic) Upload(w http.ResponseWriter, r *http.Request) (*types.UploadResponse, error) {
	body, err := conn.NewBody(w, r, l.svcCtx.Patience)
	if err != nil {
		return nil, err
	}
	f, err := l.store(r, body)
	if err != nil {
		body.Drain(maxDrain)
		return nil, err
	}
	return uploaded(f), nil
}

// uploaded is f as who has uploaded it is told of it.
func uploaded(f *file_rpc.File) *types.UploadResponse {
	return &types.UploadResponse{
		UID: f.Uid, Src: src(f), FileName: f.FileName, Size: f.Size, Hash: f.Hash, FileType: f.Mime, Kind: f.Kind,
		Width: f.Width, Height: f.Height,
	}
}

func (l *UploadLogic) store(r *http.Request, body *conn.Body) (*file_rpc.File, error) {
	in, err := begin(l.ctx, l.svcCtx)
	if err != nil {
		return nil, err
	}
	defer in.end()
	limits := receive.Limits{Size: in.site.FileMaxBytes, Room: in.room}
	f, err := receive.Read(r, body, receive.Form{File: "file"}, limits, in.draft)
	if err != nil {
		return nil, err
	}
	put := &file_rpc.PutRequest{FileName: f.Name, Size: f.Size, Hash: f.Hash, Mime: f.Media, Kind: f.Kind}
	if f.Kind == "image" {
		// A file is a file, and be it an image that nobody can show.
		if put.Width, put.Height, err = picture.Size(io.NewSectionReader(in.draft, 0, f.Size)); err != nil {
			return nil, store.Unavailable(err)
		}
	}
	return in.record(in.draft, put)
}
