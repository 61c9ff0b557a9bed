package logic

import (
	"context"
	"sync"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/msglog"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// admin makes an administrator.
func (w *world) admin(t *testing.T) uint64 {
	t.Helper()
	id := w.user(t, nil)
	if err := w.DB.Model(&model.UserModel{}).Where("id = ?", id).Update("role", model.RoleAdmin).Error; err != nil {
		t.Fatal(err)
	}
	return id
}

func (w *world) curtail(t *testing.T, in *user_rpc.CurtailRequest) error {
	t.Helper()
	_, err := NewCurtailLogic(t.Context(), w.ServiceContext).Curtail(in)
	return err
}

func (w *world) status(t *testing.T, operator, user uint64, disabled bool) error {
	t.Helper()
	_, err := NewSetStatusLogic(t.Context(), w.ServiceContext).SetStatus(&user_rpc.SetStatusRequest{OperatorId: operator, UserId: user, Disabled: disabled})
	return err
}

func (w *world) delete(t *testing.T, user uint64) error {
	t.Helper()
	_, err := NewDeleteLogic(t.Context(), w.ServiceContext).Delete(&user_rpc.DeleteRequest{UserId: user})
	return err
}

// knows fails unless the halves know chat and group of user.
func (w *world) knows(t *testing.T, what string, user uint64, chat, group msglog.SenderState) {
	t.Helper()
	if got, _ := w.chat.state(user); got != chat {
		t.Errorf("%s: chat_rpc knows %+v, want %+v", what, got, chat)
	}
	if got, _ := w.groups.state(user); got != group {
		t.Errorf("%s: group_rpc knows %+v, want %+v", what, got, group)
	}
}

var (
	free   = msglog.SenderState{}
	mute   = msglog.SenderState{Code: 40004}
	buried = msglog.SenderState{Code: 40004, Gone: true}
)

func TestTheHalvesKnowBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		boss, a := w.admin(t), w.user(t, nil)
		later := time.Now().Add(time.Hour).UnixMilli()
		until := msglog.SenderState{Code: 40004, Until: later}
		for _, c := range []struct {
			what        string
			in          *user_rpc.CurtailRequest
			chat, group msglog.SenderState
		}{
			{"what is not about messages", &user_rpc.CurtailRequest{CurtailAddUser: new(true), CurtailCreateGroup: new(true)}, free, free},
			{"chat", &user_rpc.CurtailRequest{CurtailChat: new(true)}, mute, free},
			{"chat until later", &user_rpc.CurtailRequest{Until: &later}, until, free},
			{"groups too", &user_rpc.CurtailRequest{CurtailInGroupChat: new(true)}, until, until},
			{"chat again", &user_rpc.CurtailRequest{CurtailChat: new(false)}, free, until},
			{"groups for ever", &user_rpc.CurtailRequest{Until: new(int64(0))}, free, mute},
			{"nothing", &user_rpc.CurtailRequest{CurtailInGroupChat: new(false)}, free, free},
		} {
			c.in.OperatorId, c.in.UserId = boss, a
			for range 2 { // which may be repeated
				wantCode(t, c.what, w.curtail(t, c.in), nil)
				w.knows(t, c.what, a, c.chat, c.group)
			}
		}
		if _, told := w.chat.state(a); told != 6 { // once for each of the six that say anything new
			t.Errorf("chat_rpc was told %d times", told)
		}
		wantCode(t, "disable", w.status(t, boss, a, true), nil)
		w.knows(t, "disabled", a, mute, mute)
		got, err := NewCredentialsLogic(t.Context(), w.ServiceContext).Credentials(&user_rpc.CredentialsRequest{UserId: a})
		if err != nil || !got.Disabled {
			t.Errorf("credentials of a disabled account: %+v, error %v", got, err)
		}
		wantCode(t, "enable", w.status(t, boss, a, false), nil)
		w.knows(t, "enabled", a, free, free)
		for range 2 {
			wantCode(t, "delete", w.delete(t, a), nil)
			w.knows(t, "deleted", a, buried, buried)
		}
		_, err = NewCredentialsLogic(t.Context(), w.ServiceContext).Credentials(&user_rpc.CredentialsRequest{UserId: a})
		wantCode(t, "credentials of a deleted account", err, errs.NotFound)
		_, err = NewCreateLogic(t.Context(), w.ServiceContext).Create(&user_rpc.CreateRequest{UserName: "user-2", Pwd: "h"})
		wantCode(t, "the name of a deleted account", err, errs.NameTaken)
	})
}

