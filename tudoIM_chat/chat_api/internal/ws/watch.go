package ws

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/presence"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
	"tudoIM/tudoIM_user/user_rpc/user"
)

const (
	// maxWatched is how many users one socket watches at most, beside the friends
	// it is told of unasked.
	maxWatched = 500
	// askWait bounds one round of questions who may see whom, askAtOnce those
	// under way; perAsk is the most user_rpc answers at once.
	askWait   = 3 * time.Second
	askAtOnce = 8
	perAsk    = 200
	// redisWait bounds what a request waits for Redis.
	redisWait = 500 * time.Millisecond
	// laterWait is how long news wait for a socket whose queue is half full: they
	// are many when a user with many friends comes.
	laterWait = 100 * time.Millisecond
)

// watching knows which sockets of this node watch whom. The bell of a user
// says only that there may be news: the state is read in Redis, and compared
// with what each socket was last shown.
type watching struct {
	users user.User
	rdb   redis.UniversalClient
	sub   *event.Subscription
	pace  pace
	wake  chan struct{}
	meet  chan struct{}

	mu  sync.Mutex
	by  map[uint64]map[*Session]*view // by who is watched
	of  map[*Session]map[uint64]*view // by who watches
	due map[uint64]bool               // to be looked at
	end map[uint64]bool               // lost their last watcher
	// here are the sockets of each user, and fresh the users whose friends are to
	// be asked for.
	here  map[uint64]map[*Session]bool
	fresh map[uint64]bool
}

// view is what one socket knows of one user.
type view struct {
	// may is user_rpc's answer of asked whether it may see the user. A zero asked
	// is asked again at the next look, whether there are news or not.
	may   bool
	asked time.Time
	shown presence.State
	// subscribed says that the client has asked to be told of the user, friend
	// that it is told of its friends unasked.
	subscribed, friend bool
	// told says that the answer to subscribe is out; before that news wait,
	// and missed says that there were some.
	told, missed bool
}

// sight is what v lets see of s: somebody who must not be seen, is unknown or
// offline and never was seen looks the same.
func (v *view) sight(s presence.State) presence.State {
	if !v.may {
		return presence.State{}
	}
	return s
}

func newWatching(users user.User, rdb redis.UniversalClient, p pace) *watching {
	return &watching{
		users: users, rdb: rdb, pace: p, wake: make(chan struct{}, 1), meet: make(chan struct{}, 1),
		by: map[uint64]map[*Session]*view{}, of: map[*Session]map[uint64]*view{}, due: map[uint64]bool{}, end: map[uint64]bool{},
		here: map[uint64]map[*Session]bool{}, fresh: map[uint64]bool{},
	}
}

// heard takes the bell of a user off the bus.
func (w *watching) heard(channel string, e *wire.Event) {
	for _, to := range e.To {
		if e.Name == event.Presence && event.PresenceChannel(to.UserId) == channel {
			w.look(to.UserId)
		}
	}
}

// part has it asked again whether a and b may see each other.
func (w *watching) part(a, b uint64) {
	w.mu.Lock()
	for _, d := range []doubt{{a, b}, {b, a}} {
		w.keep(d, false, time.Time{})
	}
	w.mu.Unlock()
	w.look(a, b)
}

// doubtAll has it asked again whether anybody may see user.
func (w *watching) doubtAll(user uint64) {
	w.mu.Lock()
	for _, v := range w.by[user] {
		v.asked = time.Time{}
	}
	w.mu.Unlock()
	w.look(user)
}

// look has users looked at, if anybody watches them.
func (w *watching) look(users ...uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, u := range users {
		if w.by[u] != nil {
			w.due[u] = true
		}
	}
	signal(w.wake)
}

// lookAll has all users looked at: bells may have been missed.
func (w *watching) lookAll() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for u := range w.by {
		w.due[u] = true
	}
	signal(w.wake)
}

// run works until ctx ends. All who are watched are looked at again and again:
// a node that died does not ring.
func (w *watching) run(ctx context.Context) {
	t := time.NewTicker(w.pace.renew)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			w.lookAll()
		case <-w.wake:
			w.mu.Lock()
			due, end := slices.Collect(maps.Keys(w.due)), slices.Collect(maps.Keys(w.end))
			clear(w.due)
			clear(w.end)
			w.mu.Unlock()
			w.unhear(ctx, end)
			w.show(ctx, due)
		}
	}
}

