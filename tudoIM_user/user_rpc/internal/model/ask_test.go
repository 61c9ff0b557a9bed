package model

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/model"
)

func mode(verification int32, q Question) func(*UserConfModel) {
	return func(c *UserConfModel) { c.Verification, c.Question = verification, q }
}

func TestAskCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		ask  Ask
		want *errs.Error
	}{
		{"plain", Ask{From: 1, To: 2, Verify: "hi", Notice: "Bob", Source: "search"}, nil},
		{"oneself", Ask{From: 1, To: 1}, errs.Self},
		{"nobody", Ask{From: 1}, errs.NotFound},
		{"an id no client can have", Ask{From: 1, To: 1 << 53}, errs.NotFound},
		{"an id no table can have", Ask{From: 1, To: 1<<64 - 1}, errs.NotFound},
		{"message at the limit", Ask{From: 1, To: 2, Verify: strings.Repeat("图", 200)}, nil},
		{"message one past", Ask{From: 1, To: 2, Verify: strings.Repeat("图", 201)}, errs.Bad},
		{"message of lines", Ask{From: 1, To: 2, Verify: "a\nb"}, nil},
		{"message with NUL", Ask{From: 1, To: 2, Verify: "a\x00"}, errs.Bad},
		{"message not UTF-8", Ask{From: 1, To: 2, Verify: "\xff"}, errs.Bad},
		{"answer at the limit", Ask{From: 1, To: 2, Question: Question{Answer3: strings.Repeat("a", 200)}}, nil},
		{"answer 1 one past", Ask{From: 1, To: 2, Question: Question{Answer1: strings.Repeat("a", 201)}}, errs.Bad},
		{"answer 2 one past", Ask{From: 1, To: 2, Question: Question{Answer2: strings.Repeat("a", 201)}}, errs.Bad},
		{"answer 3 one past", Ask{From: 1, To: 2, Question: Question{Answer3: strings.Repeat("a", 201)}}, errs.Bad},
		{"notice at the limit", Ask{From: 1, To: 2, Notice: strings.Repeat("n", 32)}, nil},
		{"notice one past", Ask{From: 1, To: 2, Notice: strings.Repeat("n", 33)}, errs.Bad},
		{"notice of lines", Ask{From: 1, To: 2, Notice: "a\nb"}, errs.Bad},
		{"source at the limit", Ask{From: 1, To: 2, Source: strings.Repeat("s", 32)}, nil},
		{"source one past", Ask{From: 1, To: 2, Source: strings.Repeat("s", 33)}, errs.Bad},
	} {
		wantCode(t, c.name, c.ask.Check(), c.want)
	}
}

func TestModes(t *testing.T) {
	t.Parallel()
	three := Question{Problem1: "1+1?", Answer1: "Two ", Problem3: "color?", Answer3: "blue"}
	right := Question{Answer1: " ｔＷＯ", Answer2: "anything", Answer3: "BLUE"}
	for _, c := range []struct {
		name     string
		mode     func(*UserConfModel)
		verify   string
		given    Question
		isFriend bool
		want     *errs.Error
	}{
		{"0 takes nobody", mode(VerifyNobody, Question{}), "hi", Question{}, false, errs.RefusesAll},
		{"1 takes anybody", mode(VerifyAnybody, Question{}), "", Question{}, true, nil},
		{"2 with a message", mode(VerifyMessage, Question{}), "hi", Question{}, false, nil},
		{"2 without", mode(VerifyMessage, Question{}), "", Question{}, false, errs.NeedsMessage},
		{"2 with blanks", mode(VerifyMessage, Question{}), " \u3000\u200b\n", Question{}, false, errs.NeedsMessage},
		{"3 waits, right or wrong", mode(VerifyAnswers, three), "", Question{Answer1: "?", Answer3: "?"}, false, nil},
		{"3 without an answer", mode(VerifyAnswers, three), "hi", Question{Answer1: "two"}, false, errs.NeedsMessage},
		{"4 right, whatever case and width", mode(VerifyRight, three), "", right, true, nil},
		{"4 one wrong", mode(VerifyRight, three), "", Question{Answer1: "two", Answer3: "red"}, false, errs.WrongAnswer},
		{"4 one missing", mode(VerifyRight, three), "", Question{Answer1: "two"}, false, errs.WrongAnswer},
		{"4 without a question takes nobody", mode(VerifyRight, Question{}), "hi", Question{}, false, errs.RefusesAll},
		{"a mode from the future takes nobody", mode(9, three), "hi", right, false, errs.RefusesAll},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w *world) {
				me, you := w.user(t, "me", nil), w.user(t, "you", c.mode)
				out, err := w.friends.Ask(t.Context(), Ask{From: me, To: you, Verify: c.verify, Question: c.given, Notice: "pal"}, w.now)
				wantCode(t, "ask", err, c.want)
				f := w.pair(t, me, you)
				if f.IsFriend != c.isFriend {
					t.Errorf("friends: %v", f.IsFriend)
				}
				requests := w.count(t, &FriendVerifyModel{}, "send_user_id = ?", me)
				if (requests == 1) != (c.want == nil) {
					t.Errorf("%d requests", requests)
				}
				if c.want != nil {
					return
				}
				if out.Verify.ID == 0 || out.Pair.IsFriend != c.isFriend || (out.News == Befriended) != c.isFriend || out.By != me {
					t.Errorf("%+v", out)
				}
				if c.isFriend && (f.Of(me).Notice != "pal" || f.Of(you).Notice != "" || f.RightsVer != 1 || f.RightsSynced) {
					t.Errorf("%+v", f)
				}
			})
		})
	}
}

