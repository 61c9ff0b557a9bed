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

	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/msglog"
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
type world struct{ *svc.ServiceContext }

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newWorld(t, d)) }, model.Migration)
}

func newWorld(t *testing.T, d *db.DB) *world {
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
	log, err := msglog.New(d, model.Tables, model.Private{DB: d, Bus: bus})
	if err != nil {
		t.Fatal(err)
	}
	conversations, err := model.NewConversations(d)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var wg sync.WaitGroup
	wg.Go(func() { log.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	return &world{&svc.ServiceContext{DB: d, Log: log, Conversations: conversations, Senders: model.Senders(d), Bus: bus}}
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

func text(from, to uint64, client, content string) *chat_rpc.SendItem {
	body, _ := json.Marshal(map[string]any{"type": 1, "textMsg": map[string]string{"content": content}})
	return &chat_rpc.SendItem{SendUserId: from, RevUserId: to, ClientMsgId: client, Msg: body}
}

func (w *world) send(t *testing.T, items ...*chat_rpc.SendItem) []*chat_rpc.SendResult {
	t.Helper()
	r, err := NewSendLogic(t.Context(), w.ServiceContext).Send(&chat_rpc.SendRequest{List: items})
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

func (w *world) history(t *testing.T, in *chat_rpc.HistoryRequest) (*chat_rpc.HistoryResponse, error) {
	t.Helper()
	return NewHistoryLogic(t.Context(), w.ServiceContext).History(in)
}

func (w *world) sync(t *testing.T, user uint64, limit int32, points ...*chat_rpc.SyncPoint) []*chat_rpc.SyncItem {
	t.Helper()
	r, err := NewSyncLogic(t.Context(), w.ServiceContext).Sync(&chat_rpc.SyncRequest{UserId: user, Limit: limit, List: points})
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
