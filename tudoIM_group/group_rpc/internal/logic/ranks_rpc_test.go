package logic_test

import (
	"context"
	"fmt"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"
	"pgregory.net/rapid"

	"tudoIM/common/errs"
	"tudoIM/common/wire"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
	"tudoIM/tudoIM_group/group_rpc/internal/logic"
	"tudoIM/tudoIM_group/group_rpc/internal/model"
	"tudoIM/tudoIM_group/group_rpc/internal/server"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
	"tudoIM/tudoIM_user/user_rpc/user"
)

const (
	people   = 8 // of a world, numbered from its base on
	stranger = 8 // is nobody's friend
)

// acquainted is a user_rpc in which all are friends but strangers.
type acquainted struct{ user.User }

func (acquainted) CheckFriends(_ context.Context, in *user_rpc.CheckFriendsRequest, _ ...grpc.CallOption) (*user_rpc.CheckFriendsResponse, error) {
	r := &user_rpc.CheckFriendsResponse{}
	for _, id := range in.FriendIds {
		if id%100 != stranger {
			r.FriendIds = append(r.FriendIds, id)
		}
	}
	return r, nil
}

func (acquainted) Profiles(_ context.Context, in *user_rpc.ProfilesRequest, _ ...grpc.CallOption) (*user_rpc.ProfilesResponse, error) {
	r := &user_rpc.ProfilesResponse{}
	for _, id := range in.UserIds {
		r.List = append(r.List, &user_rpc.Profile{UserId: id, Nickname: fmt.Sprint("u", id)})
	}
	return r, nil
}

// serve serves s over gRPC and returns a connection to it.
func serve(t *testing.T, s *svc.ServiceContext) *grpc.ClientConn {
	t.Helper()
	listener := bufconn.Listen(1 << 20)
	rpc := grpc.NewServer(grpc.UnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		resp, err := next(ctx, req)
		if err != nil {
			err = errs.From(err).GRPC()
		}
		return resp, err
	}))
	group_rpc.RegisterGroupsServer(rpc, server.NewGroupsServer(s))
	wire.RegisterMessagesServer(rpc, s.Messages)
	var wg sync.WaitGroup
	wg.Go(func() { _ = rpc.Serve(listener) }) // until it is stopped
	conn, err := grpc.NewClient("passthrough:///group_rpc", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }),
		grpc.WithUnaryInterceptor(func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, call grpc.UnaryInvoker, opts ...grpc.CallOption) error {
			return errs.FromGRPC(call(ctx, method, req, reply, cc, opts...))
		}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = conn.Close()
		rpc.Stop()
		wg.Wait()
	})
	return conn
}

// world is a group as the rules say it must be, beside the real one.
type world struct {
	s        *svc.ServiceContext
	rpc      group_rpc.GroupsClient
	messages wire.MessagesClient
	base     uint64
	group    uint64

	role     map[uint64]int32 // of those who are in
	black    map[uint64]bool
	asks     map[uint64]uint64 // requests that wait: who, and by whom proposed
	muted    map[uint64]bool
	came     map[uint64]int // how often who came in by himself did
	over     bool           // dissolved
	findable bool
	invites  bool
	mode     int32
	silent   bool // all are muted
	size     int

	clients int
	ver     uint64
	seq     uint64
}

func (w *world) owner() (owner uint64) {
	for u, r := range w.role {
		if r == model.RoleOwner {
			owner = u
		}
	}
	return owner
}

// out is what who is not in is refused with.
func (w *world) out(u uint64) int {
	switch {
	case w.over:
		return 50005
	case w.role[u] != 0:
		return 0
	case w.findable:
		return 50003
	}
	return 50005
}

// leads is out, or what a member is refused with who does not lead.
func (w *world) leads(u uint64) int {
	if code := w.out(u); code != 0 {
		return code
	}
	if w.role[u] == model.RoleMember {
		return 50006
	}
	return 0
}

// against is what op is refused with when doing to target what only somebody
// of a higher rank may.
func (w *world) against(op, target uint64) int {
	if code := w.leads(op); code != 0 {
		return code
	}
	if w.role[target] == 0 {
		return 50003
	}
	if w.role[op] < w.role[target] {
		return 0
	}
	return 50006
}

// byOwner is against, for what only the owner may.
func (w *world) byOwner(op, target uint64) int {
	switch code := w.out(op); {
	case code != 0:
		return code
	case w.role[op] != model.RoleOwner:
		return 50006
	case w.role[target] == 0:
		return 50003
	case op == target:
		return 50006
	}
	return 0
}

