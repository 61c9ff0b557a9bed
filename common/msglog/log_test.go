package msglog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"

	"tudoIM/common/errs"
	"tudoIM/common/wire"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

const patience = 60 * time.Second

var migration = db.Migration{Half: "log_rpc", Files: schema()}

// schema is the tables of a log in the words both dialects know.
func schema() fstest.MapFS {
	files := fstest.MapFS{}
	for dialect, auto := range map[string]string{"mysql": "BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY", "sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT"} {
		for n, step := range []string{
			"CREATE TABLE heads (id BIGINT NOT NULL PRIMARY KEY, max_seq BIGINT NOT NULL, ver BIGINT NOT NULL, last_at BIGINT NOT NULL, active_at BIGINT NOT NULL DEFAULT 0);",
			"CREATE TABLE msgs (conversation_id BIGINT NOT NULL, seq BIGINT NOT NULL, id BIGINT NOT NULL UNIQUE, ver BIGINT NOT NULL, send_user_id BIGINT NOT NULL, to_id BIGINT NOT NULL," +
				" client_msg_id VARCHAR(64) NOT NULL, msg_type INT NOT NULL, msg TEXT NOT NULL, msg_preview VARCHAR(255) NOT NULL, status INT NOT NULL DEFAULT 0, extra TEXT NULL, changes INT NOT NULL DEFAULT 0, changed_ver BIGINT NOT NULL DEFAULT 0," +
				" edited_at BIGINT NOT NULL DEFAULT 0, created_at BIGINT NOT NULL, PRIMARY KEY (conversation_id, seq), UNIQUE (conversation_id, send_user_id, client_msg_id));",
			"CREATE INDEX by_type ON msgs (conversation_id, msg_type, seq);",
			"CREATE INDEX by_change ON msgs (conversation_id, changed_ver);",
			"CREATE TABLE box (id " + auto + ", created_at BIGINT NOT NULL, message_ids TEXT NOT NULL);",
			"CREATE TABLE counter (id INT NOT NULL PRIMARY KEY, next BIGINT NOT NULL);\nINSERT INTO counter (id, next) VALUES (1, 1);",
			"CREATE TABLE bundles (id BIGINT NOT NULL PRIMARY KEY, messages TEXT NOT NULL);",
			"CREATE TABLE gone (user_id BIGINT NOT NULL, conversation_id BIGINT NOT NULL, seq BIGINT NOT NULL, chat_id BIGINT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (user_id, conversation_id, seq));",
			"CREATE TABLE reactions (message_id BIGINT NOT NULL, emoji VARCHAR(64) NOT NULL, user_id BIGINT NOT NULL, created_at BIGINT NOT NULL);",
			"CREATE TABLE pins (id BIGINT NOT NULL PRIMARY KEY, conversation_id BIGINT NOT NULL, user_id BIGINT NOT NULL, created_at BIGINT NOT NULL);",
			"CREATE TABLE files (uid VARCHAR(32) NOT NULL, conversation_id BIGINT NOT NULL, seq BIGINT NOT NULL, message_id BIGINT NOT NULL, PRIMARY KEY (uid, conversation_id, seq));",
			"CREATE TABLE bars (uid VARCHAR(32) NOT NULL PRIMARY KEY, barred_until BIGINT NOT NULL);",
			"INSERT INTO heads (id, max_seq, ver, last_at) VALUES (1, 0, 0, 0), (2, 0, 0, 0), (3, 0, 0, 0);",
		} {
			files[fmt.Sprintf("%s/%05d_step.sql", dialect, n+1)] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + step + "\n")}
		}
	}
	return files
}

// domain lets everybody send; its hooks make trouble.
type domain struct {
	d      *db.DB
	lock   func() error
	refuse func(items []*Item) error

	mu        sync.Mutex
	deaf      bool
	published []Committed
}

