package logic

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zeromicro/go-zero/core/logx"
	"google.golang.org/grpc"

	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/msglog"
	"tudoIM/common/presence"
	"tudoIM/common/wire"
	"tudoIM/core/cache"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
	"tudoIM/core/embedded"
	"tudoIM/tudoIM_auth/auth_rpc/auth"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_chat/chat_rpc/chat"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
	"tudoIM/tudoIM_group/group_rpc/groups"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

func TestMain(m *testing.M) {
	logx.Disable()
	os.Exit(m.Run())
}

// soon is how long anything that must happen may take.
const soon = 20 * time.Second

// rights is a chat_rpc that keeps what it is told, as the real one does: a
// version that is not higher changes nothing.
type rights struct {
	chat.Chat
	mu    sync.Mutex
	calls []*chat_rpc.SetRightsRequest
	known map[[2]uint64]*chat_rpc.SetRightsRequest
	fail  func(ctx context.Context, in *chat_rpc.SetRightsRequest) error

	senders
}

// senders is a half that keeps who may send, as the real ones do.
type senders struct {
	mu    sync.Mutex
	away  bool
	told  int
	known map[uint64]msglog.SenderState
}

func (s *senders) set(is msglog.SenderState) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told++
	if s.away {
		return errs.Unavailable
	}
	if s.known == nil {
		s.known = map[uint64]msglog.SenderState{}
	}
	if s.known[is.UserID].Version < is.Version {
		s.known[is.UserID] = is
	}
	return nil
}

func (s *senders) leave(away bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.away = away
}

// state returns what the half knows of user, without the number and the
// version, and how often it was told anything.
func (s *senders) state(user uint64) (is msglog.SenderState, told int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	is = s.known[user]
	is.UserID, is.Version = 0, 0
	return is, s.told
}

func (r *rights) SetSender(_ context.Context, in *chat_rpc.SetSenderRequest, _ ...grpc.CallOption) (*chat_rpc.SetSenderResponse, error) {
	return &chat_rpc.SetSenderResponse{}, r.senders.set(msglog.SenderState{
		UserID: in.UserId, Code: in.Refusal, Until: in.Until, Gone: in.Gone, NoReceipts: in.NoReceipts, Version: in.Version,
	})
}

// inGroups is a group_rpc that keeps who may send, and who owns groups.
type inGroups struct {
	groups.Groups
	senders
	owned map[uint64]int64
	// together are who write to each other without being friends; away is why
	// nobody can tell.
	together map[[2]uint64]bool
	away     error
}

func (g *inGroups) Together(_ context.Context, in *group_rpc.TogetherRequest, _ ...grpc.CallOption) (*group_rpc.TogetherResponse, error) {
	r := &group_rpc.TogetherResponse{}
	for _, id := range in.PeerIds {
		if g.together[[2]uint64{in.UserId, id}] {
			r.PeerIds = append(r.PeerIds, id)
		}
	}
	return r, g.away
}

func (g *inGroups) Counts(_ context.Context, in *group_rpc.CountsRequest, _ ...grpc.CallOption) (*group_rpc.CountsResponse, error) {
	r := &group_rpc.CountsResponse{}
	for _, id := range in.UserIds {
		r.List = append(r.List, &group_rpc.Count{UserId: id, Owned: g.owned[id]})
	}
	return r, nil
}

// ends is an auth_rpc that keeps what it is told to end.
type ends struct {
	auth.Auth
	mu   sync.Mutex
	away bool
	last map[uint64]*auth_rpc.EndSessionsRequest
}

func (e *ends) EndSessions(_ context.Context, in *auth_rpc.EndSessionsRequest, _ ...grpc.CallOption) (*auth_rpc.EndSessionsResponse, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.away {
		return nil, errs.Unavailable
	}
	if e.last[in.UserId].GetAuthVer() < in.AuthVer {
		e.last[in.UserId] = in
	}
	return &auth_rpc.EndSessionsResponse{}, nil
}

func (e *ends) leave(away bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.away = away
}

// of returns what was told last of user; zero if nothing was.
func (e *ends) of(user uint64) *auth_rpc.EndSessionsRequest {
	e.mu.Lock()
	defer e.mu.Unlock()
	if in := e.last[user]; in != nil {
		return in
	}
	return &auth_rpc.EndSessionsRequest{}
}

