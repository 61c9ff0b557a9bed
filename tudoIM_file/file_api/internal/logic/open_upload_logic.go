package logic

import (
	"context"
	"strings"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_file/file_api/internal/media"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// OpenUploadLogic serves one request.
type OpenUploadLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewOpenUploadLogic(ctx context.Context, svcCtx *svc.ServiceContext) *OpenUploadLogic {
	return &OpenUploadLogic{ctx: ctx, svcCtx: svcCtx}
}

// Begin an upload in parts. What can be told of the file by its name is told
// before any of it has come.
func (l *OpenUploadLogic) OpenUpload(req *types.OpenUploadRequest) (resp *types.PartedUpload, err error) {
	name := media.Name(req.FileName)
	if req.FileName == "" {
		return nil, errs.BadArgument("fileName")
	}
	if media.Refuses(name) {
		return nil, errs.FileType
	}
	u, err := l.svcCtx.Files.OpenUpload(l.ctx, &file_rpc.OpenUploadRequest{
		UserId: token.From(l.ctx).UserID, FileName: name, Size: req.Size, Hash: strings.ToLower(req.Hash), PartSize: req.PartSize,
	})
	if err != nil {
		return nil, err
	}
	return parted(u), nil
}

// parted is u as clients see it.
func parted(u *file_rpc.Upload) *types.PartedUpload {
	resp := &types.PartedUpload{
		UploadID: u.UploadId, FileName: u.FileName, Size: u.Size, PartSize: u.PartSize, Parts: u.Parts,
		Done: make([]int32, len(u.Done)), ExpiresAt: u.ExpiresAt, UID: u.FileUid,
	}
	for n, p := range u.Done {
		resp.Done[n] = p.N
	}
	return resp
}
