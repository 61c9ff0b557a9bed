package logic

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/admin"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// AuditLogic serves one request.
type AuditLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAuditLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AuditLogic {
	return &AuditLogic{ctx: ctx, svcCtx: svcCtx}
}

// What administrators did, and what was refused
func (l *AuditLogic) Audit(req *types.AuditRequest) (resp *types.AuditResponse, err error) {
	before := uint64(0)
	if req.Cursor != "" {
		if before, err = strconv.ParseUint(req.Cursor, 10, 64); err != nil || before == 0 {
			return nil, errs.BadArgument("cursor")
		}
	}
	err = admin.Act(l.ctx, l.svcCtx.Users, "audit.read", req.TargetID, "", func(uint64) error {
		r, err := l.svcCtx.Users.Audits(l.ctx, &user_rpc.AuditsRequest{
			OperatorId: req.OperatorID, TargetId: req.TargetID, Act: req.Act, RefusedOnly: req.RefusedOnly, BeforeId: before, Limit: req.Limit,
		})
		if err != nil {
			return err
		}
		resp, err = l.shown(r)
		return err
	})
	return resp, err
}

func (l *AuditLogic) shown(r *user_rpc.AuditsResponse) (*types.AuditResponse, error) {
	ids := map[uint64]bool{}
	for _, a := range r.List {
		ids[a.OperatorId] = true
	}
	who, err := l.svcCtx.Users.Profiles(l.ctx, &user_rpc.ProfilesRequest{UserIds: slices.Collect(maps.Keys(ids))})
	if err != nil {
		return nil, err
	}
	names := map[uint64]string{}
	for _, p := range who.List {
		names[p.UserId] = p.UserName
	}
	resp := &types.AuditResponse{List: []types.AuditItem{}, HasMore: r.HasMore}
	for _, a := range r.List {
		resp.List = append(resp.List, types.AuditItem{
			ID: a.Id, CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt, OperatorID: a.OperatorId, OperatorName: names[a.OperatorId],
			Act: a.Act, TargetID: a.TargetId, About: a.About, IP: a.Ip, Code: a.Code, Times: a.Times,
		})
		resp.Next = strconv.FormatUint(a.Id, 10)
	}
	if !r.HasMore {
		resp.Next = ""
	}
	return resp, nil
}
