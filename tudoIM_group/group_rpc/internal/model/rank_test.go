package model

import (
	"slices"
	"testing"
)

// TestWhoMayDoWhat is the table of ranks, written out: over whom each of the
// four may do it, o owner, a admin, m member, - who is not in; s oneself.
func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	others := map[byte]*GroupMemberModel{
		'o': {UserID: 91, Role: RoleOwner}, 'a': {UserID: 92, Role: RoleAdmin}, 'm': {UserID: 93, Role: RoleMember},
		'-': {UserID: 94, Role: RoleMember, DeletedAt: 1},
	}
	for right, want := range map[Right][3]string{
		KickMember:     {"am-", "m-", ""},
		MuteMember:     {"am-", "m-", ""},
		RenameMember:   {"sam-", "sm-", "s"},
		SetMemberRole:  {"am-", "", ""},
		GiveGroup:      {"am-", "", ""},
		RecallMessages: {"soam-", "m-", ""},
	} {
		for n, me := range []*GroupMemberModel{{UserID: 1, Role: RoleOwner}, {UserID: 1, Role: RoleAdmin}, {UserID: 1, Role: RoleMember}} {
			for who, other := range others {
				if got := me.MayOver(right, other); got != slices.Contains([]byte(want[n]), who) {
					t.Errorf("right %d: role %d over %c: %t", right, me.Role, who, got)
				}
			}
			if got := me.MayOver(right, me); got != slices.Contains([]byte(want[n]), 's') {
				t.Errorf("right %d: role %d over oneself: %t", right, me.Role, got)
			}
			if got := me.MayOver(right, nil); got != slices.Contains([]byte(want[n]), '-') {
				t.Errorf("right %d: role %d over who was never in: %t", right, me.Role, got)
			}
		}
	}
	for right, want := range map[Right]string{
		EditGroup: "oa", ResizeGroup: "o", DissolveGroup: "o", Announce: "oa", Admit: "oa", CallAll: "oa", PinMessages: "oa", SpeakMuted: "oa",
	} {
		for who, me := range others {
			if got := me.May(right); got != slices.Contains([]byte(want), who) {
				t.Errorf("right %d: %c: %t", right, who, got)
			}
		}
	}
	for right := range rights {
		gone, nobody := others['-'], (*GroupMemberModel)(nil)
		for _, other := range others {
			if gone.MayOver(right, other) || nobody.MayOver(right, other) || nobody.May(right) {
				t.Errorf("right %d: who is not in has it", right)
			}
		}
	}
}
