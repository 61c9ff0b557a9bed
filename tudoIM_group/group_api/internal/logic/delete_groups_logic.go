package logic

import (
	"context"
	"net/http"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/admin"
)

// DeleteGroupsLogic serves one request.
type DeleteGroupsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDeleteGroupsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DeleteGroupsLogic {
	return &DeleteGroupsLogic{ctx: ctx, svcCtx: svcCtx}
}

// maxBatch is how many groups, or messages, one call deletes.
const maxBatch = 100

// End groups for ever, each by itself; for administrators
func (l *DeleteGroupsLogic) DeleteGroups(req *types.DeleteGroupsRequest) (resp *types.DeleteGroupsResponse, err error) {
	if len(req.IDList) == 0 || len(req.IDList) > maxBatch {
		return nil, errs.BadArgument("idList")
	}
	resp = &types.DeleteGroupsResponse{Refused: []types.NotDeleted{}}
	for _, id := range req.IDList {
		err := admin.Act(l.ctx, l.svcCtx.Users, "group.dissolve", id, "", func(me uint64) error {
			_, err := l.svcCtx.Groups.Dissolve(l.ctx, &group_rpc.DissolveRequest{UserId: me, GroupId: id, BySite: true})
			return err
		})
		switch e := errs.From(err); {
		case err == nil:
			resp.Deleted++
		case e.Code == errs.Forbidden.Code, e.Status >= http.StatusInternalServerError:
			return nil, err // which the next would answer as well
		default:
			resp.Refused = append(resp.Refused, types.NotDeleted{GroupID: id, Code: e.Code, Msg: e.Text(token.From(l.ctx).Lang)})
		}
	}
	return resp, nil
}
