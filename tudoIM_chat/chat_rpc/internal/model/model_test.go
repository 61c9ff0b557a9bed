package model

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
	"tudoIM/core/cache"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
	"tudoIM/core/embedded"
)

// fixture is a running log with its bus.
type fixture struct {
	d    *db.DB
	log  *msglog.Log
	conv *Conversations
	home Private
	bus  *event.Bus
}

func newFixture(t *testing.T, d *db.DB) *fixture {
	t.Helper()
	f := &fixture{d: d}
	redis, err := embedded.StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(redis.Close)
	rdb, err := cache.Open(redis.URL())
	if err != nil {
		t.Fatal(err)
	}
	f.bus = event.NewBus(rdb, []byte(strings.Repeat("s", 32)))
	if f.conv, err = NewConversations(d); err != nil {
		t.Fatal(err)
	}
	f.home = Private{Conversations: f.conv, DB: d, Bus: f.bus}
	if f.log, err = msglog.New(d, Tables, f.home); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { f.log.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	return f
}

// pair makes two users who may send to each other and returns the number of
// their conversation.
func (f *fixture) pair(t *testing.T, a, b uint64) uint64 {
	t.Helper()
	p := PairOf(a, b)
	if err := f.conv.SetRights(t.Context(), p, Rights{Version: 1}); err != nil {
		t.Fatal(err)
	}
	ids, err := f.conv.Find(t.Context(), []Pair{p})
	if err != nil {
		t.Fatal(err)
	}
	return ids[p]
}

func item(t *testing.T, conversation, from, to uint64, client, text string) *msglog.Item {
	t.Helper()
	return &msglog.Item{
		Conversation: conversation, Sender: from, Target: to, ClientMsgID: client,
		MsgType: 1, Body: fmt.Appendf(nil, `{"type":1,"textMsg":{"content":%q}}`, text), Preview: text,
	}
}

func (f *fixture) send(t *testing.T, items ...*msglog.Item) {
	t.Helper()
	if err := f.log.Append(t.Context(), items); err != nil {
		t.Fatal(err)
	}
}

// stored returns all messages of a conversation and fails on a gap.
func (f *fixture) stored(t *testing.T, conversation uint64) []*wire.Message {
	t.Helper()
	var all []*wire.Message
	for seq := uint64(0); ; {
		page, err := f.log.First(t.Context(), msglog.Range{Conversation: conversation, After: seq, Before: 1 << 62, Limit: msglog.MaxPage})
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return all
		}
		for _, m := range page {
			if seq++; m.Seq != seq {
				t.Fatalf("conversation %d: seq %d follows %d", conversation, m.Seq, seq-1)
			}
		}
		all = append(all, page...)
	}
}

func TestSchema(t *testing.T) {
	t.Parallel()
	dbtest.Schema(t, Migration, &ConversationModel{}, &ChatModel{}, &UserConversationModel{}, &TopUserModel{}, &UserChatDeleteModel{}, &ChatSenderModel{},
		&ChatBundleModel{}, &ChatReactionModel{}, &ChatPinModel{}, &ChatFileModel{}, &ChatFileBarModel{})
}

