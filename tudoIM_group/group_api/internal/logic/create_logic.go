package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// CreateLogic serves one request.
type CreateLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCreateLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CreateLogic {
	return &CreateLogic{ctx: ctx, svcCtx: svcCtx}
}

// Make a group
func (l *CreateLogic) Create(req *types.CreateRequest) (resp *types.CreateResponse, err error) {
	made, err := l.svcCtx.Groups.Create(l.ctx, &group_rpc.CreateRequest{
		UserId: token.From(l.ctx).UserID, Mode: req.Mode, Title: req.Title, Avatar: req.Avatar,
		IsSearch: req.IsSearch, Size: req.Size, UserIds: req.UserIDList,
	})
	if err != nil {
		return nil, err
	}
	return &types.CreateResponse{GroupID: made.GroupId}, nil
}