func (g *inGroups) SetSender(_ context.Context, in *group_rpc.SetSenderRequest, _ ...grpc.CallOption) (*group_rpc.SetSenderResponse, error) {
	return &group_rpc.SetSenderResponse{}, g.senders.set(msglog.SenderState{
		UserID: in.UserId, Code: in.Refusal, Until: in.Until, Gone: in.Gone, Version: in.Version,
	})
}

func (r *rights) SetRights(ctx context.Context, in *chat_rpc.SetRightsRequest, _ ...grpc.CallOption) (*chat_rpc.SetRightsResponse, error) {
	r.mu.Lock()
	fail := r.fail
	r.calls = append(r.calls, in)
	r.mu.Unlock()
	if fail != nil {
		if err := fail(ctx, in); err != nil {
			return nil, err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	key := [2]uint64{in.UserId, in.PeerId}
	if old := r.known[key]; old == nil || old.Version < in.Version {
		r.known[key] = in
	}
	return &chat_rpc.SetRightsResponse{}, nil
}

func (r *rights) set(fail func(context.Context, *chat_rpc.SetRightsRequest) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fail = fail
}

func down(context.Context, *chat_rpc.SetRightsRequest) error { return errs.Unavailable }

// hangs answers nothing before the caller gives up.
func hangs(ctx context.Context, _ *chat_rpc.SetRightsRequest) error {
	<-ctx.Done()
	return ctx.Err()
}

// of returns what chat_rpc knows of a and b: version and refusals of the lower
// and the higher.
func (r *rights) of(a, b uint64) [3]int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if in := r.known[[2]uint64{min(a, b), max(a, b)}]; in != nil {
		return [3]int64{int64(in.Version), int64(in.UserRefusal), int64(in.PeerRefusal)}
	}
	return [3]int64{}
}

// blocked returns which of a and b, the lower first, chat_rpc knows to be
// blocked by the other.
func (r *rights) blocked(a, b uint64) [2]bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	in := r.known[[2]uint64{min(a, b), max(a, b)}]
	return [2]bool{in.GetUserBlocked(), in.GetPeerBlocked()}
}

// world is user_rpc with other halves that only keep what they are told.
type world struct {
	*svc.ServiceContext
	auth   *ends
	chat   *rights
	groups *inGroups
	made   int
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	server, err := embedded.StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	rdb, err := cache.Open(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rdb.Close() })
	c := &rights{known: map[[2]uint64]*chat_rpc.SetRightsRequest{}}
	g, a := &inGroups{}, &ends{last: map[uint64]*auth_rpc.EndSessionsRequest{}}
	return &world{auth: a, chat: c, groups: g, ServiceContext: &svc.ServiceContext{
		DB: d, Auth: a, Chat: c, Groups: g, Redis: rdb, Bus: event.NewBus(rdb, []byte(strings.Repeat("s", 32))),
		Users:   model.Users{DB: d},
		Audits:  model.Audits{DB: d},
		Friends: model.Friends{DB: d, Limits: model.Limits{RequestsPerDay: 200, Friends: 5000}},
	}}
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newWorld(t, d)) }, model.Migration)
}

func onSQLite(t *testing.T) *world {
	t.Helper()
	return newWorld(t, dbtest.SQLite(t, model.Migration))
}

func (w *world) user(t *testing.T, change func(*model.UserConfModel)) uint64 {
	t.Helper()
	w.made++
	resp, err := NewCreateLogic(t.Context(), w.ServiceContext).Create(&user_rpc.CreateRequest{
		UserName: fmt.Sprintf("user-%d", w.made), Nickname: fmt.Sprintf("Nick %d", w.made), Pwd: "hash", RegisterSource: "web",
	})
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		c, err := w.Users.Conf(t.Context(), resp.UserId)
		if err != nil {
			t.Fatal(err)
		}
		change(c)
		w.save(t, c)
	}
	return resp.UserId
}

func (w *world) save(t *testing.T, row any) {
	t.Helper()
	if err := w.DB.Save(row).Error; err != nil {
		t.Fatal(err)
	}
}

func anybody(c *model.UserConfModel) { c.Verification = model.VerifyAnybody }

