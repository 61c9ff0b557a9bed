package model

import (
	"tudoIM/common/errs"
	"tudoIM/common/model"
)

// Verification says how one gets into a group.
const (
	// VerifyMessage asks for a message that an admin judges.
	VerifyMessage int32 = 2
)

// maxID is the highest number an id can have: clients keep ids as floats, and
// SQLite takes no number above 2^63-1.
const maxID = 1<<53 - 1

// GroupModel is one group. Times are in Unix milliseconds.
type GroupModel struct {
	model.Base
	Title    string
	Abstract string
	Avatar   string
	// Creator is the owner, also once that is another user than the first.
	Creator uint64
	// Size is how many members the group may have, MemberCount how many it has.
	Size        int32
	MemberCount int32
	// IsSearch lets those who are not in find and see the group.
	IsSearch bool
	// IsInvite lets members bring in others.
	IsInvite           bool
	IsTemporarySession bool
	// IsProhibition keeps members from sending, until ProhibitionUntil if that
	// is not 0.
	IsProhibition    bool
	ProhibitionUntil int64
	// HistoryVisible shows new members what was said before they came.
	HistoryVisible bool
	// Verification says how one gets in, by Question if it asks some.
	Verification int32
	Question     Question `gorm:"embedded"`
	// Status is 0 while the group is in order.
	Status int32
	// Ver rises with every change of the group or its members.
	Ver uint64
	// DeletedAt is when the group was dissolved; 0 while it lasts.
	DeletedAt int64
}

// Question is what a group asks and expects. The answers are for its admins.
type Question struct {
	Problem1, Problem2, Problem3 string
	Answer1, Answer2, Answer3    string
}

// Show reports why someone may not know of the group, or nil; m is that
// user's membership, nil for those who are not in.
func (g *GroupModel) Show(m *GroupMemberModel) error {
	if g.DeletedAt != 0 || (m == nil && !g.IsSearch) {
		return errs.NoGroup
	}
	return nil
}

// Refusal reports why someone may not send to the group at now, or nil; m is
// that user's membership, nil for those who are not in.
func (g *GroupModel) Refusal(m *GroupMemberModel, atAll bool, now int64) error {
	if err := g.Entry(m); err != nil {
		return err
	}
	switch {
	case m.ProhibitionUntil > now:
		return errs.MemberMuted.With("until", m.ProhibitionUntil)
	case m.leads():
		return nil
	case g.IsProhibition && (g.ProhibitionUntil == 0 || g.ProhibitionUntil > now):
		return errs.AllMuted.With("until", g.ProhibitionUntil)
	case atAll:
		return errs.Forbidden
	}
	return nil
}

// Entry reports why someone has no part in what is said in the group, or nil.
func (g *GroupModel) Entry(m *GroupMemberModel) error {
	switch {
	case g.DeletedAt != 0:
		return errs.NoGroup
	case m == nil || m.DeletedAt != 0:
		return errs.NotMember
	}
	return nil
}
