package ws

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tudoIM/common/event"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/test/suite"
)

// groupMessage is the event of message seq that from says in a group as of ver.
func groupMessage(group, ver, from, seq uint64, at ...uint64) *wire.Event {
	m := message(from, group, seq)
	m.Id, m.Type, m.AtUserIds = 2*seq+1, wire.Group, at
	return &wire.Event{Name: event.Message, Ts: 1_700_000_000_000, Message: m, MaxSeq: seq, Group: group, GroupVer: ver}
}

// ofGroup is any other event for the members of a group.
func ofGroup(t *testing.T, name string, group, ver uint64, data string) *wire.Event {
	t.Helper()
	e, err := event.ToGroup(name, json.RawMessage(data), group, ver)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// toUsers is an event on the own channels of users.
func toUsers(t *testing.T, name, data string, users ...uint64) *wire.Event {
	t.Helper()
	e, err := event.New(name, json.RawMessage(data), users...)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// heardMessage is what a client hears of a message.
type heardMessage struct {
	Message struct {
		Seq  uint64
		IsMe bool
	}
	Conversation struct {
		Unread, MaxSeq uint64
		AtMe           bool
	}
}

// hears wants the message seq next, as unread.
func (s *socket) hears(seq, unread uint64) heardMessage {
	s.t.Helper()
	f := s.next()
	var d heardMessage
	if err := json.Unmarshal(f.Data, &d); err != nil || f.Event != event.Message || d.Message.Seq != seq ||
		d.Conversation.MaxSeq != seq || d.Conversation.Unread != unread {
		s.t.Fatalf("got %v, want message %d with %d unread", f, seq, unread)
	}
	return d
}

// is wants the event name next.
func (s *socket) is(name, data string) {
	s.t.Helper()
	if f := s.next(); f.Event != name || data != "" && string(f.Data) != data {
		s.t.Fatalf("got %v, want %s %s", f, name, data)
	}
}

func TestAGroupsMessageReachesEachOnceWithTheOwnCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.group.set(5, 1, 2, 7, 8, 9)
	phone, laptop, peer, called, stranger := w.join(t, 7, 1), w.join(t, 7, 2), w.join(t, 8, 3), w.join(t, 9, 4), w.join(t, 10, 5)
	asked := w.group.questions()
	for seq := uint64(3); seq <= 5; seq++ {
		w.publish(t, groupMessage(5, 1, 7, seq, 9))
		for _, mine := range []*socket{phone, laptop} {
			if d := mine.hears(seq, 0); !d.Message.IsMe || d.Conversation.AtMe {
				t.Errorf("the sender hears %+v", d)
			}
		}
		if d := peer.hears(seq, seq-2); d.Message.IsMe || d.Conversation.AtMe {
			t.Errorf("a member hears %+v", d)
		}
		if d := called.hears(seq, seq-2); d.Message.IsMe || !d.Conversation.AtMe {
			t.Errorf("who is called hears %+v", d)
		}
	}
	all := groupMessage(5, 1, 8, 6)
	all.Message.AtAll = true
	w.publish(t, all)
	if d := phone.hears(6, 1); !d.Conversation.AtMe { // sending was reading
		t.Errorf("all are called: %+v", d)
	}
	if d := peer.hears(6, 0); d.Conversation.AtMe || !d.Message.IsMe {
		t.Errorf("who calls all: %+v", d)
	}
	for _, s := range []*socket{phone, peer, stranger} {
		s.ask("nothing else", "ping", "")
	}
	if n := w.group.questions(); n != asked {
		t.Errorf("group_rpc was asked %d times for a version that is known", n-asked)
	}
}

func TestEventsOfAGroupAreHeardOnItsChannelOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.group.set(5, 1, 0, 7)
	w.group.set(6, 1, 0, 8)
	s := w.join(t, 7, 1)
	w.join(t, 8, 2)
	w.hub.heard(event.UserChannel(7), groupMessage(5, 1, 8, 1))
	w.hub.heard(event.GroupChannel(6), groupMessage(5, 1, 8, 1))
	e := groupMessage(5, 1, 8, 1)
	e.Message = nil
	w.publish(t, e, groupMessage(5, 1, 8, 2))
	s.hears(2, 2)
	s.ask("nothing else", "ping", "")
}

