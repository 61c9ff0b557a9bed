package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
)

// InfoLogic serves one request.
type InfoLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewInfoLogic(ctx context.Context, svcCtx *svc.ServiceContext) *InfoLogic {
	return &InfoLogic{ctx: ctx, svcCtx: svcCtx}
}

// A file's metadata
func (l *InfoLogic) Info(req *types.DownloadRequest) (resp *types.InfoResponse, err error) {
	return resp, errs.Internal
}
