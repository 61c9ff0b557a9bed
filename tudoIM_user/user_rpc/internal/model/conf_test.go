package model

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tudoIM/common/errs"
)

func TestChangeOfSettings(t *testing.T) {
	t.Parallel()
	ask := func(problem, answer string) *QuestionChange {
		return &QuestionChange{Problem1: &problem, Answer1: &answer}
	}
	quiz := func(mode int32) UserConfModel { // settings with a question
		c := *NewConf(1)
		c.Verification, c.Question = mode, Question{Problem1: "pet?", Answer1: "cat", Problem3: "town?", Answer3: "Ulm"}
		return c
	}
	fresh := *NewConf(1)
	for _, c := range []struct {
		name    string
		from    UserConfModel
		change  ConfChange
		changed []string
		// field is what a bad argument names.
		field string
		want  *errs.Error
	}{
		{"nothing", fresh, ConfChange{}, nil, "", nil},
		{"what it is already", fresh, ConfChange{Sound: new(true), Language: new("zh"), SearchUser: new(SearchByName)}, nil, "", nil},
		{"a switch", fresh, ConfChange{Sound: new(false)}, []string{"sound"}, "", nil},
		{
			"all switches", fresh,
			ConfChange{FriendOnline: new(false), Sound: new(false), SecureLink: new(true), SavePwd: new(true), ShowOnline: new(false), ReadReceipt: new(false)},
			[]string{"friendOnline", "sound", "secureLink", "savePwd", "showOnline", "readReceipt"}, "", nil,
		},
		{"another language", fresh, ConfChange{Language: new("en")}, []string{"language"}, "", nil},
		{"no language", fresh, ConfChange{Language: new("")}, nil, "language", errs.Bad},
		{"a language nobody speaks", fresh, ConfChange{Language: new("zh-CN")}, nil, "language", errs.Bad},
		{"words at the limit", fresh, ConfChange{RecallMessage: new(strings.Repeat("图", 64))}, []string{"recallMessage"}, "", nil},
		{"words past it", fresh, ConfChange{RecallMessage: new(strings.Repeat("图", 65))}, nil, "recallMessage", errs.Bad},
		{"words of lines", fresh, ConfChange{RecallMessage: new("a\nb")}, nil, "recallMessage", errs.Bad},
		{"words that cannot be seen", fresh, ConfChange{RecallMessage: new(" \u200b")}, nil, "recallMessage", errs.Bad},
		{"the first words again", fresh, ConfChange{RecallMessage: new("")}, nil, "", nil},
		{"hidden", fresh, ConfChange{SearchUser: new(SearchHidden)}, []string{"searchUser"}, "", nil},
		{"below hidden", fresh, ConfChange{SearchUser: new(int32(-1))}, nil, "searchUser", errs.Bad},
		{"above found by name", fresh, ConfChange{SearchUser: new(int32(3))}, nil, "searchUser", errs.Bad},
		{"nobody", fresh, ConfChange{Verification: new(VerifyNobody)}, []string{"verification"}, "", nil},
		{"below nobody", fresh, ConfChange{Verification: new(int32(-1))}, nil, "verification", errs.Bad},
		{"above right answers", fresh, ConfChange{Verification: new(int32(5))}, nil, "verification", errs.Bad},
		{"one bad key of two", fresh, ConfChange{Sound: new(false), SearchUser: new(int32(9))}, nil, "searchUser", errs.Bad},

		{"answers to nothing", fresh, ConfChange{Verification: new(VerifyAnswers)}, nil, "", errs.NeedsQuestion},
		{"right answers to nothing", fresh, ConfChange{Verification: new(VerifyRight)}, nil, "", errs.NeedsQuestion},
		{"a question is kept for later", fresh, ConfChange{Question: ask("pet?", "cat")}, []string{"verificationQuestion"}, "", nil},
		{"a question and its mode", fresh, ConfChange{Verification: new(VerifyRight), Question: ask("pet?", "cat")}, []string{"verification", "verificationQuestion"}, "", nil},
		{"answers that a person reads need none to go by", fresh, ConfChange{Verification: new(VerifyAnswers), Question: ask("pet?", "")}, []string{"verification", "verificationQuestion"}, "", nil},
		{"right answers do", fresh, ConfChange{Verification: new(VerifyRight), Question: ask("pet?", "")}, nil, "", errs.NeedsQuestion},
		{"an answer of blanks", fresh, ConfChange{Verification: new(VerifyRight), Question: ask("pet?", " ")}, nil, "", errs.NeedsQuestion},
		{"an answer alone asks nothing", fresh, ConfChange{Verification: new(VerifyRight), Question: ask("", "cat")}, nil, "", errs.NeedsQuestion},
		{"a question that cannot be seen", fresh, ConfChange{Question: ask(" ", "cat")}, nil, "verificationQuestion", errs.Bad},
		{"a question past the limit", fresh, ConfChange{Question: ask(strings.Repeat("?", 201), "cat")}, nil, "verificationQuestion", errs.Bad},
		{"an answer past it", fresh, ConfChange{Question: ask("pet?", strings.Repeat("!", 201))}, nil, "verificationQuestion", errs.Bad},
		{"both at it", fresh, ConfChange{Question: ask(strings.Repeat("?", 200), strings.Repeat("!", 200))}, []string{"verificationQuestion"}, "", nil},
		{"text that turns around", fresh, ConfChange{Question: ask("a\u202eb", "cat")}, nil, "verificationQuestion", errs.Bad},

		{"the mode goes with the question there is", quiz(VerifyMessage), ConfChange{Verification: new(VerifyRight)}, []string{"verification"}, "", nil},
		{"another answer", quiz(VerifyRight), ConfChange{Question: &QuestionChange{Answer1: new("dog")}}, []string{"verificationQuestion"}, "", nil},
		{"the same question", quiz(VerifyRight), ConfChange{Question: ask("pet?", "cat")}, nil, "", nil},
		{"another question without an answer", quiz(VerifyRight), ConfChange{Question: &QuestionChange{Problem1: new("car?")}}, nil, "", errs.NeedsQuestion},
		{"the same, read by a person", quiz(VerifyAnswers), ConfChange{Question: &QuestionChange{Problem1: new("car?")}}, []string{"verificationQuestion"}, "", nil},
		{"one question less", quiz(VerifyRight), ConfChange{Question: &QuestionChange{Problem3: new("")}}, []string{"verificationQuestion"}, "", nil},
		{"all less", quiz(VerifyRight), ConfChange{Question: &QuestionChange{Problem1: new(""), Problem3: new("")}}, nil, "", errs.NeedsQuestion},
		{"all less, and a message will do", quiz(VerifyRight), ConfChange{Verification: new(VerifyMessage), Question: &QuestionChange{Problem1: new(""), Problem3: new("")}}, []string{"verification", "verificationQuestion"}, "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			now := c.from
			changed, err := now.Change(c.change)
			wantCode(t, c.name, err, c.want)
			if c.field != "" && errs.From(err).Data["field"] != c.field {
				t.Errorf("names %v", errs.From(err).Data)
			}
			if !slices.Equal(changed, c.changed) || (now == c.from) != (len(c.changed) == 0) {
				t.Errorf("changed %v, from %+v to %+v", changed, c.from, now)
			}
		})
	}
}