// unhear ends the hearing of users that lost their last watcher. That may undo
// the hearing of one that came meanwhile, which is then done again.
func (w *watching) unhear(ctx context.Context, users []uint64) {
	w.mu.Lock()
	users = slices.DeleteFunc(users, func(u uint64) bool { return w.by[u] != nil })
	w.mu.Unlock()
	if len(users) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, redisWait)
	defer cancel()
	if err := w.sub.Remove(ctx, channels(users)...); err != nil {
		logx.Errorf("ws: %d users are still heard on the bus: %v", len(users), err)
	}
	w.mu.Lock()
	users = slices.DeleteFunc(users, func(u uint64) bool { return w.by[u] == nil })
	w.mu.Unlock()
	w.hear(ctx, users)
	w.look(users...)
}

// hear waits until the bells of users are heard, but not past ctx.
func (w *watching) hear(ctx context.Context, users []uint64) {
	if err := w.sub.Add(ctx, channels(users)...); err != nil {
		logx.Errorf("ws: %d users are not heard on the bus yet: %v", len(users), err)
	}
}

func channels(users []uint64) []string {
	names := make([]string, len(users))
	for i, u := range users {
		names[i] = event.PresenceChannel(u)
	}
	return names
}

// show tells the watchers of users what is new to them and they may see. While
// Redis does not answer what was shown stays.
func (w *watching) show(ctx context.Context, users []uint64) {
	if len(users) == 0 {
		return
	}
	states, err := presence.Read(ctx, w.rdb, users...)
	if err != nil {
		logx.Errorf("ws: nothing new is shown of %d users: %v", len(users), err)
		return
	}
	now := time.Now()
	w.ask(ctx, w.doubts(states, now))
	w.mu.Lock()
	defer w.mu.Unlock()
	later := false
	for u, s := range states {
		for session, v := range w.by[u] {
			switch {
			case !v.told:
				v.missed = true
			case now.Sub(v.asked) >= w.pace.trust: // nobody could say
			case session.resting():
			case v.sight(s).Same(v.shown):
				w.forget(session, []uint64{u}) // if that was the last it is told
			case session.busy():
				w.due[u], later = true, true
			default:
				v.shown = v.sight(s)
				session.event(event.Presence, time.Now().UnixMilli(), encode(stateOf(u, v.shown)))
				w.forget(session, []uint64{u})
			}
		}
	}
	if later {
		time.AfterFunc(laterWait, func() { signal(w.wake) })
	}
}

// doubt is a question: whether watcher may see user.
type doubt struct{ watcher, user uint64 }

// doubts returns what is to be asked before the watchers of states are told: of
// news, if the answer is too old to go by, and wherever there is no answer.
func (w *watching) doubts(states map[uint64]presence.State, now time.Time) map[doubt]bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	ask := map[doubt]bool{}
	for u, s := range states {
		for session, v := range w.by[u] {
			news := v.asked.IsZero() || !s.Same(v.shown)
			if v.told && now.Sub(v.asked) >= w.pace.trust && news && !session.resting() {
				ask[doubt{session.who.UserID, u}] = true
			}
		}
	}
	return ask
}

// ask asks user_rpc what is in doubt and keeps the answers. Who gets none is
// told nothing. A call is about one watcher or about one user, whichever makes
// the fewer calls: when somebody comes, all the friends ask about one.
func (w *watching) ask(ctx context.Context, doubts map[doubt]bool) {
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	byWatcher, byUser := map[uint64][]uint64{}, map[uint64][]uint64{}
	for d := range doubts {
		byWatcher[d.watcher] = append(byWatcher[d.watcher], d.user)
		byUser[d.user] = append(byUser[d.user], d.watcher)
	}
	if len(byUser) < len(byWatcher) {
		w.askEach(ctx, byUser, w.watchers, func(user, watcher uint64) doubt { return doubt{watcher, user} })
		return
	}
	w.askEach(ctx, byWatcher, w.watchable, func(watcher, user uint64) doubt { return doubt{watcher, user} })
}

// askEach asks about each of by, some at once.
func (w *watching) askEach(ctx context.Context, by map[uint64][]uint64,
	ask func(ctx context.Context, one uint64, others []uint64) (map[uint64]bool, error), of func(one, other uint64) doubt) {
	slots := make(chan struct{}, askAtOnce)
	var wg sync.WaitGroup
	for one, others := range by {
		for part := range slices.Chunk(others, perAsk) {
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				at := time.Now()
				may, err := ask(ctx, one, part)
				if err != nil {
					logx.Errorf("ws: of user %d and %d others none is told: %v", one, len(part), err)
					return
				}
				w.mu.Lock()
				defer w.mu.Unlock()
				for _, other := range part {
					w.keep(of(one, other), may[other], at)
				}
			})
		}
	}
	wg.Wait()
}