func (w *world) full() bool { return len(w.role) >= w.size }

func (w *world) someone(t *rapid.T, what string) uint64 {
	return w.base + uint64(rapid.IntRange(1, people).Draw(t, what))
}

// check fails unless err has code; 0 is none.
func check(t *rapid.T, what string, err error, code int) bool {
	t.Helper()
	got := 0
	if err != nil {
		got = errs.From(err).Code
	}
	if got != code {
		t.Fatalf("%s: error %v, want %d", what, err, code)
	}
	return code == 0
}

func (w *world) enter(u uint64) {
	w.role[u] = model.RoleMember
	delete(w.asks, u)
}

func (w *world) leave(u uint64) { delete(w.role, u) }

// actions are what people do.
func (w *world) actions() map[string]func(t *rapid.T) {
	return map[string]func(t *rapid.T){
		"invite": w.invite, "join": w.join, "handle": w.handle, "kick": w.kick, "quit": w.quit, "transfer": w.transfer,
		"role": w.setRole, "mute": w.mute, "rename": w.rename, "block": w.block, "unblock": w.unblock, "rules": w.rules,
		"send": w.send, "dissolve": w.dissolve, "link": w.link, "gone": w.gone, "": w.invariants,
	}
}

func (w *world) invite(t *rapid.T) {
	op, target := w.someone(t, "op"), w.someone(t, "target")
	r, err := w.rpc.Invite(t.Context(), &group_rpc.InviteRequest{UserId: op, GroupId: w.group, UserIds: []uint64{target}})
	code, waits := w.out(op), false
	if op == target {
		code = 10001
	}
	if code == 0 && w.role[op] == model.RoleMember {
		switch waits = w.mode != 1; {
		case !w.invites:
			code = 50007
		case w.mode == 0:
			code = 50009
		}
	}
	if !check(t, "invite", err, code) {
		return
	}
	refusal := 0
	switch {
	case target%100 == stranger:
		refusal = 50002
	case w.role[target] != 0:
		refusal = 50015
	case w.black[target]:
		refusal = 50016
	case waits:
		if !slices.Equal(r.Pending, []uint64{target}) {
			t.Fatalf("proposed: %v", r)
		}
		if _, ok := w.asks[target]; !ok {
			w.asks[target] = op
		}
		return
	case w.full():
		refusal = 50008
	}
	if refusal == 0 {
		if !slices.Equal(r.Added, []uint64{target}) {
			t.Fatalf("added: %v", r)
		}
		w.enter(target)
	} else if len(r.Refused) != 1 || r.Refused[0].Code != int32(refusal) {
		t.Fatalf("refused: %v, want %d", r, refusal)
	}
}

func (w *world) join(t *rapid.T) {
	u := w.someone(t, "user")
	r, err := w.rpc.Join(t.Context(), &group_rpc.JoinRequest{UserId: u, GroupId: w.group, Verify: "hi"})
	code := 0
	switch {
	case w.over || w.role[u] == 0 && !w.findable:
		code = 50005
	case w.role[u] != 0:
		code = 50015
	case w.black[u]:
		code = 50016
	case w.full():
		code = 50008
	case w.mode == 0:
		code = 50013
	case w.mode == 1 && w.came[u] == 5:
		code = 10007
	}
	if !check(t, "join", err, code) {
		return
	}
	if w.mode == 1 {
		w.came[u]++
		if r.Result != "joined" {
			t.Fatalf("join: %v", r)
		}
		w.enter(u)
		return
	}
	if r.Result != "pending" || r.VerifyId == 0 {
		t.Fatalf("asked: %v", r)
	}
	w.asks[u] = 0
}

func (w *world) handle(t *rapid.T) {
	if len(w.asks) == 0 {
		t.Skip("nobody asks")
	}
	var askers []uint64
	for u := range w.asks {
		askers = append(askers, u)
	}
	slices.Sort(askers)
	u := rapid.SampledFrom(askers).Draw(t, "asker")
	op := w.someone(t, "op")
	status := rapid.SampledFrom([]int32{1, 2}).Draw(t, "status")
	var v model.GroupVerifyModel
	if err := w.s.DB.Take(&v, "group_id = ? AND user_id = ? AND open_key IS NOT NULL", w.group, u).Error; err != nil {
		t.Fatalf("the request of %d: %v", u, err)
	}
	_, err := w.rpc.Handle(t.Context(), &group_rpc.HandleRequest{UserId: op, VerifyId: v.ID, Status: status})
	code := 0
	switch {
	case w.over || w.role[op] != model.RoleOwner && w.role[op] != model.RoleAdmin:
		code = 50006
	case status == 1 && w.full():
		code = 50008
	}
	if !check(t, "handle", err, code) {
		return
	}
	if status == 1 {
		w.enter(u)
	}
	delete(w.asks, u)
}

