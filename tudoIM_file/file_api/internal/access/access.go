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
	"tudoIM/tudoIM_group/group_rpc/groups"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// Access asks who keeps files, and who shows them.
type Access struct {
	Files files.Files
	// Messages are chat_rpc's and group_rpc's.
	Messages []wire.MessagesClient
	// Users and Groups have avatars.
	Users  user.User
	Groups groups.Groups
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

// holds asks all at once whether user may read a message with the file uid.
func (a *Access) holds(ctx context.Context, user uint64, uid string) (bool, error) {
	asks := make([]ask, len(a.Messages))
	for n, m := range a.Messages {
		asks[n] = func(ctx context.Context) (bool, error) {
			r, err := m.Holds(ctx, &wire.HoldsRequest{UserId: user, Uid: uid})
			return r.GetHolds(), err
		}
	}
	return anyOf(ctx, asks)
}

// ask is a question to somebody.
type ask func(ctx context.Context) (bool, error)

// errYes ends the questions: one who says yes is enough.
var errYes = errors.New("yes")

// anyOf asks all at once whether one of them says yes. An error is that nobody
// does, and not all could be asked.
func anyOf(ctx context.Context, asks []ask) (bool, error) {
	work, asked := errgroup.WithContext(ctx)
	failed := make(chan error, len(asks))
	for _, f := range asks {
		work.Go(func() error {
			yes, err := f(asked)
			switch {
			case err != nil:
				failed <- err // another one may still say yes
			case yes:
				return errYes
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
