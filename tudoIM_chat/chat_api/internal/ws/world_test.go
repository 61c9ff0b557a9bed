package ws

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"

	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/rate"
	"tudoIM/common/response"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/core/cache"
	"tudoIM/core/embedded"
	"tudoIM/tudoIM_auth/auth_rpc/auth"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_chat/chat_api/internal/people"
	"tudoIM/tudoIM_chat/chat_api/internal/talk"
	"tudoIM/tudoIM_group/group_rpc/groups"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// fakeChat is a chat_rpc that keeps nothing but the last seq. Its gate, when
// there is one, holds every send back until it is closed.
type fakeChat struct {
	wire.MessagesClient
	users *fakeUsers
	gate  chan struct{}

	mu   sync.Mutex
	seq  uint64
	sent []*wire.SendItem
}

func (f *fakeChat) Send(ctx context.Context, in *wire.SendRequest, _ ...grpc.CallOption) (*wire.SendResponse, error) {
	if f.gate != nil {
		select {
		case <-f.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	resp := &wire.SendResponse{}
	for _, i := range in.List {
		f.sent = append(f.sent, i)
		if !strings.Contains(string(i.Msg), `"textMsg"`) {
			resp.List = append(resp.List, &wire.SendResult{Code: 40005})
			continue
		}
		f.seq++
		resp.List = append(resp.List, &wire.SendResult{Message: message(i.UserId, i.TargetId, f.seq)})
	}
	return resp, nil
}

func (f *fakeChat) Read(_ context.Context, in *wire.ReadRequest, _ ...grpc.CallOption) (*wire.ReadResponse, error) {
	if in.ReadSeq > 10 {
		return nil, errs.ReadBeyond.GRPC()
	}
	return &wire.ReadResponse{ReadSeq: in.ReadSeq, Unread: 10 - in.ReadSeq}, nil
}

func (f *fakeChat) Sync(_ context.Context, in *wire.SyncRequest, _ ...grpc.CallOption) (*wire.SyncResponse, error) {
	resp := &wire.SyncResponse{}
	for _, p := range in.List {
		resp.List = append(resp.List, &wire.SyncItem{
			Conversation: &wire.Conversation{Type: wire.Private, TargetId: p.TargetId, MaxSeq: p.Seq + 1},
			Messages:     []*wire.Message{message(p.TargetId, in.UserId, p.Seq+1)},
		})
	}
	return resp, nil
}

func (f *fakeChat) Unread(context.Context, *wire.UnreadRequest, ...grpc.CallOption) (*wire.UnreadResponse, error) {
	return &wire.UnreadResponse{TotalUnread: 12}, nil
}

// Hearers are the other one, unless one of the two is a stranger.
func (f *fakeChat) Hearers(_ context.Context, in *wire.SessionRequest, _ ...grpc.CallOption) (*wire.HearersResponse, error) {
	f.users.mu.Lock()
	defer f.users.mu.Unlock()
	f.users.checks++
	switch {
	case f.users.away:
		return nil, errs.Unavailable.GRPC()
	case f.users.strangers[in.UserId] || f.users.strangers[in.TargetId] || in.UserId == in.TargetId:
		return &wire.HearersResponse{}, nil
	}
	return &wire.HearersResponse{UserIds: []uint64{in.TargetId}}, nil
}

// noGroups is a group_rpc in which nobody is in any group.
type noGroups struct{ wire.MessagesClient }

func (noGroups) Send(_ context.Context, in *wire.SendRequest, _ ...grpc.CallOption) (*wire.SendResponse, error) {
	resp := &wire.SendResponse{}
	for range in.List {
		resp.List = append(resp.List, &wire.SendResult{Code: 50003})
	}
	return resp, nil
}

func (noGroups) Unread(context.Context, *wire.UnreadRequest, ...grpc.CallOption) (*wire.UnreadResponse, error) {
	return &wire.UnreadResponse{}, nil
}

func (noGroups) Hearers(context.Context, *wire.SessionRequest, ...grpc.CallOption) (*wire.HearersResponse, error) {
	return &wire.HearersResponse{}, nil
}

// fakeUsers is a user_rpc; away makes it fail.
type fakeUsers struct {
	user.User
	mu    sync.Mutex
	away  bool
	calls int
	// blind says that nobody may see a user; asked is how often that was asked.
	blind map[uint64]bool
	asked int
	// friends are of whom a user hears unasked; met is how often that was asked.
	friends map[uint64][]uint64
	met     int
	// strangers are nobody's friends; checks is how often friends were asked for.
	strangers map[uint64]bool
	checks    int
}

func (f *fakeUsers) Watchable(_ context.Context, in *user_rpc.WatchableRequest, _ ...grpc.CallOption) (*user_rpc.WatchableResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	if f.away || len(in.UserIds) > 200 {
		return nil, errs.Unavailable.GRPC()
	}
	resp := &user_rpc.WatchableResponse{}
	for _, u := range in.UserIds {
		if !f.blind[u] {
			resp.UserIds = append(resp.UserIds, u)
		}
	}
	return resp, nil
}

func (f *fakeUsers) Watchers(_ context.Context, in *user_rpc.WatchersRequest, _ ...grpc.CallOption) (*user_rpc.WatchersResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	switch {
	case f.away || len(in.WatcherIds) > 200:
		return nil, errs.Unavailable.GRPC()
	case f.blind[in.UserId]:
		return &user_rpc.WatchersResponse{}, nil
	}
	return &user_rpc.WatchersResponse{WatcherIds: in.WatcherIds}, nil
}

func (f *fakeUsers) Following(_ context.Context, in *user_rpc.FollowingRequest, _ ...grpc.CallOption) (*user_rpc.FollowingResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.met++
	if f.away {
		return nil, errs.Unavailable.GRPC()
	}
	resp := &user_rpc.FollowingResponse{UserIds: f.friends[in.UserId]}
	for _, u := range resp.UserIds {
		if !f.blind[u] {
			resp.WatchableIds = append(resp.WatchableIds, u)
		}
	}
	return resp, nil
}

// change does f while no call is served.
func (f *fakeUsers) change(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
}

func (f *fakeUsers) Profiles(_ context.Context, in *user_rpc.ProfilesRequest, _ ...grpc.CallOption) (*user_rpc.ProfilesResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	if f.away {
		return nil, errors.New("user_rpc is away")
	}
	resp := &user_rpc.ProfilesResponse{}
	for _, id := range in.UserIds {
		resp.List = append(resp.List, &user_rpc.Profile{UserId: id, Nickname: fmt.Sprintf("Nick %d", id), Avatar: "a.png"})
	}
	return resp, nil
}

// fakeAuth is an auth_rpc. Its tokens say what they are good for: user,
// session and seconds.
type fakeAuth struct {
	auth.Auth
	mu    sync.Mutex
	away  bool
	ended map[uint64]bool
	asked int // how often about the end of sessions
}

func (f *fakeAuth) Verify(_ context.Context, in *auth_rpc.VerifyRequest, _ ...grpc.CallOption) (*auth_rpc.VerifyResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var user, session uint64
	var left int64
	if _, err := fmt.Sscanf(in.AccessToken, "%d.%d.%d", &user, &session, &left); err != nil {
		return nil, errs.Unauthorized.GRPC()
	}
	switch {
	case f.away:
		return nil, errs.Unavailable.GRPC()
	case left <= 0:
		return nil, errs.TokenExpired.GRPC()
	case f.ended[session]:
		return nil, errs.Kicked.GRPC()
	}
	return &auth_rpc.VerifyResponse{UserId: user, SessionId: session, ExpiresAt: time.Now().Unix() + left, ExpiresIn: left}, nil
}

func (f *fakeAuth) Ended(_ context.Context, in *auth_rpc.EndedRequest, _ ...grpc.CallOption) (*auth_rpc.EndedResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	if f.away || len(in.List) > 500 {
		return nil, errs.Unavailable.GRPC()
	}
	resp := &auth_rpc.EndedResponse{}
	for _, s := range in.List {
		if f.ended[s.SessionId] {
			resp.List = append(resp.List, s)
		}
	}
	return resp, nil
}

// change does f while no call is served.
func (f *fakeAuth) change(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
}

func message(from, to, seq uint64) *wire.Message {
	return &wire.Message{
		Id: 2 * seq, Type: 1, SendUserId: from, TargetId: to, Seq: seq, Ver: seq, ClientMsgId: fmt.Sprintf("c%d", seq),
		MsgType: 1, Msg: []byte(`{"type":1,"textMsg":{"content":"hello"}}`), MsgPreview: "hello", CreatedAt: 1_700_000_000_000,
	}
}

// fakeGroups is a group_rpc: the places by group and user. Its gate, when there
// is one, holds every answer back until it is closed.
type fakeGroups struct {
	groups.Groups
	mu    sync.Mutex
	away  bool
	asked int
	gate  chan struct{}
	vers  map[uint64]uint64
	in    map[seat]place
	// between is done behind an answer, before it is given.
	between func()
}

func (f *fakeGroups) Places(ctx context.Context, in *group_rpc.PlacesRequest, _ ...grpc.CallOption) (*group_rpc.PlacesResponse, error) {
	f.mu.Lock()
	gate := f.gate
	f.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	f.mu.Lock()
	f.asked++
	resp, between, away := f.answer(in), f.between, f.away
	f.between = nil
	f.mu.Unlock()
	if between != nil {
		between()
	}
	if away {
		return nil, errs.Unavailable.GRPC()
	}
	return resp, nil
}

// answer is in parts of two groups.
func (f *fakeGroups) answer(in *group_rpc.PlacesRequest) *group_rpc.PlacesResponse {
	resp := &group_rpc.PlacesResponse{}
	for _, g := range slices.Sorted(maps.Keys(f.vers)) {
		r := &group_rpc.Roster{GroupId: g, Ver: f.vers[g]}
		for _, u := range in.UserIds {
			if p, ok := f.in[seat{g, u}]; ok {
				r.Members = append(r.Members, &group_rpc.Place{UserId: u, JoinSeq: p.join, ReadSeq: p.read})
			}
		}
		if g <= in.After || len(in.GroupIds) == 0 && len(r.Members) == 0 || len(in.GroupIds) > 0 && !slices.Contains(in.GroupIds, g) {
			continue
		}
		if len(resp.List) == 2 {
			resp.Next = resp.List[1].GroupId
			break
		}
		resp.List = append(resp.List, r)
	}
	return resp
}

// change does f while no call is answered.
func (f *fakeGroups) change(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
}

// set makes the group one of users, who have read up to read, in version ver.
func (f *fakeGroups) set(group, ver, read uint64, users ...uint64) {
	f.change(func() {
		f.vers[group] = ver
		maps.DeleteFunc(f.in, func(s seat, _ place) bool { return s.group == group })
		for _, u := range users {
			f.in[seat{group, u}] = place{read: read}
		}
	})
}

// questions is how often group_rpc was asked.
func (f *fakeGroups) questions() (n int) {
	f.change(func() { n = f.asked })
	return n
}

// world is a node: a hub behind an HTTP server, on a real bus.
type world struct {
	// asks bounds what a user asks for, rates what is sent; nil does not.
	asks  *rate.Limiter
	rates talk.Rates
	hub   *Hub
	chat  *fakeChat
	users *fakeUsers
	auth  *fakeAuth
	group *fakeGroups
	bus   *event.Bus
	rdb   *redis.Client
	pace  pace
	redis string
	url   string
	end   func()
}

// usual are the limits a site has by itself.
var usual = Limits{PerUser: 10, FrameBytes: 64 << 10, QueueFrames: 256, QueueBytes: 1 << 20, InFlight: 32}

func emptyWorld() *world {
	users := &fakeUsers{blind: map[uint64]bool{}, friends: map[uint64][]uint64{}, strangers: map[uint64]bool{}}
	return &world{chat: &fakeChat{users: users}, users: users,
		auth: &fakeAuth{ended: map[uint64]bool{}}, pace: usualPace,
		group: &fakeGroups{vers: map[uint64]uint64{}, in: map[seat]place{}}}
}

func newWorld(t *testing.T, set ...func(*world)) *world {
	t.Helper()
	server, err := embedded.StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	w := emptyWorld()
	w.start(t, server.URL(), set...)
	return w
}

func (w *world) start(t *testing.T, url string, set ...func(*world)) {
	t.Helper()
	rdb, err := cache.Open(url)
	if err != nil {
		t.Fatal(err)
	}
	w.rdb, w.redis = patient(t, url), url
	for _, f := range set {
		f(w)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	secret := []byte(strings.Repeat("s", 32))
	w.bus = event.NewBus(w.rdb, secret)
	bus, who := event.NewBus(rdb, secret), people.New(w.users)
	w.hub = newHub(ctx, bus, talk.New(ctx, talk.Links{Private: w.chat, Group: noGroups{}, People: who, Users: w.users, Bus: bus, Rates: w.rates}), who,
		Links{Auth: w.auth, Users: w.users, Groups: w.group, Redis: rdb, Limits: usual, Ops: w.asks}, w.pace)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		id := func(name string) uint64 {
			n, _ := strconv.ParseUint(r.URL.Query().Get(name), 10, 64)
			return n
		}
		ends, err := strconv.ParseInt(r.URL.Query().Get("ends"), 10, 64)
		if err != nil {
			ends = 3600
		}
		who := token.Identity{UserID: id("user"), SessionID: id("session"), ExpiresAt: time.Now().Unix() + ends, Platform: r.URL.Query().Get("platform"), Lang: r.URL.Query().Get("lang")}
		if err := w.hub.Serve(rw, r, who); err != nil {
			response.Write(rw, r, nil, err)
		}
	}))
	w.url = "ws" + strings.TrimPrefix(server.URL, "http")
	w.end = sync.OnceFunc(func() {
		w.hub.End(context.Background())
		wait(t, "the sockets to end", func() bool { return len(w.hub.all()) == 0 })
		server.Close()
		cancel()
	})
	t.Cleanup(w.end)
}