func (w *world) kick(t *rapid.T) {
	op, target := w.someone(t, "op"), w.someone(t, "target")
	_, err := w.rpc.Kick(t.Context(), &group_rpc.MemberRequest{UserId: op, GroupId: w.group, MemberId: target})
	if check(t, "kick", err, w.against(op, target)) {
		w.leave(target)
	}
}

func (w *world) quit(t *rapid.T) {
	u := w.someone(t, "user")
	_, err := w.rpc.Quit(t.Context(), &group_rpc.OneRequest{UserId: u, GroupId: w.group})
	code := w.out(u)
	if code == 0 && w.role[u] == model.RoleOwner {
		code = 50012
	}
	if check(t, "quit", err, code) {
		w.leave(u)
	}
}

func (w *world) transfer(t *rapid.T) {
	op, target := w.someone(t, "op"), w.someone(t, "target")
	_, err := w.rpc.Transfer(t.Context(), &group_rpc.MemberRequest{UserId: op, GroupId: w.group, MemberId: target})
	if check(t, "transfer", err, w.byOwner(op, target)) {
		w.role[op], w.role[target] = model.RoleAdmin, model.RoleOwner
	}
}

func (w *world) setRole(t *rapid.T) {
	op, target := w.someone(t, "op"), w.someone(t, "target")
	role := int32(rapid.IntRange(0, 4).Draw(t, "role"))
	_, err := w.rpc.SetRole(t.Context(), &group_rpc.RoleRequest{UserId: op, GroupId: w.group, MemberId: target, Role: role})
	code := 10001
	if role == model.RoleAdmin || role == model.RoleMember {
		code = w.byOwner(op, target)
	}
	if check(t, "role", err, code) {
		w.role[target] = role
	}
}

func (w *world) mute(t *rapid.T) {
	op, target, on := w.someone(t, "op"), w.someone(t, "target"), rapid.Bool().Draw(t, "on")
	in := &group_rpc.MuteRequest{UserId: op, GroupId: w.group, MemberId: target}
	if on {
		in.Minutes = new(int32(5))
	}
	_, err := w.rpc.Mute(t.Context(), in)
	if check(t, "mute", err, w.against(op, target)) {
		w.muted[target] = on
	}
}

func (w *world) rename(t *rapid.T) {
	op, target := w.someone(t, "op"), w.someone(t, "target")
	_, err := w.rpc.Rename(t.Context(), &group_rpc.RenameRequest{UserId: op, GroupId: w.group, MemberId: target, Nickname: "n"})
	code := w.out(op)
	switch {
	case code != 0 || op == target:
	case w.role[target] == 0:
		code = 50003
	default:
		code = w.against(op, target)
	}
	check(t, "rename", err, code)
}

func (w *world) block(t *rapid.T) {
	op, target := w.someone(t, "op"), w.someone(t, "target")
	_, err := w.rpc.Block(t.Context(), &group_rpc.MemberRequest{UserId: op, GroupId: w.group, MemberId: target})
	code := w.leads(op)
	if code == 0 && w.role[target] != 0 {
		code = w.against(op, target)
	}
	if check(t, "block", err, code) {
		w.leave(target)
		delete(w.asks, target)
		w.black[target] = true
	}
}

func (w *world) unblock(t *rapid.T) {
	op, target := w.someone(t, "op"), w.someone(t, "target")
	_, err := w.rpc.Unblock(t.Context(), &group_rpc.MemberRequest{UserId: op, GroupId: w.group, MemberId: target})
	if check(t, "unblock", err, w.leads(op)) {
		delete(w.black, target)
	}
}

func (w *world) rules(t *rapid.T) {
	op := w.someone(t, "op")
	findable, invites, silent := rapid.Bool().Draw(t, "findable"), rapid.Bool().Draw(t, "invites"), rapid.Bool().Draw(t, "silent")
	mode := int32(rapid.IntRange(0, 2).Draw(t, "mode"))
	_, err := w.rpc.Update(t.Context(), &group_rpc.UpdateRequest{
		UserId: op, GroupId: w.group, IsSearch: &findable, IsInvite: &invites, IsProhibition: &silent, Verification: &mode,
	})
	if check(t, "rules", err, w.leads(op)) {
		w.findable, w.invites, w.silent, w.mode = findable, invites, silent, mode
	}
}

