package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

const (
	// actors are the users, each with as many devices.
	actors, devices = 4, 3
	// steps is what each user does at most, within walkTime.
	steps    = 600
	walkTime = 20 * time.Second
)

// seed is PROPERTY_SEED, or another one each time.
func seed(t *testing.T) uint64 {
	t.Helper()
	n := uint64(time.Now().UnixNano())
	if given := os.Getenv("PROPERTY_SEED"); given != "" {
		var err error
		if n, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("PROPERTY_SEED=%d", n)
	return n
}

// TestDevicesEqualTheServer lets users do everything at random, all at once,
// on devices that come and go: in the end each device has what the server
// has, the server what was acknowledged, and nobody what is gone.
func TestDevicesEqualTheServer(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		n := seed(t)
		w := newWorld(t, s)
		var wg sync.WaitGroup
		for i, a := range w.actors {
			wg.Go(func() { w.walk(t, a, rand.New(rand.NewPCG(n, uint64(i)))) })
		}
		wg.Wait()
		t.Logf("done: %v", w.did)
		if t.Failed() {
			return
		}
		w.stored(t, s)
		for _, a := range w.actors {
			w.settled(t, a)
		}
	})
}

// world is what the users did, as it was acknowledged.
type world struct {
	actors []*actor
	places []string

	mu   sync.Mutex
	said map[uint64]*words
	// gone is what nobody may see any more.
	gone []string
	// did counts what was done.
	did map[string]int
}

func (w *world) done(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.did[what]++
}

// words is a message as its sender left it.
type words struct {
	place, id, text string
	seq             uint64
	sender          *actor
	status          int32
}

// actor is one user.
type actor struct {
	*client.Client
	devices []*client.Device
	places  []string
	peers   map[string]uint64
	owner   bool // of the group
	// deleted are messages, cleared the positions, that the user will not see.
	deleted map[uint64]bool
	cleared map[string]uint64
	marked  map[string]bool
	sent    []client.SendRequest
}