func TestWhoMayBeAsked(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		me := w.user(t, "me", nil)
		set := func(id uint64, column string, value any) uint64 {
			if err := w.d.Model(&UserModel{}).Where("id = ?", id).Update(column, value).Error; err != nil {
				t.Fatal(err)
			}
			return id
		}
		friend, blocker, blocked := w.user(t, "friend", nil), w.user(t, "blocker", nil), w.user(t, "blocked", nil)
		w.befriend(t, friend, me)
		one, two := &FriendModel{LowUserID: me, HighUserID: blocker, RightsSynced: true}, &FriendModel{LowUserID: me, HighUserID: blocked, RightsSynced: true}
		one.High.Blocks, two.Low.Blocks = true, true
		w.save(t, one)
		w.save(t, two)
		curtailed := w.user(t, "curtailed", func(c *UserConfModel) { c.CurtailAddUser = true })
		served := w.user(t, "served", func(c *UserConfModel) { c.CurtailAddUser, c.CurtailUntil = true, w.now.UnixMilli() })
		serving := w.user(t, "serving", func(c *UserConfModel) { c.CurtailAddUser, c.CurtailUntil = true, w.now.UnixMilli()+1 })
		for _, c := range []struct {
			name     string
			from, to uint64
			want     *errs.Error
		}{
			{"oneself", me, me, errs.Self},
			{"a friend", me, friend, errs.AlreadyFriends},
			{"a friend, the other way round", friend, me, errs.AlreadyFriends},
			{"nobody", me, 1 << 40, errs.NotFound},
			{"a deleted account", me, set(w.user(t, "gone", nil), "deleted_at", 1), errs.NotFound},
			{"a disabled account", me, set(w.user(t, "disabled", nil), "status", StatusDisabled), errs.NotFound},
			{"one who is hidden", me, w.user(t, "hidden", func(c *UserConfModel) { c.SearchUser = SearchHidden }), errs.NotFound},
			{"one who is found by id only", me, w.user(t, "by id", func(c *UserConfModel) { c.SearchUser = SearchByID }), nil},
			{"one who blocks me looks like one who takes nobody", me, blocker, errs.RefusesAll},
			{"one whom I block", me, blocked, nil},
			{"while curtailed", curtailed, me, errs.NoAdding},
			{"until it ends", serving, me, errs.NoAdding},
			{"when it has ended", served, me, nil},
			{"without an account", 1 << 40, me, errs.NotFound},
		} {
			_, err := w.ask(t, c.from, c.to)
			wantCode(t, c.name, err, c.want)
		}
	})
}

