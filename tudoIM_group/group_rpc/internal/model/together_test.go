package model

import (
	"errors"
	"slices"
	"testing"

	"tudoIM/common/errs"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

func TestTogether(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := Groups{DB: d}
		// Each group's owner is 1; 9 is in a group with nobody of them.
		group := func(set map[string]any, members ...uint64) *GroupModel {
			t.Helper()
			g := &GroupModel{Creator: members[0], Title: "g", Size: 10, MemberCount: 3, IsTemporarySession: true}
			if err := d.Create(g).Error; err != nil {
				t.Fatal(err)
			}
			if err := d.Model(g).Updates(set).Error; err != nil {
				t.Fatal(err)
			}
			for _, user := range members {
				if err := d.Create(&GroupMemberModel{GroupID: g.ID, UserID: user, Role: RoleMember}).Error; err != nil {
					t.Fatal(err)
				}
			}
			return g
		}
		group(map[string]any{"is_temporary_session": true}, 1, 2, 3)
		second := group(map[string]any{"is_temporary_session": true}, 1, 2, 4)
		group(map[string]any{"is_temporary_session": false}, 1, 5)
		group(map[string]any{"deleted_at": 1}, 1, 6)
		group(map[string]any{"status": 1}, 1, 7)
		left := group(map[string]any{"is_temporary_session": true}, 1, 8, 10)
		group(map[string]any{"is_temporary_session": true}, 9, 11)
		leave := func(g *GroupModel, user uint64) {
			t.Helper()
			if err := d.Model(&GroupMemberModel{}).Where("group_id = ? AND user_id = ?", g.ID, user).Update("deleted_at", 1).Error; err != nil {
				t.Fatal(err)
			}
		}
		leave(left, 8)
		all := []uint64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1 << 53, 1 << 63}
		is := func(what string, user uint64, want ...uint64) {
			t.Helper()
			got, err := q.Together(t.Context(), user, all)
			slices.Sort(got)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%s: %d is with %v, %v; want %v", what, user, got, err, want)
			}
		}
		is("a member of all", 1, 2, 3, 4, 10)
		is("a member of two", 2, 1, 3, 4)
		is("where it is off", 5)
		is("where it was dissolved", 6)
		is("where it is not in order", 7)
		is("who left", 8)
		is("another group", 9, 11)
		is("nobody", 0)
		is("no user", 1<<63)
		leave(second, 4)
		is("one leaves", 1, 2, 3, 10)
		leave(second, 2)
		is("in another group still", 1, 2, 3, 10)
		if got, err := q.Together(t.Context(), 1, nil); err != nil || got != nil {
			t.Errorf("with none: %v, %v", got, err)
		}
		if _, err := q.Together(t.Context(), 1, make([]uint64, maxTogether)); err != nil {
			t.Errorf("at the limit: %v", err)
		}
		if _, err := q.Together(t.Context(), 1, make([]uint64, maxTogether+1)); !errors.Is(err, errs.Bad) {
			t.Errorf("one past: %v", err)
		}
	}, Migration)
}

func TestWhichGroupsShowAnAvatar(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, g := range []*GroupModel{
			{Creator: 1, Title: "a", Size: 200, Avatar: "/api/file/aB"}, {Creator: 1, Title: "b", Size: 200},
			{Creator: 1, Title: "suspended", Size: 200, Status: StatusSuspended, Avatar: "/api/file/cD"},
			{Creator: 1, Title: "gone", Size: 200, Avatar: "/api/file/eF", DeletedAt: 5},
		} {
			if err := d.Create(g).Error; err != nil {
				t.Fatal(err)
			}
		}
		for avatar, want := range map[string]bool{
			"/api/file/aB": true, "/api/file/cD": true, "/api/file/eF": false, "/api/file/ab": false, "/api/file/": false, "/api/file/aB ": false, "": false,
		} {
			if got, err := (Groups{DB: d}).Shows(t.Context(), avatar); err != nil || got != want {
				t.Errorf("%q: %v, %v", avatar, got, err)
			}
		}
	}, Migration)
}
