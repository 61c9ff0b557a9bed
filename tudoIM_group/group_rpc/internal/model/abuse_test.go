package model

import (
	"errors"
	"math"
	"testing"

	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/common/msglog"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

func TestNobodyComesAndGoesAllDay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := working(t, d)
		g := create(t, q, 1, true)
		rules(t, q, g.ID, Change{Verification: new(model.VerifyAnybody)})
		k, err := q.MakeLink(t.Context(), g.ID, 1, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		come := func(n int) error {
			if n%2 == 0 {
				_, err := q.JoinByLink(t.Context(), k.Code, 9)
				return err
			}
			_, _, err := q.Join(t.Context(), g.ID, Ask{User: 9})
			return err
		}
		for n := range comesADay {
			if err := come(n); err != nil {
				t.Fatalf("time %d: %v", n, err)
			}
			if _, err := q.Quit(t.Context(), g.ID, 9); err != nil {
				t.Fatal(err)
			}
		}
		for n := range 2 {
			if err := come(n); !errors.Is(err, errs.TooMany) || errs.From(err).Data[errs.RetryAfter] == "" {
				t.Errorf("once more: %v", err)
			}
		}
		if _, _, err := q.Invite(t.Context(), g.ID, 1, []uint64{9}, []uint64{9}); err != nil {
			t.Errorf("who is brought in: %v", err)
		}
		counted(t, q, g.ID, 2)
	}, Migration)
}

func TestLinksOfAMemberAreTheirOwn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := working(t, d)
		g := create(t, q, 1, false, 2)
		rules(t, q, g.ID, Change{Verification: new(model.VerifyAnybody)})
		var last *GroupLinkModel
		for range memberLinks {
			var err error
			if last, err = q.MakeLink(t.Context(), g.ID, 2, 0, 0); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := q.MakeLink(t.Context(), g.ID, 2, 0, 0); !errors.Is(err, errs.Conflict) {
			t.Errorf("one more: %v", err)
		}
		if _, err := q.MakeLink(t.Context(), g.ID, 1, 0, 0); err != nil {
			t.Errorf("the owner's: %v", err)
		}
		if _, err := q.Kick(t.Context(), g.ID, 1, 2); err != nil {
			t.Fatal(err)
		}
		if _, err := q.JoinByLink(t.Context(), last.Code, 9); !errors.Is(err, errs.DeadLink) {
			t.Errorf("a link of who was put out: %v", err)
		}
		if n := rows(t, d, &GroupLinkModel{}, "group_id = ? AND user_id = 2", g.ID); n != 0 {
			t.Errorf("%d links are left", n)
		}
	}, Migration)
}

func TestInvitationsOfWhomNobodyKnows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := working(t, d)
		g := create(t, q, 1, false)
		before := rows(t, d, &GroupSenderModel{}, "user_id > 0")
		_, out, err := q.Invite(t.Context(), g.ID, 1, []uint64{math.MaxInt64 + 1, math.MaxUint64, 404, 0}, nil)
		if err != nil || len(out.Added)+len(out.Pending) != 0 || len(out.Refused) != 4 || !errors.Is(out.Refused[404], errs.NotYourFriend) {
			t.Errorf("%+v, %v", out, err)
		}
		if n := rows(t, d, &GroupSenderModel{}, "user_id > 0"); n != before {
			t.Errorf("%d rows of senders more", n-before)
		}
	}, Migration)
}

// TestWhoIsProposedMayAsk has one ask who was proposed, and ignored: the wish is
// heard as any other.
func TestWhoIsProposedMayAsk(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := working(t, d)
		g := create(t, q, 1, true, 2)
		_, out, err := q.Invite(t.Context(), g.ID, 2, []uint64{9}, []uint64{9})
		if err != nil || len(out.Pending) != 1 {
			t.Fatalf("%+v, %v", out, err)
		}
		list, _, err := q.Requests(t.Context(), Lookup{User: 9})
		if err != nil || len(list) != 0 {
			t.Errorf("who is proposed knows of it: %+v, %v", list, err)
		}
		var v GroupVerifyModel
		if err := d.Take(&v, "group_id = ?", g.ID).Error; err != nil {
			t.Fatal(err)
		}
		if _, err := q.Handle(t.Context(), 1, v.ID, model.RequestIgnored); err != nil {
			t.Fatal(err)
		}
		done, waits, err := q.Join(t.Context(), g.ID, Ask{User: 9, Verify: "me"})
		if err != nil || waits.ID != v.ID || waits.InviterID != 0 || waits.AdditionalMessages != "me" || len(done.Requests) != 1 {
			t.Fatalf("%+v, %+v, %v", done, waits, err)
		}
		if _, err := q.Handle(t.Context(), 1, v.ID, model.RequestAccepted); err != nil {
			t.Error(err)
		}
		counted(t, q, g.ID, 3)
	}, Migration)
}