func (w *world) send(t *rapid.T) {
	u, all := w.someone(t, "user"), rapid.Bool().Draw(t, "all")
	w.clients++
	i := &wire.SendItem{
		UserId: u, TargetId: w.group, ClientMsgId: fmt.Sprint("c", w.clients), Msg: []byte(`{"type":1,"textMsg":{"content":"x"}}`), AtAll: all,
	}
	r, err := w.messages.Send(t.Context(), &wire.SendRequest{List: []*wire.SendItem{i}})
	if err != nil {
		t.Fatal(err)
	}
	leads := w.role[u] == model.RoleOwner || w.role[u] == model.RoleAdmin
	code := 0
	switch {
	case w.role[u] == 0:
		code = 50003
	case w.over:
		code = 50005
	case w.muted[u]:
		code = 50010
	case w.silent && !leads:
		code = 50011
	case all && !leads:
		code = 10005
	}
	if r.List[0].Code != int32(code) {
		t.Fatalf("send by %d: %v, want %d", u, r.List[0], code)
	}
}

func (w *world) dissolve(t *rapid.T) {
	if rapid.IntRange(0, 9).Draw(t, "really") != 0 {
		t.Skip("a group that is no more is dull")
	}
	op := w.someone(t, "op")
	_, err := w.rpc.Dissolve(t.Context(), &group_rpc.DissolveRequest{UserId: op, GroupId: w.group})
	code := w.out(op)
	if code == 0 && w.role[op] != model.RoleOwner {
		code = 50006
	}
	if check(t, "dissolve", err, code) {
		w.over = true
		clear(w.asks)
	}
}

func (w *world) link(t *rapid.T) {
	op, u := w.someone(t, "op"), w.someone(t, "user")
	k, err := w.rpc.MakeLink(t.Context(), &group_rpc.MakeLinkRequest{UserId: op, GroupId: w.group, MaxUses: 1})
	code := w.out(op)
	if code == 0 && w.role[op] == model.RoleMember {
		switch {
		case !w.invites:
			code = 50007
		case w.mode == 0:
			code = 50009
		case w.mode != 1:
			code = 50006
		}
	}
	if !check(t, "link", err, code) {
		return
	}
	_, err = w.rpc.JoinByLink(t.Context(), &group_rpc.LinkRequest{UserId: u, Code: k.Code})
	switch {
	case w.role[u] != 0:
		code = 50015
	case w.black[u]:
		code = 50016
	case w.full():
		code = 50008
	case w.came[u] == 5:
		code = 10007
	}
	if !check(t, "join by link", err, code) {
		return
	}
	w.came[u]++
	w.enter(u)
	_, err = w.rpc.JoinByLink(t.Context(), &group_rpc.LinkRequest{UserId: w.someone(t, "next"), Code: k.Code})
	check(t, "join by a link that is used up", err, 50018)
}

// gone closes the account of somebody, who takes no more part from then on.
func (w *world) gone(t *rapid.T) {
	if rapid.IntRange(0, 9).Draw(t, "really") != 0 {
		t.Skip("accounts are seldom closed")
	}
	u := w.base + 7
	_, err := w.rpc.SetSender(t.Context(), &group_rpc.SetSenderRequest{UserId: u, Gone: true, Refusal: 40004, Version: 1})
	if err != nil {
		t.Fatal(err)
	}
	delete(w.asks, u)
	if w.role[u] == model.RoleOwner && !w.over {
		w.over = len(w.role) == 1
		if w.over {
			clear(w.asks)
		}
	}
	if !w.over {
		was := w.role[u]
		w.leave(u)
		if was == model.RoleOwner {
			w.role[w.heir(t)] = model.RoleOwner
		}
	}
	// It comes back, for the next steps: that an account is no more is tried elsewhere.
	_, err = w.rpc.SetSender(t.Context(), &group_rpc.SetSenderRequest{UserId: u, Version: w.seq + 2})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.s.DB.Exec("UPDATE group_sender_models SET version = 0 WHERE user_id = ?", u).Error; err != nil {
		t.Fatal(err)
	}
}

