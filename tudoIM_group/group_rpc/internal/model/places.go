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
	if len(groups) == 0 {
		return q.placesOf(ctx, users, after)
	}
	groups = slices.DeleteFunc(possible(groups), func(g uint64) bool { return g <= after })
	if most := max(1, maxPlaces/len(users)); len(groups) > most {
		groups = groups[:most]
		next = groups[most-1]
	}
	if len(groups) == 0 {
		return nil, 0, nil
	}
	list, err = q.placesIn(ctx, users, groups)
	return list, next, err
}

// possible returns those of ids that there can be, in order and each once.
func possible(ids []uint64) []uint64 {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id uint64) bool { return id == 0 || id > maxID })
	slices.Sort(ids)
	return slices.Compact(ids)
}

// placesQuery reads places with the versions of their groups: one statement
// sees one state of both. What is read is what conversation.View counts from.
const placesQuery = "SELECT m.group_id, g.ver, m.user_id," +
	" CASE WHEN g.history_visible THEN 0 ELSE m.join_seq END AS join_seq," +
	" CASE WHEN m.clear_seq > m.read_seq THEN m.clear_seq ELSE m.read_seq END AS read_seq" +
	" FROM group_member_models m JOIN group_models g ON g.id = m.group_id WHERE m.user_id IN ? AND " + in

// placed is a row of placesQuery.
type placed struct {
	Place
	Ver uint64
}

// add puts the row, which comes in the order of groups, into list.
func (p placed) add(list []*Roster) []*Roster {
	if len(list) == 0 || list[len(list)-1].Group != p.GroupID {
		list = append(list, &Roster{Group: p.GroupID, Ver: p.Ver})
	}
	r := list[len(list)-1]
	p.ReadSeq = max(p.ReadSeq, p.JoinSeq)
	r.Members = append(r.Members, p.Place)
	return list
}

// placesOf returns the first groups behind after that any of users is in.
func (q Groups) placesOf(ctx context.Context, users []uint64, after uint64) (list []*Roster, next uint64, err error) {
	var rows []placed
	err = q.DB.WithContext(ctx).Raw(placesQuery+" AND m.group_id > ? ORDER BY m.group_id, m.user_id LIMIT ?",
		users, after, maxPlaces+1).Scan(&rows).Error
	if err != nil {
		return nil, 0, fmt.Errorf("groups of %d users: %w", len(users), err)
	}
	for _, p := range rows {
		list = p.add(list)
	}
	if len(rows) > maxPlaces { // the last one may not be whole
		list = list[:len(list)-1]
		next = list[len(list)-1].Group
	}
	return list, next, nil
}

// placesIn returns groups, also those in which none of users is.
func (q Groups) placesIn(ctx context.Context, users, groups []uint64) (list []*Roster, err error) {
	// The versions first: members that change in between are newer than said.
	var vers []GroupModel
	err = q.DB.WithContext(ctx).Select("id", "ver").Order("id").Find(&vers, "id IN ? AND deleted_at = 0", groups).Error
	if err != nil {
		return nil, fmt.Errorf("versions of %d groups: %w", len(groups), err)
	}
	var rows []placed
	err = q.DB.WithContext(ctx).Raw(placesQuery+" AND m.group_id IN ? ORDER BY m.group_id, m.user_id", users, groups).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("members of %d groups: %w", len(groups), err)
	}
	for _, g := range vers {
		list = append(list, &Roster{Group: g.ID, Ver: g.Ver})
		for len(rows) > 0 && rows[0].GroupID <= g.ID { // a lower one was made just now
			if rows[0].GroupID == g.ID {
				list = rows[0].add(list)
			}
			rows = rows[1:]
		}
	}
	return list, nil
}
