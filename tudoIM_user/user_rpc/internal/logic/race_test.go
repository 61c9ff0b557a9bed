package logic

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// together runs calls at the same time and returns what each came to.
func together(calls ...func() error) []error {
	var wg sync.WaitGroup
	start, got := make(chan struct{}), make([]error, len(calls))
	for i, call := range calls {
		wg.Go(func() {
			<-start
			got[i] = call()
		})
	}
	close(start)
	wg.Wait()
	return got
}

// agree fails unless chat_rpc knows of a and b what is committed.
func (w *world) agree(t *testing.T, a, b uint64) *model.FriendModel {
	t.Helper()
	f := w.pair(t, a, b)
	want := [3]int64{int64(f.RightsVer), int64(f.Refusal(f.LowUserID)), int64(f.Refusal(f.HighUserID))}
	if got := w.chat.of(a, b); got != want {
		t.Errorf("chat_rpc knows %v of %+v, want %v", got, f, want)
	}
	if !f.RightsSynced {
		t.Errorf("%d and %d wait for the sweep, though every call was answered", a, b)
	}
	return f
}

// TestChatAgreesAfterARace has the two do things at once: after the answers
// chat_rpc knows what is committed, in whatever order it was told.
func TestChatAgreesAfterARace(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(w *world, t *testing.T, a, b, request uint64) error{
		"accept": func(w *world, t *testing.T, _, b, request uint64) error {
			_, err := w.handle(t, b, request, model.RequestAccepted)
			return err
		},
		"refuse": func(w *world, t *testing.T, _, b, request uint64) error {
			_, err := w.handle(t, b, request, model.RequestRefused)
			return err
		},
		"ask back": func(w *world, t *testing.T, a, b, _ uint64) error { _, err := w.add(t, b, a); return err },
		"end": func(w *world, t *testing.T, a, b, _ uint64) error {
			_, err := NewUnfriendLogic(t.Context(), w.ServiceContext).Unfriend(&user_rpc.PairRequest{UserId: a, PeerId: b})
			return err
		},
		"block": func(w *world, t *testing.T, a, b, _ uint64) error {
			_, err := NewBlockLogic(t.Context(), w.ServiceContext).Block(&user_rpc.PairRequest{UserId: b, PeerId: a})
			return err
		},
	} {
		t.Run("accept against "+name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w *world) {
				const pairs, repeats = 4, 4
				var calls []func() error
				var people [pairs][2]uint64
				for p := range people {
					a, b := w.user(t, nil), w.user(t, nil)
					people[p] = [2]uint64{a, b}
					asked, err := w.add(t, a, b)
					if err != nil {
						t.Fatal(err)
					}
					for range repeats {
						calls = append(calls,
							func() error { _, err := w.handle(t, b, asked.VerifyId, model.RequestAccepted); return err },
							func() error { return do(w, t, a, b, asked.VerifyId) })
					}
				}
				for _, err := range together(calls...) {
					switch {
					case err == nil, errors.Is(err, errs.Handled), errors.Is(err, errs.NotFriends), errors.Is(err, errs.AlreadyFriends), errors.Is(err, errs.RefusesAll):
					default:
						t.Error(err)
					}
				}
				for _, p := range people {
					f := w.pair(t, p[0], p[1])
					if f.RightsVer == 0 { // refused: never friends, which chat_rpc knows without a word
						if name != "refuse" || f.IsFriend || w.chat.of(p[0], p[1]) != [3]int64{} {
							t.Errorf("%+v", f)
						}
						continue
					}
					w.agree(t, p[0], p[1])
					if name != "end" && !f.IsFriend {
						t.Errorf("no friends: %+v", f)
					}
				}
			})
		})
	}
}

// TestOfFiftyAcceptsOneIsTold: each side hears of one friend, once.
func TestOfFiftyAcceptsOneIsTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a, b := w.user(t, nil), w.user(t, nil)
		asked, err := w.add(t, a, b)
		if err != nil {
			t.Fatal(err)
		}
		heard := w.listen(t, a, b)
		calls := make([]func() error, 50)
		for i := range calls {
			calls[i] = func() error {
				resp, err := w.handle(t, b, asked.VerifyId, model.RequestAccepted)
				if err == nil && resp.Friend.GetProfile().GetUserId() != a {
					return fmt.Errorf("accepted without the friend: %v", resp)
				}
				return err
			}
		}
		for _, err := range together(calls...) {
			if err != nil {
				t.Error(err)
			}
		}
		if f := w.agree(t, a, b); !f.IsFriend || f.RightsVer != 1 || f.Ver != 1 {
			t.Errorf("%+v", f)
		}
		if got := names(hear(t, heard, 4)); len(got) != 4 { // friendAdded and friendHandled for each
			t.Errorf("heard %v", got)
		}
		w.silent(t, heard, a)
		w.silent(t, heard, b)
	})
}
