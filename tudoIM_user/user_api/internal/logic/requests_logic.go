package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// RequestsLogic serves one request.
type RequestsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewRequestsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *RequestsLogic {
	return &RequestsLogic{ctx: ctx, svcCtx: svcCtx}
}

// Friend requests I sent or received
func (l *RequestsLogic) Requests(req *types.RequestsRequest) (resp *types.RequestsResponse, err error) {
	switch req.Flag {
	case "", "send", "rev":
	default:
		return nil, errs.BadArgument("flag")
	}
	mine, err := l.svcCtx.Users.Requests(l.ctx, &user_rpc.RequestsRequest{
		UserId: token.From(l.ctx).UserID, Flag: req.Flag, Status: req.Status, Page: req.Page, Limit: req.Limit,
	})
	if err != nil {
		return nil, err
	}
	resp = &types.RequestsResponse{
		List: make([]types.FriendRequestItem, 0, len(mine.List)), Count: mine.Count, PendingCount: mine.PendingCount,
	}
	for _, i := range mine.List {
		resp.List = append(resp.List, types.FriendRequestItem{
			ID: i.Id, UserID: i.Profile.UserId, Nickname: i.Profile.Nickname, Avatar: i.Profile.Avatar,
			AdditionalMessages: i.AdditionalMessages, VerificationQuestion: question(i.Question),
			Status: i.Status, Flag: i.Flag, CreatedAt: i.CreatedAt,
		})
	}
	return resp, nil
}
