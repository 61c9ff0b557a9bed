package logic

import (
	"context"

	"tudoIM/tudoIM_file/file_rpc/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// AdminDeleteLogic serves one request.
type AdminDeleteLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAdminDeleteLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AdminDeleteLogic {
	return &AdminDeleteLogic{ctx: ctx, svcCtx: svcCtx}
}

// AdminDelete deletes a file whosever it is, and whatever shows it.
func (l *AdminDeleteLogic) AdminDelete(in *file_rpc.AdminDeleteRequest) (*file_rpc.DeleteResponse, error) {
	return &file_rpc.DeleteResponse{}, l.svcCtx.Files.DeleteAny(l.ctx, in.Uid)
}
