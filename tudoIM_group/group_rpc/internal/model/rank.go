package model

import "tudoIM/common/errs"

// Right is something that may be done to a group, or to somebody in it.
type Right int

const (
	// EditGroup is changing what the group is called and who gets in how.
	EditGroup Right = iota
	// ResizeGroup and DissolveGroup are the owner's alone.
	ResizeGroup
	DissolveGroup
	// Announce is posting and taking back notices, Admit deciding requests and
	// who is kept out.
	Announce
	Admit
	// CallAll is @all, PinMessages keeping messages at the top.
	CallAll
	PinMessages
	// SpeakMuted is sending while all are muted.
	SpeakMuted

	// The rest is done to a member.
	KickMember
	MuteMember
	RenameMember
	SetMemberRole
	GiveGroup
	// RecallMessages is taking back what somebody has said, whenever it was.
	RecallMessages
)

// reach is over whom a right goes.
type reach int

const (
	nobody reach = iota
	// oneself, those of a lower rank, both, and everybody with oneself. A right
	// over the group as such goes over everybody or nobody.
	oneself
	below
	belowAndSelf
	everybody
)

// rights is the one table of who may do what: the owner, admins, members.
// Exactly one is the owner; nobody reaches up to the own rank, so admins
// cannot touch the owner or each other, and nobody raises himself.
var rights = map[Right][3]reach{
	EditGroup:     {everybody, everybody, nobody},
	ResizeGroup:   {everybody, nobody, nobody},
	DissolveGroup: {everybody, nobody, nobody},
	Announce:      {everybody, everybody, nobody},
	Admit:         {everybody, everybody, nobody},
	CallAll:       {everybody, everybody, nobody},
	PinMessages:   {everybody, everybody, nobody},
	SpeakMuted:    {everybody, everybody, nobody},

	KickMember:     {below, below, nobody},
	MuteMember:     {below, below, nobody},
	RenameMember:   {belowAndSelf, belowAndSelf, oneself},
	SetMemberRole:  {below, nobody, nobody},
	GiveGroup:      {below, nobody, nobody},
	RecallMessages: {everybody, below, nobody},
}

// reach returns over whom right goes for m; nil and who has left have none.
func (m *GroupMemberModel) reach(right Right) reach {
	switch m.In() {
	case RoleOwner:
		return rights[right][0]
	case RoleAdmin:
		return rights[right][1]
	case RoleMember:
		return rights[right][2]
	}
	return nobody
}

// May reports whether m has right over the group.
func (m *GroupMemberModel) May(right Right) bool { return m.reach(right) == everybody }

// MayOver reports whether m has right over other; nil, and who has left, is
// below everybody.
func (m *GroupMemberModel) MayOver(right Right, other *GroupMemberModel) bool {
	self := other != nil && m != nil && other.UserID == m.UserID
	switch m.reach(right) {
	case everybody:
		return true
	case belowAndSelf:
		return self || other.rank() < m.rank()
	case below:
		return !self && other.rank() < m.rank()
	case oneself:
		return self
	}
	return false
}

// rank rises from those who are not in to the owner.
func (m *GroupMemberModel) rank() int {
	switch m.In() {
	case RoleOwner:
		return 3
	case RoleAdmin:
		return 2
	case RoleMember:
		return 1
	}
	return 0
}

// must answers errs.LowRank unless m has right over the group.
func (m *GroupMemberModel) must(right Right) error {
	if !m.May(right) {
		return errs.LowRank
	}
	return nil
}

// mustOver answers errs.NotMember if other is not in the group, errs.LowRank
// unless m has right over other.
func (m *GroupMemberModel) mustOver(right Right, other *GroupMemberModel) error {
	if other.In() == RoleNone {
		return errs.NotMember
	}
	if !m.MayOver(right, other) {
		return errs.LowRank
	}
	return nil
}