// patient returns a client that never says a thing twice because an answer is
// slow, as the nodes' own do.
func patient(t *testing.T, url string) *redis.Client {
	t.Helper()
	o, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	o.MaxRetries, o.ReadTimeout = -1, patience
	c := redis.NewClient(o)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// wait waits until ok, which is asked again and again.
func wait(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline, again := time.After(patience), time.NewTicker(time.Millisecond)
	defer again.Stop()
	for !ok() {
		select {
		case <-again.C:
		case <-deadline:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// frame is what a client gets.
type frame struct {
	Op, ID, Event string
	Code          int
	Msg           string
	N             uint64
	Ts            int64
	Data          json.RawMessage
}

func (f frame) String() string {
	return fmt.Sprintf("%s %s%s code %d n %d ts %d %.300s", f.Op, f.ID, f.Event, f.Code, f.N, f.Ts, f.Data)
}

// socket is a client's.
type socket struct {
	*websocket.Conn
	t *testing.T
}

func (w *world) dial(t *testing.T, user, session uint64) *socket {
	t.Helper()
	return w.dialWith(t, user, session, "")
}

// dialWith dials with more of a query.
func (w *world) dialWith(t *testing.T, user, session uint64, more string) *socket {
	t.Helper()
	c, resp, err := websocket.DefaultDialer.Dial(fmt.Sprintf("%s/?user=%d&session=%d%s", w.url, user, session, more), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = c.Close() })
	return &socket{c, t}
}

// join dials and takes hello off.
func (w *world) join(t *testing.T, user, session uint64) *socket {
	t.Helper()
	s := w.dial(t, user, session)
	if f := s.next(); f.Event != "hello" {
		t.Fatalf("first is %+v", f)
	}
	return s
}

// on is join on a platform.
func (w *world) on(t *testing.T, user uint64, platform string) *socket {
	t.Helper()
	s := w.dialWith(t, user, 1, "&platform="+platform)
	if f := s.next(); f.Event != "hello" {
		t.Fatalf("first is %+v", f)
	}
	return s
}

func (s *socket) write(text string) {
	s.t.Helper()
	if err := s.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *socket) next() frame {
	s.t.Helper()
	_ = s.SetReadDeadline(time.Now().Add(patience))
	kind, body, err := s.ReadMessage()
	if err != nil {
		s.t.Fatal(err)
	}
	var f frame
	if err := json.Unmarshal(body, &f); err != nil || kind != websocket.TextMessage {
		s.t.Fatalf("frame of kind %d: %s: %v", kind, body, err)
	}
	return f
}

// ask sends a request and returns its ack.
func (s *socket) ask(id, op, data string) frame {
	s.t.Helper()
	s.write(fmt.Sprintf(`{"op":%q,"id":%q%s}`, op, id, data))
	f := s.next()
	if f.Op != "ack" || f.ID != id {
		s.t.Fatalf("%s %s: got %+v", op, data, f)
	}
	return f
}

// closed reads to the end and returns the close code, or 0 if the connection
// ended without one.
func (s *socket) closed() int {
	s.t.Helper()
	_ = s.SetReadDeadline(time.Now().Add(patience))
	for {
		_, _, err := s.ReadMessage()
		var timeout interface{ Timeout() bool }
		if errors.As(err, &timeout) && timeout.Timeout() {
			s.t.Fatal("the socket is still open")
		}
		var bye *websocket.CloseError
		switch {
		case errors.As(err, &bye):
			return bye.Code
		case err != nil:
			return 0
		}
	}
}

func (w *world) publish(t *testing.T, events ...*wire.Event) {
	t.Helper()
	if err := w.bus.Publish(t.Context(), events...); err != nil {
		t.Fatal(err)
	}
}

// messageEvent is the event of a message from one user to another.
func messageEvent(from, to, seq uint64) *wire.Event {
	return &wire.Event{
		Name: event.Message, Ts: 1_700_000_000_000, Message: message(from, to, seq), MaxSeq: seq,
		To: []*wire.Receiver{{UserId: from}, {UserId: to, Unread: seq}},
	}
}

func sendFrame(id, to any, client string) string {
	return fmt.Sprintf(`{"op":"send","id":"%v","data":{"revUserId":%v,"clientMsgId":%q,"msg":{"type":1,"textMsg":{"content":"x"}}}}`, id, to, client)
}
