package model

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

// TestLimitsOfAGroup fills what is bounded up to its limit, which is taken, and
// asks for one more, which is not.
func TestLimitsOfAGroup(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := working(t, d)
		var members []uint64
		for n := range maxAdmins + 2 {
			members = append(members, uint64(10+n))
		}
		g := create(t, q, 1, false, members...)
		now := d.Clock.Milli(t.Context())
		fill := func(rows any) {
			t.Helper()
			if err := d.CreateInBatches(rows, insertRows).Error; err != nil {
				t.Fatal(err)
			}
		}
		var notices []*GroupNoticeModel
		for range maxNotices - 1 {
			notices = append(notices, &GroupNoticeModel{GroupID: g.ID, UserID: 1, Content: "x", CreatedAt: now})
		}
		fill(notices)
		var links []*GroupLinkModel
		for n := range maxLinks - 1 {
			links = append(links, &GroupLinkModel{Code: fmt.Sprint("alive", n), GroupID: g.ID, UserID: 1, ExpireAt: now + 1e6})
		}
		// Those that nobody gets in by do not count.
		links = append(links, &GroupLinkModel{Code: "old", GroupID: g.ID, ExpireAt: now - 1}, &GroupLinkModel{Code: "used", GroupID: g.ID, ExpireAt: now + 1e6, MaxUses: 1, Uses: 1})
		fill(links)
		var blacks []*GroupBlackModel
		for n := range maxBlacks - 1 {
			blacks = append(blacks, &GroupBlackModel{GroupID: g.ID, UserID: uint64(10_000 + n)})
		}
		fill(blacks)
		for n := range maxAdmins - 1 {
			if _, err := q.SetRole(t.Context(), g.ID, 1, members[n], RoleAdmin); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			name string
			more func(n int) error
		}{
			{"notices", func(int) error {
				_, err := q.PostNotice(t.Context(), &GroupNoticeModel{GroupID: g.ID, UserID: 1, Content: "more"})
				return err
			}},
			{"links", func(int) error { _, err := q.MakeLink(t.Context(), g.ID, 1, 0, 0); return err }},
			{"blacks", func(n int) error { _, err := q.Block(t.Context(), g.ID, 1, uint64(5000+n)); return err }},
			{"admins", func(n int) error {
				_, err := q.SetRole(t.Context(), g.ID, 1, members[maxAdmins-1+n], RoleAdmin)
				return err
			}},
		} {
			if err := c.more(0); err != nil {
				t.Errorf("%s at the limit: %v", c.name, err)
			}
			if err := c.more(1); !errors.Is(err, errs.Conflict) || errs.From(err).Data[c.name] == "" {
				t.Errorf("%s past the limit: %v", c.name, err)
			}
		}
		// The owner finds no room among the admins.
		if _, err := q.Transfer(t.Context(), g.ID, 1, members[maxAdmins]); err != nil {
			t.Fatal(err)
		}
		if _, m, err := q.Get(t.Context(), g.ID, 1); err != nil || m.In() != RoleMember {
			t.Errorf("who was the owner: %+v, %v", m, err)
		}
	}, Migration)
}

func TestHowManyGroupsOneMayAskADay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := working(t, d)
		ask := func(owner uint64) error {
			_, _, err := q.Join(t.Context(), create(t, q, owner, true).ID, Ask{User: 9, Verify: "hi"})
			return err
		}
		open := create(t, q, 50, true)
		rules50 := Change{Verification: new(model.VerifyAnybody)}
		if _, err := q.Update(t.Context(), open.ID, 50, rules50); err != nil {
			t.Fatal(err)
		}
		if _, _, err := q.Join(t.Context(), open.ID, Ask{User: 9}); err != nil { // without asking
			t.Fatal(err)
		}
		for n := range joinsADay {
			if err := ask(uint64(100 + n)); err != nil {
				t.Fatalf("asking %d: %v", n, err)
			}
		}
		if err := ask(99); !errors.Is(err, errs.TooMany) || errs.From(err).Data[errs.RetryAfter] == "" {
			t.Errorf("one more: %v", err)
		}
		var v GroupVerifyModel
		if err := d.Where("user_id = 9 AND open_key IS NOT NULL").Order("id").Take(&v).Error; err != nil {
			t.Fatal(err)
		}
		if _, again, err := q.Join(t.Context(), v.GroupID, Ask{User: 9, Verify: "still"}); err != nil || again.ID != v.ID || again.AdditionalMessages != "still" {
			t.Errorf("a repeat: %+v, %v", again, err)
		}
		if err := d.Model(&v).UpdateColumn("created_at", v.CreatedAt-day.Milliseconds()-1000).Error; err != nil {
			t.Fatal(err)
		}
		if err := ask(98); err != nil {
			t.Errorf("a day later: %v", err)
		}
	}, Migration)
}

