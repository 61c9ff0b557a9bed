package logic

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_file/file_api/internal/media"
	"tudoIM/tudoIM_file/file_api/internal/possession"
	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/types"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
	"tudoIM/utils/text"
)

// CheckLogic serves one request.
type CheckLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCheckLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CheckLogic {
	return &CheckLogic{ctx: ctx, svcCtx: svcCtx}
}

const (
	// comparing is how long it may take to compare a proof: less than the
	// gateway waits for an answer.
	comparing = 8 * time.Second
	// evenly is how long a "no" takes at least where the files of others count,
	// so that its time tells nothing of them.
	evenly = 500 * time.Millisecond
	// maxSize is what a client can count.
	maxSize = 1 << 53
	hashLen = 64
)

// Have a file without uploading it, by a proof that one has its bytes. Who has
// not proven that learns nothing: the first answer is made without looking for
// the bytes, and the second is "no" for whatever reason.
func (l *CheckLogic) Check(req *types.CheckRequest) (resp *types.CheckResponse, err error) {
	claim, err := l.claim(req)
	if err != nil {
		return nil, err
	}
	leave, err := l.svcCtx.Turns.Take(claim.UserID)
	if err != nil {
		return nil, err
	}
	defer leave()
	if req.Challenge == "" {
		return &types.CheckResponse{Challenge: challenge(possession.Ask(l.svcCtx.ProofKey, claim, time.Now()))}, nil
	}
	asked, err := possession.Check(l.svcCtx.ProofKey, req.Challenge, claim, time.Now())
	if err != nil {
		return nil, err
	}
	even := time.NewTimer(evenly)
	defer even.Stop()
	ctx, cancel := context.WithTimeout(l.ctx, comparing)
	defer cancel()
	f, err := l.have(ctx, req, claim, asked)
	if err != nil {
		return nil, err
	}
	if f != nil {
		return &types.CheckResponse{
			Exists: true, UID: f.Uid, Src: src(f), FileName: f.FileName, Size: f.Size, Hash: f.Hash, FileType: f.Mime, Kind: f.Kind,
			Width: f.Width, Height: f.Height,
		}, nil
	}
	if l.anybody() {
		select {
		case <-even.C:
		case <-ctx.Done():
		}
	}
	return &types.CheckResponse{}, nil
}

// claim is what req says the caller has.
func (l *CheckLogic) claim(req *types.CheckRequest) (possession.Claim, error) {
	c := possession.Claim{UserID: token.From(l.ctx).UserID, Hash: strings.ToLower(req.Hash), Size: req.Size}
	switch {
	case req.FileName == "":
		return c, errs.BadArgument("fileName")
	case !text.IsHex(c.Hash, hashLen):
		return c, errs.BadArgument("hash")
	case c.Size < 1 || c.Size > maxSize:
		return c, errs.BadArgument("size")
	case req.Challenge == "" && req.Proof != "":
		return c, errs.BadArgument("challenge")
	case req.Challenge != "" && !text.IsHex(strings.ToLower(req.Proof), hashLen):
		return c, errs.BadArgument("proof")
	case media.Refuses(media.Name(req.FileName)):
		return c, errs.FileType
	}
	return c, nil
}

// anybody reports whether files of others count.
func (l *CheckLogic) anybody() bool { return l.svcCtx.Config.Instant == "all" }

// have returns a new file of the caller with the bytes that he has proven to
// have, nil if he has not, or there are none that count.
func (l *CheckLogic) have(ctx context.Context, req *types.CheckRequest, claim possession.Claim, asked []possession.Range) (*file_rpc.File, error) {
	if l.anybody() {
		// Otherwise a store that is away would tell what is to be read there.
		if err := l.svcCtx.Store.Ready(ctx); err != nil {
			return nil, store.Unavailable(err)
		}
	}
	known, err := l.svcCtx.Files.Known(ctx, &file_rpc.KnownRequest{
		UserId: claim.UserID, Hash: claim.Hash, Size: claim.Size, Anybody: l.anybody(),
	})
	if err != nil || !known.IsKnown {
		return nil, err
	}
	stored, _, err := l.svcCtx.Store.Open(ctx, known.Key)
	if err != nil {
		return nil, l.away(claim, err)
	}
	defer func() { _ = stored.Close() }()
	proof, err := possession.Proof(stored, asked)
	if err != nil {
		return nil, l.away(claim, err)
	}
	if !possession.Equal(proof, strings.ToLower(req.Proof)) {
		return nil, nil
	}
	head := make([]byte, min(media.HeadBytes, claim.Size))
	if _, err := stored.Seek(0, io.SeekStart); err != nil {
		return nil, store.Unavailable(err)
	}
	if _, err := io.ReadFull(stored, head); err != nil {
		return nil, store.Unavailable(err)
	}
	name := media.Name(req.FileName)
	mime, kind, err := media.Detect(head, name)
	if err != nil {
		return nil, err
	}
	return l.svcCtx.Files.Put(ctx, &file_rpc.PutRequest{
		UserId: claim.UserID, FileName: name, Size: claim.Size, Hash: claim.Hash, Mime: mime, Kind: kind, Key: known.Key,
		Width: known.Width, Height: known.Height,
	})
}

// away is what it is to the caller that bytes which should be there cannot be
// read: to upload them is what helps, if they are gone.
func (l *CheckLogic) away(claim possession.Claim, err error) error {
	if errors.Is(err, store.ErrMissing) {
		logx.WithContext(l.ctx).Errorf("bytes of %s: %v", claim.Hash, err)
		return nil
	}
	return store.Unavailable(err)
}

func challenge(c possession.Challenge) *types.Challenge {
	resp := &types.Challenge{ID: c.ID, ExpiresAt: c.ExpiresAt.UnixMilli()}
	for _, r := range c.Ranges {
		resp.Ranges = append(resp.Ranges, types.Range{Offset: r.Offset, Length: r.Length})
	}
	return resp
}