func TestConcurrentSendsAreOnceInOrderWithoutGap(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFixture(t, d)
		const pairs, each = 8, 60
		var wg sync.WaitGroup
		for p := range uint64(pairs) {
			a, b := 10+2*p, 11+2*p
			conversation := f.pair(t, a, b)
			for _, from := range []uint64{a, b} {
				wg.Go(func() {
					for n := 0; n < each; {
						size := min(1+rand.IntN(5), each-n)
						var batch []*msglog.Item
						for i := range size {
							i := item(t, conversation, from, a+b-from, fmt.Sprintf("m%d", n+i), fmt.Sprintf("%d:%d", from, n+i))
							batch = append(batch, i, item(t, conversation, from, a+b-from, i.ClientMsgID, "a twin in the batch"))
						}
						if n > 0 { // an old one again, with other words
							batch = append(batch, item(t, conversation, from, a+b-from, fmt.Sprintf("m%d", rand.IntN(n)), "again"))
						}
						if err := f.log.Append(t.Context(), batch); err != nil {
							t.Errorf("append: %v", err)
							return
						}
						for _, i := range batch {
							if i.Err != nil {
								t.Errorf("%s: %v", i.ClientMsgID, i.Err)
							}
						}
						n += size
					}
				})
			}
		}
		wg.Wait()
		ids := map[uint64]bool{}
		for p := range uint64(pairs) {
			a, b := 10+2*p, 11+2*p
			all := f.stored(t, f.pair(t, a, b))
			if len(all) != 2*each {
				t.Fatalf("stored %d of %d", len(all), 2*each)
			}
			next := map[uint64]int{}
			for _, m := range all {
				if want := fmt.Sprintf(`"%d:%d"`, m.SendUserId, next[m.SendUserId]); !strings.Contains(string(m.Msg), want) {
					t.Fatalf("message %d of %d is %s, want %s", m.Seq, m.SendUserId, m.Msg, want)
				}
				next[m.SendUserId]++
				if ids[m.Id] || m.Id%2 != 0 {
					t.Fatalf("id %d is not unique and even", m.Id)
				}
				ids[m.Id] = true
			}
		}
	}, Migration)
}

func TestOneClientMsgIDFromFiftyGoroutinesIsOneMessage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFixture(t, d)
		conversation := f.pair(t, 1, 2)
		var wg sync.WaitGroup
		results := make([]*msglog.Item, 50)
		for n := range results {
			results[n] = item(t, conversation, 1, 2, "same", fmt.Sprintf("try %d", n))
			wg.Go(func() {
				if err := f.log.Append(t.Context(), results[n:n+1]); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		first := 0
		for _, r := range results {
			if r.Err != nil || r.Message.Seq != 1 || r.Message.Id != results[0].Message.Id {
				t.Fatalf("got %+v", r)
			}
			if !r.Dup {
				first++
			}
		}
		if first != 1 || len(f.stored(t, conversation)) != 1 {
			t.Fatalf("%d firsts, %d stored", first, len(f.stored(t, conversation)))
		}
	}, Migration)
}

func TestRights(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFixture(t, d)
		conversation := f.pair(t, 1, 2)
		f.send(t, item(t, conversation, 1, 2, "before", "x"))
		set := func(low, high int32, version uint64) {
			t.Helper()
			if err := f.conv.SetRights(t.Context(), PairOf(1, 2), Rights{Low: low, High: high, Version: version}); err != nil {
				t.Fatal(err)
			}
		}
		set(int32(errs.SendBlocked.Code), int32(errs.SendNotFriends.Code), 3)
		set(0, 0, 2) // comes late and must not win
		for _, c := range []struct {
			name   string
			item   *msglog.Item
			want   error
			repeat bool
		}{
			{"the low one is blocked", item(t, conversation, 1, 2, "a", "x"), errs.SendBlocked, false},
			{"the high one is no friend", item(t, conversation, 2, 1, "b", "x"), errs.SendNotFriends, false},
			{"a repeat is answered for ever", item(t, conversation, 1, 2, "before", "y"), nil, true},
		} {
			f.send(t, c.item)
			if !errors.Is(c.item.Err, c.want) || c.item.Dup != c.repeat {
				t.Errorf("%s: %v, dup %v", c.name, c.item.Err, c.item.Dup)
			}
		}
		set(0, 0, 4)
		mixed := []*msglog.Item{item(t, conversation, 1, 2, "c", "x"), item(t, conversation+1000, 1, 9, "d", "x")}
		f.send(t, mixed...)
		if mixed[0].Err != nil || !errors.Is(mixed[1].Err, errs.NoConversation) {
			t.Errorf("a send into no conversation: %v, beside it %v", mixed[1].Err, mixed[0].Err)
		}
		if n := len(f.stored(t, conversation)); n != 2 {
			t.Errorf("stored %d, want 2", n)
		}
	}, Migration)
}