func (f *domain) Lock(ctx context.Context, tx *sql.Tx, ids []uint64) ([]*Head, error) {
	if f.lock != nil {
		if err := f.lock(); err != nil {
			return nil, err
		}
	}
	args := make([]any, len(ids))
	for n, id := range ids {
		args[n] = id
	}
	rows, err := tx.QueryContext(ctx, "SELECT id, max_seq, ver, last_at, active_at FROM heads WHERE id IN "+Rows(1, len(ids))+" ORDER BY id"+forUpdate(f.d), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var heads []*Head
	for rows.Next() {
		h := &Head{}
		if err := rows.Scan(&h.ID, &h.MaxSeq, &h.Ver, &h.LastAt, &h.ActiveAt); err != nil {
			return nil, err
		}
		heads = append(heads, h)
	}
	return heads, rows.Err()
}

func (f *domain) Refuse(_ context.Context, _ *sql.Tx, items []*Item) error {
	if f.refuse == nil {
		return nil
	}
	return f.refuse(items)
}

func (f *domain) Raise(ctx context.Context, tx *sql.Tx, heads []*Head, _ []*Item) error {
	for _, h := range heads {
		if _, err := tx.ExecContext(ctx, "UPDATE heads SET max_seq = ?, ver = ?, last_at = ?, active_at = ? WHERE id = ?", h.MaxSeq, h.Ver, h.LastAt, h.ActiveAt, h.ID); err != nil {
			return err
		}
	}
	return nil
}

func (f *domain) Publish(_ context.Context, messages []Committed) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.deaf {
		return errors.New("the bus is away")
	}
	f.published = append(f.published, messages...)
	return nil
}

func (f *domain) told() []uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	var ids []uint64
	for _, c := range f.published {
		ids = append(ids, c.Message.Id)
	}
	return ids
}

// news returns what was published, in words.
func (f *domain) news() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []string
	for _, c := range f.published {
		all = append(all, fmt.Sprintf("%d/%d %s by %d", c.Message.Seq, c.Message.Ver, c.Event, c.By))
	}
	return all
}

func (f *domain) hear(deaf bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.deaf = deaf
}

var tables = Tables{
	Message: "msgs", Target: "to_id", ByType: "by_type", ByChange: "by_change", Outbox: "box", Counter: "counter", Type: 1,
	Bundle: "bundles", Deleted: "gone", Reaction: "reactions", Pin: "pins", File: "files", Bar: "bars",
}

func newLog(t *testing.T, f *domain) *Log {
	t.Helper()
	l, err := New(f.d, tables, f)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// start runs l until the test ends or stop is called, which returns when Run has.
func start(t *testing.T, l *Log) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { l.Run(ctx) })
	stop = func() { cancel(); wg.Wait() }
	t.Cleanup(stop)
	return stop
}

func item(conversation uint64, client string) *Item {
	return &Item{Conversation: conversation, Sender: 7, Target: 8, ClientMsgID: client, MsgType: 1, Body: []byte(`{"type":1}`), Preview: "x"}
}

func batch(conversation uint64, prefix string, n int) []*Item {
	var all []*Item
	for i := range n {
		all = append(all, item(conversation, fmt.Sprintf("%s%d", prefix, i)))
	}
	return all
}

// log returns what conversation holds and fails on a gap.
func log(t *testing.T, l *Log, conversation uint64) []*wire.Message {
	t.Helper()
	var all []*wire.Message
	for {
		page, err := l.First(t.Context(), Range{Conversation: conversation, After: uint64(len(all)), Before: 1 << 62, Limit: MaxPage})
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return all
		}
		for _, m := range page {
			if all = append(all, m); m.Seq != uint64(len(all)) {
				t.Fatalf("conversation %d: seq %d is number %d", conversation, m.Seq, len(all))
			}
		}
	}
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("not in time: %s", what)
		}
	}
}

func kept(t *testing.T, l *Log) int {
	t.Helper()
	var n int
	if err := l.pool.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM box").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFullQueueRefusesAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, &domain{d: d})
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		for n := range maxQueued / MaxAppend { // nobody commits yet, and these callers do not wait
			if err := l.Append(gone, batch(1, fmt.Sprintf("%d-", n), MaxAppend)); !errors.Is(err, errs.Unavailable) {
				t.Fatalf("a caller who leaves: %v", err)
			}
		}
		one := item(1, "one more")
		if err := l.Append(t.Context(), []*Item{one}); !errors.Is(err, errs.Unavailable) {
			t.Errorf("one more: %v", err)
		}
		if err := l.Append(t.Context(), batch(1, "x", MaxAppend+1)); !errors.Is(err, errs.Bad) {
			t.Errorf("too many in a call: %v", err)
		}
		if err := l.Append(t.Context(), nil); err != nil {
			t.Errorf("nothing: %v", err)
		}
		start(t, l)
		// What was queued is stored, whether its caller waited or not.
		until(t, "there is room again", func() bool { return l.Append(t.Context(), []*Item{one}) == nil })
		if one.Err != nil {
			t.Error(one.Err)
		}
		if n := len(log(t, l, 1)); n != maxQueued+1 {
			t.Errorf("%d stored", n)
		}
	}, migration)
}

func TestBadRowsStandAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		bad := errors.New("a row the database does not take")
		f := &domain{d: d, refuse: func(items []*Item) error {
			if slices.ContainsFunc(items, func(i *Item) bool { return strings.HasPrefix(i.ClientMsgID, "bad") }) {
				return bad
			}
			return nil
		}}
		l := newLog(t, f)
		start(t, l)
		items := batch(1, "good", 100)
		for n, at := range []int{0, 37, 38, 99} {
			items[at].ClientMsgID = fmt.Sprintf("bad%d", n)
		}
		items = append(items, batch(2, "good", 50)...)
		if err := l.Append(t.Context(), items); err != nil {
			t.Fatal(err)
		}
		last := map[uint64]uint64{}
		for _, i := range items {
			if strings.HasPrefix(i.ClientMsgID, "bad") {
				if !errors.Is(i.Err, bad) || i.Message != nil {
					t.Errorf("%s: %v, %v", i.ClientMsgID, i.Err, i.Message)
				}
				continue
			}
			if i.Err != nil || i.Message.Seq != last[i.Conversation]+1 {
				t.Fatalf("%s of %d: %v after %d, %v", i.ClientMsgID, i.Conversation, i.Message, last[i.Conversation], i.Err)
			}
			last[i.Conversation]++
		}
		if a, b := len(log(t, l, 1)), len(log(t, l, 2)); a != 96 || b != 50 {
			t.Errorf("stored %d and %d", a, b)
		}
		until(t, "all are published", func() bool { return len(f.told()) == 146 && kept(t, l) == 0 })
	}, migration)
}

func TestVictimsAreRunAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tries, fail := 0, 2
		f := &domain{d: d, lock: func() error { // only the writer calls it
			if tries++; tries <= fail {
				return &mysqldriver.MySQLError{Number: 1213}
			}
			return nil
		}}
		l := newLog(t, f)
		start(t, l)
		items := batch(1, "x", 10)
		if err := l.Append(t.Context(), items); err != nil {
			t.Fatal(err)
		}
		for _, i := range items {
			if i.Err != nil || i.Dup {
				t.Errorf("%s: dup %v, %v", i.ClientMsgID, i.Dup, i.Err)
			}
		}
		tries, fail = 0, 1<<30
		again := batch(1, "y", 10)
		if err := l.Append(t.Context(), again); err != nil {
			t.Fatal(err)
		}
		for _, i := range again {
			if !errors.Is(i.Err, errs.Unavailable) {
				t.Errorf("always a victim: %v", i.Err)
			}
		}
		if tries != maxTries {
			t.Errorf("%d tries", tries)
		}
		if n := len(log(t, l, 1)); n != 10 {
			t.Errorf("%d stored", n)
		}
	}, migration)
}

func TestWhatWasNotPublishedIsPublishedAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		f := &domain{d: d, deaf: true}
		l := newLog(t, f)
		stop := start(t, l)
		var want []uint64
		for n := range 3 {
			items := batch(uint64(1+n%2), fmt.Sprint("m", n, "-"), 4)
			if err := l.Append(ctx, items); err != nil {
				t.Fatal(err)
			}
			for _, i := range items {
				want = append(want, i.Message.Id)
			}
		}
		stop() // this node dies; its rows stay
		if n := kept(t, l); n != 3 {
			t.Fatalf("%d rows of 3 commits that nobody heard of", n)
		}
		other := newLog(t, f)
		f.hear(false)
		if err := other.out.sweep(ctx); err != nil || len(f.told()) != 0 {
			t.Errorf("published what is young: %v, %v", f.told(), err)
		}
		if _, err := l.pool.ExecContext(ctx, "UPDATE box SET created_at = created_at - ?", (2 * sweepAge).Milliseconds()); err != nil {
			t.Fatal(err)
		}
		f.hear(true)
		if err := other.out.sweep(ctx); err == nil || kept(t, l) != 3 {
			t.Errorf("the bus is away: %v, %d rows", err, kept(t, l))
		}
		f.hear(false)
		start(t, other) // its sweep does it by itself
		until(t, "all are published", func() bool { return len(f.told()) >= len(want) && kept(t, l) == 0 })
		got := f.told()
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("published %v, want %v", got, want)
		}
	}, migration)
}

