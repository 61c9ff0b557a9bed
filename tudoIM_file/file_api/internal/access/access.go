// Package access finds files for those who may read them: their owners, and
// whoever may read a message that carries them.
package access

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"tudoIM/common/errs"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_file/file_rpc/files"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// Access asks who keeps files, and who keeps messages.
type Access struct {
	Files files.Files
	// Messages are chat_rpc's and group_rpc's.
	Messages []wire.MessagesClient
}

// Get returns the file uid if user may read it, as things are now. A file that
// user may not read looks like one that does not exist: errs.FileAccess. Where
// that cannot be told it is errs.Unavailable.
func (a *Access) Get(ctx context.Context, user uint64, uid string) (*file_rpc.File, error) {
	f, err := a.Files.Get(ctx, &file_rpc.GetRequest{UserId: user, Uid: uid})
	if !errors.Is(err, errs.FileAccess) {
		return f, err
	}
	holds, err := a.holds(ctx, user, uid)
	if err != nil {
		return nil, err
	}
	if !holds {
		return nil, errs.FileAccess
	}
	return a.Files.Get(ctx, &file_rpc.GetRequest{UserId: user, Uid: uid, Held: true})
}

// errHeld ends the question: one who says yes is enough.
var errHeld = errors.New("held")

// holds asks all at once whether user may read a message with the file uid.
func (a *Access) holds(ctx context.Context, user uint64, uid string) (bool, error) {
	work, asked := errgroup.WithContext(ctx)
	failed := make(chan error, len(a.Messages))
	for _, m := range a.Messages {
		work.Go(func() error {
			r, err := m.Holds(asked, &wire.HoldsRequest{UserId: user, Uid: uid})
			switch {
			case err != nil:
				failed <- err // another one may still say yes
			case r.Holds:
				return errHeld
			}
			return nil
		})
	}
	if work.Wait() != nil {
		return true, nil
	}
	select {
	case err := <-failed:
		return false, err
	default:
		return false, nil
	}
}