// The answer to a problem goes with it.
func TestAnswersGoWithTheirProblems(t *testing.T) {
	t.Parallel()
	q := Question{Problem1: "a?", Answer1: "a", Problem2: "b?", Answer2: "b", Problem3: "c?", Answer3: "c"}
	got := QuestionChange{Problem1: new("x?"), Problem2: new(""), Answer3: new("d")}.Apply(q)
	if want := (Question{Problem1: "x?", Problem3: "c?", Answer3: "d"}); got != want {
		t.Errorf("%+v", got)
	}
}

// Settings are stored as they were judged, and chat_rpc is told of what it has
// to know, and of nothing else.
func TestSettingsAreStored(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a := w.user(t, "a", nil)
		set := func(x ConfChange) (*Account, []string, error) { return w.users.SetConf(t.Context(), a, x, w.now) }
		before, err := w.users.Account(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		got, changed, err := set(ConfChange{ShowOnline: new(false), Question: &QuestionChange{Problem2: new("pet?"), Answer2: new("cat")}})
		if err != nil || !slices.Equal(changed, []string{"showOnline", "verificationQuestion"}) {
			t.Fatalf("changed %v, error %v", changed, err)
		}
		stored, err := w.users.Account(t.Context(), a)
		if err != nil || *stored.Conf != *got.Conf || stored.Conf.ShowOnline || stored.Conf.Question != (Question{Problem2: "pet?", Answer2: "cat"}) ||
			stored.Conf.UpdatedAt != w.now.UnixMilli() || stored.Conf.CreatedAt != before.Conf.CreatedAt || stored.Conf.UserID != a {
			t.Errorf("%+v, error %v", stored, err)
		}
		if *stored.User != *before.User {
			t.Errorf("the account from %+v to %+v", before.User, stored.User)
		}
		if stored.User.SenderVer != before.User.SenderVer || !stored.Knows(ChatHalf) || !stored.Knows(GroupHalf) {
			t.Errorf("told of nothing: %+v", stored.User)
		}
		if _, _, err := set(ConfChange{Sound: new(false), Language: new("fr")}); !errors.Is(err, errs.Bad) {
			t.Errorf("bad: %v", err)
		}
		if c, err := w.users.Conf(t.Context(), a); err != nil || *c != *stored.Conf {
			t.Errorf("a refused change left %+v, %v", c, err)
		}
		if got, _, err := set(ConfChange{ReadReceipt: new(false)}); err != nil || got.User.SenderVer != before.User.SenderVer+1 || got.Knows(ChatHalf) || !got.Sender(ChatHalf).NoReceipts {
			t.Errorf("receipts: %+v, %v", got.User, err)
		}
		if _, _, err := w.users.SetConf(t.Context(), a+1, ConfChange{}, w.now); !errors.Is(err, errs.NotFound) {
			t.Errorf("nobody's: %v", err)
		}
		if _, err := w.users.Delete(t.Context(), a, EndedByOwner, w.now); err != nil {
			t.Fatal(err)
		}
		if _, _, err := set(ConfChange{Sound: new(false)}); !errors.Is(err, errs.NotFound) {
			t.Errorf("of a closed account: %v", err)
		}
	})
}

