package logic

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tudoIM/common/ctype"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
	"tudoIM/tudoIM_chat/chat_rpc/internal/model"
)

const (
	// The reader and the peer of the long conversation.
	reader, peer = 1, 2
	// few has 10 conversations, many has 2,000, with users on both sides of
	// their own number.
	few, many           = 500_000, 600_000
	fewOf, manyOf       = 10, 2_000
	others              = 20_000 // conversations of others
	changedOf           = 300    // messages of the long one that were changed
	deletedOf           = 300    // and that the reader has deleted
	rare                = 1000   // one message of so many is an image
	filled        int64 = 1_700_000_000_000
)

// BenchmarkConversations measures what users do in a conversation of 10,000
// messages and in one of 1,000,000, and with lists of 10 and of 2,000
// conversations. docs/performance.md has the figures.
func BenchmarkConversations(b *testing.B) {
	for _, dialect := range []struct {
		name string
		open func(testing.TB, ...db.Migration) *db.DB
	}{{"sqlite", dbtest.SQLite}, {"mariadb", dbtest.MySQL}} {
		for _, size := range []uint64{10_000, 1_000_000} {
			b.Run(fmt.Sprintf("%s/%d", dialect.name, size), func(b *testing.B) {
				w := newWorld(b, dialect.open(b, model.Migration))
				ids := w.fill(b, size)
				for _, c := range w.calls(size, ids) {
					b.Run(c.name, func(b *testing.B) {
						b.ReportAllocs()
						for b.Loop() {
							if got, err := c.call(b.Context()); err != nil || got != c.want {
								b.Fatalf("%d, want %d, %v", got, c.want, err)
							}
						}
					})
				}
			})
		}
	}
}

// call is what is measured: it returns how much it got, to compare with want.
type call struct {
	name string
	want int
	call func(ctx context.Context) (int, error)
}

// calls are all that is measured, in a conversation of size messages; what
// writes is last.
func (w *world) calls(size uint64, ids []uint64) []call {
	history := func(in *wire.HistoryRequest) func(context.Context) (int, error) {
		in.UserId, in.TargetId, in.Limit = reader, peer, 50
		return func(ctx context.Context) (int, error) {
			r, err := w.Messages.History(ctx, in)
			return len(r.GetList()), err
		}
	}
	sync := func(seq, ver uint64) func(context.Context) (int, error) {
		in := &wire.SyncRequest{UserId: reader, Limit: 50, List: []*wire.SyncPoint{{TargetId: peer, Seq: seq, Ver: ver}}}
		return func(ctx context.Context) (int, error) {
			r, err := w.Messages.Sync(ctx, in)
			if err != nil {
				return 0, err
			}
			return len(r.List[0].Messages) + len(r.List[0].Changed), nil
		}
	}
	sessions := func(user uint64) func(context.Context) (int, error) {
		return func(ctx context.Context) (int, error) {
			r, err := w.Messages.Sessions(ctx, &wire.SessionsRequest{UserId: user, Limit: 20})
			return len(r.GetList()), err
		}
	}
	ver := size + changedOf
	images := min(int(size/rare), 50)
	return []call{
		{"history-newest", 50, history(&wire.HistoryRequest{})},
		{"history-before", 50, history(&wire.HistoryRequest{BeforeSeq: ptr(size / 2)})},
		{"history-around", 50, history(&wire.HistoryRequest{AroundSeq: ptr(size / 3)})},
		{"history-rare-type", images, history(&wire.HistoryRequest{MsgTypes: []int32{ctype.TypeImage}})},
		{"history-absent-type", 0, history(&wire.HistoryRequest{MsgTypes: []int32{ctype.TypeVideo}})},
		{"history-common-type", 50, history(&wire.HistoryRequest{MsgTypes: []int32{ctype.TypeText}})},
		{"get", 50, func(ctx context.Context) (int, error) {
			r, err := w.Messages.Get(ctx, &wire.GetRequest{UserId: reader, Ids: ids})
			return len(r.GetList()), err
		}},
		{"sync-nothing", 0, sync(size, ver)},
		{"sync-last-50", 50, sync(size-60, ver)},
		{"sync-last-50-changed", 50, sync(size, ver-50)},
		{"sync-all-changed", 50, sync(size, 0)},
		{"sessions-of-10", fewOf, sessions(few)},
		{"sessions-of-2000", 20, sessions(many)},
		{"changes-nothing-of-2000", 0, func(ctx context.Context) (int, error) {
			r, err := w.Messages.Changes(ctx, &wire.ChangesRequest{UserId: many, Since: w.DB.Clock.Milli(ctx)})
			return len(r.GetList()), err
		}},
		{"unread-of-2000", manyOf, func(ctx context.Context) (int, error) {
			r, err := w.Messages.Unread(ctx, &wire.UnreadRequest{UserId: many})
			return int(r.GetTotalUnreadAll()), err // #nosec G115 -- few
		}},
		{"read", 1, w.reads(size)},
		{"send-50", 50, w.sends()},
	}
}

// reads reads the long conversation message by message, and begins anew at
// its end.
func (w *world) reads(size uint64) func(context.Context) (int, error) {
	seq := uint64(0)
	return func(ctx context.Context) (int, error) {
		if seq++; seq > size {
			seq = 1
			if err := w.DB.WithContext(ctx).Exec("UPDATE conversation_models SET low_read_seq = 0 WHERE low_user_id = ?", reader).Error; err != nil {
				return 0, err
			}
		}
		r, err := w.Messages.Read(ctx, &wire.ReadRequest{UserId: reader, TargetId: peer, ReadSeq: seq})
		if err != nil || !r.Moved {
			return 0, err
		}
		return 1, nil
	}
}

