package logic

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
	"tudoIM/tudoIM_user/user_rpc/admin"
	"tudoIM/utils/text"
)

// AdminDeleteLogic serves one request.
type AdminDeleteLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAdminDeleteLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AdminDeleteLogic {
	return &AdminDeleteLogic{ctx: ctx, svcCtx: svcCtx}
}

const (
	// maxBatch is how many files one call signs or deletes.
	maxBatch = 100
	// maxReason is in characters.
	maxReason = 200
)

// Delete files whatever shows them, each by itself; for administrators
func (l *AdminDeleteLogic) AdminDelete(req *types.AdminDeleteRequest) (resp *types.AdminDeleteResponse, err error) {
	switch {
	case len(req.UIDs) == 0 || len(req.UIDs) > maxBatch || slices.ContainsFunc(req.UIDs, func(uid string) bool { return !ctype.IsUID(uid) }):
		return nil, errs.BadArgument("uids")
	case !text.Line(req.Reason, maxReason):
		return nil, errs.BadArgument("reason")
	}
	resp = &types.AdminDeleteResponse{Refused: []types.NotDeleted{}}
	for n, uid := range req.UIDs {
		err := l.delete(uid, req.Reason)
		e := errs.From(err)
		away := err != nil && e.Status >= http.StatusInternalServerError
		switch {
		case err == nil:
			resp.Deleted++
			continue
		case e.Code == errs.Forbidden.Code, away && n == 0:
			return nil, err
		}
		l.refuse(resp, e, uid)
		if away { // the next would not fare better, and what is done is done
			l.refuse(resp, e, req.UIDs[n+1:]...)
			break
		}
	}
	return resp, nil
}

// delete deletes one file, after it was written down whose it is, and what.
func (l *AdminDeleteLogic) delete(uid, reason string) error {
	r, err := l.svcCtx.Files.All(l.ctx, &file_rpc.AllRequest{Uid: uid, Limit: 1})
	if err != nil {
		return err
	}
	owner, about := uint64(0), fmt.Sprintf("file %s: %s", uid, reason)
	if len(r.List) > 0 {
		f := r.List[0]
		owner, about = f.UserId, fmt.Sprintf("file %s %q sha256 %s: %s", uid, f.FileName, f.Hash, reason)
	}
	return admin.Act(l.ctx, l.svcCtx.Users, "file.delete", owner, about, func(uint64) error {
		_, err := l.svcCtx.Files.AdminDelete(l.ctx, &file_rpc.AdminDeleteRequest{Uid: uid})
		return err
	})
}

func (l *AdminDeleteLogic) refuse(resp *types.AdminDeleteResponse, e *errs.Error, uids ...string) {
	for _, uid := range uids {
		resp.Refused = append(resp.Refused, types.NotDeleted{UID: uid, Code: e.Code, Msg: e.Text(token.From(l.ctx).Lang)})
	}
}
