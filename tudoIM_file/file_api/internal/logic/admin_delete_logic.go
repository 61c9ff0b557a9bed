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
	for _, uid := range req.UIDs {
		err := admin.Act(l.ctx, l.svcCtx.Users, "file.delete", 0, fmt.Sprintf("file %s: %s", uid, req.Reason), func(uint64) error {
			_, err := l.svcCtx.Files.AdminDelete(l.ctx, &file_rpc.AdminDeleteRequest{Uid: uid})
			return err
		})
		switch e := errs.From(err); {
		case err == nil:
			resp.Deleted++
		case e.Code == errs.Forbidden.Code, e.Status >= http.StatusInternalServerError:
			return nil, err // which the next would answer as well
		default:
			resp.Refused = append(resp.Refused, types.NotDeleted{UID: uid, Code: e.Code, Msg: e.Text(token.From(l.ctx).Lang)})
		}
	}
	return resp, nil
}