func TestAHiddenUserWhoAsksCanBeAnswered(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		me := w.user(t, "me", nil)
		hidden := w.user(t, "hidden", func(c *UserConfModel) { c.SearchUser = SearchHidden })
		see := func(want *errs.Error) {
			t.Helper()
			wantCode(t, "card", w.friends.MaySee(t.Context(), w.pair(t, me, hidden), hidden), want)
			wantCode(t, "card of one not hidden", w.friends.MaySee(t.Context(), w.pair(t, me, hidden), me), nil)
		}
		see(errs.NotFound)
		w.request(t, hidden, me)
		see(nil)
		out, err := w.ask(t, me, hidden)
		if err != nil || !out.Pair.IsFriend || out.News != Decided || out.By != me {
			t.Errorf("%+v, error %v", out, err)
		}
		see(nil)
	})
}

func TestToAskWhoHasAskedIsToAccept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends.Limits.RequestsPerDay = 1
		p := w.people(t, 3)
		first, err := w.friends.Ask(t.Context(), Ask{From: p[0], To: p[1], Verify: "hi", Notice: "from me"}, w.now)
		if err != nil {
			t.Fatal(err)
		}
		w.request(t, p[1], p[2])
		// Neither a message nor one of the day's requests is needed.
		out, err := w.friends.Ask(t.Context(), Ask{From: p[1], To: p[0], Notice: "from you"}, w.now)
		if err != nil || !out.Pair.IsFriend || out.Verify.ID != first.Verify.ID || out.News != Decided {
			t.Fatalf("%+v, error %v", out, err)
		}
		if f := w.pair(t, p[0], p[1]); f.Of(p[0]).Notice != "from me" || f.Of(p[1]).Notice != "from you" {
			t.Errorf("%+v", f)
		}
		// chat_rpc does not know: to ask again is to have it told.
		for _, a := range [][2]uint64{{p[0], p[1]}, {p[1], p[0]}} {
			out, err := w.ask(t, a[0], a[1])
			if err != nil || out.News != Nothing || out.Pair.RightsSynced || out.Verify.ID != first.Verify.ID {
				t.Errorf("%+v, error %v", out, err)
			}
		}
		if err := w.friends.Synced(t.Context(), out.Pair); err != nil {
			t.Fatal(err)
		}
		_, err = w.ask(t, p[0], p[1])
		wantCode(t, "when it knows", err, errs.AlreadyFriends)
	})
}

func TestWrongAnswersAreCounted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		me, other := w.user(t, "me", nil), w.user(t, "other", nil)
		you := w.user(t, "you", mode(VerifyRight, Question{Problem1: "?", Answer1: "yes"}))
		try := func(from uint64, answer string, at time.Time) error {
			_, err := w.friends.Ask(t.Context(), Ask{From: from, To: you, Question: Question{Answer1: answer}}, at)
			return err
		}
		for left := 4; left >= 0; left-- {
			err := try(me, "no", w.now)
			wantCode(t, "wrong", err, errs.WrongAnswer)
			if got := errs.From(err).Data["triesLeft"]; got != fmt.Sprint(left) {
				t.Errorf("%s tries left, want %d", got, left)
			}
		}
		err := try(me, "yes", w.now.Add(time.Hour))
		wantCode(t, "right, but too late", err, errs.TooMany)
		if got := errs.From(err).Data[errs.RetryAfter]; got != "82800" {
			t.Errorf("retry after %s", got)
		}
		wantCode(t, "somebody else", try(other, "yes", w.now), nil)
		wantCode(t, "just before the day is over", try(me, "yes", w.now.Add(day-time.Millisecond)), errs.TooMany)
		err = try(me, "no", w.now.Add(day))
		wantCode(t, "the next day", err, errs.WrongAnswer)
		if got := errs.From(err).Data["triesLeft"]; got != "4" {
			t.Errorf("%s tries left the next day", got)
		}
		wantCode(t, "right", try(me, "yes", w.now.Add(day)), nil)
		if n := w.count(t, &FriendVerifyModel{}, "send_user_id = ?", me); n != 1 {
			t.Errorf("%d requests: wrong answers are none", n)
		}
	})
}

func TestWrongAnswersAtOnceAreCounted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		me := w.user(t, "me", nil)
		you := w.user(t, "you", mode(VerifyRight, Question{Problem1: "?", Answer1: "yes"}))
		got := atOnce(20, func(i int) error {
			_, err := w.friends.Ask(t.Context(), Ask{From: me, To: you, Question: Question{Answer1: fmt.Sprint(i)}}, w.now)
			return err
		})
		if got[errs.WrongAnswer] != model.TriesADay || got[errs.TooMany] != 20-model.TriesADay {
			t.Errorf("answers %v", got)
		}
	})
}

