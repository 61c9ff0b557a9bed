package logic

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_file/file_api/internal/preview"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
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
	files, err := l.readable(me.UserID, req.UIDs)
	if err != nil {
		return nil, err
	}
	end := time.Now().Unix() + req.TTL
	resp = &types.SignResponse{List: make([]types.SignedLink, len(req.UIDs)), ExpiresAt: time.Unix(end, 0).UnixMilli()}
	for n, f := range files {
		link := token.Link{File: f.Uid, UserID: me.UserID, SessionID: me.SessionID, ExpiresAt: end}
		sign := "sign=" + link.Seal(l.svcCtx.LinkKey)
		resp.List[n] = types.SignedLink{UID: f.Uid, URL: src(f) + "?" + sign}
		if l.svcCtx.Previews.Of(f.Mime) == preview.Picture {
			resp.List[n].ThumbURL = src(f) + thumb + "&" + sign
		}
	}
	return resp, nil
}

// readable returns the files uids, or errs.FileAccess with the first of them
// that user may not read.
func (l *SignLogic) readable(user uint64, uids []string) ([]*file_rpc.File, error) {
	files, refused := make([]*file_rpc.File, len(uids)), make([]error, len(uids))
	var work errgroup.Group
	work.SetLimit(lookups)
	for n, uid := range uids {
		work.Go(func() error {
			files[n], refused[n] = l.svcCtx.Access.Get(l.ctx, user, uid)
			return nil
		})
	}
	_ = work.Wait() // each has its own answer
	for n, err := range refused {
		if errors.Is(err, errs.FileAccess) {
			return nil, errs.FileAccess.With("uid", uids[n])
		}
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}
