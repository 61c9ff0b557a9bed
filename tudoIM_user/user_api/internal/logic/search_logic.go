package logic

import (
	"context"
	"unicode/utf8"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// SearchLogic serves one request.
type SearchLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSearchLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SearchLogic {
	return &SearchLogic{ctx: ctx, svcCtx: svcCtx}
}

// Find users by id or nickname
func (l *SearchLogic) Search(req *types.SearchRequest) (resp *types.SearchResponse, err error) {
	if !utf8.ValidString(req.Key) {
		return nil, errs.BadArgument("key")
	}
	found, err := l.svcCtx.Users.Search(l.ctx, &user_rpc.SearchRequest{
		UserId: token.From(l.ctx).UserID, Key: req.Key, OnlineOnly: req.Online, Page: req.Page, Limit: req.Limit,
	})
	if err != nil {
		return nil, err
	}
	resp = &types.SearchResponse{List: make([]types.Found, 0, len(found.List)), Count: found.Count}
	for _, f := range found.List {
		p := f.Profile
		resp.List = append(resp.List, types.Found{
			UserID: p.UserId, Nickname: p.Nickname, Abstract: p.Abstract, Avatar: p.Avatar, IsFriend: f.IsFriend,
		})
	}
	return resp, nil
}
