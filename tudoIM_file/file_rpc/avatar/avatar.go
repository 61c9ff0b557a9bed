// Package avatar tells the halves that keep avatars, of users and of groups,
// which image may be one.
package avatar

import (
	"context"
	"errors"
	"strings"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_rpc/files"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// longest is the longest address that is looked at.
const longest = 128

// Own returns the address of the image that given, a uid or an address, names;
// only one that user has uploaded to be seen by everybody will do, or none. It
// answers errs.AvatarNotMine to anything else.
func Own(ctx context.Context, client files.Files, user uint64, given string) (string, error) {
	if given == "" {
		return "", nil
	}
	uid := strings.TrimPrefix(given, ctype.FilePath)
	if len(given) > longest || uid == "" || strings.ContainsAny(uid, "/?#\\") {
		return "", errs.AvatarNotMine
	}
	f, err := client.Get(ctx, &file_rpc.GetRequest{UserId: user, Uid: uid, Owned: true})
	if errors.Is(err, errs.FileAccess) {
		return "", errs.AvatarNotMine
	}
	if err != nil {
		return "", err
	}
	if !f.IsPublic {
		return "", errs.AvatarNotMine
	}
	return ctype.FilePath + f.Uid, nil
}
