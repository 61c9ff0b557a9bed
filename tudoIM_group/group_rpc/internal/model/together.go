package model

import (
	"context"
	"fmt"
	"slices"

	"tudoIM/common/conversation"
	"tudoIM/common/errs"
)

// maxTogether bounds one question about who shares a group.
const maxTogether = 256

// Together returns those of peers with whom user is in a group, which lasts
// and is in order, that lets its members write to each other without being
// friends.
func (q Groups) Together(ctx context.Context, user uint64, peers []uint64) (together []uint64, err error) {
	if len(peers) > maxTogether {
		return nil, errs.BadArgument("peerIds")
	}
	others := slices.DeleteFunc(possible(peers), func(id uint64) bool { return id == user })
	if len(others) == 0 || user > maxID {
		return nil, nil
	}
	err = q.DB.WithContext(ctx).Table("group_member_models me").
		Joins("JOIN group_models g ON g.id = me.group_id AND g.deleted_at = 0 AND g.status = 0 AND g.is_temporary_session = ?", true).
		Joins("JOIN group_member_models m ON m.group_id = me.group_id AND m.deleted_at = 0 AND m.user_id IN ?", others).
		Where("me.user_id = ? AND me.deleted_at = 0", user).
		Distinct().Pluck("m.user_id", &together).Error
	if err != nil {
		return nil, fmt.Errorf("who is in a group with %d: %w", user, err)
	}
	return together, nil
}

// Admit implements conversation.Home: into a group nobody comes by the way.
func (Talk) Admit(context.Context, []conversation.Key) (map[conversation.Key]uint64, error) {
	return nil, nil
}