func TestRequestsOfADay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		me, anybody := w.user(t, "me", nil), mode(VerifyAnybody, Question{})
		first := w.now
		for i := range 20 {
			change := anybody // friends made at once are requests too
			if i%2 == 0 {
				change = nil
			}
			if _, err := w.friends.Ask(t.Context(), Ask{From: me, To: w.user(t, "x", change), Verify: "hi"}, w.now); err != nil {
				t.Fatalf("request %d: %v", i+1, err)
			}
			w.now = w.now.Add(time.Minute)
		}
		late, hidden := w.user(t, "late", nil), w.user(t, "hidden", func(c *UserConfModel) { c.SearchUser = SearchHidden })
		_, err := w.ask(t, me, late)
		wantCode(t, "request 21", err, errs.TooMany)
		if got, want := errs.From(err).Data[errs.RetryAfter], fmt.Sprint(int(first.Add(day).Sub(w.now).Seconds())); got != want {
			t.Errorf("retry after %s s, want %s", got, want)
		}
		_, err = w.ask(t, me, hidden)
		wantCode(t, "a hidden user still looks like none", err, errs.NotFound)
		if n := w.count(t, &FriendVerifyModel{}, "send_user_id = ?", me); n != 20 {
			t.Errorf("%d requests", n)
		}
		// Answering and repeating are no new requests.
		w.request(t, late, me)
		if _, err := w.ask(t, me, late); err != nil {
			t.Errorf("answer: %v", err)
		}
		var waiting FriendVerifyModel
		if err := w.d.Take(&waiting, "send_user_id = ? AND open_key IS NOT NULL", me).Error; err != nil {
			t.Fatal(err)
		}
		if out, err := w.ask(t, me, waiting.RevUserID); err != nil || out.Verify.ID != waiting.ID {
			t.Errorf("repeat: %+v, error %v", out, err)
		}
		next := w.user(t, "next", nil)
		w.now = first.Add(day - time.Millisecond)
		_, err = w.ask(t, me, next)
		wantCode(t, "just before a day has gone", err, errs.TooMany)
		w.now = first.Add(day)
		_, err = w.ask(t, me, next)
		wantCode(t, "a day after the first", err, nil)
		_, err = w.ask(t, me, w.user(t, "another", nil))
		wantCode(t, "the second is not a day ago", err, errs.TooMany)
	})
}

func TestRequestsOfADaySentAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.people(t, 41)
		got := atOnce(40, func(i int) error {
			_, err := w.ask(t, p[40], p[i])
			return err
		})
		if got[nil] != 20 || got[errs.TooMany] != 20 {
			t.Errorf("answers %v", got)
		}
		if n := w.count(t, &FriendVerifyModel{}, "send_user_id = ?", p[40]); n != 20 {
			t.Errorf("%d requests", n)
		}
	})
}

// What becomes of a request on the receiver's side before it is decided, the
// sender cannot tell from what a repeat answers.
func TestARepeatTellsTheSenderNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for _, c := range []struct {
			name   string
			status int32
			news   News
			rev    int32
		}{
			{"waits", RequestPending, Nothing, RequestPending},
			{"ignored", RequestIgnored, Nothing, RequestIgnored},
			{"deleted", RequestDeleted, Requested, RequestPending},
		} {
			p := w.people(t, 2)
			id := w.request(t, p[0], p[1])
			if c.status != RequestPending {
				out, err := w.handle(t, p[1], id, c.status)
				if err != nil || out.News != Private || out.By != p[1] {
					t.Fatalf("%s: %+v, error %v", c.name, out, err)
				}
			}
			mine, _, err := w.friends.Requests(t.Context(), p[0], "send", nil, 1, 20)
			if err != nil || len(mine) != 1 || mine[0].Status(p[0]) != RequestPending {
				t.Errorf("%s: the sender sees %+v, error %v", c.name, mine, err)
			}
			_, err = w.friends.Ask(t.Context(), Ask{From: p[0], To: p[1]}, w.now)
			wantCode(t, c.name+" without a message", err, errs.NeedsMessage)
			out, err := w.friends.Ask(t.Context(), Ask{From: p[0], To: p[1], Verify: "again"}, w.now)
			if err != nil || out.Verify.ID != id || out.Pair.IsFriend || out.News != c.news || out.Verify.RevStatus != c.rev {
				t.Errorf("%s: %+v, error %v", c.name, out, err)
			}
			if said := out.Verify.AdditionalMessages; (said == "again") != (c.news == Requested) {
				t.Errorf("%s: says %q", c.name, said)
			}
			if n := w.count(t, &FriendVerifyModel{}, "send_user_id = ?", p[0]); n != 1 {
				t.Errorf("%s: %d requests", c.name, n)
			}
		}
	})
}

