package logic

import (
	"context"
	"net/http"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/admin"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// DeleteUsersLogic serves one request.
type DeleteUsersLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDeleteUsersLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DeleteUsersLogic {
	return &DeleteUsersLogic{ctx: ctx, svcCtx: svcCtx}
}

// maxDeletes is how many accounts one call closes.
const maxDeletes = 100

// Close accounts for ever, each by itself
func (l *DeleteUsersLogic) DeleteUsers(req *types.DeleteUsersRequest) (resp *types.DeleteUsersResponse, err error) {
	if len(req.IDList) == 0 || len(req.IDList) > maxDeletes {
		return nil, errs.BadArgument("idList")
	}
	resp = &types.DeleteUsersResponse{Refused: []types.NotDeleted{}}
	for _, id := range req.IDList {
		err := admin.Act(l.ctx, l.svcCtx.Users, "user.delete", id, "", func(me uint64) error {
			_, err := l.svcCtx.Users.Delete(l.ctx, &user_rpc.DeleteRequest{OperatorId: me, UserId: id})
			return err
		})
		switch e := errs.From(err); {
		case err == nil:
			resp.Deleted++
		case e.Code == errs.Forbidden.Code, e.Status >= http.StatusInternalServerError:
			return nil, err // which the next would answer as well
		default:
			resp.Refused = append(resp.Refused, types.NotDeleted{UserID: id, Code: e.Code, Msg: e.Text(token.From(l.ctx).Lang)})
		}
	}
	return resp, nil
}
