package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// GetUploadLogic serves one request.
type GetUploadLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewGetUploadLogic(ctx context.Context, svcCtx *svc.ServiceContext) *GetUploadLogic {
	return &GetUploadLogic{ctx: ctx, svcCtx: svcCtx}
}

// What has come of an upload in parts
func (l *GetUploadLogic) GetUpload(req *types.UploadIDRequest) (resp *types.PartedUpload, err error) {
	u, err := l.svcCtx.Files.GetUpload(l.ctx, &file_rpc.GetUploadRequest{
		UserId: token.From(l.ctx).UserID, UploadId: req.UploadID, WithDone: true,
	})
	if err != nil {
		return nil, err
	}
	return parted(u), nil
}
