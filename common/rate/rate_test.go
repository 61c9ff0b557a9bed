package rate

import (
	"context"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"tudoIM/common/event"
	"tudoIM/core/cache"
	"tudoIM/core/embedded"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]Rate{
		"10/s": {10, time.Second, 10}, "1/h": {1, time.Hour, 1}, "30/m": {30, time.Minute, 30}, "10/s burst 30": {10, time.Second, 30},
		"209715200/m": {209715200, time.Minute, 209715200}, "10000000/s": {10_000_000, time.Second, 10_000_000}, "1/s burst 86400": {1, time.Second, 86400}, "1/h burst 24": {1, time.Hour, 24},
	} {
		if got, err := Parse(s); err != nil || got != want {
			t.Errorf("%q: %+v, %v", s, got, err)
		}
	}
	for _, s := range []string{
		"", "10", "10/", "/s", "0/s", "-1/s", "10/d", "10/S", "1.5/s", "ten/s", " 10/s", "10/s ", "10/s burst", "10/s burst ", "10/s burst 0", "10/s burst -1", "10/s burst x",
		"10/s  burst 3", "10000001/s", "1000000001/s", "1/s burst 86401", "10/s burst 1000000001", "99999999999999999999/s", "1/h burst 25", "10/s\nburst 3",
	} {
		if got, err := Parse(s); err == nil || !strings.Contains(err.Error(), "rate ") {
			t.Errorf("%q: %+v, %v", s, got, err)
		}
	}
}

// clock is a time that only a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) time() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) wait(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func limiter(t *testing.T, name, rate string) (*Limiter, *clock) {
	t.Helper()
	r, err := Parse(rate)
	if err != nil {
		t.Fatal(err)
	}
	l, c := New(name, r), &clock{now: time.Unix(1_700_000_000, 0)}
	l.now = c.time
	return l, c
}

// takes is how many of one key are let through at once.
func takes(l *Limiter, key uint64) (n int) {
	for l.Take(key, 1) == 0 {
		n++
	}
	return n
}

func TestABurstThenTheRate(t *testing.T) {
	t.Parallel()
	l, c := limiter(t, "x", "10/s burst 30")
	if n := takes(l, 1); n != 30 {
		t.Errorf("%d at once, want 30", n)
	}
	if wait := l.Take(1, 1); wait != 100*time.Millisecond {
		t.Errorf("to wait %v", wait)
	}
	if wait := l.Take(1, 10); wait != time.Second {
		t.Errorf("to wait %v for ten", wait)
	}
	if n := takes(l, 2); n != 30 {
		t.Errorf("%d of another key", n)
	}
	c.wait(99 * time.Millisecond)
	if n := takes(l, 1); n != 0 {
		t.Errorf("%d before the time", n)
	}
	c.wait(time.Millisecond)
	if n := takes(l, 1); n != 1 {
		t.Errorf("%d after the time", n)
	}
	c.wait(time.Second)
	if n := takes(l, 1); n != 10 {
		t.Errorf("%d after a second", n)
	}
	c.wait(time.Hour)
	if n := takes(l, 1); n != 30 {
		t.Errorf("%d after an hour", n)
	}
}

func TestMoreThanABurstIsPaidForAfterwards(t *testing.T) {
	t.Parallel()
	l, c := limiter(t, "x", "10/s burst 30")
	l.Take(1, 1)
	if wait := l.Take(1, 100); wait != 100*time.Millisecond {
		t.Errorf("to wait %v", wait)
	}
	c.wait(100 * time.Millisecond)
	if wait := l.Take(1, 100); wait != 0 {
		t.Errorf("to wait %v", wait)
	}
	if wait := l.Take(1, 1); wait != 7100*time.Millisecond {
		t.Errorf("then to wait %v", wait)
	}
}

func TestWhatIsGivenBackCountsNot(t *testing.T) {
	t.Parallel()
	l, _ := limiter(t, "x", "100/m")
	if l.Take(1, 90) != 0 || l.Take(1, 11) == 0 {
		t.Error("ninety of a hundred")
	}
	l.GiveBack(1, 80, l.now())
	if l.Take(1, 91) == 0 || l.Take(1, 90) != 0 {
		t.Error("ten of a hundred")
	}
	if told := l.untold()[1]; told != 100 {
		t.Errorf("%d are told", told)
	}
}