// watchable returns those of users whose presence watcher may see.
func (w *watching) watchable(ctx context.Context, watcher uint64, users []uint64) (map[uint64]bool, error) {
	r, err := w.users.Watchable(ctx, &user_rpc.WatchableRequest{UserId: watcher, UserIds: users})
	return set(r.GetUserIds()), err
}

// watchers returns those of watchers who may see the presence of user.
func (w *watching) watchers(ctx context.Context, user uint64, watchers []uint64) (map[uint64]bool, error) {
	r, err := w.users.Watchers(ctx, &user_rpc.WatchersRequest{UserId: user, WatcherIds: watchers})
	return set(r.GetWatcherIds()), err
}

// set is ids as a set.
func set(ids []uint64) map[uint64]bool {
	s := make(map[uint64]bool, len(ids))
	for _, id := range ids {
		s[id] = true
	}
	return s
}

// keep is for who has the lock.
func (w *watching) keep(d doubt, may bool, at time.Time) {
	for s := range w.here[d.watcher] {
		if v := w.of[s][d.user]; v != nil {
			v.may, v.asked = may, at
		}
	}
}

// add lets s watch users, asked at at with the answer may; news of them wait
// until told. More than maxWatched are refused, all of them.
func (w *watching) add(s *Session, users []uint64, may map[uint64]bool, at time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	asked := len(users)
	for _, v := range w.of[s] {
		if v.subscribed {
			asked++
		}
	}
	for _, u := range users {
		if v := w.of[s][u]; v != nil && v.subscribed {
			asked--
		}
	}
	if asked > maxWatched {
		return errs.BadArgument("userIds")
	}
	for _, u := range users {
		v := w.view(s, u)
		v.subscribed, v.may, v.asked, v.told = true, may[u], at, false
	}
	return nil
}

// view is what s knows of u, from now on if it knew nothing.
func (w *watching) view(s *Session, u uint64) *view {
	if w.of[s] == nil {
		w.of[s] = map[uint64]*view{}
	}
	if w.by[u] == nil {
		w.by[u] = map[*Session]*view{}
	}
	if w.of[s][u] == nil {
		w.of[s][u] = &view{}
		w.by[u][s] = w.of[s][u]
	}
	return w.of[s][u]
}

// tell acks s's request with the states of users; from now on it is told news.
func (w *watching) tell(s *Session, req *request, users []uint64, states map[uint64]presence.State) {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := make([]state, len(users))
	for i, u := range users {
		v := w.of[s][u]
		v.shown, v.told = v.sight(states[u]), true
		list[i] = stateOf(u, v.shown)
		if v.missed {
			v.missed = false
			w.due[u] = true
			signal(w.wake)
		}
	}
	s.reply(req, map[string]any{"list": list}, nil)
}

// drop ends s's subscription of users.
func (w *watching) drop(s *Session, users ...uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, u := range users {
		if v := w.of[s][u]; v != nil {
			v.subscribed = false
		}
	}
	w.forget(s, users)
}

// forget ends s's watching of those of users of whom it is not told for any
// reason.
func (w *watching) forget(s *Session, users []uint64) {
	for _, u := range users {
		if v := w.of[s][u]; v == nil || v.subscribed || v.friend {
			continue
		}
		delete(w.of[s], u)
		delete(w.by[u], s)
		if len(w.by[u]) == 0 {
			delete(w.by, u)
			w.end[u] = true
			signal(w.wake)
		}
	}
	if len(w.of[s]) == 0 {
		delete(w.of, s)
	}
}

// state is a user's presence as clients get it.
type state struct {
	UserID     uint64   `json:"userId"`
	IsOnline   bool     `json:"isOnline"`
	Platforms  []string `json:"platforms"`
	LastSeenAt int64    `json:"lastSeenAt"`
}

func stateOf(u uint64, s presence.State) state {
	return state{u, s.IsOnline, append([]string{}, s.Platforms...), s.LastSeenAt}
}

// encode is the JSON of s, which always has one.
func encode(s state) []byte {
	data, err := json.Marshal(s)
	if err != nil {
		logx.Errorf("ws: presence: %v", err)
	}
	return data
}