func TestWhatWasSaidBeforeAMemberCameIsNotTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.group.set(5, 1, 0, 7, 8)
	w.group.change(func() { w.group.in[seat{5, 8}] = place{join: 3, read: 3} })
	old, late := w.join(t, 7, 1), w.join(t, 8, 2)
	recalled := ofGroup(t, event.Recalled, 5, 1, `{"seq":3}`)
	recalled.MaxSeq = 3
	edited := ofGroup(t, event.Edited, 5, 1, `{"seq":4}`)
	edited.MaxSeq = 4
	w.publish(t, groupMessage(5, 1, 7, 3), groupMessage(5, 1, 7, 4), recalled, edited, ofGroup(t, event.GroupUpdated, 5, 1, `{"ver":1}`))
	old.hears(3, 0)
	old.hears(4, 0)
	old.is(event.Recalled, `{"seq":3}`)
	old.is(event.Edited, `{"seq":4}`)
	old.is(event.GroupUpdated, `{"ver":1}`)
	late.hears(4, 1)
	late.is(event.Edited, `{"seq":4}`)
	late.is(event.GroupUpdated, `{"ver":1}`)
}

func TestANewerVersionIsAskedForBeforeItIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.group.set(5, 1, 0, 7, 8)
	stays, leaves := w.join(t, 7, 1), w.join(t, 8, 2)
	w.publish(t, groupMessage(5, 1, 9, 1))
	stays.hears(1, 1)
	leaves.hears(1, 1)
	asked := w.group.questions()
	w.group.set(5, 2, 0, 7) // nothing is told of it
	w.publish(t, groupMessage(5, 2, 9, 2), groupMessage(5, 2, 9, 3), groupMessage(5, 1, 9, 4))
	for seq := uint64(2); seq <= 4; seq++ {
		stays.hears(seq, seq)
	}
	leaves.ask("nothing any more", "ping", "")
	if n := w.group.questions(); n != asked+1 {
		t.Errorf("asked %d times for one version", n-asked)
	}
}

func TestAGroupIsHeardWhenItsNewMemberIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b := w.join(t, 7, 1), w.join(t, 8, 2)
	w.group.set(5, 3, 0, 7, 8)
	joined := `{"group":{"groupId":5},"operator":9,"ver":3}`
	asked := w.group.questions()
	w.publish(t, toUsers(t, event.GroupJoined, joined, 7, 8))
	for _, s := range []*socket{a, b} {
		s.is(event.GroupJoined, joined)
	}
	w.publish(t, groupMessage(5, 3, 9, 1))
	a.hears(1, 1)
	b.hears(1, 1)
	if n := w.group.questions(); n > asked+4 {
		t.Errorf("asked %d times for two who joined", n-asked)
	}
	asked = w.group.questions()
	w.publish(t, toUsers(t, event.GroupJoined, joined, 7)) // who is known to be in
	a.is(event.GroupJoined, joined)
	if n := w.group.questions(); n != asked {
		t.Errorf("asked %d times for one who is known to be in", n-asked)
	}
}

// While group_rpc is away who joined is told so all the same, and to sync when
// the group is heard.
func TestWhoJoinedWhileGroupsAreAwayIsToldToSyncLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.join(t, 7, 1)
	w.group.set(5, 3, 0, 7)
	w.group.change(func() { w.group.away = true })
	for range 3 {
		w.publish(t, toUsers(t, event.GroupJoined, `{"group":{"groupId":5},"ver":3}`, 7))
		s.is(event.GroupJoined, "")
	}
	w.group.change(func() { w.group.away = false })
	s.is("resync", "")
	w.publish(t, groupMessage(5, 3, 9, 1))
	s.hears(1, 1)
}

