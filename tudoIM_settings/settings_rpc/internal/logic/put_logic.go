package logic

import (
	"context"

	"tudoIM/tudoIM_settings/settings_rpc/internal/model"
	"tudoIM/tudoIM_settings/settings_rpc/internal/svc"
	"tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
)

// PutLogic serves one request.
type PutLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewPutLogic(ctx context.Context, svcCtx *svc.ServiceContext) *PutLogic {
	return &PutLogic{ctx: ctx, svcCtx: svcCtx}
}

// Put changes the site, all of it or nothing: one value out of its bounds is
// error 10001 for the whole.
func (l *PutLogic) Put(in *settings_rpc.PutRequest) (*settings_rpc.PutResponse, error) {
	err := l.svcCtx.Sites.Put(l.ctx, model.Change{
		Title: in.Title, Abstract: in.Abstract,
		RegisterOpen:        in.RegisterOpen,
		RecallWindowSeconds: in.RecallWindowSeconds,
		MaxTextLength:       in.MaxTextLength,
		ImageMaxBytes:       in.ImageMaxBytes,
		FileMaxBytes:        in.FileMaxBytes,
		MultiLogin:          in.MultiLogin,
		InviteCode:          in.InviteCode,
	})
	if err != nil {
		return nil, err
	}
	return &settings_rpc.PutResponse{}, nil
}
