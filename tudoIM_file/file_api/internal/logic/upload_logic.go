package logic

import (
	"context"
	"fmt"
	"net/http"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_file/file_api/internal/access"
	"tudoIM/tudoIM_file/file_api/internal/conn"
	"tudoIM/tudoIM_file/file_api/internal/receive"
	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
	"tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
)

// maxDrain bounds what is read of a refused upload: no less than what the
// gateway lets through.
const maxDrain = 52 << 20

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
	return &types.UploadResponse{
		UID: f.Uid, Src: src(f), FileName: f.FileName, Size: f.Size, Hash: f.Hash, FileType: f.Mime, Kind: f.Kind,
	}, nil
}

func (l *UploadLogic) store(r *http.Request, body *conn.Body) (*file_rpc.File, error) {
	user := token.From(l.ctx).UserID
	leave, err := l.svcCtx.Turns.Take(user)
	if err != nil {
		return nil, err
	}
	defer leave()
	limits, err := l.limits(user)
	if err != nil {
		return nil, err
	}
	draft, err := l.svcCtx.Store.Begin(l.ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errs.Unavailable, err)
	}
	defer draft.Discard()
	f, err := receive.Read(r, body, limits, draft)
	if err != nil {
		return nil, err
	}
	key, err := l.keep(draft, f.Hash, f.Size)
	if err != nil {
		return nil, err
	}
	// Bytes that are not recorded now, for whatever reason, are the sweep's:
	// somebody else may be storing the same at this moment.
	return l.svcCtx.Files.Put(l.ctx, &file_rpc.PutRequest{
		UserId: user, FileName: f.Name, Size: f.Size, Hash: f.Hash, Mime: f.Media, Kind: f.Kind, Key: key,
	})
}

// keep stores what draft has where file_rpc expects it, and returns where.
func (l *UploadLogic) keep(draft store.Draft, hash string, size int64) (key string, err error) {
	place, err := l.svcCtx.Files.Expect(l.ctx, &file_rpc.ExpectRequest{Hash: hash, Size: size})
	if err != nil {
		return "", err
	}
	if err := draft.Commit(l.ctx, place.Key); err != nil {
		return "", fmt.Errorf("%w: %w", errs.Unavailable, err)
	}
	return place.Key, nil
}

// limits asks what user may upload now. It is asked before anything is
// stored, so that who has no room left leaves nothing behind.
func (l *UploadLogic) limits(user uint64) (receive.Limits, error) {
	site, err := l.svcCtx.Settings.Get(l.ctx, &settings_rpc.GetRequest{})
	if err != nil {
		return receive.Limits{}, err
	}
	room, err := l.svcCtx.Files.Room(l.ctx, &file_rpc.RoomRequest{UserId: user})
	if err != nil {
		return receive.Limits{}, err
	}
	if room.Files < 1 || room.Bytes < 1 {
		return receive.Limits{}, errs.FileQuota
	}
	return receive.Limits{Size: site.FileMaxBytes, Room: room.Bytes}, nil
}

func src(f *file_rpc.File) string { return access.Path + f.Uid }