// Of settings that change at once none gets lost, and neither does what an
// administrator says at the same time.
func TestSettingsChangedAtOnceAreAllKept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a := w.user(t, "a", nil)
		changes := []ConfChange{{Sound: new(false)}, {SavePwd: new(true)}, {SecureLink: new(true)}, {Language: new("en")}, {ShowOnline: new(false)}, {ReadReceipt: new(false)}}
		got := atOnce(len(changes)+1, func(i int) error {
			if i == len(changes) {
				_, err := w.users.Curtail(t.Context(), a, Curtailment{Chat: new(true)}, w.now)
				return err
			}
			_, _, err := w.users.SetConf(t.Context(), a, changes[i], w.now)
			return err
		})
		c, err := w.users.Conf(t.Context(), a)
		if err != nil || got[nil] != len(changes)+1 || c.Sound || !c.SavePwd || !c.SecureLink || c.Language != "en" || c.ShowOnline || c.ReadReceipt || !c.CurtailChat {
			t.Errorf("answers %v, %+v, %v", got, c, err)
		}
	})
}

// TestListSince asks for what changed since an answer: nothing is left out that
// was under way then, and what is old does not come again. What others do that
// one does not see is no change.
func TestListSince(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.people(t, 7)
		me := p[0]
		for _, id := range p[1:] {
			w.befriend(t, me, id)
		}
		w.befriend(t, p[1], p[2]) // of others
		// All that was long ago, so that each change below shows by itself.
		now := w.now.Add(time.Hour)
		w.now = now
		since := ListVer(now)
		if want := uint64(now.Add(-15 * time.Second).UnixMilli()); since != want {
			t.Errorf("version %d, want %d", since, want)
		}
		look := func(what string, changed, removed []uint64) {
			t.Helper()
			list, n, err := w.friends.List(t.Context(), me, "", since, 1, 100)
			var ids []uint64
			for _, f := range list {
				ids = append(ids, f.Peer(me))
			}
			slices.Sort(ids)
			if err != nil || !slices.Equal(ids, changed) || n != int64(len(changed)) {
				t.Errorf("%s: changed %v, %d of them, %v; want %v", what, ids, n, err, changed)
			}
			gone, err := w.friends.Removed(t.Context(), me, since, now)
			if err != nil || !slices.Equal(gone, removed) {
				t.Errorf("%s: removed %v, %v; want %v", what, gone, err, removed)
			}
		}
		look("nothing", nil, nil)
		do := func(what string, err error) {
			t.Helper()
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
		}
		_, _, err := remark("pal")(w, t, me, p[1])
		do("remark", err)
		look("a name I gave", p[1:2], nil)
		do("profile", w.users.Update(t.Context(), p[2], Changes{Nickname: new("new")}, now))
		look("a name they have", p[1:3], nil)
		_, _, err = block(w, t, p[3], me)
		do("block", err)
		look("blocked by a friend", p[1:3], nil)
		_, _, err = remark("me")(w, t, p[3], me)
		do("remark", err)
		look("named by a friend", p[1:3], nil)
		_, err = w.users.ResetPwd(t.Context(), p[3], "hash", now)
		do("password", err)
		_, _, err = w.users.SetConf(t.Context(), p[3], ConfChange{ReadReceipt: new(false)}, now)
		do("settings", err)
		look("nothing of a friend that is shown", p[1:3], nil)
		_, _, err = place(true)(w, t, me, p[3])
		do("on top", err)
		look("put on top by me", p[1:4], nil)
		_, _, err = w.friends.Unfriend(t.Context(), p[4], me, now)
		do("end", err)
		look("a friendship ended", p[1:4], p[4:5])
		_, err = w.users.Delete(t.Context(), p[5], EndedByOwner, now)
		do("delete", err)
		look("an account was closed", p[1:4], p[4:6])
		_, _, err = w.friends.Unfriend(t.Context(), p[1], p[2], now)
		do("end of others", err)
		look("others part", p[1:4], p[4:6])
		w.befriend(t, me, p[4])
		look("friends again", p[1:5], p[5:6])
		_, _, err = block(w, t, me, w.user(t, "stranger", nil))
		do("block a stranger", err)
		look("a stranger is blocked", p[1:5], p[5:6])
		_, _, err = w.friends.Unfriend(t.Context(), me, p[6], now)
		do("end", err)
		since = ListVer(now.Add(time.Hour))
		_, _, err = block(w, t, p[6], me)
		do("block", err)
		now = now.Add(time.Hour)
		look("blocked by a friend of old", nil, nil)
		now = w.now
		since = ListVer(now)

		for _, bad := range []uint64{since + uint64(time.Minute.Milliseconds()), 1 << 53, 1<<64 - 1} {
			if _, err := w.friends.Removed(t.Context(), me, bad, now); !errors.Is(err, errs.SnapshotNeeded) {
				t.Errorf("since %d: %v", bad, err)
			}
		}
		if gone, err := w.friends.Removed(t.Context(), me, 0, now); err != nil || gone != nil {
			t.Errorf("since the beginning: %v, %v", gone, err)
		}
	})
}