func TestTheLastCommitIsPublishedBeforeRunReturns(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		inside, end := make(chan struct{}), make(chan struct{})
		f := &domain{d: d, refuse: func([]*Item) error { close(inside); <-end; return nil }}
		l := newLog(t, f)
		ctx, cancel := context.WithCancel(t.Context())
		returned := make(chan struct{})
		go func() { l.Run(ctx); close(returned) }()
		sent := make(chan error, 1)
		go func() { sent <- l.Append(t.Context(), batch(1, "x", 3)) }()
		<-inside
		cancel() // while the commit is in flight
		close(end)
		if err := <-sent; err != nil {
			t.Error(err)
		}
		select {
		case <-returned:
		case <-time.After(patience):
			t.Fatal("Run goes on")
		}
		if n, rows := len(f.told()), kept(t, l); n != 3 || rows != 0 {
			t.Errorf("%d published, %d rows left", n, rows)
		}
	}, migration)
}

func TestAConversationThatIsGone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := &domain{d: d}
		l := newLog(t, f)
		start(t, l)
		if err := l.Append(t.Context(), []*Item{item(1, "a"), item(2, "a")}); err != nil {
			t.Fatal(err)
		}
		if _, err := l.pool.ExecContext(t.Context(), "DELETE FROM heads WHERE id = 2"); err != nil {
			t.Fatal(err)
		}
		// The first is a repeat, for which the batch is run again with care.
		items := []*Item{item(1, "a"), item(2, "a"), item(2, "b"), item(99, "a"), item(3, "a")}
		if err := l.Append(t.Context(), items); err != nil {
			t.Fatal(err)
		}
		if items[0].Err != nil || !items[0].Dup || items[0].Message.Seq != 1 {
			t.Errorf("the repeat: %+v", items[0])
		}
		for _, i := range items[1:4] {
			if !errors.Is(i.Err, errs.NoConversation) || i.Dup || i.Message != nil {
				t.Errorf("in %d: %+v", i.Conversation, i)
			}
		}
		if items[4].Err != nil || items[4].Dup {
			t.Errorf("the good one: %+v", items[4])
		}
	}, migration)
}

func TestIDsAreUniqueOverLogsAndProcesses(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		pool, err := d.DB.DB()
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		seen := map[uint64]bool{}
		var wg sync.WaitGroup
		for n := range 4 {
			i := &ids{pool: pool, table: "counter", odd: n%2 == 1, lock: forUpdate(d)}
			wg.Go(func() {
				for range 40 {
					const size = 137
					b, err := i.take(t.Context(), size)
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					for at := range size {
						id := b.at(at)
						if id == 0 || seen[id] || id%2 == 1 != i.odd {
							t.Errorf("id %d of an odd log: %v, given before: %v", id, i.odd, seen[id])
						}
						seen[id] = true
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		big := &ids{pool: pool, table: "counter", lock: forUpdate(d)}
		if b, err := big.take(t.Context(), 3*blockSize); err != nil || big.end-b.first < 3*blockSize {
			t.Errorf("more than a block: %+v, %v", big, err)
		}
	}, migration)
}

func TestTimeDoesNotRunBackwards(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, &domain{d: d})
		start(t, l)
		later := time.Now().Add(time.Hour).UnixMilli()
		if _, err := l.pool.ExecContext(t.Context(), "UPDATE heads SET last_at = ? WHERE id = 1", later); err != nil {
			t.Fatal(err)
		}
		one, two := item(1, "a"), item(2, "a")
		if err := l.Append(t.Context(), []*Item{one, two}); err != nil {
			t.Fatal(err)
		}
		if one.Message.CreatedAt != later || two.Message.CreatedAt >= later {
			t.Errorf("created at %d and %d", one.Message.CreatedAt, two.Message.CreatedAt)
		}
	}, migration)
}

