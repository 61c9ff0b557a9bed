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

// In returns the member's role; m is nil for those who were never in.
func (m *GroupMemberModel) In() int32 {
	if m == nil || m.DeletedAt != 0 {
		return RoleNone
	}
	return m.Role
}

// Called returns the name that m has in the group, if any; who has left has none.
func (m *GroupMemberModel) Called() string {
	if m.In() == RoleNone {
		return ""
	}
	return m.MemberNickname
}

// MutedUntil is when the member may send again, 0 for who may at now.
func (m *GroupMemberModel) MutedUntil(now int64) int64 {
	if m.ProhibitionUntil <= now {
		return 0
	}
	return m.ProhibitionUntil
}

// join brings the member in, or back in, at now, behind the message seq. Who
// was muted stays so: leaving and coming back is no way around it.
func (m *GroupMemberModel) join(now int64, seq, inviter uint64) {
	m.CreatedAt, m.UpdatedAt, m.DeletedAt = now, now, 0
	m.Role, m.InviterID, m.MemberNickname, m.LastMsgAt = RoleMember, inviter, "", 0
	m.JoinSeq, m.ReadSeq = seq, seq // what was said before was said to others
	m.AtSeq, m.HiddenSeq, m.MarkSeq, m.Draft, m.ShowNick = 0, 0, 0, "", true
}

// leave puts the member out at now.
func (m *GroupMemberModel) leave(now int64) {
	m.UpdatedAt, m.DeletedAt, m.Role = now, now, RoleMember
	m.Saved, m.Draft = false, ""
}