func TestNothingIsStoredAfterRightsWereTaken(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFixture(t, d)
		conversation := f.pair(t, 1, 2)
		stop := make(chan struct{})
		var wg sync.WaitGroup
		for g := range 4 {
			wg.Go(func() {
				for n := 0; ; n++ {
					select {
					case <-stop:
						return
					default:
					}
					i := item(t, conversation, 1, 2, fmt.Sprintf("%d-%d", g, n), "x")
					if err := f.log.Append(t.Context(), []*msglog.Item{i}); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for version := uint64(2); version < 22; version += 2 {
			if err := f.conv.SetRights(t.Context(), PairOf(1, 2), Rights{Low: int32(errs.SendNotFriends.Code), Version: version}); err != nil {
				t.Fatal(err)
			}
			c, err := f.home.View(t.Context(), 1, 2)
			if err != nil {
				t.Fatal(err)
			}
			for range 5 { // the senders go on meanwhile
				f.send(t, item(t, conversation, 2, 1, fmt.Sprintf("peer-%d-%d", version, rand.Uint64()), "x"))
			}
			after, err := f.log.First(t.Context(), msglog.Range{Conversation: conversation, After: c.MaxSeq, Before: 1 << 62, Limit: msglog.MaxPage})
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range after {
				if m.SendUserId == 1 {
					t.Fatalf("seq %d of the refused user came after seq %d", m.Seq, c.MaxSeq)
				}
			}
			if err := f.conv.SetRights(t.Context(), PairOf(1, 2), Rights{Version: version + 1}); err != nil {
				t.Fatal(err)
			}
		}
		close(stop)
		wg.Wait()
		f.stored(t, conversation)
	}, Migration)
}

func TestWhoMaySendAtAll(t *testing.T) {
	t.Parallel()
	const curtailed, blocked = 40004, 40003
	row := &ConversationModel{LowUserID: 1, HighUserID: 2, LowRefusal: blocked}
	for _, c := range []struct {
		name         string
		user         uint64
		mine, theirs msglog.SenderState
		want         error
	}{
		{"nothing was said", 2, msglog.SenderState{}, msglog.SenderState{}, nil},
		{"curtailed", 2, msglog.SenderState{Code: curtailed}, msglog.SenderState{}, errs.Curtailed},
		{"curtailed until later", 2, msglog.SenderState{Code: curtailed, Until: 101}, msglog.SenderState{}, errs.Curtailed},
		{"curtailed until now", 2, msglog.SenderState{Code: curtailed, Until: 100}, msglog.SenderState{}, nil},
		{"the other is curtailed", 2, msglog.SenderState{}, msglog.SenderState{Code: curtailed}, nil},
		{"the other is gone", 2, msglog.SenderState{}, msglog.SenderState{Code: curtailed, Gone: true}, errs.SendNotFriends},
		{"curtailed and blocked", 1, msglog.SenderState{Code: curtailed}, msglog.SenderState{}, errs.Curtailed},
		{"blocked", 1, msglog.SenderState{}, msglog.SenderState{}, errs.SendBlocked},
		{"blocked by one who is gone", 1, msglog.SenderState{}, msglog.SenderState{Gone: true}, errs.SendNotFriends},
	} {
		if err := row.Judge(c.user, c.mine, c.theirs, false, 100); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestNothingIsStoredAfterASenderWasCurtailed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFixture(t, d)
		var conversations []uint64
		for peer := uint64(2); peer < 5; peer++ {
			conversations = append(conversations, f.pair(t, 1, peer))
		}
		stop := make(chan struct{})
		var wg sync.WaitGroup
		for g := range 6 {
			wg.Go(func() {
				to := g % len(conversations)
				for n := 0; ; n++ {
					select {
					case <-stop:
						return
					default:
					}
					i := item(t, conversations[to], 1, uint64(to)+2, fmt.Sprintf("%d-%d", g, n), "x")
					if err := f.log.Append(t.Context(), []*msglog.Item{i}); err != nil {
						t.Error(err)
						return
					}
					if i.Err != nil && !errors.Is(i.Err, errs.Curtailed) {
						t.Error(i.Err)
					}
				}
			})
		}
		count := func() (n int64) {
			if err := d.Model(&ChatModel{}).Where("send_user_id = 1").Count(&n).Error; err != nil {
				t.Fatal(err)
			}
			return n
		}
		set := func(code int, version uint64) {
			if err := Senders(d).Set(t.Context(), msglog.SenderState{UserID: 1, Code: int32(code), Version: version}); err != nil {
				t.Fatal(err)
			}
		}
		for version := uint64(1); version < 20; version += 2 {
			set(errs.Curtailed.Code, version)
			before := count()
			for range 5 { // the sender goes on meanwhile, others too
				f.send(t, item(t, conversations[0], 2, 1, fmt.Sprintf("peer-%d-%d", version, rand.Uint64()), "x"))
			}
			if after := count(); after != before {
				t.Fatalf("%d messages of the curtailed user came after the answer", after-before)
			}
			set(0, version+1)
			again := item(t, conversations[0], 1, 2, fmt.Sprintf("lifted-%d", version), "x")
			if f.send(t, again); again.Err != nil {
				t.Errorf("lifted: %v", again.Err)
			}
		}
		close(stop)
		wg.Wait()
		for _, c := range conversations {
			f.stored(t, c)
		}
	}, Migration)
}

func TestOneBadRowDoesNotFailTheOthers(t *testing.T) {
	t.Parallel()
	f := newFixture(t, dbtest.MySQL(t, Migration))
	conversation := f.pair(t, 1, 2)
	var batch []*msglog.Item
	for n := range 20 {
		i := item(t, conversation, 1, 2, fmt.Sprint(n), "x")
		if n == 13 {
			i.Preview = strings.Repeat("x", 300) // longer than its column
		}
		batch = append(batch, i)
	}
	f.send(t, batch...)
	for n, i := range batch {
		if (i.Err != nil) != (n == 13) {
			t.Errorf("item %d: %v", n, i.Err)
		}
	}
	if n := len(f.stored(t, conversation)); n != 19 {
		t.Errorf("stored %d, want 19", n)
	}
}

func TestEventsReachBothSides(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFixture(t, d)
		conversation := f.pair(t, 1, 2)
		heard := make(chan *wire.Event, 16)
		sub := f.bus.Subscribe(t.Context(), func(_ string, e *wire.Event) { heard <- e }, func() {})
		if err := sub.Add(t.Context(), event.UserChannel(2)); err != nil {
			t.Fatal(err)
		}
		next := func() *wire.Event {
			t.Helper()
			select {
			case e := <-heard:
				return e
			case <-time.After(20 * time.Second):
				t.Fatal("no event")
				return nil
			}
		}
		for n := 1; n <= 2; n++ {
			f.send(t, item(t, conversation, 1, 2, fmt.Sprint(n), "x"))
			e := next()
			if e.Message.Seq != uint64(n) || e.To[1].UserId != 2 || e.To[1].Unread != uint64(n) || e.To[0].Unread != 0 {
				t.Fatalf("event %v", e)
			}
		}
		// A repeat rings again: the first push may be what its sender missed.
		f.send(t, item(t, conversation, 1, 2, "1", "x"))
		if e := next(); e.Message.Seq != 1 {
			t.Fatalf("event %v", e)
		}
		// A commit whose node died before it published is published by the sweep.
		m := f.stored(t, conversation)[1]
		if err := d.Exec("INSERT INTO chat_outbox_models (created_at, message_ids) VALUES (1, ?)", fmt.Sprint(m.Id)).Error; err != nil {
			t.Fatal(err)
		}
		if e := next(); e.Message.Seq != 2 || e.To[1].Unread != 2 {
			t.Fatalf("event %v", e)
		}
	}, Migration)
}