func TestWrongAnswersAreCounted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := working(t, d)
		g := create(t, q, 1, true)
		rules(t, q, g.ID, Change{Verification: new(model.VerifyRight), Question: &model.QuestionChange{Problem1: new("pet?"), Answer1: new("Cat")}})
		try := func(user uint64, answer string) error {
			_, _, err := q.Join(t.Context(), g.ID, Ask{User: user, Question: model.Question{Answer1: answer}})
			return err
		}
		for n := range model.TriesADay {
			if err := try(9, "dog"); !errors.Is(err, errs.WrongToJoin) || errs.From(err).Data["triesLeft"] != fmt.Sprint(model.TriesADay-1-n) {
				t.Errorf("try %d: %v", n, err)
			}
		}
		if err := try(9, "cat"); !errors.Is(err, errs.TooMany) {
			t.Errorf("right, too late: %v", err)
		}
		if err := try(8, " CAT "); err != nil {
			t.Errorf("another user: %v", err)
		}
		if err := d.Model(&GroupTryModel{}).Where("user_id = 9").UpdateColumn("tried_at", time.Now().Add(-25*time.Hour).UnixMilli()).Error; err != nil {
			t.Fatal(err)
		}
		if err := try(9, "cat"); err != nil {
			t.Errorf("a day later: %v", err)
		}
	}, Migration)
}

func TestAClosedAccountLeavesItsGroupsToTheLongestIn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := working(t, d)
		alone, led, flat, joined := create(t, q, 1, false), create(t, q, 1, false, 2, 3), create(t, q, 1, false, 4, 5), create(t, q, 6, false, 1)
		if _, err := q.SetRole(t.Context(), led.ID, 1, 3, RoleAdmin); err != nil {
			t.Fatal(err)
		}
		if err := d.Model(&GroupMemberModel{}).Where("group_id = ? AND user_id = 5", flat.ID).UpdateColumn("created_at", 1).Error; err != nil {
			t.Fatal(err)
		}
		for range 2 { // it may be said again
			told := 0
			if err := q.Gone(t.Context(), 1, func(*Done) { told++ }); err != nil {
				t.Fatal(err)
			}
			if told != 0 && told != 4 {
				t.Errorf("told of %d groups", told)
			}
		}
		for id, owner := range map[uint64]uint64{led.ID: 3, flat.ID: 5, joined.ID: 6} {
			g, m, err := q.Get(t.Context(), id, owner)
			if err != nil || g.Creator != owner || m.In() != RoleOwner {
				t.Errorf("group %d: %+v, %+v, %v", id, g, m, err)
				continue
			}
			if n := rows(t, d, &GroupMemberModel{}, "group_id = ? AND deleted_at = 0", id); n != int64(g.MemberCount) {
				t.Errorf("group %d: %d rows, counted %d", id, n, g.MemberCount)
			}
			if n := rows(t, d, &GroupMemberModel{}, "group_id = ? AND role = ? AND deleted_at = 0", id, RoleOwner); n != 1 {
				t.Errorf("group %d: %d owners", id, n)
			}
		}
		if n := rows(t, d, &GroupModel{}, "id = ? AND deleted_at > 0", alone.ID); n != 1 {
			t.Error("a group of nobody lasts")
		}
	}, Migration)
}