// heir is who has got the group, which has to be one of the highest rank that
// there is.
func (w *world) heir(t *rapid.T) uint64 {
	var g model.GroupModel
	if err := w.s.DB.Take(&g, "id = ?", w.group).Error; err != nil {
		t.Fatal(err)
	}
	best := model.RoleMember
	for _, r := range w.role {
		best = min(best, r)
	}
	if w.role[g.Creator] != best {
		t.Fatalf("%d inherits, whose role is %d, and there is a %d", g.Creator, w.role[g.Creator], best)
	}
	return g.Creator
}

// invariants compares the real group with what it must be.
func (w *world) invariants(t *rapid.T) {
	var g model.GroupModel
	if err := w.s.DB.Take(&g, "id = ?", w.group).Error; err != nil {
		t.Fatal(err)
	}
	if (g.DeletedAt != 0) != w.over {
		t.Fatalf("dissolved at %d, want %t", g.DeletedAt, w.over)
	}
	if g.Ver < w.ver {
		t.Fatalf("ver %d behind %d", g.Ver, w.ver)
	}
	w.ver = g.Ver
	var rows []*model.GroupMemberModel
	if err := w.s.DB.Find(&rows, "group_id = ? AND deleted_at = 0", w.group).Error; err != nil {
		t.Fatal(err)
	}
	owners := 0
	for _, m := range rows {
		if m.Role != w.role[m.UserID] {
			t.Fatalf("the role of %d is %d, want %d", m.UserID, m.Role, w.role[m.UserID])
		}
		if m.Role == model.RoleOwner {
			owners++
		}
		if w.black[m.UserID] || m.Ver > g.Ver {
			t.Fatalf("%+v is in", m)
		}
	}
	if len(rows) != len(w.role) || int(g.MemberCount) != len(w.role) || len(rows) > w.size {
		t.Fatalf("%d rows, counted %d, want %d of at most %d", len(rows), g.MemberCount, len(w.role), w.size)
	}
	if owners != 1 || g.Creator != w.owner() {
		t.Fatalf("%d owners, the group's is %d, want %d", owners, g.Creator, w.owner())
	}
	var waiting []uint64
	if err := w.s.DB.Model(&model.GroupVerifyModel{}).Where("group_id = ? AND open_key IS NOT NULL", w.group).Pluck("user_id", &waiting).Error; err != nil {
		t.Fatal(err)
	}
	for _, u := range waiting {
		if _, ok := w.asks[u]; !ok {
			t.Fatalf("%d is still waiting", u)
		}
	}
	if len(waiting) != len(w.asks) {
		t.Fatalf("%v wait, want %v", waiting, w.asks)
	}
	var c model.GroupConversationModel
	if err := w.s.DB.Take(&c, "id = ?", w.group).Error; err != nil {
		t.Fatal(err)
	}
	var n int64
	if err := w.s.DB.Model(&model.GroupMsgModel{}).Where("conversation_id = ?", w.group).Count(&n).Error; err != nil {
		t.Fatal(err)
	}
	if uint64(n) != c.MaxSeq || c.MaxSeq < w.seq {
		t.Fatalf("%d messages up to %d, which was %d", n, c.MaxSeq, w.seq)
	}
	w.seq = c.MaxSeq
}

// TestRanksJoinsKicksAndTransfers plays at random with a group and a model of
// its rules, which are written out anew here, and compares the two after each
// step: what was answered, who is in and as what, who waits, and the log.
func TestRanksJoinsKicksAndTransfers(t *testing.T) {
	t.Parallel()
	var worlds atomic.Uint64
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := logic.NewContext(t, d, acquainted{})
		conn := serve(t, s)
		rapid.Check(t, func(t *rapid.T) {
			w := &world{
				s: s, rpc: group_rpc.NewGroupsClient(conn), messages: wire.NewMessagesClient(conn), base: worlds.Add(1) * 100, role: map[uint64]int32{}, black: map[uint64]bool{}, asks: map[uint64]uint64{}, muted: map[uint64]bool{}, came: map[uint64]int{},
				invites: true, mode: 2, size: 5,
			}
			made, err := w.rpc.Create(t.Context(), &group_rpc.CreateRequest{
				UserId: w.base + 1, Mode: 1, Title: "team", Size: new(int32(w.size)), UserIds: []uint64{w.base + 2, w.base + 3},
			})
			if err != nil {
				t.Fatal(err)
			}
			w.group = made.GroupId
			w.role[w.base+1], w.role[w.base+2], w.role[w.base+3] = model.RoleOwner, model.RoleMember, model.RoleMember
			t.Repeat(w.actions())
		})
	}, model.Migration)
}
