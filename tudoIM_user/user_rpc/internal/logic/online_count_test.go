package logic

import (
	"context"
	"slices"
	"testing"

	"tudoIM/common/errs"
	"tudoIM/core/cache"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

func TestWhoShowsItCountsAsOnline(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		here, away, gone := w.user(t, nil), w.user(t, nil), w.user(t, nil)
		shy := w.user(t, func(c *model.UserConfModel) { c.ShowOnline = false })
		for _, id := range []uint64{here, shy, gone} {
			w.connect(t, "a", id)
		}
		w.connect(t, "b", here)
		if err := w.delete(t, gone); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name string
			ids  []uint64
			want int64
		}{
			{"nobody", nil, 0},
			{"one on two nodes", []uint64{here}, 1},
			{"named twice", []uint64{here, away, here}, 1},
			{"who is away", []uint64{away}, 0},
			{"who does not show it", []uint64{shy}, 0},
			{"a closed account", []uint64{gone}, 0},
			{"users that are not", []uint64{0, 1 << 63, gone + shy}, 0},
			{"all", []uint64{gone, shy, away, here}, 1},
			{"as many as may be", slices.Repeat([]uint64{here}, maxCounted), 1},
		} {
			got, err := NewOnlineCountLogic(t.Context(), w.ServiceContext).OnlineCount(&user_rpc.OnlineCountRequest{UserIds: c.ids})
			if err != nil || got.Count != c.want {
				t.Errorf("%s: %v, error %v", c.name, got, err)
			}
		}
		_, err := NewOnlineCountLogic(t.Context(), w.ServiceContext).OnlineCount(
			&user_rpc.OnlineCountRequest{UserIds: slices.Repeat([]uint64{here}, maxCounted+1)})
		wantCode(t, "one more", err, errs.Bad)
	})
}

func TestNobodyIsCountedOnlineWhileNobodyCanTell(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	here := w.user(t, nil)
	w.connect(t, "a", here)
	nobody, err := cache.Open("127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nobody.Close() })
	w.Redis = nobody
	in := &user_rpc.OnlineCountRequest{UserIds: []uint64{here}}
	if got, err := NewOnlineCountLogic(t.Context(), w.ServiceContext).OnlineCount(in); err != nil || got.Count != 0 {
		t.Errorf("Redis away: %v, error %v", got, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := NewOnlineCountLogic(ended, w.ServiceContext).OnlineCount(in); err == nil {
		t.Errorf("the database away: %v", got)
	}
}
