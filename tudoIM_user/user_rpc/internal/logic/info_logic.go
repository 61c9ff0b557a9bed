package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// InfoLogic serves one request.
type InfoLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewInfoLogic(ctx context.Context, svcCtx *svc.ServiceContext) *InfoLogic {
	return &InfoLogic{ctx: ctx, svcCtx: svcCtx}
}

// Info returns all of one's own.
func (l *InfoLogic) Info(in *user_rpc.UserIdRequest) (*user_rpc.UserInfoResponse, error) {
	return nil, errs.Internal
}
