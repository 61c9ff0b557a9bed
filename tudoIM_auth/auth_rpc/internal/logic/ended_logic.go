package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// EndedLogic serves one request.
type EndedLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewEndedLogic(ctx context.Context, svcCtx *svc.ServiceContext) *EndedLogic {
	return &EndedLogic{ctx: ctx, svcCtx: svcCtx}
}

// maxEnded is how many sessions one call may ask about.
const maxEnded = 500

// Ended tells which of many sessions do not live any more.
func (l *EndedLogic) Ended(in *auth_rpc.EndedRequest) (*auth_rpc.EndedResponse, error) {
	if len(in.List) > maxEnded {
		return nil, errs.BadArgument("list")
	}
	asked := make(map[uint64]uint64, len(in.List))
	for _, s := range in.List {
		asked[s.SessionId] = s.UserId
	}
	dead, err := l.svcCtx.Sessions.Dead(l.ctx, asked)
	if err != nil {
		return nil, err
	}
	resp := &auth_rpc.EndedResponse{}
	for _, id := range dead {
		resp.List = append(resp.List, &auth_rpc.SessionOf{UserId: asked[id], SessionId: id})
	}
	return resp, nil
}