func (w *world) add(t *testing.T, from, to uint64) (*user_rpc.AddFriendResponse, error) {
	t.Helper()
	return NewAddFriendLogic(t.Context(), w.ServiceContext).AddFriend(&user_rpc.AddFriendRequest{UserId: from, FriendId: to, Verify: "hi"})
}

func (w *world) handle(t *testing.T, user, id uint64, status int32) (*user_rpc.HandleRequestResponse, error) {
	t.Helper()
	return NewHandleRequestLogic(t.Context(), w.ServiceContext).HandleRequest(&user_rpc.HandleRequestRequest{
		UserId: user, VerifyId: id, Status: status, Notice: "pal",
	})
}

// befriend makes two new friends of which chat_rpc knows.
func (w *world) befriend(t *testing.T) (a, b uint64) {
	t.Helper()
	a, b = w.user(t, anybody), w.user(t, anybody)
	if resp, err := w.add(t, a, b); err != nil || resp.Result != added {
		t.Fatalf("%+v, error %v", resp, err)
	}
	return a, b
}

func (w *world) pair(t *testing.T, a, b uint64) *model.FriendModel {
	t.Helper()
	f, err := w.Friends.Pair(t.Context(), a, b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// block makes a block b, as a process does that ends before it can tell.
func (w *world) block(t *testing.T, a, b uint64) {
	t.Helper()
	if _, changed, err := w.Friends.Block(t.Context(), a, b, time.Now()); err != nil || !changed {
		t.Fatalf("block: changed %v, error %v", changed, err)
	}
}

// until waits for what must become true.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	end := time.NewTimer(soon)
	defer end.Stop()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for !is() {
		select {
		case <-again.C:
		case <-end.C:
			t.Fatalf("not in time: %s", what)
		}
	}
}

// rung is what one user's devices hear.
type rung struct {
	name string
	data map[string]any
}

// listen returns what the bus says to users from now on, each by user.
func (w *world) listen(t *testing.T, users ...uint64) <-chan map[uint64]rung {
	t.Helper()
	heard := make(chan map[uint64]rung, 100)
	sub := w.Bus.Subscribe(t.Context(), func(channel string, e *wire.Event) {
		for _, to := range e.To {
			if event.UserChannel(to.UserId) != channel {
				continue
			}
			r := rung{name: e.Name}
			if err := json.Unmarshal(e.Data, &r.data); err != nil {
				t.Error(err)
			}
			heard <- map[uint64]rung{to.UserId: r}
		}
	}, func() {})
	for _, u := range users {
		if err := sub.Add(t.Context(), event.UserChannel(u)); err != nil {
			t.Fatal(err)
		}
	}
	return heard
}

// hear returns the next n events, name by user in any order, and their data.
func hear(t *testing.T, heard <-chan map[uint64]rung, n int) map[string]map[string]any {
	t.Helper()
	got := map[string]map[string]any{}
	end := time.NewTimer(soon)
	defer end.Stop()
	for range n {
		select {
		case one := <-heard:
			for user, r := range one {
				got[fmt.Sprintf("%s %d", r.name, user)] = r.data
			}
		case <-end.C:
			t.Fatalf("heard only %v", slices.Sorted(maps.Keys(got)))
		}
	}
	return got
}

// silent fails if anything was said before a mark that is said now.
func (w *world) silent(t *testing.T, heard <-chan map[uint64]rung, user uint64) {
	t.Helper()
	e, err := event.New("mark", map[string]any{}, user)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Bus.Publish(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if got := hear(t, heard, 1); got[fmt.Sprintf("mark %d", user)] == nil {
		t.Errorf("heard %v", got)
	}
}

func wantCode(t *testing.T, what string, err error, want *errs.Error) {
	t.Helper()
	if want == nil && err != nil || want != nil && !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

// connect counts as a node with a socket of user.
func (w *world) connect(t *testing.T, node string, user uint64) {
	t.Helper()
	if err := presence.NewLeases(w.Redis, node).Set(t.Context(), time.Now(), map[uint64][]string{user: {"web"}}); err != nil {
		t.Fatal(err)
	}
}

// disconnect is the end of the last socket of user on node.
func (w *world) disconnect(t *testing.T, node string, user uint64) {
	t.Helper()
	if err := presence.NewLeases(w.Redis, node).Remove(t.Context(), map[uint64]int64{user: 1}); err != nil {
		t.Fatal(err)
	}
}