func TestARepeatIsJudgedByWhatIsAskedNow(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for _, c := range []struct {
			name     string
			mode     func(*UserConfModel)
			given    Question
			isFriend bool
			want     *errs.Error
		}{
			{"nobody now", mode(VerifyNobody, Question{}), Question{}, false, errs.RefusesAll},
			{"anybody now", mode(VerifyAnybody, Question{}), Question{}, true, nil},
			{"wrong now", mode(VerifyRight, Question{Problem1: "?", Answer1: "y"}), Question{Answer1: "n"}, false, errs.WrongAnswer},
			{"right now", mode(VerifyRight, Question{Problem1: "?", Answer1: "y"}), Question{Answer1: "y"}, true, nil},
			{"hidden now", func(c *UserConfModel) { c.SearchUser = SearchHidden }, Question{}, false, nil},
		} {
			p := w.people(t, 2)
			id := w.request(t, p[0], p[1])
			conf, err := w.users.Conf(t.Context(), p[1])
			if err != nil {
				t.Fatal(err)
			}
			c.mode(conf)
			w.save(t, conf)
			out, err := w.friends.Ask(t.Context(), Ask{From: p[0], To: p[1], Verify: "hi", Question: c.given}, w.now)
			wantCode(t, c.name, err, c.want)
			if w.pair(t, p[0], p[1]).IsFriend != c.isFriend {
				t.Errorf("%s: friends %v", c.name, !c.isFriend)
			}
			if err == nil && (out.Verify.ID != id || (out.News == Decided) != c.isFriend) {
				t.Errorf("%s: %+v", c.name, out)
			}
		}
	})
}

func TestHandle(t *testing.T) {
	t.Parallel()
	const send, rev, third = 0, 1, 2
	type step struct {
		who    int
		status int32
		want   *errs.Error
	}
	for _, c := range []struct {
		name              string
		steps             []step
		isFriend          bool
		sendSees, revSees int32
		isOpen            bool
	}{
		{"accept", []step{{rev, 1, nil}}, true, 1, 1, false},
		{"accept twice", []step{{rev, 1, nil}, {rev, 1, nil}}, true, 1, 1, false},
		{"refuse", []step{{rev, 2, nil}}, false, 2, 2, false},
		{"refuse, then accept", []step{{rev, 2, nil}, {rev, 1, errs.Handled}}, false, 2, 2, false},
		{"accept, then refuse", []step{{rev, 1, nil}, {rev, 2, errs.Handled}}, true, 1, 1, false},
		{"accept, then ignore", []step{{rev, 1, nil}, {rev, 3, errs.Handled}}, true, 1, 1, false},
		{"ignore", []step{{rev, 3, nil}}, false, 0, 3, true},
		{"ignore, then accept", []step{{rev, 3, nil}, {rev, 1, errs.Handled}}, false, 0, 3, true},
		{"the receiver deletes", []step{{rev, 4, nil}, {rev, 4, nil}}, false, 0, 4, true},
		{"delete, then accept", []step{{rev, 4, nil}, {rev, 1, errs.Handled}}, false, 0, 4, true},
		{"the sender deletes", []step{{send, 4, nil}, {send, 4, nil}}, false, 4, 0, true},
		{"the sender deletes, the receiver accepts", []step{{send, 4, nil}, {rev, 1, nil}}, true, 4, 1, false},
		{"accept, then delete on each side", []step{{rev, 1, nil}, {rev, 4, nil}, {send, 4, nil}}, true, 4, 4, false},
		{"the sender accepts", []step{{send, 1, errs.NotYours}}, false, 0, 0, true},
		{"the sender refuses", []step{{send, 2, errs.NotYours}}, false, 0, 0, true},
		{"the sender ignores", []step{{send, 3, errs.NotYours}}, false, 0, 0, true},
		{"a third person", []step{{third, 1, errs.NotYours}, {third, 2, errs.NotYours}, {third, 3, errs.NotYours}, {third, 4, errs.NotYours}}, false, 0, 0, true},
		{"a third person afterwards", []step{{rev, 1, nil}, {third, 1, errs.NotYours}, {third, 4, errs.NotYours}}, true, 1, 1, false},
		{"no such status", []step{{rev, 0, errs.Bad}, {rev, 5, errs.Bad}, {rev, -1, errs.Bad}}, false, 0, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w *world) {
				p := w.people(t, 3)
				id := w.request(t, p[send], p[rev])
				for i, s := range c.steps {
					out, err := w.handle(t, p[s.who], id, s.status)
					wantCode(t, fmt.Sprintf("step %d", i), err, s.want)
					if err == nil && (out.Verify.ID != id || out.By != p[s.who]) {
						t.Errorf("step %d: %+v", i, out)
					}
				}
				v, err := requestOf(w.d.DB, id)
				if err != nil {
					t.Fatal(err)
				}
				if v.SendStatus != c.sendSees || v.RevStatus != c.revSees || (v.OpenKey != nil) != c.isOpen {
					t.Errorf("%+v", v)
				}
				if f := w.pair(t, p[send], p[rev]); f.IsFriend != c.isFriend || f.IsFriend && f.RightsVer != 1 {
					t.Errorf("%+v", f)
				}
			})
		})
	}
}

