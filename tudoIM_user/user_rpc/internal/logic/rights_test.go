package logic

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
)

func TestFriendsMaySendBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a, b := w.user(t, nil), w.user(t, anybody)
		asked, err := w.add(t, b, a)
		if err != nil || asked.Result != pending || asked.VerifyId == 0 {
			t.Fatalf("%+v, error %v", asked, err)
		}
		if got := w.chat.of(a, b); got != [3]int64{} {
			t.Errorf("a request that waits tells chat_rpc %v", got)
		}
		done, err := w.handle(t, a, asked.VerifyId, model.RequestAccepted)
		if err != nil || done.Friend.Profile.UserId != b || done.Friend.Notice != "pal" || done.Friend.Ver != 2 {
			t.Fatalf("%+v, error %v", done, err)
		}
		if got := w.chat.of(a, b); got != [3]int64{1, 0, 0} {
			t.Errorf("chat_rpc knows %v", got)
		}
		if f := w.pair(t, a, b); !f.RightsSynced {
			t.Errorf("%+v", f)
		}
		calls := len(w.chat.calls)
		again, err := w.handle(t, a, asked.VerifyId, model.RequestAccepted)
		if err != nil || again.Friend.GetProfile().GetUserId() != b || len(w.chat.calls) != calls {
			t.Errorf("accepted again: %+v, error %v, %d more calls", again, err, len(w.chat.calls)-calls)
		}
	})
}

func TestRefusalsDoNotTouchRights(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	for _, status := range []int32{model.RequestRefused, model.RequestIgnored, model.RequestDeleted} {
		a, b := w.user(t, nil), w.user(t, nil)
		asked, err := w.add(t, a, b)
		if err != nil {
			t.Fatal(err)
		}
		if done, err := w.handle(t, b, asked.VerifyId, status); err != nil || done.Friend != nil {
			t.Errorf("%+v, error %v", done, err)
		}
	}
	if len(w.chat.calls) != 0 {
		t.Errorf("chat_rpc was told %v", w.chat.calls)
	}
}

// With chat_rpc away the caller gets 503 and the commit stands; the sweep, or
// the caller's next try, makes it whole.
func TestChatIsDown(t *testing.T) {
	t.Parallel()
	type how func(t *testing.T, w *world, a, b, id uint64)
	for name, heal := range map[string]how{
		"the sweep heals": func(t *testing.T, w *world, a, b, _ uint64) {
			if after := sweep(t.Context(), w.ServiceContext, 0); after != 0 {
				t.Errorf("the next sweep begins above %d", after)
			}
		},
		"another accept heals": func(t *testing.T, w *world, a, b, id uint64) {
			if done, err := w.handle(t, b, id, model.RequestAccepted); err != nil || done.Friend.GetProfile().GetUserId() != a {
				t.Errorf("%+v, error %v", done, err)
			}
		},
		"another request heals, from either side": func(t *testing.T, w *world, a, b, id uint64) {
			if done, err := w.add(t, a, b); err != nil || done.Result != added || done.VerifyId != id {
				t.Errorf("%+v, error %v", done, err)
			}
			_, err := w.add(t, b, a)
			wantCode(t, "once it is whole", err, errs.AlreadyFriends)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w *world) {
				a, b := w.user(t, nil), w.user(t, nil)
				asked, err := w.add(t, a, b)
				if err != nil {
					t.Fatal(err)
				}
				w.chat.set(down)
				for range 2 {
					_, err = w.handle(t, b, asked.VerifyId, model.RequestAccepted)
					wantCode(t, "accept", err, errs.Unavailable)
					_, err = w.add(t, a, b)
					wantCode(t, "ask", err, errs.Unavailable)
					sweep(t.Context(), w.ServiceContext, 0)
				}
				if f := w.pair(t, a, b); !f.IsFriend || f.RightsSynced || f.RightsVer != 1 {
					t.Errorf("meanwhile %+v", f)
				}
				w.chat.set(nil)
				heal(t, w, a, b, asked.VerifyId)
				if f := w.pair(t, a, b); !f.IsFriend || !f.RightsSynced || f.RightsVer != 1 {
					t.Errorf("afterwards %+v", f)
				}
				if got := w.chat.of(a, b); got != [3]int64{1, 0, 0} {
					t.Errorf("chat_rpc knows %v", got)
				}
			})
		})
	}
}

// Whatever chat_rpc answers, the caller learns only that it is not done yet.
func TestARefusalOfChatIsNoRefusalOfTheUser(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.user(t, nil), w.user(t, anybody)
	for _, answer := range []error{errs.Bad, errs.Internal, context.DeadlineExceeded, errors.New("broken")} {
		w.chat.set(func(context.Context, *chat_rpc.SetRightsRequest) error { return answer })
		_, err := w.add(t, a, b)
		wantCode(t, answer.Error(), err, errs.Unavailable)
	}
}

