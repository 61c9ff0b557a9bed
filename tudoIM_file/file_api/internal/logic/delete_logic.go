package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
)

// DeleteLogic serves one request.
type DeleteLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDeleteLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DeleteLogic {
	return &DeleteLogic{ctx: ctx, svcCtx: svcCtx}
}

// Delete a file of one's own that nothing shows
func (l *DeleteLogic) Delete(req *types.DeleteRequest) error {
	return l.svcCtx.Access.Delete(l.ctx, token.From(l.ctx).UserID, req.UID)
}
