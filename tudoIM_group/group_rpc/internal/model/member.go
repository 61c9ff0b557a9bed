package model

import "tudoIM/common/model"

// Roles in a group.
const (
	// RoleNone is the role of those who are not in.
	RoleNone   int32 = 0
	RoleOwner  int32 = 1
	RoleAdmin  int32 = 2
	RoleMember int32 = 3
)

// GroupMemberModel is a user who is, or was, in a group: there is one row for
// the two, whatever happens. Times are in Unix milliseconds.
type GroupMemberModel struct {
	model.Base
	GroupID uint64
	UserID  uint64
	// InviterID is who brought the user in; 0 if nobody did.
	InviterID uint64
	Role      int32
	// MemberNickname is the name the member has in this group; empty is the
	// user's own.
	MemberNickname string
	// ProhibitionUntil is when the member may send again.
	ProhibitionUntil int64
	// JoinSeq is the last message before the member came, ReadSeq the last one
	// that was read.
	JoinSeq uint64
	ReadSeq uint64
	// AtSeq is the last message that calls the member by name.
	AtSeq uint64
	// LastMsgAt is when the member last said something.
	LastMsgAt int64
	// ClearSeq and HiddenSeq are where the member cleared the history and hid
	// the group: what comes after shows again. MarkSeq is
	// the message that ends its being marked as not read.
	ClearSeq, HiddenSeq uint64
	MarkSeq             uint64
	Draft               string
	// SetAt is when the member changed any of these last.
	SetAt int64
	// What follows is how the member keeps the group among the own.
	IsTop    bool
	IsMuted  bool
	ShowNick bool
	Saved    bool
	Remark   string
	// Ver is the group's at the last change of this row.
	Ver uint64
	// DeletedAt is when the user left; 0 while in.
	DeletedAt int64
}

// In returns the member's role; m is nil for those who are not in.
func (m *GroupMemberModel) In() int32 {
	if m == nil {
		return RoleNone
	}
	return m.Role
}

// leads reports whether the member is the owner or an admin; m is nil for
// those who are not in.
func (m *GroupMemberModel) leads() bool {
	role := m.In()
	return role == RoleOwner || role == RoleAdmin
}

// outranks reports whether m may take back what other has said; other is nil
// for those who are not in any more.
func (m *GroupMemberModel) outranks(other *GroupMemberModel) bool {
	return m.In() == RoleOwner || m.In() == RoleAdmin && !other.leads()
}