func TestAnUnknownGroupIsNotToldUntilItIsKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.group.set(5, 1, 0, 7, 8)
	w.group.set(6, 1, 0, 7)
	a, b := w.join(t, 7, 1), w.join(t, 8, 2)
	w.group.change(func() { w.group.away = true })
	w.publish(t, groupMessage(5, 2, 9, 1))
	a.is("resync", `{"reason":"the group is not known"}`)
	b.is("resync", `{"reason":"the group is not known"}`)
	w.publish(t, groupMessage(5, 1, 9, 2), groupMessage(5, 2, 9, 3), groupMessage(6, 1, 9, 1))
	a.hears(1, 1) // of another group; of this one nothing, not even of the old version
	b.ask("nothing", "ping", "")
	w.group.set(5, 2, 3, 7)
	w.group.change(func() { w.group.away = false })
	a.is("resync", `{"reason":"groups were not heard"}`)
	b.is("resync", `{"reason":"groups were not heard"}`)
	w.publish(t, groupMessage(5, 2, 9, 4))
	a.hears(4, 1)
	b.ask("nothing", "ping", "")
}

// One whose place is known may share a group with one whose is not.
func TestWhoComesToAnUnknownGroupIsToldToSyncToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.group.set(5, 1, 0, 7, 8)
	a := w.join(t, 7, 1)
	r := w.hub.rosters
	r.mu.Lock()
	r.by[5].places[7].ver = 0
	r.mu.Unlock()
	b := w.join(t, 8, 2)
	w.publish(t, groupMessage(5, 1, 9, 1))
	a.is("resync", "")
	b.is("resync", "")
	w.publish(t, groupMessage(5, 1, 9, 2))
	a.hears(2, 2)
	b.hears(2, 2)
}

func TestEventsWaitInOrderAndOnlyThoseOfTheirGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.group.set(5, 1, 0, 7)
	w.group.set(6, 1, 0, 7)
	s := w.join(t, 7, 1)
	gate := make(chan struct{})
	w.group.set(5, 2, 0, 7)
	w.group.change(func() { w.group.gate = gate })
	var waiting []*wire.Event
	for seq := uint64(1); seq <= 20; seq++ {
		waiting = append(waiting, groupMessage(5, 1+seq%2, 9, seq))
	}
	w.publish(t, waiting...)
	w.publish(t, groupMessage(6, 1, 9, 1))
	s.hears(1, 1)
	if d := groupOf(t, s, func() { w.publish(t, groupMessage(6, 1, 9, 2)) }); d != 6 {
		t.Errorf("group %d did not wait", d)
	}
	w.group.change(func() { w.group.gate = nil })
	close(gate)
	for seq := uint64(1); seq <= 20; seq++ {
		s.hears(seq, seq)
	}
}

// groupOf is the group of the next message, behind do.
func groupOf(t *testing.T, s *socket, do func()) (group uint64) {
	t.Helper()
	do()
	f := s.next()
	var d struct {
		Message struct{ ConversationID string }
	}
	if err := json.Unmarshal(f.Data, &d); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscanf(d.Message.ConversationID, "g_%d", &group); err != nil {
		t.Fatalf("%v: %v", f, err)
	}
	return group
}

func TestUnreadFollowsWhatTheUserReads(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.group.set(5, 1, 0, 7)
	s := w.join(t, 7, 1)
	say := func(seq, unread uint64) {
		t.Helper()
		w.publish(t, groupMessage(5, 1, 9, seq))
		s.hears(seq, unread)
	}
	say(1, 1)
	say(2, 2)
	for _, c := range []struct {
		name, data  string
		seq, unread uint64
	}{
		{event.ReadSelf, `{"conversationId":"g_5","readSeq":2}`, 3, 1},
		{event.ReadSelf, `{"conversationId":"g_5","readSeq":1}`, 4, 2},
		{event.ReadSelf, `{"conversationId":"p_5_7","readSeq":4}`, 5, 3},
		{event.ReadSelf, `{"conversationId":"g_6","readSeq":4}`, 6, 4},
		{event.SessionDeleted, `{"conversationId":"g_5","clearSeq":5,"isHidden":false,"maxSeq":6}`, 7, 2},
		{event.SessionUpdated, `{"conversationId":"g_5","unread":1}`, 8, 3},
	} {
		w.publish(t, toUsers(t, c.name, c.data, 7))
		s.is(c.name, c.data)
		say(c.seq, c.unread)
	}
}

