package model

import (
	"context"
	"fmt"
	"slices"
)

// maxPlaces bounds the places that one answer may hold, at 31 bytes each: far
// within the 4 MiB of an answer, and what MySQL looks up one by one.
const maxPlaces = 10_000

// Place is what a member gets to see, and has seen.
type Place struct {
	GroupID, UserID uint64
	// JoinSeq is the last message that is not the member's to see, ReadSeq the
	// last one that is not unread: as conversation.View has it.
	JoinSeq, ReadSeq uint64
}

// Roster is a group as of Ver or later, with some of its members.
type Roster struct {
	Group, Ver uint64
	Members    []Place
}

// Places returns those of groups that last, by id, each with those of users who
// are in it; no groups are all that users are in. An answer has so many of them
// as it has room for, from the one behind after on; next is where to ask on
// from, 0 if there are no more.
func (q Groups) Places(ctx context.Context, users, groups []uint64, after uint64) (list []*Roster, next uint64, err error) {
	users = possible(users)
	if len(users) == 0 || after > maxID {
		return nil, 0, nil
	}
	most := max(1, maxPlaces/len(users))
	if len(groups) == 0 {
		groups, err = q.of(ctx, users, after, most+1)
		if err != nil {
			return nil, 0, err
		}
	}
	groups = slices.DeleteFunc(possible(groups), func(g uint64) bool { return g <= after })
	if len(groups) > most {
		groups = groups[:most]
		next = groups[most-1]
	}
	if len(groups) == 0 {
		return nil, 0, nil
	}
	// The versions first: members that change in between are newer than said.
	var vers []GroupModel
	err = q.DB.WithContext(ctx).Select("id", "ver").Order("id").Find(&vers, "id IN ? AND deleted_at = 0", groups).Error
	if err != nil {
		return nil, 0, fmt.Errorf("versions of %d groups: %w", len(groups), err)
	}
	for _, g := range vers {
		list = append(list, &Roster{Group: g.ID, Ver: g.Ver})
	}
	return list, next, q.members(ctx, list, users, groups)
}

// possible returns those of ids that there can be, in order and each once.
func possible(ids []uint64) []uint64 {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id uint64) bool { return id == 0 || id > maxID })
	slices.Sort(ids)
	return slices.Compact(ids)
}

// of returns the first groups behind after that any of users is in.
func (q Groups) of(ctx context.Context, users []uint64, after uint64, most int) (groups []uint64, err error) {
	err = q.DB.WithContext(ctx).Model(&GroupMemberModel{}).Distinct().
		Where("user_id IN ? AND deleted_at = 0 AND group_id > ?", users, after).
		Order("group_id").Limit(most).Pluck("group_id", &groups).Error
	if err != nil {
		return nil, fmt.Errorf("groups of %d users: %w", len(users), err)
	}
	return groups, nil
}

// members gives the groups of list those of users who are in. What is read is
// what conversation.View.Unread counts from.
func (q Groups) members(ctx context.Context, list []*Roster, users, groups []uint64) error {
	var places []Place
	err := q.DB.WithContext(ctx).Raw("SELECT m.group_id, m.user_id,"+
		" CASE WHEN g.history_visible THEN 0 ELSE m.join_seq END AS join_seq,"+
		" CASE WHEN m.clear_seq > m.read_seq THEN m.clear_seq ELSE m.read_seq END AS read_seq"+
		" FROM group_member_models m JOIN group_models g ON g.id = m.group_id"+
		" WHERE m.group_id IN ? AND m.user_id IN ? AND "+in+" ORDER BY m.group_id, m.user_id", groups, users).Scan(&places).Error
	if err != nil {
		return fmt.Errorf("members of %d groups: %w", len(groups), err)
	}
	by := make(map[uint64]*Roster, len(list))
	for _, r := range list {
		by[r.Group] = r
	}
	for _, p := range places {
		p.ReadSeq = max(p.ReadSeq, p.JoinSeq)
		if r := by[p.GroupID]; r != nil { // or it was made after the versions were read
			r.Members = append(r.Members, p)
		}
	}
	return nil
}
