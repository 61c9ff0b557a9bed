package model

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tudoIM/common/errs"
)

// promote makes users administrators, behind the rules' back.
func (w *world) promote(t *testing.T, ids ...uint64) {
	t.Helper()
	if err := w.d.Model(&UserModel{}).Where("id IN ?", ids).UpdateColumn("role", RoleAdmin).Error; err != nil {
		t.Fatal(err)
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ids := w.people(t, 3)
		a, b, plain := ids[0], ids[1], ids[2]
		w.promote(t, a, b)
		ctx := t.Context()
		depose := map[string]func(id uint64) error{
			"demote":  func(id uint64) error { _, err := w.users.SetRole(ctx, id, RoleNormal, w.now); return err },
			"disable": func(id uint64) error { _, err := w.users.SetStatus(ctx, id, StatusDisabled, w.now); return err },
			"delete":  func(id uint64) error { _, err := w.users.Delete(ctx, id, EndedByOwner, w.now); return err },
		}
		wantCode(t, "one of two", depose["demote"](b), nil)
		wantCode(t, "again", depose["demote"](b), nil)
		for name, do := range depose {
			err := do(a)
			if !errors.Is(err, errs.Conflict) || errs.From(err).Data["reason"] != "lastAdmin" {
				t.Errorf("%s the last one: %v", name, err)
			}
			if err := w.users.Administers(ctx, a); err != nil {
				t.Errorf("after %s: %v", name, err)
			}
		}
		wantCode(t, "disable a user", depose["disable"](plain), nil)
		_, err := w.users.SetRole(ctx, plain, RoleAdmin, w.now)
		wantCode(t, "promote one out of use", err, nil)
		wantCode(t, "demote, with one out of use beside", depose["demote"](a), errs.Conflict)
		_, err = w.users.SetStatus(ctx, plain, StatusNormal, w.now)
		wantCode(t, "in use again", err, nil)
		wantCode(t, "delete, with another beside", depose["delete"](a), nil)
		for _, role := range []int32{0, 3, -1} {
			_, err := w.users.SetRole(ctx, plain, role, w.now)
			wantCode(t, fmt.Sprint("role ", role), err, errs.Bad)
		}
	})
}

func TestAdministratorsWhoDeposeEachOtherAtOnceLeaveOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ids := w.people(t, 8)
		w.promote(t, ids...)
		var done atomic.Int32
		var wg sync.WaitGroup
		for i, id := range ids {
			wg.Go(func() {
				var err error
				switch i % 3 {
				case 0:
					_, err = w.users.SetRole(t.Context(), id, RoleNormal, w.now)
				case 1:
					_, err = w.users.SetStatus(t.Context(), id, StatusDisabled, w.now)
				default:
					_, err = w.users.Delete(t.Context(), id, EndedByAdmin, w.now)
				}
				if err == nil {
					done.Add(1)
				} else if !errors.Is(err, errs.Conflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if done.Load() != 7 {
			t.Errorf("%d of 8 are deposed", done.Load())
		}
	})
}

func TestWhatEndsSessions(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		id, ctx := w.people(t, 1)[0], t.Context()
		for _, c := range []struct {
			what   string
			do     func() (*Account, error)
			ver    uint64
			reason string
			keep   uint64
		}{
			{"a role does not", func() (*Account, error) { return w.users.SetRole(ctx, id, RoleNormal, w.now) }, 0, "", 0},
			{"a new password does", func() (*Account, error) { return w.users.SetPwd(ctx, id, "new", 0, 77, w.now) }, 1, EndedByPassword, 77},
			{"a reset does", func() (*Account, error) { return w.users.ResetPwd(ctx, id, "newer", w.now) }, 2, EndedByAdmin, 0},
			{"being disabled does", func() (*Account, error) { return w.users.SetStatus(ctx, id, StatusDisabled, w.now) }, 3, EndedByAdmin, 0},
			{"being it still does not", func() (*Account, error) { return w.users.SetStatus(ctx, id, StatusDisabled, w.now) }, 3, EndedByAdmin, 0},
			{"being enabled does not", func() (*Account, error) { return w.users.SetStatus(ctx, id, StatusNormal, w.now) }, 3, EndedByAdmin, 0},
			{"being deleted does", func() (*Account, error) { return w.users.Delete(ctx, id, EndedByOwner, w.now) }, 4, EndedByOwner, 0},
			{"once", func() (*Account, error) { return w.users.Delete(ctx, id, EndedByAdmin, w.now) }, 4, EndedByOwner, 0},
		} {
			a, err := c.do()
			if err != nil || a.User.AuthVer != c.ver || a.User.AuthReason != c.reason || a.User.KeepSession != c.keep {
				t.Fatalf("%s: %+v, %v", c.what, a, err)
			}
			waiting, err := w.users.Unsynced(ctx, AuthHalf, id-1, 1)
			if err != nil || len(waiting) != int(min(c.ver, 1)) {
				t.Errorf("%s: %d wait, %v", c.what, len(waiting), err)
			}
		}
		_, err := w.users.SetPwd(ctx, id, "x", 4, 0, w.now)
		wantCode(t, "the password of a closed account", err, errs.NotFound)
	})
}