// What the bus says while a question is under way is newer than its answer.
func TestNewsBehindAQuestionAreNotUndoneByItsAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.group.set(5, 1, 0, 7, 8)
	w.group.set(6, 1, 0, 7)
	// The group is not heard: it is asked for twice, and the second answer counts.
	w.group.change(func() {
		w.group.between = func() {
			w.group.change(func() { w.group.between = func() { w.hub.rosters.read(7, 5, 3) } })
		}
	})
	w.join(t, 7, 1)
	w.group.change(func() { w.group.between = func() { w.hub.rosters.left(8, 5, 2) } })
	w.join(t, 8, 1)
	w.hub.rosters.mu.Lock()
	defer w.hub.rosters.mu.Unlock()
	g := w.hub.rosters.by[5]
	if g == nil || g.places[7] == nil || g.places[7].read != 3 || g.places[8] != nil {
		t.Errorf("%+v", g)
	}
}

func TestWhoIsOutIsToldOnceAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.group.set(5, 1, 0, 7, 8)
	stays, out := w.join(t, 7, 1), w.join(t, 8, 2)
	left := `{"groupId":5,"operator":9,"userIds":[8],"reason":"kick","ver":2,"memberCount":2}`
	w.publish(t, ofGroup(t, event.MemberLeft, 5, 1, left)) // as if 8 were still known to be in
	stays.is(event.MemberLeft, left)
	w.publish(t, toUsers(t, event.MemberLeft, left, 8))
	out.is(event.MemberLeft, left)
	w.publish(t, groupMessage(5, 1, 9, 1)) // of an old version, which has 8
	stays.hears(1, 1)
	gone := `{"groupId":5,"operator":9,"ver":3}`
	w.publish(t, toUsers(t, event.GroupDissolved, gone, 7))
	stays.is(event.GroupDissolved, gone)
	w.publish(t, groupMessage(5, 1, 9, 2))
	for _, s := range []*socket{stays, out} {
		s.ask("nothing else", "ping", "")
	}
}

// A group that group_rpc does not know any more is nobody's.
func TestADissolvedGroupIsToldToNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.group.set(5, 1, 0, 7)
	w.group.set(6, 1, 0, 7)
	s := w.join(t, 7, 1)
	w.group.change(func() { delete(w.group.vers, 5) })
	w.publish(t, groupMessage(5, 2, 9, 1))
	wait(t, "the place to be taken away", func() bool {
		w.hub.rosters.mu.Lock()
		defer w.hub.rosters.mu.Unlock()
		return w.hub.rosters.by[5] == nil
	})
	w.publish(t, groupMessage(6, 1, 9, 1))
	s.hears(1, 1)
}

// A word of an old leaving that comes late does not put out who has come back.
func TestWhoCameBackStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.group.set(5, 3, 0, 7)
	s := w.join(t, 7, 1)
	left := `{"groupId":5,"userIds":[7],"ver":2}`
	w.publish(t, toUsers(t, event.MemberLeft, left, 7))
	s.is(event.MemberLeft, left)
	w.publish(t, groupMessage(5, 3, 9, 1))
	s.hears(1, 1)
}