func TestHandleWhatIsNotThere(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.people(t, 2)
		for _, id := range []uint64{0, 77, 1 << 53, 1<<64 - 1} {
			_, err := w.handle(t, p[0], id, RequestAccepted)
			wantCode(t, fmt.Sprint("request ", id), err, errs.NotYours)
		}
		id := w.request(t, p[0], p[1])
		for _, notice := range []string{strings.Repeat("n", 33), "a\nb", "\xff"} {
			_, err := w.friends.Handle(t.Context(), p[1], id, RequestAccepted, notice, w.now)
			wantCode(t, "notice "+notice, err, errs.Bad)
		}
		notice := strings.Repeat("图", 32)
		out, err := w.friends.Handle(t.Context(), p[1], id, RequestAccepted, notice, w.now)
		if err != nil || out.Pair.Of(p[1]).Notice != notice || out.Pair.Of(p[0]).Notice != "" {
			t.Errorf("%+v, error %v", out, err)
		}
		gone := w.user(t, "gone", nil)
		id = w.request(t, gone, p[1])
		if err := w.d.Model(&UserModel{}).Where("id = ?", gone).Update("deleted_at", 1).Error; err != nil {
			t.Fatal(err)
		}
		_, err = w.handle(t, p[1], id, RequestAccepted)
		wantCode(t, "the sender has left", err, errs.NotFound)
		if _, err := w.handle(t, p[1], id, RequestRefused); err != nil {
			t.Errorf("refuse one who has left: %v", err)
		}
	})
}

func TestAfterARefusalOneMayAskAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.people(t, 2)
		first := w.request(t, p[0], p[1])
		if _, err := w.handle(t, p[1], first, RequestRefused); err != nil {
			t.Fatal(err)
		}
		if second := w.request(t, p[0], p[1]); second == first {
			t.Error("the refused request was opened again")
		}
	})
}

