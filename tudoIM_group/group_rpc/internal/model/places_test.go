package model

import (
	"fmt"
	"slices"
	"testing"

	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

// told is list in one line.
func told(list []*Roster) (s string) {
	for _, r := range list {
		s += fmt.Sprintf("%d.%d", r.Group, r.Ver)
		for _, m := range r.Members {
			s += fmt.Sprintf(" %d", m.UserID)
		}
		s += "; "
	}
	return s
}

func TestPlacesAreOfThoseWhoAreIn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := Groups{DB: d, Limits: limits}
		a, b := create(t, q, 1, false, 2, 3), create(t, q, 2, false, 3)
		gone, other := create(t, q, 1, false, 2, 3), create(t, q, 8, false, 9)
		for statement, args := range map[string][]any{
			"UPDATE group_models SET deleted_at = 1 WHERE id = ?":                            {gone.ID},
			"UPDATE group_models SET ver = 7 WHERE id = ?":                                   {b.ID},
			"UPDATE group_member_models SET deleted_at = 1 WHERE group_id = ? AND user_id=3": {b.ID},
		} {
			if err := d.Exec(statement, args...).Error; err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			name          string
			users, groups []uint64
			after         uint64
			want          string
		}{
			{"all of one", []uint64{1}, nil, 0, fmt.Sprintf("%d.1 1; ", a.ID)},
			{"all of several", []uint64{3, 1, 2, 3}, nil, 0, fmt.Sprintf("%d.1 1 2 3; %d.7 2; ", a.ID, b.ID)},
			{"who has left", []uint64{3}, []uint64{b.ID}, 0, fmt.Sprintf("%d.7; ", b.ID)},
			{"one that is dissolved", []uint64{1, 2}, []uint64{gone.ID}, 0, ""},
			{"only those asked for", []uint64{1, 2}, []uint64{other.ID, b.ID, b.ID}, 0, fmt.Sprintf("%d.7 2; %d.1; ", b.ID, other.ID)},
			{"behind one", []uint64{1, 2}, nil, a.ID, fmt.Sprintf("%d.7 2; ", b.ID)},
			{"behind one, of those asked for", []uint64{2}, []uint64{a.ID, b.ID}, a.ID, fmt.Sprintf("%d.7 2; ", b.ID)},
			{"of nobody", nil, []uint64{a.ID}, 0, ""},
			{"of a stranger", []uint64{99}, nil, 0, ""},
			{"of no possible user", []uint64{0, 1 << 63}, nil, 0, ""},
			{"no possible group", []uint64{1}, []uint64{1 << 63, 0}, 0, ""},
			{"behind no possible group", []uint64{1}, nil, 1 << 63, ""},
		} {
			list, next, err := q.Places(t.Context(), c.users, c.groups, c.after)
			if got := told(list); got != c.want || next != 0 || err != nil {
				t.Errorf("%s: %q and on from %d, error %v; want %q", c.name, got, next, err, c.want)
			}
		}
	}, Migration)
}

func TestWhatIsUnreadAtAPlaceIsWhatTheListSays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q, talk := Groups{DB: d, Limits: limits}, Talk{DB: d}
		g := create(t, q, 1, false, 2)
		if err := d.Model(&GroupConversationModel{}).Where("id = ?", g.ID).Update("max_seq", 9).Error; err != nil {
			t.Fatal(err)
		}
		for _, visible := range []bool{false, true} {
			if err := d.Model(g).Update("history_visible", visible).Error; err != nil {
				t.Fatal(err)
			}
			for n := range 27 { // each position lowest, in the middle and highest
				join, read, clear := uint64(n%3*4), uint64(n/3%3*4), uint64(n/9*4) // #nosec G115 -- small
				err := d.Model(&GroupMemberModel{}).Where("group_id = ? AND user_id = 2", g.ID).
					Updates(map[string]any{"join_seq": join, "read_seq": read, "clear_seq": clear}).Error
				if err != nil {
					t.Fatal(err)
				}
				v, err := talk.View(t.Context(), 2, g.ID)
				if err != nil {
					t.Fatal(err)
				}
				list, _, err := q.Places(t.Context(), []uint64{2}, nil, 0)
				if err != nil || len(list) != 1 || len(list[0].Members) != 1 {
					t.Fatalf("%v, %v", list, err)
				}
				p := list[0].Members[0]
				if 9-p.ReadSeq != v.Unread() || p.JoinSeq != v.JoinSeq {
					t.Errorf("join %d, read %d, clear %d, visible %t: %+v, the list says %d", join, read, clear, visible, p, v.Unread())
				}
			}
		}
	}, Migration)
}

func TestPlacesComeInParts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := Groups{DB: d, Limits: limits}
		users := many(1, 1000)
		want := []uint64{create(t, q, 1, false, users[1:]...).ID}
		for range 10 {
			copied := create(t, q, 1, false).ID
			err := d.Exec("INSERT INTO group_member_models (created_at, updated_at, group_id, user_id, role)"+
				" SELECT 1, 1, ?, user_id, role FROM group_member_models WHERE group_id = ? AND user_id <> 1", copied, want[0]).Error
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, copied)
		}
		for name, c := range map[string]struct {
			groups []uint64
			parts  int
		}{"all": {nil, 2}, "those asked for": {want, 2}} {
			var got []uint64
			after, parts := uint64(0), 0
			for {
				list, next, err := q.Places(t.Context(), users, c.groups, after)
				if err != nil || len(list) > maxPlaces/len(users) {
					t.Fatalf("%s: %d groups, %v", name, len(list), err)
				}
				for _, r := range list {
					got = append(got, r.Group)
					if len(r.Members) != len(users) {
						t.Errorf("%s: %d of group %d", name, len(r.Members), r.Group)
					}
				}
				parts++
				if after = next; next == 0 {
					break
				}
			}
			if !slices.Equal(got, want) || parts != c.parts {
				t.Errorf("%s: %v in %d parts", name, got, parts)
			}
		}
	}, Migration)
}
