package logic

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"tudoIM/common/conversation"
	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/wire"
	"tudoIM/core/cache"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
	"tudoIM/core/embedded"
	"tudoIM/tudoIM_chat/chat_rpc/internal/model"
	"tudoIM/tudoIM_chat/chat_rpc/internal/svc"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// world is a chat_rpc on a real database and a real bus.
type world struct {
	*svc.ServiceContext
	site   conversation.Limits
	groups *inGroups
}

// inGroups is a group_rpc that knows who is in a group whose members write to
// each other.
type inGroups struct {
	mu      sync.Mutex
	members map[uint64]bool
	away    error
	asked   int
}

func (g *inGroups) together(_ context.Context, user uint64, peers []uint64) (found []uint64, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked++
	for _, id := range peers {
		if g.members[user] && g.members[id] {
			found = append(found, id)
		}
	}
	return found, g.away
}

// set says who is in, or why nobody can tell.
func (g *inGroups) set(away error, members ...uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.away, g.members, g.asked = away, map[uint64]bool{}, 0
	for _, id := range members {
		g.members[id] = true
	}
}

func (g *inGroups) calls() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.asked
}

// library is what the users of these tests may refer to: user 1 has an image
// and a file, and knows user 2 and group 5.
type library struct{}

func (library) Files(_ context.Context, user uint64, uids []string) (map[string]ctype.File, error) {
	all := map[string]ctype.File{
		anImage: {UID: anImage, Name: "cat.png", Mime: "image/png", Kind: "image", Hash: "h1", Size: 10},
		aFile:   {UID: aFile, Name: "plan.pdf", Mime: "application/pdf", Kind: "document", Hash: "h2", Size: 20},
	}
	found := map[string]ctype.File{}
	for _, uid := range uids {
		if f, ok := all[uid]; ok && user == 1 {
			found[uid] = f
		}
	}
	return found, nil
}

func (library) Cards(_ context.Context, _ uint64, users, groups []uint64) error {
	for _, id := range append(users, groups...) {
		if id != 2 && id != 5 {
			return errs.BadMessage
		}
	}
	return nil
}

const (
	anImage = "imageimageimageimage12"
	aFile   = "filefilefilefilefile12"
)

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newWorld(t, d)) }, model.Migration)
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	redis, err := embedded.StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(redis.Close)
	rdb, err := cache.Open(redis.URL())
	if err != nil {
		t.Fatal(err)
	}
	bus := event.NewBus(rdb, []byte(strings.Repeat("s", 32)))
	conversations, err := model.NewConversations(d)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{site: conversation.Limits{Text: 4000, RecallWindow: 2 * time.Minute}, groups: &inGroups{}}
	messages, err := conversation.New(conversation.Parts{
		Home: model.Private{Conversations: conversations, DB: d, Bus: bus, Together: w.groups.together}, DB: d, Tables: model.Tables, Bus: bus, Refs: library{},
		Limits: func(context.Context) conversation.Limits { return w.site },
	})
	if err != nil {
		t.Fatal(err)
	}
	w.ServiceContext = &svc.ServiceContext{
		DB: d, Conversations: conversations, Senders: model.Senders(d), Bus: bus, Messages: messages,
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var wg sync.WaitGroup
	wg.Go(func() { messages.Log.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	return w
}

func (w *world) rights(t *testing.T, in *chat_rpc.SetRightsRequest) {
	t.Helper()
	if _, err := NewSetRightsLogic(t.Context(), w.ServiceContext).SetRights(in); err != nil {
		t.Fatal(err)
	}
}

// friends lets a and b send to each other.
func (w *world) friends(t *testing.T, a, b uint64) {
	t.Helper()
	w.rights(t, &chat_rpc.SetRightsRequest{UserId: a, PeerId: b, Version: 1})
}

func text(from, to uint64, client, content string) *wire.SendItem {
	body, _ := json.Marshal(map[string]any{"type": 1, "textMsg": map[string]string{"content": content}})
	return &wire.SendItem{UserId: from, TargetId: to, ClientMsgId: client, Msg: body}
}

func (w *world) send(t *testing.T, items ...*wire.SendItem) []*wire.SendResult {
	t.Helper()
	r, err := w.Messages.Send(t.Context(), &wire.SendRequest{List: items})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.List) != len(items) {
		t.Fatalf("%d results of %d", len(r.List), len(items))
	}
	return r.List
}

// say sends n texts named "<from>-<number>", and fails unless all are stored.
func (w *world) say(t *testing.T, from, to uint64, n int) {
	t.Helper()
	for i := range n {
		for _, r := range w.send(t, text(from, to, fmt.Sprintf("%d-%d", from, i), "hello")) {
			if r.Code != 0 || r.Dup {
				t.Fatalf("send: %v", r)
			}
		}
	}
}

func (w *world) history(t *testing.T, in *wire.HistoryRequest) (*wire.HistoryResponse, error) {
	t.Helper()
	return w.Messages.History(t.Context(), in)
}

func (w *world) sync(t *testing.T, user uint64, limit int32, points ...*wire.SyncPoint) []*wire.SyncItem {
	t.Helper()
	r, err := w.Messages.Sync(t.Context(), &wire.SyncRequest{UserId: user, Limit: limit, List: points})
	if err != nil {
		t.Fatal(err)
	}
	return r.List
}

func seqs(list []*wire.Message) []uint64 {
	out := []uint64{}
	for _, m := range list {
		out = append(out, m.Seq)
	}
	return out
}

// span is from, from+1 ... to.
func span(from, to uint64) []uint64 {
	out := []uint64{}
	for n := from; n <= to; n++ {
		out = append(out, n)
	}
	return out
}

func code(err error) int {
	if err == nil {
		return 0
	}
	return errs.From(err).Code
}

// size is what m weighs on the wire.
func size(m proto.Message) int { return proto.Size(m) }

func ptr(n uint64) *uint64 { return &n }

// listen returns what user hears on the bus beside messages, which come when
// they come.
func (w *world) listen(t *testing.T, user uint64) <-chan *wire.Event {
	t.Helper()
	heard := make(chan *wire.Event, 64)
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	sub := w.Bus.Subscribe(ctx, func(_ string, e *wire.Event) {
		if e.Name != event.Message {
			heard <- e
		}
	}, func() {})
	if err := sub.Add(ctx, event.UserChannel(user)); err != nil {
		t.Fatal(err)
	}
	return heard
}

func hear(t *testing.T, heard <-chan *wire.Event) *wire.Event {
	t.Helper()
	select {
	case e := <-heard:
		return e
	case <-time.After(20 * time.Second):
		t.Fatal("nothing is heard")
		return nil
	}
}