func TestOfPasswordsChangedAtOnceOneCounts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		id := w.people(t, 1)[0]
		var won []string
		var mu sync.Mutex
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				pwd := fmt.Sprint("pwd-", i)
				_, err := w.users.SetPwd(t.Context(), id, pwd, 0, 0, w.now)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won = append(won, pwd)
				} else if !errors.Is(err, errs.BadCredentials) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		u, err := w.users.ByID(t.Context(), id)
		if err != nil || len(won) != 1 || u.Pwd != won[0] {
			t.Errorf("%v won, %+v, %v", won, u, err)
		}
	})
}

func TestAnotherProviderOpensOneAccount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		open := func(name, subject string) (*UserModel, error) {
			u, err := NewUser(name, "", "", "oidc")
			if err != nil {
				t.Fatal(err)
			}
			o, err := NewOpenID("corp", subject)
			if err != nil {
				t.Fatal(err)
			}
			return w.users.Open(t.Context(), u, o)
		}
		ids := make([]uint64, 8)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				u, err := open([]string{"ann", fmt.Sprint("ann-", i)}[i%2], "s-1")
				if err != nil {
					t.Error(err)
					return
				}
				ids[i] = u.ID
			})
		}
		wg.Wait()
		if slices.Max(ids) != slices.Min(ids) {
			t.Errorf("one person is %v", ids)
		}
		there, err := w.users.ByOpenID(t.Context(), "corp", "s-1")
		if err != nil || there.ID != ids[0] {
			t.Errorf("%+v, %v", there, err)
		}
		if _, err := w.users.ByOpenID(t.Context(), "corp", "S-1"); !errors.Is(err, errs.NotFound) {
			t.Errorf("a subject in other letters: %v", err)
		}
		_, err = open(there.UserName, "s-2")
		wantCode(t, "the name of another", err, errs.NameTaken)
		if _, err := w.users.Delete(t.Context(), there.ID, EndedByOwner, w.now); err != nil {
			t.Fatal(err)
		}
		if _, err := w.users.ByOpenID(t.Context(), "corp", "s-1"); !errors.Is(err, errs.NotFound) {
			t.Errorf("a closed account: %v", err)
		}
		again, err := open("ann-again", "s-1")
		if err != nil || again.ID == there.ID {
			t.Errorf("after closing: %+v, %v", again, err)
		}
	})
	for name, o := range map[string][2]string{
		"no provider": {"", "s"}, "no subject": {"p", ""}, "long provider": {fmt.Sprintf("%033d", 1), "s"}, "long subject": {"p", fmt.Sprintf("%0256d", 1)},
	} {
		if _, err := NewOpenID(o[0], o[1]); !errors.Is(err, errs.Bad) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAuditKeepsEverything(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		q, ctx := Audits{DB: w.d}, t.Context()
		enter := func(at time.Duration, a AuditModel) uint64 {
			t.Helper()
			if err := q.Enter(ctx, &a, w.now.Add(at)); err != nil {
				t.Fatal(err)
			}
			return a.ID
		}
		first := enter(0, AuditModel{OperatorID: 1, Act: "user.role", TargetID: 2, About: "role 1", IP: "::1"})
		enter(0, AuditModel{OperatorID: 1, Act: "user.role", TargetID: 2, About: "role 1"})
		for i := range 5 { // one line a minute
			enter(time.Duration(i)*20*time.Second, AuditModel{OperatorID: 3, Act: "user.role", TargetID: uint64(i), Code: 10005})
		}
		enter(0, AuditModel{OperatorID: 3, Act: "user.list", Code: 10005})
		enter(0, AuditModel{OperatorID: 4, Act: "user.role", Code: 10005})
		if err := q.Refused(ctx, first, 20060, w.now); err != nil {
			t.Fatal(err)
		}
		if err := q.Refused(ctx, first, 10009, w.now); err != nil { // what was written stands
			t.Fatal(err)
		}
		for _, c := range []struct {
			name string
			f    AuditFilter
			want []string
		}{
			{"all", AuditFilter{}, []string{"4 user.role 10005 x1", "3 user.list 10005 x1", "3 user.role 10005 x2", "3 user.role 10005 x3", "1 user.role 0 x1", "1 user.role 20060 x1"}},
			{"of one", AuditFilter{Operator: 1}, []string{"1 user.role 0 x1", "1 user.role 20060 x1"}},
			{"about one", AuditFilter{Target: 2, RefusedOnly: true}, []string{"1 user.role 20060 x1"}},
			{"of a kind", AuditFilter{Act: "user.list"}, []string{"3 user.list 10005 x1"}},
			{"before the first", AuditFilter{Before: first}, nil},
			{"of nobody", AuditFilter{Operator: 1 << 60}, nil},
		} {
			list, more, err := q.List(ctx, c.f, 100)
			var got []string
			for _, a := range list {
				got = append(got, fmt.Sprintf("%d %s %d x%d", a.OperatorID, a.Act, a.Code, a.Times))
			}
			if err != nil || more || !slices.Equal(got, c.want) {
				t.Errorf("%s: %q, %v, %v", c.name, got, more, err)
			}
		}
		page, more, err := q.List(ctx, AuditFilter{}, 2)
		if err != nil || !more || len(page) != 2 {
			t.Errorf("a page: %d, %v, %v", len(page), more, err)
		}
		for name, a := range map[string]AuditModel{
			"no act": {}, "a long act": {Act: fmt.Sprintf("%033d", 1)}, "a long word": {Act: "a", About: fmt.Sprintf("%01001d", 1)},
			"no address": {Act: "a", IP: fmt.Sprintf("%046d", 1)}, "no target": {Act: "a", TargetID: 1 << 60},
		} {
			wantCode(t, name, q.Enter(ctx, &a, w.now), errs.Bad)
		}
	})
}

