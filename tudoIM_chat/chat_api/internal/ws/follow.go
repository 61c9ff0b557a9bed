package ws

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// Sockets are told unasked of the friends that their user wants to hear of.
// user_rpc says who they are, and bounds them; who wants to hear of nobody costs
// that one question. The news themselves come as those of a subscription do.

// come says that s is here.
func (w *watching) come(s *Session) {
	w.mu.Lock()
	defer w.mu.Unlock()
	user := s.who.UserID
	if w.here[user] == nil {
		w.here[user] = map[*Session]bool{}
	}
	w.here[user][s] = true
	w.fresh[user] = true
	signal(w.meet)
}

// leave says that s is not here any more, and ends all that it watches.
func (w *watching) leave(s *Session) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.here[s.who.UserID], s)
	if len(w.here[s.who.UserID]) == 0 {
		delete(w.here, s.who.UserID)
	}
	for _, v := range w.of[s] {
		v.subscribed, v.friend = false, false
	}
	w.forget(s, slices.Collect(maps.Keys(w.of[s])))
}

// meetAgain says that user may be told of other friends than before.
func (w *watching) meetAgain(user uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fresh[user] = true
	signal(w.meet)
}

// meetAll is meetAgain for all users: changes may have been missed.
func (w *watching) meetAll() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for user := range w.here {
		w.fresh[user] = true
	}
	signal(w.meet)
}

// lookFor has all looked at whom s watches.
func (w *watching) lookFor(s *Session) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for u := range w.of[s] {
		w.due[u] = true
	}
	signal(w.wake)
}

// follow asks for the friends of users until ctx ends. Who was asked for in
// vain is asked for again.
func (w *watching) follow(ctx context.Context) {
	t := time.NewTicker(w.pace.renew)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		case <-w.meet:
		}
		w.mu.Lock()
		users := slices.Collect(maps.Keys(w.fresh))
		clear(w.fresh)
		w.mu.Unlock()
		failed := w.meetEach(ctx, users)
		w.mu.Lock()
		for _, u := range failed {
			w.fresh[u] = true
		}
		w.mu.Unlock()
	}
}

// meetEach asks for the friends of users, some at once, and returns those for
// whom that failed. Behind the first who did nobody is asked for: all would.
func (w *watching) meetEach(ctx context.Context, users []uint64) (failed []uint64) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	slots := make(chan struct{}, askAtOnce)
	for n, user := range users {
		slots <- struct{}{}
		mu.Lock()
		over := len(failed) > 0
		if over {
			failed = append(failed, users[n:]...)
		}
		mu.Unlock()
		if over {
			break
		}
		wg.Go(func() {
			defer func() { <-slots }()
			err := w.friends(ctx, user)
			if err == nil || ctx.Err() != nil {
				return
			}
			logx.Errorf("ws: user %d is not told of friends yet: %v", user, err)
			mu.Lock()
			defer mu.Unlock()
			failed = append(failed, user)
		})
	}
	wg.Wait()
	return failed
}

// friends asks whom the sockets of user are to be told of, and has them told.
func (w *watching) friends(ctx context.Context, user uint64) error {
	w.mu.Lock()
	gone := len(w.here[user]) == 0
	w.mu.Unlock()
	if gone {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	at := time.Now()
	r, err := w.users.Following(ctx, &user_rpc.FollowingRequest{UserId: user})
	if err != nil {
		return err
	}
	fresh, touched := w.befriend(user, r, at)
	bell, cancel := context.WithTimeout(ctx, redisWait)
	defer cancel()
	// The bells first, then the states: what changes in between is not missed.
	if err := w.sub.Add(bell, channels(fresh)...); err != nil {
		return err
	}
	w.look(touched...)
	return nil
}

// befriend makes those whom r names, as of at, the friends that the sockets of
// user are told of. It returns those whose bells are not heard yet, and those
// that are to be looked at.
func (w *watching) befriend(user uint64, r *user_rpc.FollowingResponse, at time.Time) (fresh, touched []uint64) {
	friend, may := set(r.UserIds), set(r.WatchableIds)
	w.mu.Lock()
	defer w.mu.Unlock()
	touched = r.UserIds
	for s := range w.here[user] {
		for u, v := range w.of[s] {
			if !v.friend || friend[u] {
				continue
			}
			touched = append(touched, u)
			v.friend, v.asked = false, time.Time{} // whom it subscribed to it may see all the same, or no more
			if !v.subscribed {
				v.may, v.asked = false, at // shown offline, and then forgotten
			}
		}
		for _, u := range r.UserIds {
			if w.by[u] == nil {
				fresh = append(fresh, u)
			}
			v := w.view(s, u)
			if !v.friend && !v.subscribed {
				v.told = true
			}
			v.friend, v.may, v.asked = true, may[u], at
		}
	}
	return fresh, touched
}
