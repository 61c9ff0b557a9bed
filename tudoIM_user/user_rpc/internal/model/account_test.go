package model

import (
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/msglog"
)

func TestCurtail(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1000)
	for _, c := range []struct {
		name    string
		is      UserConfModel
		change  Curtailment
		want    UserConfModel
		refused *errs.Error
	}{
		{"nothing", UserConfModel{CurtailChat: true}, Curtailment{}, UserConfModel{CurtailChat: true}, nil},
		{"one", UserConfModel{}, Curtailment{AddUser: new(true)}, UserConfModel{CurtailAddUser: true}, nil},
		{"one more", UserConfModel{CurtailChat: true}, Curtailment{CreateGroup: new(true)}, UserConfModel{CurtailChat: true, CurtailCreateGroup: true}, nil},
		{"lifted", UserConfModel{CurtailChat: true, CurtailInGroupChat: true}, Curtailment{InGroupChat: new(false)}, UserConfModel{CurtailChat: true}, nil},
		{"an end", UserConfModel{CurtailChat: true}, Curtailment{Until: new(int64(1001))}, UserConfModel{CurtailChat: true, CurtailUntil: 1001}, nil},
		{"no end", UserConfModel{CurtailChat: true, CurtailUntil: 1001}, Curtailment{Until: new(int64(0))}, UserConfModel{CurtailChat: true}, nil},
		{"it goes on", UserConfModel{CurtailChat: true, CurtailUntil: 1001}, Curtailment{AddUser: new(true)}, UserConfModel{CurtailChat: true, CurtailAddUser: true, CurtailUntil: 1001}, nil},
		{"it has ended", UserConfModel{CurtailChat: true, CurtailUntil: 1000}, Curtailment{AddUser: new(true)}, UserConfModel{CurtailAddUser: true}, nil},
		{"an end that is now", UserConfModel{}, Curtailment{Until: new(int64(1000))}, UserConfModel{}, errs.Bad},
		{"a negative end", UserConfModel{}, Curtailment{Until: new(int64(-1))}, UserConfModel{}, errs.Bad},
	} {
		err := c.change.Check(now)
		wantCode(t, c.name, err, c.refused)
		if err != nil {
			continue
		}
		if c.is.Curtail(c.change, now); c.is != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, c.is, c.want)
		}
	}
}

func TestSender(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		user        UserModel
		conf        UserConfModel
		chat, group msglog.SenderState
	}{
		{"free", UserModel{}, UserConfModel{ReadReceipt: true, CurtailAddUser: true, CurtailCreateGroup: true, CurtailUntil: 5}, msglog.SenderState{}, msglog.SenderState{}},
		{"chat", UserModel{}, UserConfModel{ReadReceipt: true, CurtailChat: true, CurtailUntil: 5}, msglog.SenderState{Code: 40004, Until: 5}, msglog.SenderState{}},
		{"groups", UserModel{}, UserConfModel{ReadReceipt: true, CurtailInGroupChat: true}, msglog.SenderState{}, msglog.SenderState{Code: 40004}},
		{"disabled, until anything", UserModel{Status: StatusDisabled}, UserConfModel{ReadReceipt: true, CurtailChat: true, CurtailUntil: 5}, msglog.SenderState{Code: 40004}, msglog.SenderState{Code: 40004}},
		{"no receipts, which groups do not ask for", UserModel{}, UserConfModel{}, msglog.SenderState{NoReceipts: true}, msglog.SenderState{}},
		{"no receipts, and curtailed", UserModel{}, UserConfModel{CurtailChat: true, CurtailUntil: 5}, msglog.SenderState{Code: 40004, Until: 5, NoReceipts: true}, msglog.SenderState{}},
		{"deleted", UserModel{DeletedAt: 1}, UserConfModel{ReadReceipt: true}, msglog.SenderState{Code: 40004, Gone: true}, msglog.SenderState{Code: 40004, Gone: true}},
	} {
		a := Account{&c.user, &c.conf}
		if got := a.Sender(ChatHalf); got != c.chat {
			t.Errorf("%s: chat %+v, want %+v", c.name, got, c.chat)
		}
		if got := a.Sender(GroupHalf); got != c.group {
			t.Errorf("%s: group %+v, want %+v", c.name, got, c.group)
		}
	}
}

// A word about a state that has changed since marks nothing as told.
func TestSyncedIsOfOneVersion(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		id := w.people(t, 1)[0]
		first, err := w.users.SetStatus(t.Context(), id, StatusDisabled, w.now)
		if err != nil {
			t.Fatal(err)
		}
		second, err := w.users.Delete(t.Context(), id, EndedByOwner, w.now)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name    string
			a       *Account
			h       Half
			waiting [2]int
		}{
			{"an old word", first, ChatHalf, [2]int{1, 1}},
			{"to one half", second, GroupHalf, [2]int{1, 0}},
			{"to the other", second, ChatHalf, [2]int{0, 0}},
		} {
			if err := w.users.Synced(t.Context(), c.a, c.h); err != nil {
				t.Fatal(err)
			}
			for i, h := range []Half{ChatHalf, GroupHalf} {
				list, err := w.users.Unsynced(t.Context(), h, id-1, 10)
				if err != nil || len(list) != c.waiting[i] {
					t.Errorf("%s: %d wait for %s, error %v", c.name, len(list), h, err)
				}
			}
		}
		if list, err := w.users.Unsynced(t.Context(), ChatHalf, id, 10); err != nil || len(list) != 0 {
			t.Errorf("above the last: %d, error %v", len(list), err)
		}
	})
}