func TestWhoMayCurtail(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	boss, other, a, gone := w.admin(t), w.admin(t), w.user(t, nil), w.user(t, nil)
	fallen := w.admin(t)
	wantCode(t, "delete", w.delete(t, gone), nil)
	wantCode(t, "disable an administrator", w.status(t, boss, fallen, true), nil)
	for _, c := range []struct {
		name           string
		operator, user uint64
		want           *errs.Error
	}{
		{"an administrator", boss, a, nil},
		{"another administrator", boss, other, nil},
		{"oneself", boss, boss, errs.Conflict},
		{"a user", a, other, errs.Forbidden},
		{"a user oneself", a, a, errs.Forbidden},
		{"a disabled administrator", fallen, a, errs.Forbidden},
		{"nobody", 0, a, errs.Forbidden},
		{"a deleted account", boss, gone, errs.NotFound},
		{"no account", boss, 1 << 40, errs.NotFound},
		{"no number", boss, 1 << 63, errs.NotFound},
	} {
		wantCode(t, "curtail by "+c.name, w.curtail(t, &user_rpc.CurtailRequest{OperatorId: c.operator, UserId: c.user, CurtailChat: new(true)}), c.want)
		if c.user != other {
			wantCode(t, "disable by "+c.name, w.status(t, c.operator, c.user, true), c.want)
		}
	}
	for _, id := range []uint64{0, 1 << 40, 1 << 63} {
		wantCode(t, "delete nobody", w.delete(t, id), errs.NotFound)
	}
	for name, until := range map[string]int64{"negative": -1, "now": time.Now().UnixMilli() - 1000, "no time": 1 << 53} {
		wantCode(t, "until "+name, w.curtail(t, &user_rpc.CurtailRequest{OperatorId: boss, UserId: a, Until: &until}), errs.Bad)
	}
}

// With a half away the caller gets 503 and the commit stands, also in the
// other half; the sweep, or the caller's next try, makes it whole.
func TestAHalfIsDown(t *testing.T) {
	t.Parallel()
	for name, heal := range map[string]func(t *testing.T, w *world, again func() error){
		"the sweep heals": func(t *testing.T, w *world, _ func() error) {
			for _, h := range model.Halves {
				if after := sweepAccounts(t.Context(), w.ServiceContext, h, 0); after != 0 {
					t.Errorf("the next sweep begins above %d", after)
				}
			}
		},
		"the next try heals": func(t *testing.T, _ *world, again func() error) { wantCode(t, "again", again(), nil) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w *world) {
				boss, a := w.admin(t), w.user(t, nil)
				w.chat.leave(true)
				disable := func() error { return w.status(t, boss, a, true) }
				wantCode(t, "disable", disable(), errs.Unavailable)
				w.knows(t, "meanwhile", a, free, mute)
				w.groups.leave(true)
				w.auth.leave(true)
				wantCode(t, "delete", w.delete(t, a), errs.Unavailable)
				wantCode(t, "delete", w.delete(t, a), errs.Unavailable)
				w.knows(t, "meanwhile", a, free, mute)
				w.chat.leave(false)
				w.groups.leave(false)
				w.auth.leave(false)
				heal(t, w, func() error { return w.delete(t, a) })
				w.knows(t, "afterwards", a, buried, buried)
				if got := w.auth.of(a); got.AuthVer != 2 || got.Reason != model.EndedByOwner {
					t.Errorf("auth_rpc was told %v", got)
				}
				for _, h := range model.Halves {
					if list, err := w.Users.Unsynced(t.Context(), h, 0, 10); err != nil || len(list) != 0 {
						t.Errorf("%d wait for %s, error %v", len(list), h, err)
					}
				}
			})
		})
	}
}

func TestTheSweepTellsOfSenders(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a := w.user(t, nil)
	if _, err := w.Users.Delete(t.Context(), a, model.EndedByOwner, time.Now()); err != nil { // by a process that ended before it could tell
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { SweepRights(ctx, w.ServiceContext) })
	until(t, "all know", func() bool {
		chat, _ := w.chat.state(a)
		group, _ := w.groups.state(a)
		return chat == buried && group == buried && w.auth.of(a).Reason == model.EndedByOwner
	})
	cancel()
	wg.Wait()
}

// Who wants no read receipts is known to chat_rpc, and groups have none.
func TestTheSweepTellsWhoWantsNoReceipts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a := w.user(t, func(c *model.UserConfModel) { c.ReadReceipt = false })
		err := w.DB.Model(&model.UserModel{}).Where("id = ?", a).
			Updates(map[string]any{"sender_ver": 1, "chat_synced": false, "group_synced": false}).Error
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range []model.Half{model.ChatHalf, model.GroupHalf} {
			if after := sweepAccounts(t.Context(), w.ServiceContext, h, 0); after != 0 {
				t.Errorf("the next sweep begins above %d", after)
			}
		}
		w.knows(t, "no receipts", a, msglog.SenderState{NoReceipts: true}, free)
		boss := w.admin(t)
		wantCode(t, "curtail", w.curtail(t, &user_rpc.CurtailRequest{OperatorId: boss, UserId: a, CurtailChat: new(true)}), nil)
		w.knows(t, "curtailed", a, msglog.SenderState{Code: 40004, NoReceipts: true}, free)
	})
}

func TestCheckFriendsTellsWhoMayMakeGroups(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	boss, a, b := w.admin(t), w.user(t, nil), w.user(t, nil)
	wantCode(t, "curtail", w.curtail(t, &user_rpc.CurtailRequest{OperatorId: boss, UserId: b, CurtailCreateGroup: new(true)}), nil)
	for user, want := range map[uint64]bool{a: false, b: true, 1 << 40: true} {
		got, err := NewCheckFriendsLogic(t.Context(), w.ServiceContext).CheckFriends(&user_rpc.CheckFriendsRequest{UserId: user})
		if err != nil || got.NoGroups != want {
			t.Errorf("user %d: %+v, error %v", user, got, err)
		}
	}
}
