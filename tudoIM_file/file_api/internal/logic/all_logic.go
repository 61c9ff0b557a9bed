package logic

import (
	"context"
	"fmt"

	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
	"tudoIM/tudoIM_user/user_rpc/admin"
)

// AllLogic serves one request.
type AllLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAllLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AllLogic {
	return &AllLogic{ctx: ctx, svcCtx: svcCtx}
}

// Files as administrators see them
func (l *AllLogic) All(req *types.AllRequest) (resp *types.AllResponse, err error) {
	err = admin.Act(l.ctx, l.svcCtx.Users, "file.list", req.UserID, fmt.Sprintf("page %d, kind %q, key %q", req.Page, req.Kind, req.Key), func(uint64) error {
		r, err := l.svcCtx.Files.All(l.ctx, &file_rpc.AllRequest{
			UserId: req.UserID, Kind: req.Kind, Key: req.Key, Page: req.Page, Limit: req.Limit,
		})
		if err != nil {
			return err
		}
		resp = &types.AllResponse{List: make([]types.OwnedFile, len(r.List)), Count: r.Count}
		for n, f := range r.List {
			resp.List[n] = types.OwnedFile{
				UserID: f.UserId, UID: f.Uid, Src: src(f), FileName: f.FileName, Size: f.Size, Hash: f.Hash, FileType: f.Mime, Kind: f.Kind,
				CreatedAt: f.CreatedAt, Width: f.Width, Height: f.Height,
			}
		}
		return nil
	})
	return resp, err
}
