package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// HandleRequestLogic serves one request.
type HandleRequestLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewHandleRequestLogic(ctx context.Context, svcCtx *svc.ServiceContext) *HandleRequestLogic {
	return &HandleRequestLogic{ctx: ctx, svcCtx: svcCtx}
}

// Accept, refuse, ignore or delete a friend request
func (l *HandleRequestLogic) HandleRequest(req *types.HandleRequestRequest) (resp *types.HandleRequestResponse, err error) {
	done, err := l.svcCtx.Users.HandleRequest(l.ctx, &user_rpc.HandleRequestRequest{
		UserId: token.From(l.ctx).UserID, VerifyId: req.VerifyID, Status: req.Status, Notice: req.Notice,
	})
	if err != nil {
		return nil, err
	}
	if done.Friend == nil {
		return &types.HandleRequestResponse{}, nil
	}
	f := friend(done.Friend)
	return &types.HandleRequestResponse{Friend: &f}, nil
}