func TestAChannelIsLeftBehindTheLastMember(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.group.set(5, 1, 0, 7, 8)
	subscribers := func() int64 {
		return w.rdb.PubSubNumSub(t.Context(), event.GroupChannel(5)).Val()[event.GroupChannel(5)]
	}
	for range 5 {
		a, twin, b := w.join(t, 7, 1), w.join(t, 7, 2), w.join(t, 8, 1)
		_ = a.Close()
		_ = b.Close()
		wait(t, "one to be left", func() bool { return len(w.hub.all()) == 1 })
		w.publish(t, groupMessage(5, 1, 9, 1))
		twin.hears(1, 1)
		_ = twin.Close()
		wait(t, "the channel to be left", func() bool { return subscribers() == 0 })
	}
	r := w.hub.rosters
	wait(t, "nothing to be kept", func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return len(r.by)+len(r.of)+len(r.here)+len(r.due)+len(r.ending)+len(r.asking)+r.queued == 0
	})
}

// Sockets come and go at once, and whoever stays is heard.
func TestAChannelThatIsBeingLeftIsHeardAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.group.set(5, 1, 0, 7, 8, 9)
	for n := range 30 {
		user := uint64(7 + n%3) // #nosec G115 -- small
		a := w.join(t, user, 1)
		go func() { _ = a.Close() }()
		b := w.join(t, 7+(user+1)%3, 1)
		w.publish(t, groupMessage(5, 1, 10, 1))
		for b.next().Event != event.Message { // it may be told to sync before
		}
		_ = b.Close()
	}
}

func TestWhoComesWhileGroupsAreAwayIsToldToSyncLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.group.away = true })
	w.group.set(5, 1, 0, 7)
	s := w.join(t, 7, 1)
	s.ask("served", "ping", "")
	w.group.change(func() { w.group.away = false })
	s.is("resync", "")
	w.publish(t, groupMessage(5, 1, 9, 1))
	s.hears(1, 1)
	second := w.join(t, 7, 2)
	second.ask("nothing was missed", "ping", "")
}

func TestManyGroupsOfManyUsersAreLearned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for g := uint64(1); g <= 25; g++ {
		w.group.set(g, 1, 0, 7, 8+g%2)
	}
	all, some := w.join(t, 7, 1), w.join(t, 8, 1)
	for g := uint64(1); g <= 25; g++ {
		w.publish(t, groupMessage(g, 1, 10, 1))
		all.hears(1, 1)
		if g%2 == 0 {
			some.hears(1, 1)
		}
	}
}

func TestAfterTheBusWasAwayGroupsAreAskedForAgain(t *testing.T) {
	t.Parallel()
	suite.Need(t, suite.RequireRedis)
	redis, err := suite.StartRedis(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(redis.Close)
	w := emptyWorld()
	w.start(t, redis.URL())
	w.group.set(5, 1, 0, 7)
	w.group.set(6, 1, 0, 7)
	s := w.join(t, 7, 1)
	redis.Kill()
	w.group.set(5, 1, 4, 7) // read elsewhere
	w.group.set(6, 2, 0)    // left
	w.group.set(8, 1, 0, 7) // joined
	if err := redis.Start(); err != nil {
		t.Fatal(err)
	}
	s.is("resync", `{"reason":"the bus was away"}`)
	s.is("resync", `{"reason":"groups were not heard"}`) // of the one that was joined
	w.publish(t, groupMessage(5, 1, 9, 5))
	s.hears(5, 1)
	w.publish(t, groupMessage(6, 1, 9, 5), groupMessage(8, 1, 9, 1))
	s.hears(1, 1)
	s.ask("nothing else", "ping", "")
}

func TestWhoHearsTypingInAGroupIsAskedAgainWhenItChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.group.set(5, 1, 0, 7)
	s := w.join(t, 7, 1)
	w.hub.heardBy.Add(hearing{7, "g_5"}, []uint64{8})
	w.publish(t, groupMessage(5, 1, 9, 1))
	s.hears(1, 1)
	if !w.hub.heardBy.Contains(hearing{7, "g_5"}) {
		t.Error("nothing has changed, and it is forgotten")
	}
	w.group.set(5, 2, 0, 7, 8)
	w.publish(t, ofGroup(t, event.MemberJoined, 5, 2, `{"groupId":5}`))
	s.is(event.MemberJoined, "")
	if w.hub.heardBy.Contains(hearing{7, "g_5"}) {
		t.Error("a member came, and who hears is as before")
	}
}