func TestAccountsForAdministrators(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ids, ctx := w.people(t, 4), t.Context()
		w.promote(t, ids[0])
		if _, err := w.users.SetStatus(ctx, ids[1], StatusDisabled, w.now); err != nil {
			t.Fatal(err)
		}
		if _, err := w.users.Delete(ctx, ids[2], EndedByAdmin, w.now); err != nil {
			t.Fatal(err)
		}
		u, err := w.users.ByID(ctx, ids[3])
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name string
			f    AccountFilter
			want []uint64
		}{
			{"all but deleted", AccountFilter{}, []uint64{ids[3], ids[1], ids[0]}},
			{"deleted", AccountFilter{Status: new(StatusDeleted)}, []uint64{ids[2]}},
			{"disabled", AccountFilter{Status: new(StatusDisabled)}, []uint64{ids[1]}},
			{"administrators", AccountFilter{Role: RoleAdmin}, []uint64{ids[0]}},
			{"by id", AccountFilter{Key: fmt.Sprint(ids[1])}, []uint64{ids[1]}},
			{"by name", AccountFilter{Key: u.UserName}, []uint64{ids[3]}},
			{"by a wildcard", AccountFilter{Key: "%"}, nil},
		} {
			list, n, err := w.users.List(ctx, c.f, 1, 10)
			var got []uint64
			for _, a := range list {
				got = append(got, a.User.ID)
			}
			if err != nil || !slices.Equal(got, c.want) || n != int64(len(c.want)) {
				t.Errorf("%s: %v, %d, %v", c.name, got, n, err)
			}
		}
		for name, f := range map[string]AccountFilter{"status": {Status: new(int32(3))}, "role": {Role: 3}, "key": {Key: "\x00"}} {
			_, _, err := w.users.List(ctx, f, 1, 10)
			wantCode(t, name, err, errs.Bad)
		}
		if a, err := w.users.Any(ctx, ids[2]); err != nil || a.User.StatusSeen() != StatusDeleted {
			t.Errorf("a deleted one: %+v, %v", a, err)
		}
		for _, id := range []uint64{0, 1 << 40, 1 << 63} {
			_, err := w.users.Any(ctx, id)
			wantCode(t, "nobody", err, errs.NotFound)
		}
	})
}

// A closed account takes no room among the friends.
func TestClosedAccountsAreNotCounted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ids, ctx := w.people(t, 4), t.Context()
		w.friends.Limits.Friends = 2
		w.befriend(t, ids[1], ids[0])
		w.befriend(t, ids[0], ids[2])
		id := w.request(t, ids[3], ids[0])
		_, err := w.handle(t, ids[0], id, RequestAccepted)
		wantCode(t, "one friend too many", err, errs.Conflict)
		if _, err := w.users.Delete(ctx, ids[1], EndedByOwner, w.now); err != nil {
			t.Fatal(err)
		}
		_, err = w.handle(t, ids[0], id, RequestAccepted)
		wantCode(t, "after one closed the account", err, nil)
		counts, err := w.friends.Counts(ctx, ids...)
		if err != nil || counts[ids[0]] != 2 || counts[ids[1]] != 1 || counts[ids[2]] != 1 || counts[ids[3]] != 1 {
			t.Errorf("%v, %v", counts, err)
		}
	})
}