func TestRequests(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.people(t, 8)
		me := p[0]
		var ids []uint64
		for i := 1; i <= 5; i++ { // five came: pending, accepted, refused, ignored, deleted
			id := w.request(t, p[i], me)
			if i > 1 {
				if _, err := w.handle(t, me, id, int32(i-1)); err != nil {
					t.Fatal(err)
				}
			}
			ids = append(ids, id)
		}
		ids = append(ids, w.request(t, me, p[6]), w.request(t, me, p[7]))
		if _, err := w.handle(t, me, ids[6], RequestDeleted); err != nil {
			t.Fatal(err)
		}
		w.request(t, p[1], p[2]) // of others

		for _, c := range []struct {
			name        string
			flag        string
			status      int32 // -1: absent
			page, limit int32
			want        []int
			count       int64
		}{
			{"both ways, newest first", "", -1, 1, 20, []int{5, 3, 2, 1, 0}, 5},
			{"received", "rev", -1, 1, 20, []int{3, 2, 1, 0}, 4},
			{"sent", "send", -1, 1, 20, []int{5}, 1},
			{"waiting", "", 0, 1, 20, []int{5, 0}, 2},
			{"received and waiting", "rev", 0, 1, 20, []int{0}, 1},
			{"accepted", "rev", 1, 1, 20, []int{1}, 1},
			{"refused", "rev", 2, 1, 20, []int{2}, 1},
			{"ignored", "rev", 3, 1, 20, []int{3}, 1},
			{"deleted", "", 4, 1, 20, []int{6, 4}, 2},
			{"first page", "rev", -1, 1, 3, []int{3, 2, 1}, 4},
			{"second page", "rev", -1, 2, 3, []int{0}, 4},
			{"beyond", "rev", -1, 3, 3, nil, 4},
		} {
			status := &c.status
			if c.status < 0 {
				status = nil
			}
			list, count, err := w.friends.Requests(t.Context(), me, c.flag, status, c.page, c.limit)
			var got []int
			for _, v := range list {
				got = append(got, slices.Index(ids, v.ID))
			}
			if err != nil || count != c.count || !slices.Equal(got, c.want) {
				t.Errorf("%s: %v of %d, error %v, want %v of %d", c.name, got, count, err, c.want, c.count)
			}
		}
		for _, bad := range []int32{-1, 5} {
			_, _, err := w.friends.Requests(t.Context(), me, "", &bad, 1, 20)
			wantCode(t, fmt.Sprint("status ", bad), err, errs.Bad)
		}
		_, _, err := w.friends.Requests(t.Context(), me, "both", nil, 1, 20)
		wantCode(t, "flag", err, errs.Bad)
		if n, err := w.friends.Pending(t.Context(), me); err != nil || n != 1 {
			t.Errorf("%d wait, error %v", n, err)
		}
		// What the receiver ignored or deleted still waits for the sender.
		for _, who := range []uint64{p[4], p[5]} {
			list, _, err := w.friends.Requests(t.Context(), who, "send", new(int32(RequestPending)), 1, 20)
			if err != nil || len(list) != 1 {
				t.Errorf("sender sees %+v, error %v", list, err)
			}
		}
	})
}

func TestAnswersAreForTheReceiver(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		me := w.user(t, "me", nil)
		you := w.user(t, "you", mode(VerifyAnswers, Question{Problem1: "who?", Answer1: "secret"}))
		out, err := w.friends.Ask(t.Context(), Ask{From: me, To: you, Question: Question{Problem1: "mine", Answer1: "ann", Answer2: "more"}}, w.now)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := out.Verify.Shown(you), (Question{Problem1: "who?", Answer1: "ann", Answer2: "more"}); got != want {
			t.Errorf("receiver sees %+v", got)
		}
		if got, want := out.Verify.Shown(me), (Question{Problem1: "who?"}); got != want {
			t.Errorf("sender sees %+v", got)
		}
	})
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		f         FriendModel
		low, high int32
	}{
		{"strangers", FriendModel{}, 40002, 40002},
		{"friends", FriendModel{IsFriend: true}, 0, 0},
		{"low blocks", FriendModel{IsFriend: true, Low: Side{Blocks: true}}, 0, 40003},
		{"high blocks", FriendModel{IsFriend: true, High: Side{Blocks: true}}, 40003, 0},
		{"strangers who block", FriendModel{Low: Side{Blocks: true}, High: Side{Blocks: true}}, 40002, 40002},
	} {
		c.f.LowUserID, c.f.HighUserID = 3, 8
		if low, high := c.f.Refusal(3), c.f.Refusal(8); low != c.low || high != c.high {
			t.Errorf("%s: %d %d", c.name, low, high)
		}
	}
}

// A refusal inside a transaction leaves nothing behind, not even the pair.
func TestARefusedRequestLeavesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		me, you := w.user(t, "me", nil), w.user(t, "you", mode(VerifyNobody, Question{}))
		if _, err := w.ask(t, me, you); !errors.Is(err, errs.RefusesAll) {
			t.Fatal(err)
		}
		if n := w.count(t, &FriendModel{}, "1 = 1") + w.count(t, &FriendVerifyModel{}, "1 = 1"); n != 0 {
			t.Errorf("%d rows", n)
		}
	})
}
