package model

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/common/msglog"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

// unheard is a Talk that tells nobody.
type unheard struct{ Talk }

func (unheard) Publish(context.Context, []msglog.Committed) error { return nil }

// working are the groups of d, whose log is written until the test ends.
func working(t *testing.T, d *db.DB) Groups {
	t.Helper()
	log, err := msglog.New(d, Tables, unheard{Talk{DB: d}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var wg sync.WaitGroup
	wg.Go(func() { log.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	return Groups{DB: d, Limits: limits, Log: log}
}

// rules changes the group as its owner 1 may.
func rules(t *testing.T, q Groups, id uint64, x Change) {
	t.Helper()
	if err := x.Check(q.Limits); err != nil {
		t.Fatal(err)
	}
	if _, err := q.Update(t.Context(), id, 1, x); err != nil {
		t.Fatal(err)
	}
}

// crowd has n do f at the same time and counts the ends.
func crowd(n int, f func(n int) error) (done int32, refused map[int]int32) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	refused = map[int]int32{}
	for k := range n {
		wg.Go(func() {
			err := f(k)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				done++
				return
			}
			refused[errs.From(err).Code]++
		})
	}
	wg.Wait()
	return done, refused
}

// counted fails unless the group has n members, by its rows and by its count.
func counted(t *testing.T, q Groups, id uint64, n int64) {
	t.Helper()
	g, _, err := q.Get(t.Context(), id, 1)
	if err != nil {
		t.Fatal(err)
	}
	if in := rows(t, q.DB, &GroupMemberModel{}, "group_id = ? AND deleted_at = 0", id); in != n || int64(g.MemberCount) != n {
		t.Errorf("%d rows, counted %d, want %d", in, g.MemberCount, n)
	}
}

func TestOneSeatLeftIsTakenOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := working(t, d)
		g := create(t, q, 1, true, 2)
		rules(t, q, g.ID, Change{Size: new(int32(3)), Verification: new(model.VerifyAnybody)})
		done, refused := crowd(100, func(n int) error {
			_, _, err := q.Join(t.Context(), g.ID, Ask{User: uint64(100 + n)})
			return err
		})
		if done != 1 || refused[errs.GroupFull.Code] != 99 {
			t.Errorf("%d came in, refused %v", done, refused)
		}
		counted(t, q, g.ID, 3)
	}, Migration)
}

func TestOneRequestIsAcceptedOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := working(t, d)
		g := create(t, q, 1, true, 2)
		_, v, err := q.Join(t.Context(), g.ID, Ask{User: 9, Verify: "hi"})
		if err != nil {
			t.Fatal(err)
		}
		var came atomic.Int32
		done, refused := crowd(100, func(int) error {
			d, err := q.Handle(t.Context(), 1, v.ID, model.RequestAccepted)
			if err == nil {
				came.Add(int32(len(d.Joined)))
			}
			return err
		})
		if done != 100 || came.Load() != 1 {
			t.Errorf("%d answered, refused %v, came %d times", done, refused, came.Load())
		}
		counted(t, q, g.ID, 3)
		if n := rows(t, d, &GroupVerifyModel{}, "group_id = ? AND user_id = 9", g.ID); n != 1 {
			t.Errorf("%d requests", n)
		}
	}, Migration)
}

func TestALinkIsUsedAsOftenAsItMay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := working(t, d)
		g := create(t, q, 1, false)
		k, err := q.MakeLink(t.Context(), g.ID, 1, 0, 3)
		if err != nil {
			t.Fatal(err)
		}
		done, refused := crowd(20, func(n int) error {
			_, err := q.JoinByLink(t.Context(), k.Code, uint64(100+n))
			return err
		})
		if done != 3 || refused[errs.DeadLink.Code] != 17 {
			t.Errorf("%d came in, refused %v", done, refused)
		}
		counted(t, q, g.ID, 4)
	}, Migration)
}

func TestTwoWhoPassTheGroupOnLeaveOneOwner(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := working(t, d)
		g := create(t, q, 1, false, 2, 3, 4, 5)
		done, refused := crowd(4, func(n int) error {
			_, err := q.Transfer(t.Context(), g.ID, 1, uint64(2+n))
			return err
		})
		if done != 1 || refused[errs.LowRank.Code] != 3 {
			t.Errorf("%d passed it on, refused %v", done, refused)
		}
		if n := rows(t, d, &GroupMemberModel{}, "group_id = ? AND role = ?", g.ID, RoleOwner); n != 1 {
			t.Errorf("%d owners", n)
		}
	}, Migration)
}

// TestASendIsBeforeTheKickOrRefused has members send while they are put out,
// a thousand times: nothing of theirs stands behind the tip that says so.
func TestASendIsBeforeTheKickOrRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := working(t, d)
		const users, each = 50, 20
		var members []uint64
		for n := range users {
			members = append(members, uint64(100+n))
		}
		g := create(t, q, 1, false, members...)
		var wg sync.WaitGroup
		var stored atomic.Int32
		for _, u := range members {
			wg.Go(func() {
				for n := range each {
					i := &msglog.Item{Conversation: g.ID, Sender: u, Target: g.ID, ClientMsgID: fmt.Sprint(n), MsgType: 1, Body: []byte(`{"type":1,"textMsg":{"content":"x"}}`)}
					if err := q.Log.Append(t.Context(), []*msglog.Item{i}); err != nil {
						t.Error(err)
						return
					}
					switch {
					case i.Err == nil:
						stored.Add(1)
					case !errors.Is(i.Err, errs.NotMember):
						t.Errorf("%d: %v", u, i.Err)
					}
				}
			})
			wg.Go(func() {
				if _, err := q.Kick(t.Context(), g.ID, 1, u); err != nil {
					t.Errorf("%d: %v", u, err)
				}
			})
		}
		wg.Wait()
		list, err := q.Log.First(t.Context(), msglog.Range{Conversation: g.ID, Before: 1 << 60, Limit: 2 * users * each})
		if err != nil {
			t.Fatal(err)
		}
		out := map[uint64]bool{}
		kicks := 0
		for n, m := range list {
			if m.Seq != uint64(n)+1 {
				t.Fatalf("seq %d is number %d", m.Seq, n+1)
			}
			if m.SendUserId != 0 {
				if out[m.SendUserId] {
					t.Errorf("%d has sent %d behind the own kick", m.SendUserId, m.Seq)
				}
				continue
			}
			body, err := decodeTip(m.Msg)
			if err != nil {
				t.Fatal(err)
			}
			kicks++
			out[body.UserIDs[0]] = true
		}
		if kicks != users || len(list) != users+int(stored.Load()) {
			t.Errorf("%d kicks, %d messages, %d stored", kicks, len(list), stored.Load())
		}
		counted(t, q, g.ID, 1)
	}, Migration)
}

// decodeTip returns what a tip says.
func decodeTip(doc []byte) (*ctype.TipMsg, error) {
	body, err := ctype.Decode(doc)
	if err != nil {
		return nil, err
	}
	return body.TipMsg, nil
}