func TestReads(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		l := newLog(t, &domain{d: d})
		start(t, l)
		if err := l.Append(ctx, batch(1, "m", 10)); err != nil {
			t.Fatal(err)
		}
		for _, change := range []string{
			"UPDATE msgs SET ver = 20 - seq, changed_ver = 20 - seq WHERE seq IN (3, 5, 8)",
			"UPDATE msgs SET msg_type = 2 WHERE seq IN (2, 4)",
		} {
			if _, err := l.pool.ExecContext(ctx, change); err != nil {
				t.Fatal(err)
			}
		}
		const me = 7
		eighth, err := l.At(ctx, map[uint64]uint64{1: 8})
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := l.Delete(ctx, me, []Found{{1, eighth[1]}}, 1)
		if err != nil || len(fresh) != 1 {
			t.Fatalf("%v, %v", fresh, err)
		}
		seqs := func(list []*wire.Message, err error) string {
			if err != nil {
				t.Fatal(err)
			}
			var all []uint64
			for _, m := range list {
				all = append(all, m.Seq)
			}
			return fmt.Sprint(all)
		}
		for _, c := range []struct{ name, got, want string }{
			{"the newest", seqs(l.Last(ctx, Range{1, 0, 11, me, nil, 3})), "[7 9 10]"},
			{"the newest of another reader", seqs(l.Last(ctx, Range{1, 0, 11, 9, nil, 3})), "[8 9 10]"},
			{"before", seqs(l.Last(ctx, Range{1, 0, 4, me, nil, 10})), "[1 2 3]"},
			{"before, above a floor", seqs(l.Last(ctx, Range{1, 2, 5, me, nil, 10})), "[3 4]"},
			{"after", seqs(l.First(ctx, Range{1, 6, 11, me, nil, 10})), "[7 9 10]"},
			{"after, up to", seqs(l.First(ctx, Range{1, 2, 5, me, nil, 10})), "[3 4]"},
			{"after, limited", seqs(l.First(ctx, Range{1, 0, 11, me, nil, 2})), "[1 2]"},
			{"of some types", seqs(l.First(ctx, Range{1, 0, 11, me, []int32{2, 3}, 10})), "[2 4]"},
			{"of two types, the newest of a range", seqs(l.Last(ctx, Range{1, 0, 8, me, []int32{2, 1, 2}, 4})), "[4 5 6 7]"},
			{"of two types, the first", seqs(l.First(ctx, Range{1, 0, 11, me, []int32{2, 1}, 3})), "[1 2 3]"},
			{"of one type, the newest before one", seqs(l.Last(ctx, Range{1, 0, 4, me, []int32{2}, 5})), "[2]"},
			{"of a type that is not there", seqs(l.First(ctx, Range{1, 0, 11, me, []int32{9}, 10})), "[]"},
			{"changed, by ver", seqs(l.Changed(ctx, 1, 0, 10, 10, 100, me, 10)), "[5 3]"},
			{"changed, of another reader", seqs(l.Changed(ctx, 1, 0, 10, 10, 100, 9, 10)), "[8 5 3]"},
			{"changed, up to a ver", seqs(l.Changed(ctx, 1, 0, 10, 10, 15, me, 10)), "[5]"},
			{"changed, after a ver", seqs(l.Changed(ctx, 1, 0, 10, 15, 100, me, 10)), "[3]"},
			{"changed, above a floor", seqs(l.Changed(ctx, 1, 3, 10, 0, 100, me, 10)), "[5]"},
			{"changed, known messages only", seqs(l.Changed(ctx, 1, 0, 4, 0, 100, me, 10)), "[3]"},
			{"of another conversation", seqs(l.Last(ctx, Range{2, 0, 11, me, nil, 10})), "[]"},
		} {
			if c.got != c.want {
				t.Errorf("%s: %s, want %s", c.name, c.got, c.want)
			}
		}
		at, err := l.At(ctx, map[uint64]uint64{1: 4, 2: 1, 3: 0})
		if err != nil || len(at) != 1 || at[1].Seq != 4 || at[1].ClientMsgId != "m3" {
			t.Errorf("%v, %v", at, err)
		}
		if none, err := l.ByIDs(ctx, nil); err != nil || len(none) != 0 {
			t.Errorf("by no ids: %v, %v", none, err)
		}
		for floor, want := range map[uint64]uint64{0: 7, 6: 7, 7: 0} { // below the ninth, without the eighth
			m, err := l.LastShown(ctx, 1, floor, 9, me)
			if err != nil || m.GetSeq() != want {
				t.Errorf("the last shown above %d: %v, %v", floor, m, err)
			}
		}
		if none, err := l.At(ctx, map[uint64]uint64{1: 0}); err != nil || len(none) != 0 {
			t.Errorf("%v, %v", none, err)
		}
	}, migration)
}
