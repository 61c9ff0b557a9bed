package logic

import (
	"context"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
	"tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
)

// maxDrain bounds what is read of a refused upload: no less than what the
// gateway lets through.
const maxDrain = 52 << 20

// intake is an upload under way. It must be ended.
type intake struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
	user   uint64
	site   *settings_rpc.Site
	// room is how many bytes the user has left, at least one.
	room int64
	// draft is where the body goes.
	draft store.Draft
	leave func()
}

// begin gives the caller a turn to upload. What he may upload is asked before
// anything is stored, so that who has no room left leaves nothing behind.
func begin(ctx context.Context, svcCtx *svc.ServiceContext) (*intake, error) {
	in := &intake{ctx: ctx, svcCtx: svcCtx, user: token.From(ctx).UserID}
	var err error
	if in.leave, err = svcCtx.Turns.Take(in.user); err != nil {
		return nil, err
	}
	if err := in.ask(); err != nil {
		in.leave()
		return nil, err
	}
	return in, nil
}

func (in *intake) ask() error {
	site, err := in.svcCtx.Settings.Get(in.ctx, &settings_rpc.GetRequest{})
	if err != nil {
		return err
	}
	room, err := in.svcCtx.Files.Room(in.ctx, &file_rpc.RoomRequest{UserId: in.user})
	if err != nil {
		return err
	}
	if room.Files < 1 || room.Bytes < 1 {
		return errs.FileQuota
	}
	in.site, in.room = site, room.Bytes
	in.draft, err = in.svcCtx.Store.Begin(in.ctx)
	return store.Unavailable(err)
}

// end gives the turn back, and up what was not recorded.
func (in *intake) end() {
	in.draft.Discard()
	in.leave()
}

// record stores draft where file_rpc expects it, and records it as the user's
// file that put describes, as keep does.
func (in *intake) record(draft store.Draft, put *file_rpc.PutRequest) (*file_rpc.File, error) {
	key, err := keep(in.ctx, in.svcCtx, draft, put.Hash, put.Size)
	if err != nil {
		return nil, err
	}
	// Bytes that are not recorded now, for whatever reason, are the sweep's:
	// somebody else may be storing the same at this moment.
	put.UserId, put.Key = in.user, key
	return in.svcCtx.Files.Put(in.ctx, put)
}

// keep stores draft where file_rpc expects it, and returns where. A session
// that has ended since the upload began gets errs.Kicked.
func keep(ctx context.Context, svcCtx *svc.ServiceContext, draft store.Draft, hash string, size int64) (key string, err error) {
	place, err := svcCtx.Files.Expect(ctx, &file_rpc.ExpectRequest{Hash: hash, Size: size})
	if err != nil {
		return "", err
	}
	if err := draft.Commit(ctx, place.Key); err != nil {
		return "", store.Unavailable(err)
	}
	id := token.From(ctx)
	if _, err := svcCtx.Auth.Check(ctx, &auth_rpc.CheckRequest{UserId: id.UserID, SessionId: id.SessionID}); err != nil {
		return "", err
	}
	return place.Key, nil
}

func src(f *file_rpc.File) string { return ctype.FilePath + f.Uid }