func TestWaitingWithSomethingTakenIsWorthNothing(t *testing.T) {
	t.Parallel()
	l, c := limiter(t, "x", "100/m")
	begin := c.time()
	l.Take(1, 100)
	c.wait(30 * time.Second)
	l.GiveBack(1, 100, begin) // fifty could have been done again
	if n := takes(l, 1); n != 100 {
		t.Errorf("%d after half a minute", n)
	}
	begin = c.time()
	l.Take(2, 100)
	c.wait(time.Minute)
	l.Take(2, 100)
	l.GiveBack(2, 100, begin)
	if n := takes(l, 2); n != 0 {
		t.Errorf("%d more", n)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	l, c := limiter(t, "x", "1/h")
	for key := range uint64(maxKeys + 1000) {
		l.Take(key, 1)
	}
	if len(l.debts) != maxKeys {
		t.Errorf("%d keys", len(l.debts))
	}
	l.untold()
	c.wait(time.Hour)
	if l.untold(); len(l.debts) != 0 {
		t.Errorf("%d keys that owe nothing", len(l.debts))
	}
}

func TestInParallelNotOneTooMany(t *testing.T) {
	t.Parallel()
	l, _ := limiter(t, "x", "1000/h")
	var wg sync.WaitGroup
	got := make(chan int, 8)
	for range 8 {
		wg.Go(func() { got <- takes(l, 1) })
	}
	wg.Wait()
	close(got)
	sum := 0
	for n := range got {
		sum += n
	}
	if sum != 1000 {
		t.Errorf("%d of 1000", sum)
	}
}

// shared returns two limiters of two processes that hear of each other, and
// what stops the bus between them.
func shared(t *testing.T) (a, b *Limiter, stop func()) {
	t.Helper()
	r, err := embedded.StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(r.Close)
	t.Cleanup(stop)
	rdb, err := cache.Open(r.URL())
	if err != nil {
		t.Fatal(err)
	}
	bus := event.NewBus(rdb, []byte(strings.Repeat("s", 32)))
	a, _ = limiter(t, "x", "100/h")
	b, _ = limiter(t, "x", "100/h")
	other, _ := limiter(t, "y", "100/h")
	var wg sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(func() { cancel(); wg.Wait() })
	for _, set := range [][]*Limiter{{a}, {b, other}} {
		wg.Go(func() { Share(ctx, bus, set...) })
	}
	return a, b, stop
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(20 * time.Second); !ok(); {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("%s: not within 20 s", what)
		}
	}
}

// owes is how much key has done, as l knows.
func owes(l *Limiter, key uint64) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := l.debts[key]
	if d == nil || !d.paid.After(l.now()) {
		return 0
	}
	return int64(d.paid.Sub(l.now()) / l.rate.one())
}

func TestProcessesKnowOfEachOther(t *testing.T) {
	t.Parallel()
	a, b, _ := shared(t)
	// What is done before the other listens it does not hear of: until it does.
	until(t, "they listen", func() bool { a.Take(1, 1); return owes(b, 1) > 0 })
	a.Take(2, 60)
	b.Take(2, 30)
	until(t, "both know", func() bool { return owes(a, 2) == 90 && owes(b, 2) == 90 })
	if a.Take(2, 10) != 0 || a.Take(2, 1) == 0 {
		t.Error("ten are left")
	}
	until(t, "the last ten", func() bool { return owes(b, 2) == 100 })
	if b.Take(2, 1) == 0 {
		t.Error("one too many")
	}
	a.GiveBack(2, 50, a.now())
	until(t, "what was given back", func() bool { return owes(b, 2) == 50 })
}

func TestWithoutTheBusEachCountsForItself(t *testing.T) {
	t.Parallel()
	a, b, stop := shared(t)
	until(t, "they listen", func() bool { a.Take(1, 1); return owes(b, 1) > 0 })
	stop()
	for _, l := range []*Limiter{a, b} {
		if n := takes(l, 2); n != 100 {
			t.Errorf("%d of 100", n)
		}
	}
}

func TestNoTellingDoesHarm(t *testing.T) {
	t.Parallel()
	l, c := limiter(t, "x", "10/s")
	h := &ears{node: "me", byName: map[string]*Limiter{"x": l}, last: map[string]uint64{}}
	for _, data := range []string{``, `null`, `[]`, `{"node":"n"}`, `{"node":"n","done":{"none":[{"k":1,"n":5}]}}`, `{"node":"me","n":1,"done":{"x":[{"k":1,"n":5}]}}`, `{"done":7}`} {
		e, err := event.New(event.RatesTold, nil)
		if err != nil {
			t.Fatal(err)
		}
		e.Data = []byte(data)
		h.hear(e)
	}
	if n := takes(l, 1); n != 10 {
		t.Errorf("%d of 10", n)
	}
	var told uint64
	other, _ := limiter(t, "x", "10/s")
	other.Take(3, 4)
	events, err := tellings("other", &told, []*Limiter{other})
	if err != nil || len(events) != 1 {
		t.Fatal(events, err)
	}
	for range 3 { // twice too often
		h.hear(events[0])
	}
	if n := takes(l, 3); n != 6 {
		t.Errorf("%d of 6", n)
	}
	for range 1000 {
		l.charge(1, math.MaxInt64)
	}
	l.charge(2, math.MinInt64)
	if n := takes(l, 2); n != 10 {
		t.Errorf("%d of 10 after less than none", n)
	}
	c.wait(maxOwed * time.Second)
	if n := takes(l, 1); n == 0 {
		t.Error("a debt that lasts for ever")
	}
}

func BenchmarkTake(b *testing.B) {
	l := New("x", Rate{10_000_000, time.Second, 1_000_000_000})
	b.ReportAllocs()
	for n := range b.N {
		l.Take(uint64(n%1000), 1) // #nosec G115 -- not negative
	}
}