func newWorld(t *testing.T, s *suite.Suite) *world {
	t.Helper()
	w := &world{said: map[uint64]*words{}, did: map[string]int{}}
	var ids []uint64
	for i := range actors {
		c := register(t, s, i)
		a := &actor{
			Client: c, owner: i == 0, peers: map[string]uint64{},
			deleted: map[uint64]bool{}, cleared: map[string]uint64{}, marked: map[string]bool{},
		}
		for _, other := range w.actors {
			if err := c.Befriend(ctx(t), other.Client); err != nil {
				t.Fatal(err)
			}
			cid := private(c, other.Client)
			w.places = append(w.places, cid)
			a.places, other.places = append(a.places, cid), append(other.places, cid)
			a.peers[cid], other.peers[cid] = other.UserID, c.UserID
		}
		w.actors, ids = append(w.actors, a), append(ids, c.UserID)
	}
	group, err := w.actors[0].CreateGroup(ctx(t), "all of us", ids[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	w.places = append(w.places, fmt.Sprint("g_", group))
	for _, a := range w.actors {
		a.places = append(a.places, fmt.Sprint("g_", group))
		for n := range devices {
			c := client.New(s.URLs()[n%len(s.URLs())])
			c.Device = fmt.Sprint("device-", n)
			if err := c.Login(ctx(t), a.Name, password); err != nil {
				t.Fatal(err)
			}
			d := client.NewDevice(c)
			if err := d.Connect(ctx(t)); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(d.Disconnect)
			a.devices = append(a.devices, d)
		}
	}
	return w
}

// raced are the refusals of what another user's step has made impossible.
var raced = []int{0, 40007, 40011}

// walk does steps of one user.
func (w *world) walk(t *testing.T, a *actor, r *rand.Rand) {
	walk, cancel := context.WithTimeout(t.Context(), walkTime)
	defer cancel()
	for n := range steps {
		if walk.Err() != nil || t.Failed() {
			return
		}
		d := a.devices[r.IntN(devices)]
		what, err := w.step(t.Context(), a, d, r, n)
		w.done(what)
		if !slices.Contains(raced, client.Code(err)) {
			t.Errorf("user %d, step %d, %s: %v", a.UserID, n, what, err)
			return
		}
	}
}

// step does one thing on d.
func (w *world) step(c context.Context, a *actor, d *client.Device, r *rand.Rand, n int) (what string, err error) {
	if err := d.Apply(c); err != nil {
		return "apply", err
	}
	cid := a.places[r.IntN(len(a.places))]
	k := d.Known[cid]
	switch p := r.IntN(100); {
	case p < 40:
		return "send", w.send(c, a, d, cid, fmt.Sprintf("%d-%d", a.UserID, n), r)
	case p < 46:
		return "come and go", comeAndGo(c, d)
	case p < 50:
		return "sync", d.Sync(c)
	case p < 56:
		yes := r.IntN(2) == 0
		draft := fmt.Sprint("draft ", n)
		_, err := d.Set(c, cid, []client.Setting{{IsTop: &yes}, {IsMuted: &yes}, {Draft: &draft}}[r.IntN(3)])
		return "set", err
	case k == nil || k.Seq == 0:
		return "nothing", nil
	case p < 68:
		_, _, err := d.Read(c, cid, r.Uint64N(k.Seq+2))
		if client.Code(err) == 40015 {
			err = nil // one beyond the end
		} else {
			a.marked[cid] = false
		}
		return "read", err
	case p < 70:
		_, err := d.MarkUnread(c, cid)
		a.marked[cid] = true
		return "mark unread", err
	case p < 73:
		whole := r.IntN(2) == 0
		if whole {
			a.cleared[cid] = max(a.cleared[cid], k.Seq)
		}
		return "hide", d.Hide(c, cid, whole)
	}
	if m, ok := pick(r, k); ok {
		return w.change(c, a, d, m, r)
	}
	return "nothing", nil
}

func comeAndGo(c context.Context, d *client.Device) error {
	if d.Socket == nil {
		return d.Connect(c)
	}
	d.Disconnect()
	return nil
}

// pick returns one of the messages that the device shows as they were sent.
func pick(r *rand.Rand, k *client.Known) (client.Message, bool) {
	var seqs []uint64
	for seq, m := range k.Messages {
		if m.Status == 0 {
			seqs = append(seqs, seq)
		}
	}
	if len(seqs) == 0 {
		return client.Message{}, false
	}
	slices.Sort(seqs)
	return k.Messages[seqs[r.IntN(len(seqs))]], true
}

// send sends something new, or something again.
func (w *world) send(c context.Context, a *actor, d *client.Device, cid, id string, r *rand.Rand) error {
	words := "<" + id + ">"
	req := client.SendRequest{ConversationID: cid, ClientMsgID: id, Msg: client.Text(words)}
	again := len(a.sent) > 0 && r.IntN(8) == 0
	if again {
		req = a.sent[r.IntN(len(a.sent))]
		req.Msg = client.Text("<again>")
	} else if k := d.Known[cid]; k != nil && r.IntN(4) == 0 {
		if m, ok := pick(r, k); ok {
			req.Msg = client.Reply(m.ID, words)
			if r.IntN(2) == 0 {
				req.Msg = client.Quote(m.ID, m.Content(), words)
			}
		}
	}
	var sent client.Sent
	var err error
	if d.Socket != nil && r.IntN(2) == 0 {
		sent, err = d.Socket.Send(c, req)
	} else {
		sent, err = d.Send(c, req)
	}
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if sent.Dup != again {
		return fmt.Errorf("%s: dup is %t", req.ClientMsgID, sent.Dup)
	}
	if again {
		if was := w.said[sent.MsgID]; was == nil || was.id != req.ClientMsgID || was.seq != sent.Seq {
			return fmt.Errorf("%s again: %+v, first %+v", req.ClientMsgID, sent, was)
		}
		return nil
	}
	a.sent = append(a.sent, req)
	w.said[sent.MsgID] = newWords(cid, id, words, sent.Seq, a)
	return nil
}

func newWords(cid, id, text string, seq uint64, a *actor) *words {
	return &words{place: cid, id: id, text: text, seq: seq, sender: a}
}

// change does something to m.
func (w *world) change(c context.Context, a *actor, d *client.Device, m client.Message, r *rand.Rand) (what string, err error) {
	emoji := []string{"👍", "❤️", "😀", "🎉"}[r.IntN(4)]
	mine := m.IsMe || a.owner && m.GroupID != 0
	switch p := r.IntN(27); {
	case p < 8:
		_, _, err := d.React(c, m.ID, emoji, r.IntN(3) > 0)
		return "react", err
	case p < 11:
		if m.GroupID != 0 && !a.owner {
			return "nothing", nil
		}
		_, err := d.Pin(c, m.ID, r.IntN(3) > 0)
		if client.Code(err) == 40020 {
			err = nil
		}
		return "pin", err
	case p < 16:
		_, err := d.Delete(c, false, m.ID)
		if err == nil {
			a.deleted[m.ID] = true
		}
		return "delete", err
	case p < 21 && m.IsMe && m.MsgType == 1:
		text := fmt.Sprintf("<edit %d of %d>", r.Uint64(), m.ID)
		if _, err = d.Edit(c, m.ID, client.Text(text)); err == nil {
			w.changed(m.ID, 0, text)
		}
		return "edit", err
	case p < 25 && mine:
		if _, err = d.Recall(c, m.ID); err == nil {
			w.changed(m.ID, 1, "")
		}
		return "recall", err
	case mine:
		if _, err = d.Delete(c, true, m.ID); err == nil {
			w.changed(m.ID, 4, "")
		}
		return "delete for both", err
	}
	return "nothing", nil
}

// changed notes that a message says something else, or nothing any more. A
// state with a higher number is the later one.
func (w *world) changed(id uint64, status int32, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m := w.said[id]
	w.gone = append(w.gone, m.text)
	m.text = text
	if m.status = max(m.status, status); m.status != 0 && text != "" {
		w.gone, m.text = append(w.gone, text), "" // edited before it was taken back, answered after
	}
}

// stored compares the tables with what was acknowledged.
func (w *world) stored(t *testing.T, s *suite.Suite) {
	t.Helper()
	db := database(t, s)
	count := map[string]uint64{}
	for _, m := range w.said {
		count[m.place] = max(count[m.place], m.seq)
	}
	for _, cid := range w.places {
		seqs := map[uint64]bool{}
		for _, m := range w.said {
			if m.place == cid {
				seqs[m.seq] = true
			}
		}
		var table, row string
		var args []any
		if group, ok := strings.CutPrefix(cid, "g_"); ok {
			table, row, args = "group_msg_models", "SELECT id, max_seq FROM group_conversation_models WHERE id = ?", []any{group}
		} else {
			p := strings.Split(cid, "_")
			table, row = "chat_models", "SELECT id, max_seq FROM conversation_models WHERE low_user_id = ? AND high_user_id = ?"
			args = []any{p[1], p[2]}
		}
		var id, maxSeq, rows, last uint64
		if err := db.QueryRowContext(ctx(t), row, args...).Scan(&id, &maxSeq); err != nil {
			t.Fatal(err)
		}
		err := db.QueryRowContext(ctx(t), "SELECT COUNT(DISTINCT seq), COALESCE(MAX(seq), 0) FROM "+table+" WHERE conversation_id = ?", id).Scan(&rows, &last)
		if err != nil || rows != count[cid] || last != rows || maxSeq != rows || len(seqs) != int(rows) {
			t.Errorf("%s: %d messages up to %d of maxSeq %d are stored, %d up to %d were acknowledged, %v", cid, rows, last, maxSeq, len(seqs), count[cid], err)
		}
	}
}

// settled compares what the server tells one user with what happened, and
// each device of the user with the server.
func (w *world) settled(t *testing.T, a *actor) {
	t.Helper()
	var sum, all uint64
	server := map[string]*client.Known{}
	for _, cid := range a.places {
		c, err := a.Session(ctx(t), cid)
		if err != nil {
			t.Fatalf("session %s of %d: %v", cid, a.UserID, err)
		}
		unread := c.MaxSeq - min(c.MaxSeq, max(c.ReadSeq, c.ClearSeq))
		if c.Unread != unread && (!a.marked[cid] || unread != 0 || c.Unread != 1) {
			t.Errorf("%s of %d: unread %d, but max %d, read %d, clear %d, marked %t",
				cid, a.UserID, c.Unread, c.MaxSeq, c.ReadSeq, c.ClearSeq, a.marked[cid])
		}
		if all += c.Unread; !c.IsMuted {
			sum += c.Unread
		}
		list, err := a.All(ctx(t), cid)
		if err != nil {
			t.Fatal(err)
		}
		w.history(t, a, c, list)
		server[cid] = serverKnown(c, list)
	}
	page, err := a.Sessions(ctx(t))
	if err != nil || page.TotalUnread != sum || page.TotalUnreadAll != all {
		t.Errorf("user %d: total unread %d and %d, want %d and %d, %v", a.UserID, page.TotalUnread, page.TotalUnreadAll, sum, all, err)
	}
	w.nothingGone(t, a)
	for n, d := range a.devices {
		if d.Socket != nil {
			// Events alone make it equal.
			eventually(t, fmt.Sprintf("device %d of %d, by events", n, a.UserID), func(c context.Context) error {
				if err := d.Apply(c); err != nil {
					return err
				}
				return differs(d.Known, server, false)
			})
		}
		if err := d.Sync(ctx(t)); err != nil {
			t.Fatal(err)
		}
		if err := d.Apply(ctx(t)); err != nil {
			t.Fatal(err)
		}
		if err := differs(d.Known, server, true); err != nil {
			t.Errorf("device %d of %d, synced: %v", n, a.UserID, err)
		}
		fresh := client.NewDevice(d.Client)
		if err := fresh.Sync(ctx(t)); err != nil {
			t.Fatal(err)
		}
		for cid, k := range server { // a snapshot is what the list has
			if k.Hidden() || k.Seq == 0 {
				fresh.Known[cid] = k
			}
		}
		if err := differs(fresh.Known, server, true); err != nil {
			t.Errorf("a new device of %d: %v", a.UserID, err)
		}
	}
}

// history compares the whole history that a user gets with what was said.
func (w *world) history(t *testing.T, a *actor, c client.Conversation, list []client.Message) {
	t.Helper()
	got := map[uint64]client.Message{}
	for _, m := range list {
		got[m.ID] = m
	}
	shown := 0
	for id, m := range w.said {
		if m.place != c.ConversationID || a.deleted[id] || m.seq <= c.ClearSeq {
			continue
		}
		shown++
		if g := got[id]; g.ID != id || g.Seq != m.seq || g.Status != m.status || g.Content() != m.text || g.ClientMsgID != m.id || g.SendUser.UserID != m.sender.UserID {
			t.Errorf("message %d in the history of %d: %+v, want %+v", id, a.UserID, g, *m)
		}
	}
	if shown != len(list) || c.ClearSeq < a.cleared[c.ConversationID] {
		t.Errorf("%s of %d: %d messages, want %d; cleared up to %d, want %d", c.ConversationID, a.UserID, len(list), shown, c.ClearSeq, a.cleared[c.ConversationID])
	}
}

// nothingGone looks for what is gone in all that a user can ask for.
func (w *world) nothingGone(t *testing.T, a *actor) {
	t.Helper()
	points := make([]client.Point, len(a.places))
	for n, cid := range a.places {
		points[n].ID = cid
	}
	var answers []json.RawMessage
	ask := func(method, path string, in any) {
		t.Helper()
		var out json.RawMessage
		if err := a.Call(ctx(t), method, path, in, &out); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		answers = append(answers, out)
	}
	empty := ""
	ask(http.MethodGet, "/api/chat/session?limit=100", nil)
	ask(http.MethodPost, "/api/chat/sync", client.SyncRequest{Conversations: points, UserVer: &empty, Limit: 200})
	for _, cid := range a.places {
		ask(http.MethodGet, "/api/chat/history?limit=200&conversationId="+cid, nil)
		ask(http.MethodGet, "/api/chat/pins?conversationId="+cid, nil)
	}
	for _, body := range answers {
		text := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(body))
		for _, g := range w.gone {
			if g != "" && strings.Contains(text, g) {
				t.Errorf("user %d still gets %q in %.2000s", a.UserID, g, text[strings.Index(text, g):])
			}
		}
	}
	for id := range a.deleted {
		_, err := a.Message(ctx(t), id)
		wantCode(t, fmt.Sprintf("message %d, which %d has deleted", id, a.UserID), err, 40011)
	}
}

// serverKnown is what a device should know.
func serverKnown(c client.Conversation, list []client.Message) *client.Known {
	k := &client.Known{
		Seq: c.MaxSeq, Ver: c.Ver, ReadSeq: c.ReadSeq, PeerReadSeq: c.PeerReadSeq, ClearSeq: c.ClearSeq,
		IsTop: c.IsTop, IsMuted: c.IsMuted, Draft: c.Draft, Messages: map[uint64]client.Message{},
		Marked: c.Unread == 1 && c.MaxSeq <= max(c.ReadSeq, c.ClearSeq),
	}
	if c.IsHidden {
		k.HiddenTo = c.MaxSeq + 1
	}
	for _, m := range list {
		k.Messages[m.Seq] = m
	}
	return k
}

// differs says in what a device is not the server's equal. What is marked as
// unread, events do not always tell: marks is false where they are all there is.
func differs(device, server map[string]*client.Known, marks bool) error {
	var errs []error
	for cid, want := range server {
		got := device[cid]
		if got == nil {
			if want.Seq > 0 {
				errs = append(errs, fmt.Errorf("%s is not known", cid))
			}
			continue
		}
		g, s := state(got, marks), state(want, marks)
		if g != s {
			errs = append(errs, fmt.Errorf("%s is\n%s\nbut on the server\n%s", cid, g, s))
		}
		for seq := uint64(1); seq <= max(got.Seq, want.Seq); seq++ {
			if g, s := entry(got, seq), entry(want, seq); g != s {
				errs = append(errs, fmt.Errorf("%s:\n%s\nbut on the server\n%s", cid, g, s))
			}
		}
	}
	return errors.Join(errs...)
}

func state(k *client.Known, marks bool) string {
	return fmt.Sprint("seq ", k.Seq, " ver ", k.Ver, " read ", k.ReadSeq, " peer ", k.PeerReadSeq, " clear ", k.ClearSeq, " hidden ", k.Hidden(),
		" top ", k.IsTop, " muted ", k.IsMuted, " draft ", k.Draft, " messages ", len(k.Messages), " marked ", marks && k.Marked)
}

func entry(k *client.Known, seq uint64) string {
	m, ok := k.Messages[seq]
	if !ok {
		return fmt.Sprint("no message ", seq)
	}
	about := ""
	if r, ok := k.About(m); ok {
		about = fmt.Sprint(" about ", r.MsgID)
		visible := false
		for _, o := range k.Messages {
			visible = visible || o.ID == r.MsgID
		}
		if visible { // of others, changes are not always heard
			about += fmt.Sprint(" status ", r.Status, " part ", r.Part)
		}
		if visible && r.Status == 0 {
			about += " preview " + r.Preview
		}
	}
	return fmt.Sprint("message ", m.ID, " seq ", m.Seq, " ver ", m.Ver, " status ", m.Status, " type ", m.MsgType, " says ", m.Content(),
		" reactions ", m.Reactions, " pinned ", m.PinnedAt, " edited ", m.EditedAt, about)
}
