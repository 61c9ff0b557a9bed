package model

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/common/msglog"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

func TestSchema(t *testing.T) {
	t.Parallel()
	dbtest.Schema(t, Migration, &GroupModel{}, &GroupSenderModel{}, &GroupMemberModel{}, &GroupVerifyModel{}, &GroupOwnerModel{},
		&GroupConversationModel{}, &GroupMsgModel{}, &GroupMsgDeleteModel{}, &GroupBundleModel{}, &GroupReactionModel{}, &GroupPinModel{},
		&GroupNoticeModel{}, &GroupNoticeConfirmModel{}, &GroupLinkModel{}, &GroupBlackModel{}, &GroupTryModel{}, &GroupFileModel{}, &GroupFileBarModel{})
}

// create makes a group of owner and members by title.
func create(t *testing.T, q Groups, owner uint64, isSearch bool, members ...uint64) *GroupModel {
	t.Helper()
	d := &Draft{Owner: owner, Mode: ByTitle, Title: "team", IsSearch: isSearch, Members: members}
	if err := d.Check(q.Limits); err != nil {
		t.Fatal(err)
	}
	g, err := q.Create(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// rows counts the rows of model where the condition holds.
func rows(t *testing.T, d *db.DB, model any, where string, args ...any) int64 {
	t.Helper()
	var n int64
	if err := d.Model(model).Where(where, args...).Count(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCreateMakesTheGroupItsMembersAndItsLog(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := Groups{DB: d, Limits: limits}
		made := create(t, q, 1, false, 3, 2, 3, 1)
		g, me, err := q.Get(t.Context(), made.ID, 3)
		if err != nil {
			t.Fatal(err)
		}
		if g.Title != "team" || g.Creator != 1 || g.MemberCount != 3 || g.Size != 2000 || g.IsSearch || !g.IsInvite ||
			g.Verification != model.VerifyMessage || g.Ver != 1 || g.CreatedAt == 0 || g.DeletedAt != 0 {
			t.Errorf("%+v", g)
		}
		if me.In() != RoleMember || me.InviterID != 1 || me.Ver != 1 {
			t.Errorf("%+v", me)
		}
		if _, owner, err := q.Get(t.Context(), made.ID, 1); err != nil || owner.In() != RoleOwner || owner.InviterID != 0 {
			t.Errorf("%+v, error %v", owner, err)
		}
		if n := rows(t, d, &GroupMemberModel{}, "group_id = ?", g.ID); n != 3 {
			t.Errorf("%d member rows", n)
		}
		if n := rows(t, d, &GroupMemberModel{}, "group_id = ? AND role = ?", g.ID, RoleOwner); n != 1 {
			t.Errorf("%d owners", n)
		}
		if n := rows(t, d, &GroupConversationModel{}, "id = ? AND max_seq = 0 AND created_at > 0", g.ID); n != 1 {
			t.Errorf("%d conversations", n)
		}
		if twin := create(t, q, 1, false, 3, 2); twin.ID == g.ID {
			t.Error("the same again is not another group")
		}
	}, Migration)
}

func TestCreateOfTheLargestGroup(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := Groups{DB: d, Limits: limits}
		g := create(t, q, 1, false, many(2, 1999)...)
		if n := rows(t, d, &GroupMemberModel{}, "group_id = ?", g.ID); n != 2000 || g.MemberCount != 2000 {
			t.Errorf("%d rows, count %d", n, g.MemberCount)
		}
	}, Migration)
}

func TestParallelCreatesEndAtTheLimit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := Groups{DB: d, Limits: limits}
		const more = 20
		var made, refused [3]atomic.Int64
		var wg sync.WaitGroup
		for owner := uint64(1); owner <= 2; owner++ {
			for range limits.Owned + more {
				wg.Go(func() {
					size := int32(10)
					_, err := q.Create(t.Context(), &Draft{Owner: owner, Title: "a", Size: &size, Members: []uint64{3, 4}})
					switch {
					case err == nil:
						made[owner].Add(1)
					case errors.Is(err, errs.TooMany):
						refused[owner].Add(1)
					default:
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		for owner := uint64(1); owner <= 2; owner++ {
			if m, r := made[owner].Load(), refused[owner].Load(); m != limits.Owned || r != more {
				t.Errorf("owner %d: %d made, %d refused", owner, m, r)
			}
			if n := rows(t, d, &GroupModel{}, "creator = ?", owner); n != limits.Owned {
				t.Errorf("owner %d has %d groups", owner, n)
			}
		}
		for _, c := range []struct {
			name  string
			model any
			want  int64
		}{{"members", &GroupMemberModel{}, 3 * 2 * limits.Owned}, {"conversations", &GroupConversationModel{}, 2 * limits.Owned}} {
			if n := rows(t, d, c.model, "1 = 1"); n != c.want {
				t.Errorf("%d %s, want %d: a refused group left some", n, c.name, c.want)
			}
		}
	}, Migration)
}

func TestDissolvedGroupsDoNotCount(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := Groups{DB: d, Limits: Limits{Members: 10, Owned: 1}}
		g := create(t, q, 1, false)
		size := int32(2)
		again := &Draft{Owner: 1, Title: "a", Size: &size}
		if _, err := q.Create(t.Context(), again); !errors.Is(err, errs.TooMany) {
			t.Fatalf("error %v", err)
		}
		if err := d.Model(g).Update("deleted_at", 1).Error; err != nil {
			t.Fatal(err)
		}
		if _, err := q.Create(t.Context(), again); err != nil {
			t.Error(err)
		}
	}, Migration)
}