func TestWhoMayNotSendSaysNothingByOtherMeans(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := working(t, d)
		g := create(t, q, 1, false, 2)
		if _, err := q.SetRole(t.Context(), g.ID, 1, 2, RoleAdmin); err != nil {
			t.Fatal(err)
		}
		words := map[string]func(user uint64) error{
			"a notice": func(user uint64) error {
				_, err := q.PostNotice(t.Context(), &GroupNoticeModel{GroupID: g.ID, UserID: user, Content: "x"})
				return err
			},
			"a title": func(user uint64) error {
				_, err := q.Update(t.Context(), g.ID, user, Change{Title: new("x")})
				return err
			},
			"an abstract": func(user uint64) error {
				_, err := q.Update(t.Context(), g.ID, user, Change{Abstract: new("x")})
				return err
			},
			"a name": func(user uint64) error {
				_, err := q.Rename(t.Context(), g.ID, user, user, "x")
				return err
			},
		}
		if _, err := q.Mute(t.Context(), g.ID, 1, 2, new(int32(5))); err != nil {
			t.Fatal(err)
		}
		if err := Senders(d).Set(t.Context(), msglog.SenderState{UserID: 1, Code: int32(errs.Curtailed.Code), Version: 1}); err != nil {
			t.Fatal(err)
		}
		for what, say := range words {
			if err := say(1); !errors.Is(err, errs.Curtailed) {
				t.Errorf("%s by who is curtailed: %v", what, err)
			}
			if err := say(2); what != "a name" && !errors.Is(err, errs.MemberMuted) {
				t.Errorf("%s by who is muted: %v", what, err)
			}
		}
		if _, err := q.Update(t.Context(), g.ID, 1, Change{IsSearch: new(true)}); err != nil {
			t.Errorf("what is no words: %v", err)
		}
	}, Migration)
}

func TestAccountsThatAreNoMoreAreInNoNewGroup(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := working(t, d)
		g := create(t, q, 1, true)
		if _, _, err := q.Join(t.Context(), g.ID, Ask{User: 9, Verify: "hi"}); err != nil {
			t.Fatal(err)
		}
		if err := Senders(d).Set(t.Context(), msglog.SenderState{UserID: 9, Gone: true, Version: 1}); err != nil {
			t.Fatal(err)
		}
		if err := q.Gone(t.Context(), 9, func(*Done) {}); err != nil {
			t.Fatal(err)
		}
		if n, err := q.Pending(t.Context(), 1); err != nil || n != 0 {
			t.Errorf("%d requests wait, %v", n, err)
		}
		for owner, want := range map[uint64]error{1: errs.NotYourFriend, 9: errs.NotFound} {
			draft := &Draft{Owner: owner, Mode: ByTitle, Title: "team", Members: []uint64{2, 9}}
			if err := draft.Check(q.Limits); err != nil {
				t.Fatal(err)
			}
			if _, err := q.Create(t.Context(), draft); !errors.Is(err, want) {
				t.Errorf("by %d: %v", owner, err)
			}
		}
		if _, out, err := q.Invite(t.Context(), g.ID, 1, []uint64{9}, []uint64{9}); err != nil || !errors.Is(out.Refused[9], errs.NotYourFriend) {
			t.Errorf("%+v, %v", out, err)
		}
	}, Migration)
}

// TestSettingsOfTwoDevicesDoNotUndoEachOther changes one setting while another
// device changes another, whose row was read before.
func TestSettingsOfTwoDevicesDoNotUndoEachOther(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := working(t, d)
		g := create(t, q, 1, false)
		_, m, err := q.Get(t.Context(), g.ID, 1)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, _, err := q.SetConf(t.Context(), g.ID, 1, ConfChange{IsTop: new(true)}); err != nil {
			t.Fatal(err)
		}
		m.Remark = "mine"
		if err := q.keep(t.Context(), m, []string{"remark"}); err != nil {
			t.Fatal(err)
		}
		if _, m, err = q.Get(t.Context(), g.ID, 1); err != nil || !m.IsTop || m.Remark != "mine" {
			t.Errorf("%+v, %v", m, err)
		}
	}, Migration)
}
