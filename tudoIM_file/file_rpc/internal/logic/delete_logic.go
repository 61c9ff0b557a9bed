package logic

import (
	"context"

	"tudoIM/tudoIM_file/file_rpc/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// DeleteLogic serves one request.
type DeleteLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDeleteLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DeleteLogic {
	return &DeleteLogic{ctx: ctx, svcCtx: svcCtx}
}

// Delete deletes a file of user_id and gives its room back; error 60006 for
// any other.
func (l *DeleteLogic) Delete(in *file_rpc.DeleteRequest) (*file_rpc.DeleteResponse, error) {
	return &file_rpc.DeleteResponse{}, l.svcCtx.Files.Delete(l.ctx, in.UserId, in.Uid)
}