func TestGetShowsAGroupOnlyToThoseWhoMayKnowOfIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := Groups{DB: d, Limits: limits}
		closed, open := create(t, q, 1, false, 2, 3), create(t, q, 1, true, 2, 3)
		gone := create(t, q, 1, true, 2, 3)
		if err := d.Model(gone).Update("deleted_at", 1).Error; err != nil {
			t.Fatal(err)
		}
		if err := d.Model(&GroupMemberModel{}).Where("user_id = 3").Update("deleted_at", 1).Error; err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name        string
			group, user uint64
			isSeen      bool
			role        int32
		}{
			{"owner", closed.ID, 1, true, RoleOwner},
			{"member", closed.ID, 2, true, RoleMember},
			{"one who left", closed.ID, 3, false, 0},
			{"stranger", closed.ID, 9, false, 0},
			{"nobody", closed.ID, 0, false, 0},
			{"no user", closed.ID, 1 << 63, false, 0},
			{"member of an open group", open.ID, 2, true, RoleMember},
			{"one who left an open group", open.ID, 3, true, RoleNone},
			{"stranger to an open group", open.ID, 9, true, RoleNone},
			{"owner of a dissolved group", gone.ID, 1, false, 0},
			{"stranger to a dissolved group", gone.ID, 9, false, 0},
			{"no group", 0, 1, false, 0},
			{"not yet a group", gone.ID + 1000, 1, false, 0},
			{"no possible group", 1 << 63, 1, false, 0},
		} {
			g, m, err := q.Get(t.Context(), c.group, c.user)
			if !c.isSeen {
				if !errors.Is(err, errs.NoGroup) || len(errs.From(err).Data) > 0 {
					t.Errorf("%s: error %v", c.name, err)
				}
				continue
			}
			if err != nil || g.ID != c.group || m.In() != c.role {
				t.Errorf("%s: %+v, role %d, error %v", c.name, g, m.In(), err)
			}
		}
	}, Migration)
}

func TestAdmins(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := Groups{DB: d, Limits: limits}
		g, other := create(t, q, 9, false, 4, 3, 2), create(t, q, 9, false, 5)
		set := func(group *GroupModel, user uint64, column string, value any) {
			t.Helper()
			err := d.Model(&GroupMemberModel{}).Where("group_id = ? AND user_id = ?", group.ID, user).Update(column, value).Error
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, admin := range []uint64{4, 3, 2} {
			set(g, admin, "role", RoleAdmin)
		}
		set(g, 3, "deleted_at", 1)
		set(other, 5, "role", RoleAdmin)
		if list, err := q.Admins(t.Context(), g.ID); err != nil || !slices.Equal(list, []uint64{2, 4}) {
			t.Errorf("%v, error %v", list, err)
		}
	}, Migration)
}

// TestMessageTables keeps the tables fit for the message core.
func TestMessageTables(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		message := func(seq, id uint64, client string) *GroupMsgModel {
			return &GroupMsgModel{
				ConversationID: 5, Seq: seq, ID: id, Ver: seq, SendUserID: 1, GroupID: 5, ClientMsgID: client,
				MsgType: 1, Msg: "{}", MsgPreview: "图 🎉", CreatedAt: 7,
			}
		}
		for _, c := range []struct {
			name string
			row  *GroupMsgModel
			isOK bool
		}{
			{"the first", message(1, 1, "abc"), true},
			{"an id in other letters", message(2, 3, "ABC"), true},
			{"its client id again", message(3, 5, "abc"), false},
			{"its seq again", message(1, 7, "d"), false},
			{"its id again", message(3, 1, "d"), false},
		} {
			if err := d.Create(c.row).Error; (err == nil) != c.isOK || err != nil && !db.IsDuplicate(err) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		log, err := msglog.New(d, Tables, nil)
		if err != nil {
			t.Fatal(err)
		}
		list, err := log.First(t.Context(), msglog.Range{Conversation: 5, Before: 100, Limit: 10})
		if err != nil || len(list) != 2 || list[0].ClientMsgId != "abc" || list[1].TargetId != 5 || list[1].MsgPreview != "图 🎉" {
			t.Errorf("%v, error %v", list, err)
		}
		var next uint64
		if err := d.Raw("SELECT next FROM group_counter_models WHERE id = 1").Row().Scan(&next); err != nil || next != 1 {
			t.Errorf("the counter begins at %d, error %v", next, err)
		}
		if n := rows(t, d, &GroupMsgModel{}, "id IN (SELECT id FROM group_outbox_models)"); n != 0 {
			t.Errorf("%d messages wait to be told", n)
		}
	}, Migration)
}
