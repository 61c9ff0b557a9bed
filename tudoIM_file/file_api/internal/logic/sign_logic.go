package logic

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_file/file_api/internal/access"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
)

// SignLogic serves one request.
type SignLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSignLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SignLogic {
	return &SignLogic{ctx: ctx, svcCtx: svcCtx}
}

const (
	// minTTL and maxTTL are in seconds.
	minTTL = 60
	maxTTL = 3600
	// lookups is how many files of one call are looked for at once.
	lookups = 8
)

// Links to files for a while, for what cannot send a token
func (l *SignLogic) Sign(req *types.SignRequest) (resp *types.SignResponse, err error) {
	switch {
	case len(req.UIDs) == 0 || len(req.UIDs) > maxBatch:
		return nil, errs.BadArgument("uids")
	case req.TTL < minTTL || req.TTL > maxTTL:
		return nil, errs.BadArgument("ttl")
	}
	me := token.From(l.ctx)
	if err := l.readable(me.UserID, req.UIDs); err != nil {
		return nil, err
	}
	end := time.Now().Unix() + req.TTL
	resp = &types.SignResponse{List: make([]types.SignedLink, len(req.UIDs)), ExpiresAt: time.Unix(end, 0).UnixMilli()}
	for n, uid := range req.UIDs {
		link := token.Link{File: uid, UserID: me.UserID, SessionID: me.SessionID, ExpiresAt: end}
		resp.List[n] = types.SignedLink{UID: uid, URL: access.Path + uid + "?sign=" + link.Seal(l.svcCtx.LinkKey)}
	}
	return resp, nil
}

// readable answers errs.FileAccess with the first of uids that user may not read.
func (l *SignLogic) readable(user uint64, uids []string) error {
	refused := make([]error, len(uids))
	var work errgroup.Group
	work.SetLimit(lookups)
	for n, uid := range uids {
		work.Go(func() error {
			_, refused[n] = l.svcCtx.Access.Get(l.ctx, user, uid)
			return nil
		})
	}
	_ = work.Wait() // each has its own answer
	for n, err := range refused {
		if errors.Is(err, errs.FileAccess) {
			return errs.FileAccess.With("uid", uids[n])
		}
		if err != nil {
			return err
		}
	}
	return nil
}
