// Package refs tells the halves that store messages what a user may refer to
// in one: files, people and groups, which others keep.
package refs

import (
	"context"
	"errors"
	"time"

	"tudoIM/common/conversation"
	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/core/conf"
	"tudoIM/core/run"
	"tudoIM/tudoIM_file/file_rpc/files"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
	"tudoIM/tudoIM_group/group_rpc/groups"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_settings/settings_rpc/settings"
	"tudoIM/tudoIM_settings/settings_rpc/site"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// Refs asks the other halves.
type Refs struct {
	files  files.Files
	users  user.User
	groups groups.Groups
	site   *site.Site
}

var _ conversation.References = (*Refs)(nil)

// Open returns a Refs for the half h. It does not wait for the others.
func Open(h conf.Half) (*Refs, error) {
	fileClient, err := run.Client(h, "file_rpc")
	if err != nil {
		return nil, err
	}
	userClient, err := run.Client(h, "user_rpc")
	if err != nil {
		return nil, err
	}
	groupClient, err := run.Client(h, "group_rpc")
	if err != nil {
		return nil, err
	}
	settingsClient, err := run.Client(h, "settings_rpc")
	if err != nil {
		return nil, err
	}
	return &Refs{
		files: files.NewFiles(fileClient), users: user.NewUser(userClient), groups: groups.NewGroups(groupClient),
		site: site.New(settings.NewSettings(settingsClient)),
	}, nil
}

// Limits are what the operator has set.
func (r *Refs) Limits(ctx context.Context) conversation.Limits {
	s := r.site.Get(ctx)
	return conversation.Limits{Text: int(s.MaxTextLength), RecallWindow: time.Duration(s.RecallWindowSeconds) * time.Second}
}

// Files implements conversation.References.
func (r *Refs) Files(ctx context.Context, user uint64, uids []string) (map[string]ctype.File, error) {
	found := make(map[string]ctype.File, len(uids))
	for _, uid := range uids {
		f, err := r.files.Get(ctx, &file_rpc.GetRequest{UserId: user, Uid: uid, Owned: true})
		if errors.Is(err, errs.FileAccess) || errors.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found[uid] = ctype.File{
			UID: f.Uid, Name: f.FileName, Mime: f.Mime, Kind: f.Kind, Hash: f.Hash, Size: f.Size,
			Width: int(f.Width), Height: int(f.Height),
		}
	}
	return found, nil
}

// Cards implements conversation.References: people who exist, and groups that
// the user may know of.
func (r *Refs) Cards(ctx context.Context, user uint64, users, ids []uint64) error {
	if len(users) > 0 {
		known, err := r.users.Profiles(ctx, &user_rpc.ProfilesRequest{UserIds: users})
		if err != nil {
			return err
		}
		if len(known.List) != len(users) {
			return errs.BadMessage.With("field", "userId")
		}
	}
	for _, id := range ids {
		_, err := r.groups.Get(ctx, &group_rpc.OneRequest{UserId: user, GroupId: id})
		if errors.Is(err, errs.NoGroup) {
			return errs.BadMessage.With("field", "groupId")
		}
		if err != nil {
			return err
		}
	}
	return nil
}
