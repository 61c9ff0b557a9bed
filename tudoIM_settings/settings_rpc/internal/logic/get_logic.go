package logic

import (
	"context"
	"time"

	"tudoIM/tudoIM_settings/settings_rpc/internal/svc"
	"tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
)

// GetLogic serves one request.
type GetLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewGetLogic(ctx context.Context, svcCtx *svc.ServiceContext) *GetLogic {
	return &GetLogic{ctx: ctx, svcCtx: svcCtx}
}

// Get returns the site's settings, at most 5 s old while the database answers.
func (l *GetLogic) Get(in *settings_rpc.GetRequest) (*settings_rpc.Site, error) {
	get := l.svcCtx.Sites.Get
	if in.Now {
		get = l.svcCtx.Sites.Now
	}
	// The age of a copy in this process is a matter of this process's clock.
	s, err := get(l.ctx, time.Now())
	if err != nil {
		return nil, err
	}
	return &settings_rpc.Site{
		Title: s.Title, Abstract: s.Abstract,
		RegisterOpen:        s.RegisterOpen,
		RecallWindowSeconds: s.RecallWindowSeconds,
		MaxTextLength:       s.MaxTextLength,
		ImageMaxBytes:       s.ImageMaxBytes,
		FileMaxBytes:        s.FileMaxBytes,
		MultiLogin:          s.MultiLogin,
		InviteCode:          s.InviteCode,
		Ver:                 s.Ver,
	}, nil
}
