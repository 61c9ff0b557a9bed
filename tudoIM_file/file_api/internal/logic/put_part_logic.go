package logic

import (
	"context"
	"net/http"
	"strings"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_file/file_api/internal/conn"
	"tudoIM/tudoIM_file/file_api/internal/media"
	"tudoIM/tudoIM_file/file_api/internal/receive"
	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// PutPartLogic serves one request.
type PutPartLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewPutPartLogic(ctx context.Context, svcCtx *svc.ServiceContext) *PutPartLogic {
	return &PutPartLogic{ctx: ctx, svcCtx: svcCtx}
}

// partHash is the header that says what the hash of a part is.
const partHash = "X-Part-Hash"

// PutPart stores the body of r as a part of an upload, in place of what came
// before with its number. A part that is cut or refused leaves nothing behind;
// one that could not be recorded once it was stored leaves its bytes to the
// sweep.
func (l *PutPartLogic) PutPart(w http.ResponseWriter, r *http.Request, req *types.PutPartRequest) (*types.PutPartResponse, error) {
	body, err := conn.NewBody(w, r, l.svcCtx.Patience)
	if err != nil {
		return nil, err
	}
	p, err := l.store(r, body, req)
	if err != nil {
		body.Drain(maxDrain)
		return nil, err
	}
	return &types.PutPartResponse{N: p.N, Size: p.Size, Hash: p.Hash}, nil
}

func (l *PutPartLogic) store(r *http.Request, body *conn.Body, req *types.PutPartRequest) (*file_rpc.UploadPart, error) {
	user := token.From(l.ctx).UserID
	leave, err := l.svcCtx.Turns.Take(user)
	if err != nil {
		return nil, err
	}
	defer leave()
	u, err := l.svcCtx.Files.GetUpload(l.ctx, &file_rpc.GetUploadRequest{UserId: user, UploadId: req.UploadID, N: req.N})
	if err != nil {
		return nil, err
	}
	if u.FileUid != "" {
		return nil, errs.Conflict
	}
	p := &file_rpc.UploadPart{N: req.N, Size: u.Bytes}
	if p.Size == 0 {
		return nil, errs.PartWrong.With("parts", u.Parts)
	}
	draft, err := l.svcCtx.Store.Begin(l.ctx)
	if err != nil {
		return nil, store.Unavailable(err)
	}
	defer draft.Discard()
	var judge func(head []byte) error
	if req.N == 1 { // the beginning of the file
		judge = func(head []byte) error {
			_, _, err := media.Detect(head, u.FileName)
			return err
		}
	}
	if p.Hash, err = receive.Part(r, body, p.Size, judge, draft); err != nil {
		return nil, err
	}
	if said := r.Header.Get(partHash); said != "" && !strings.EqualFold(said, p.Hash) {
		return nil, errs.PartWrong.With("hash", p.Hash)
	}
	if p.Key, err = keep(l.ctx, l.svcCtx, draft, p.Hash, p.Size); err != nil {
		return nil, err
	}
	_, err = l.svcCtx.Files.PutPart(l.ctx, &file_rpc.PutPartRequest{UserId: user, UploadId: req.UploadID, Part: p})
	return p, err
}
