package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// PlacesLogic serves one request.
type PlacesLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewPlacesLogic(ctx context.Context, svcCtx *svc.ServiceContext) *PlacesLogic {
	return &PlacesLogic{ctx: ctx, svcCtx: svcCtx}
}

// maxPlaced is how many users one call may ask about.
const maxPlaced = 1000

// Places tells in which groups users are, and what each has seen there.
func (l *PlacesLogic) Places(in *group_rpc.PlacesRequest) (*group_rpc.PlacesResponse, error) {
	if len(in.UserIds) > maxPlaced {
		return nil, errs.BadArgument("userIds")
	}
	rosters, next, err := l.svcCtx.Groups.Places(l.ctx, in.UserIds, in.GroupIds, in.After)
	if err != nil {
		return nil, err
	}
	resp := &group_rpc.PlacesResponse{Next: next}
	for _, r := range rosters {
		roster := &group_rpc.Roster{GroupId: r.Group, Ver: r.Ver}
		for _, p := range r.Members {
			roster.Members = append(roster.Members, &group_rpc.Place{UserId: p.UserID, JoinSeq: p.JoinSeq, ReadSeq: p.ReadSeq})
		}
		resp.List = append(resp.List, roster)
	}
	return resp, nil
}