// idle is a session whose writer does not come.
func (w *world) idle(user uint64, lang string) *Session {
	s := &Session{hub: w.hub, who: token.Identity{UserID: user, Lang: lang}, writing: true}
	s.drained.L = &s.mu
	w.hub.mu.Lock()
	defer w.hub.mu.Unlock()
	w.hub.users[user] = append(w.hub.users[user], s)
	return s
}

func TestAMessageIsEncodedOnceForAllWhoGetTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	users := make([]uint64, 100)
	for n := range users {
		users[n] = 100 + uint64(n) // #nosec G115 -- an index
	}
	w.group.set(5, 1, 0, users...)
	var sessions []*Session
	for n, u := range users {
		sessions = append(sessions, w.idle(u, []string{"zh", "en"}[n%2]))
		w.hub.rosters.come(u, false)
	}
	g := w.hub.rosters.by[5]
	w.hub.broadcast(t.Context(), g, groupMessage(5, 1, 100, 1))
	w.hub.broadcast(t.Context(), g, ofGroup(t, event.GroupUpdated, 5, 1, `{"ver":1}`))
	texts, updates := map[*byte]int{}, map[*byte]bool{}
	for _, s := range sessions {
		if s.frames != 2 || len(s.queue) != 6 {
			t.Fatalf("%d has %d frames: %q", s.who.UserID, s.frames, s.queue)
		}
		texts[&s.queue[1][0]]++
		updates[&s.queue[4][0]] = true
		if own := len(s.queue[0]) + len(s.queue[2]); own > 160 {
			t.Errorf("%d bytes are each receiver's own: %q", own, s.queue)
		}
	}
	counts := []int{}
	for _, n := range texts {
		counts = append(counts, n)
	}
	slices.Sort(counts)
	if !slices.Equal(counts, []int{1, 49, 50}) || len(updates) != 1 {
		t.Errorf("encoded %v times, and an update %d times", counts, len(updates))
	}
	w.hub.mu.Lock()
	clear(w.hub.users)
	w.hub.mu.Unlock()
}

func TestAFullGroupTellsItsUsersToSyncOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.group.set(5, 1, 0, 7)
	s := w.idle(7, "en")
	r := w.hub.rosters
	r.come(7, false)
	r.mu.Lock()
	g := r.by[5]
	g.running = true // it stands still
	r.mu.Unlock()
	for n := range groupQueue + 3 {
		r.heard(groupMessage(5, 1, 9, uint64(n)+1)) // #nosec G115 -- an index
	}
	if len(g.queue) != groupQueue || r.queued != groupQueue || !g.lost {
		t.Errorf("%d wait, %d in all, lost: %t", len(g.queue), r.queued, g.lost)
	}
	g.queue, r.queued = g.queue[:3], 3
	r.pass(g)
	told := ""
	for n, piece := range s.queue {
		if n%3 == 0 || n == len(s.queue)-1 {
			told += string(piece)
		}
	}
	if s.frames != 4 || strings.Count(told, `"message"`) != 3 || strings.Count(told, "too many events") != 1 {
		t.Errorf("%d frames: %q", s.frames, s.queue)
	}
	w.hub.mu.Lock()
	clear(w.hub.users)
	w.hub.mu.Unlock()
}

func TestAGroupThatDoesNotAnswerInTimeIsUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.group.set(5, 1, 0, 7)
	s := w.join(t, 7, 1)
	gate := make(chan struct{})
	w.group.change(func() { w.group.gate = gate })
	at := time.Now()
	w.publish(t, groupMessage(5, 2, 9, 1))
	s.is("resync", "")
	if took := time.Since(at); took < learnWait {
		t.Errorf("it was given up after %v", took)
	}
	w.group.set(5, 2, 0, 7)
	w.group.change(func() { w.group.gate = nil })
	close(gate)
	s.is("resync", "")
	w.publish(t, groupMessage(5, 2, 9, 2))
	s.hears(2, 2)
}
