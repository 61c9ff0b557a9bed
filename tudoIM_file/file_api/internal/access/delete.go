package access

import (
	"context"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// Delete deletes the file uid of user for good. It answers errs.FileAccess for
// what is not user's, and errs.FileInUse while a message carries the file or it
// is an avatar; nothing has changed then.
//
// A message that was let pass before may still be on its way. So the file is
// barred first where messages are kept, and only looked for then. A bar that
// was for nothing, because it could not be set everywhere, ends by itself.
func (a *Access) Delete(ctx context.Context, user uint64, uid string) error {
	f, err := a.Files.Get(ctx, &file_rpc.GetRequest{UserId: user, Uid: uid, Owned: true})
	if err != nil {
		return err
	}
	// Asked without a bar, what is in use stays sendable.
	shown, err := anyOf(ctx, append(a.carried(f.Uid, false), a.avatars(user, ctype.FilePath+f.Uid)...))
	if err == nil && !shown {
		shown, err = anyOf(ctx, a.carried(f.Uid, true))
	}
	if err != nil {
		return err
	}
	if shown {
		return errs.FileInUse
	}
	_, err = a.Files.Delete(ctx, &file_rpc.DeleteRequest{UserId: user, Uid: f.Uid})
	return err
}

// carried asks whether a message carries the file uid.
func (a *Access) carried(uid string, bar bool) []ask {
	asks := make([]ask, len(a.Messages))
	for n, m := range a.Messages {
		asks[n] = func(ctx context.Context) (bool, error) {
			r, err := m.Carried(ctx, &wire.CarriedRequest{Uid: uid, Bar: bar})
			return r.GetCarried(), err
		}
	}
	return asks
}

// avatars asks whether the image at src is that of user, or of a group.
func (a *Access) avatars(user uint64, src string) []ask {
	return []ask{
		func(ctx context.Context) (bool, error) {
			r, err := a.Users.Info(ctx, &user_rpc.UserIdRequest{UserId: user})
			return r.GetProfile().GetAvatar() == src, err
		},
		func(ctx context.Context) (bool, error) {
			r, err := a.Groups.Shows(ctx, &group_rpc.ShowsRequest{Avatar: src})
			return r.GetShows(), err
		},
	}
}