// sends sends a text into 50 conversations in one commit.
func (w *world) sends() func(context.Context) (int, error) {
	n := 0
	return func(ctx context.Context) (int, error) {
		n++
		in := &wire.SendRequest{}
		for k := range uint64(50) {
			in.List = append(in.List, text(many, many+1+k, fmt.Sprintf("%08x-%d", n*2654435761%(1<<32), n), strings.Repeat("x", 128)))
		}
		r, err := w.Messages.Send(ctx, in)
		stored := 0
		for _, s := range r.GetList() {
			if s.Code == 0 && !s.Dup {
				stored++
			}
		}
		return stored, err
	}
}

// rows collects rows of a table and inserts many at once.
type rows struct {
	t     testing.TB
	d     *db.DB
	table string
	width int
	args  []any
}

func (w *world) rows(t testing.TB, table, columns string) *rows {
	return &rows{t, w.DB, table + " (" + columns + ")", strings.Count(columns, ",") + 1, nil}
}

func (r *rows) add(args ...any) {
	if r.args = append(r.args, args...); len(r.args) >= 1000*r.width {
		r.flush()
	}
}

func (r *rows) flush() {
	r.t.Helper()
	if len(r.args) == 0 {
		return
	}
	pool, err := r.d.DB.DB()
	if err != nil {
		r.t.Fatal(err)
	}
	_, err = pool.ExecContext(r.t.Context(), "INSERT INTO "+r.table+" VALUES "+msglog.Rows(len(r.args)/r.width, r.width), r.args...)
	if err != nil {
		r.t.Fatal(err)
	}
	r.args = r.args[:0]
}

// fill stores the long conversation of reader and peer, those of few, many and
// others, and returns the ids of 50 messages all over the long one.
func (w *world) fill(t testing.TB, size uint64) (ids []uint64) {
	t.Helper()
	conversations := w.rows(t, "conversation_models",
		"id, created_at, low_user_id, high_user_id, max_seq, ver, last_at, active_at, low_read_seq, high_read_seq")
	messages := w.rows(t, "chat_models", "conversation_id, seq, id, ver, send_user_id, rev_user_id, client_msg_id,"+
		" msg_type, msg, msg_preview, changed_ver, created_at")
	content := strings.Repeat("x", 128)
	doc := fmt.Sprintf(`{"type":1,"textMsg":{"content":"%s"}}`, content)
	id := uint64(0)
	say := func(conversation, seq, from, to, changed uint64, typ int32) {
		id += 2
		messages.add(conversation, seq, id, max(seq, changed), from, to, fmt.Sprintf("%036d", seq), typ, doc, content, changed, filled+int64(seq)) // #nosec G115 -- small
	}

	conversations.add(1, filled, reader, peer, size, size+changedOf, filled, filled, 0, size)
	last := size // ver
	for seq := uint64(1); seq <= size; seq++ {
		typ, changed := ctype.TypeText, uint64(0)
		if seq%rare == 0 {
			typ = ctype.TypeImage
		}
		if seq%(size/changedOf) == 0 && last < size+changedOf {
			last++
			changed = last
		}
		say(1, seq, reader+seq%2, reader+1-seq%2, changed, typ)
		if seq%(size/50) == size/100 {
			ids = append(ids, id)
		}
	}
	number := uint64(1)
	talk := func(low, high uint64) {
		number++
		conversations.add(number, filled, low, high, 1, 1, filled+int64(number), filled+int64(number), 0, 0) // #nosec G115 -- small
		say(number, 1, low, high, 0, ctype.TypeText)
	}
	settings := w.rows(t, "user_conversation_models", "user_id, conversation_id, is_muted, updated_at")
	tops := w.rows(t, "top_user_models", "user_id, top_user_id, created_at")
	for user, n := range map[uint64]uint64{few: fewOf, many: manyOf} {
		for k := uint64(1); k <= n/2; k++ {
			talk(user, user+k)
			settings.add(user, number, k%2, filled)
			if k%100 == 1 {
				tops.add(user, user+k, filled)
			}
			talk(user-k, user)
		}
	}
	for k := range uint64(others) {
		talk(1000+k%1000, 3000+k)
		settings.add(1000+k%1000, number, 0, filled)
	}
	deleted := w.rows(t, "user_chat_delete_models", "user_id, conversation_id, seq, chat_id, created_at")
	for seq := size; seq > 0 && seq > size-size/deletedOf*deletedOf; seq -= size / deletedOf {
		if at := seq - 7; at%rare != 0 && !slices.Contains(ids, 2*at) {
			deleted.add(reader, 1, at, 2*at, filled)
		}
	}
	for _, r := range []*rows{conversations, messages, settings, tops, deleted} {
		r.flush()
	}
	after := []string{fmt.Sprintf("UPDATE chat_counter_models SET next = %d", 10*id)}
	if w.DB.IsMySQL() {
		after = append(after, "ANALYZE TABLE conversation_models, chat_models, user_conversation_models, top_user_models, user_chat_delete_models")
	}
	for _, stmt := range after {
		if err := w.DB.WithContext(t.Context()).Exec(stmt).Error; err != nil {
			t.Fatal(err)
		}
	}
	return ids
}