func TestTheSweepRunsByItself(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a, b := w.befriend(t)
		w.block(t, b, a) // by a process that ended before it could tell
		w.chat.set(down)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { SweepRights(ctx, w.ServiceContext) })
		until(t, "the sweep tried", func() bool {
			w.chat.mu.Lock()
			defer w.chat.mu.Unlock()
			return len(w.chat.calls) > 1
		})
		if w.pair(t, a, b).RightsSynced {
			t.Error("synced though chat_rpc is away")
		}
		w.chat.set(nil)
		until(t, "the sweep healed", func() bool { return w.pair(t, a, b).RightsSynced })
		if got := w.chat.of(a, b); got != [3]int64{2, 40003, 0} {
			t.Errorf("chat_rpc knows %v", got)
		}
		cancel()
		wg.Wait()
	})
}

func TestVersionsRise(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a, b := w.befriend(t)
		w.block(t, a, b)
		sweep(t.Context(), w.ServiceContext, 0)
		if _, changed, err := w.Friends.Unblock(t.Context(), a, b, time.Now()); err != nil || !changed {
			t.Fatalf("changed %v, error %v", changed, err)
		}
		sweep(t.Context(), w.ServiceContext, 0)
		sweep(t.Context(), w.ServiceContext, 0)
		var got [][3]int64
		for _, c := range w.chat.calls {
			if c.UserId != min(a, b) || c.PeerId != max(a, b) {
				t.Errorf("call for %d and %d", c.UserId, c.PeerId)
			}
			got = append(got, [3]int64{int64(c.Version), int64(c.UserRefusal), int64(c.PeerRefusal)})
		}
		// a has the lower id: whom a blocks is the peer.
		if want := [][3]int64{{1, 0, 0}, {2, 0, 40003}, {3, 0, 0}}; !slices.Equal(got, want) {
			t.Errorf("told %v, want %v", got, want)
		}
	})
}

// A call that was under way while the pair changed arrives last: what it says
// is old, and the change is told nevertheless.
func TestAnOldCallNeverWins(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a, b := w.user(t, nil), w.user(t, anybody)
		slow, goOn := make(chan struct{}), make(chan struct{})
		w.chat.set(func(_ context.Context, in *chat_rpc.SetRightsRequest) error {
			if in.Version == 1 {
				close(slow)
				<-goOn
			}
			return nil
		})
		var wg sync.WaitGroup
		wg.Go(func() {
			if resp, err := w.add(t, a, b); err != nil || resp.Result != added {
				t.Errorf("%+v, error %v", resp, err)
			}
		})
		<-slow
		w.block(t, b, a)
		w.chat.set(nil)
		close(goOn)
		wg.Wait()
		if w.pair(t, a, b).RightsSynced {
			t.Error("the old call marked the new rights as told")
		}
		sweep(t.Context(), w.ServiceContext, 0)
		if got := w.chat.of(a, b); got != [3]int64{2, 40003, 0} || !w.pair(t, a, b).RightsSynced {
			t.Errorf("chat_rpc knows %v", got)
		}
	})
}

// A pair that chat_rpc cannot take keeps no other waiting for longer than one
// round, and more pairs than a batch has are all told.
func TestOneBadPairKeepsNoOtherWaiting(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	const pairs = sweepBatch + 30
	for i := range uint64(pairs) {
		w.save(t, &model.FriendModel{LowUserID: i + 1, HighUserID: 1000, IsFriend: true, RightsVer: 1})
	}
	bad := func(in *chat_rpc.SetRightsRequest) bool { return in.UserId == 1 || in.UserId == 110 }
	w.chat.set(func(_ context.Context, in *chat_rpc.SetRightsRequest) error {
		if bad(in) {
			return errs.Internal
		}
		return nil
	})
	waiting := func() int {
		list, err := w.Friends.Unsynced(t.Context(), 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	rounds, after := 0, uint64(0)
	for again := true; again; again = after != 0 {
		if after = sweep(t.Context(), w.ServiceContext, after); rounds > 10 {
			t.Fatal("the sweep does not come to an end")
		}
		rounds++
	}
	if n := waiting(); n != 2 {
		t.Errorf("%d wait after %d rounds", n, rounds)
	}
	w.chat.set(nil)
	sweep(t.Context(), w.ServiceContext, after)
	if n := waiting(); n != 0 {
		t.Errorf("%d wait at the end", n)
	}
}

func TestTheSweepWithoutADatabase(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	pool, err := w.DB.DB.DB()
	if err != nil {
		t.Fatal(err)
	}
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}
	if after := sweep(t.Context(), w.ServiceContext, 7); after != 7 {
		t.Errorf("goes on above %d", after)
	}
}
