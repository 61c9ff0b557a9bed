package model

import (
	"tudoIM/common/errs"
	"tudoIM/common/model"
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
	Question     model.Question `gorm:"embedded"`
	// Status is StatusNormal or StatusSuspended.
	Status int32
	// Ver rises with every change of the group or its members.
	Ver uint64
	// DeletedAt is when the group was dissolved; 0 while it lasts.
	DeletedAt int64
}

// States of a group.
const (
	StatusNormal int32 = 0
	// StatusSuspended: an administrator of the site has it that nobody sends or
	// comes in; members still read.
	StatusSuspended int32 = 1
)

// Refusal reports why someone may not send to the group at now, or nil; m is
// that user's membership, nil for those who are not in.
func (g *GroupModel) Refusal(m *GroupMemberModel, atAll bool, now int64) error {
	if err := g.Entry(m); err != nil {
		return err
	}
	switch {
	case g.Status == StatusSuspended:
		return errs.GroupSuspended
	case m.MutedUntil(now) != 0:
		return errs.MemberMuted.With("until", m.ProhibitionUntil)
	case g.AllMuted(now) && !m.May(SpeakMuted):
		return errs.AllMuted.With("until", g.ProhibitionUntil)
	case atAll && !m.May(CallAll):
		return errs.Forbidden
	}
	return nil
}

// AllMuted reports whether only those who lead may send at now.
func (g *GroupModel) AllMuted(now int64) bool {
	return g.IsProhibition && (g.ProhibitionUntil == 0 || g.ProhibitionUntil > now)
}

// Entry reports why someone has no part in what is said in the group, or nil.
func (g *GroupModel) Entry(m *GroupMemberModel) error {
	switch {
	case m.In() == RoleNone: // whether there is a group or not
		return errs.NotMember
	case g.DeletedAt != 0:
		return errs.NoGroup
	}
	return nil
}

// Show reports why someone may not know of the group, or nil; m is that
// user's membership, nil for those who are not in.
func (g *GroupModel) Show(m *GroupMemberModel) error {
	if g.DeletedAt != 0 || m.In() == RoleNone && (!g.IsSearch || g.Status != StatusNormal) {
		return errs.NoGroup
	}
	return nil
}

// Inside reports why someone may not act in the group, or nil: who may not even
// know of it is told nothing.
func (g *GroupModel) Inside(m *GroupMemberModel) error {
	if err := g.Show(m); err != nil {
		return err
	}
	return g.Entry(m)
}

// mayInvite reports why m may not bring others in, or nil; waits says that
// those who lead have to agree.
func (g *GroupModel) mayInvite(m *GroupMemberModel) (waits bool, err error) {
	switch {
	case g.Status == StatusSuspended:
		return false, errs.GroupSuspended
	case m.May(Admit):
		return false, nil
	case !g.IsInvite:
		return false, errs.InviteOff
	case g.Verification == model.VerifyNobody:
		return false, errs.NeedsApproval
	}
	return g.Verification != model.VerifyAnybody, nil
}

// full reports whether nobody has room any more.
func (g *GroupModel) full() bool { return g.MemberCount >= g.Size }
