package rate

import (
	"fmt"
	"sync"
	"time"

	"github.com/zeromicro/go-zero/core/metric"

	"tudoIM/common/errs"
)

// maxOwed bounds what a key can owe, in bursts: of what was done beyond, by a
// forward of many messages or at many processes at once, the rest is let go.
const maxOwed = 100

// maxKeys bounds what a limiter remembers. Of more, some are forgotten: then
// they may do a burst again.
const maxKeys = 1 << 17

var refused = metric.NewCounterVec(&metric.CounterVecOpts{
	Namespace: "tudo", Subsystem: "rate", Name: "refused_total", Help: "What was refused because there was too much of it, by limit.",
	Labels: []string{"limit"},
})

// Limiter bounds what each of many keys, such as users, does. It is the generic
// cell rate algorithm (ITU-T I.371): of each key it knows the time at which all
// it has done is paid for.
type Limiter struct {
	name string
	rate Rate
	now  func() time.Time

	mu    sync.Mutex
	debts map[uint64]*debt
}

// debt is what a key has done.
type debt struct {
	paid time.Time // when it may do a whole burst again
	told int64     // what of it the others were not told yet
}

// New returns a limiter known to other processes as name.
func New(name string, r Rate) *Limiter {
	return &Limiter{name: name, rate: r, now: time.Now, debts: map[uint64]*debt{}}
}

// Named is New for a rate as Parse reads it.
func Named(name, said string) (*Limiter, error) {
	r, err := Parse(said)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return New(name, r), nil
}

// Take lets key do n at once, or returns how long it has to wait for that; then
// nothing was taken. More than a burst is let through when a whole burst would
// be, and is to be waited for afterwards. A nil Limiter lets everything through.
func (l *Limiter) Take(key uint64, n int64) (wait time.Duration) {
	if l == nil {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	d := l.of(key, now)
	begin := later(d.paid, now)
	end := begin.Add(l.rate.one() * time.Duration(min(n, l.rate.Burst)))
	if wait = end.Sub(now) - l.rate.full(); wait > 0 {
		refused.Inc(l.name)
		return wait
	}
	d.add(begin, now, l.rate, n)
	d.told += n
	return 0
}

// Admit is Take for who answers a client: errs.TooMany, with when to come back.
func (l *Limiter) Admit(key uint64, n int64) error {
	if wait := l.Take(key, n); wait > 0 {
		return errs.TooMany.Retry(wait)
	}
	return nil
}

// GiveBack undoes a Take of n, at a time of this process, that key has not made
// use of. What could have been done again since then is not given back: waiting
// with something taken would be worth twice the time.
func (l *Limiter) GiveBack(key uint64, n int64, at time.Time) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	n = min(n, int64(l.rate.full()/l.rate.one())) - int64(now.Sub(at)/l.rate.one())
	if n <= 0 {
		return
	}
	d := l.of(key, now)
	d.paid = later(now, d.paid.Add(-l.rate.one()*time.Duration(n)))
	d.told -= n
}

// charge is n that key has done elsewhere.
func (l *Limiter) charge(key uint64, n int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	d := l.of(key, now)
	d.add(later(d.paid, now), now, l.rate, n)
}

// add makes d what it is once n more was done at begin. What is owed is
// bounded, or others could make it last for ever.
func (d *debt) add(begin, now time.Time, r Rate, n int64) {
	most := int64(maxFull / r.one())
	d.paid = begin.Add(r.one() * time.Duration(max(-most, min(n, most))))
	if end := now.Add(maxOwed * r.full()); d.paid.After(end) {
		d.paid = end
	}
}

// of returns what key has done; it makes room for it if need be.
func (l *Limiter) of(key uint64, now time.Time) *debt {
	d := l.debts[key]
	if d == nil {
		if len(l.debts) >= maxKeys {
			l.forgetOne(now)
		}
		d = &debt{}
		l.debts[key] = d
	}
	return d
}

// forgetOne forgets a key, one that owes nothing if there is such among a few.
func (l *Limiter) forgetOne(now time.Time) {
	looked := 0
	var victim uint64
	for key, d := range l.debts {
		victim = key
		if looked++; looked > 8 || !d.paid.After(now) {
			break
		}
	}
	delete(l.debts, victim)
}

// untold returns what each key has done since untold was asked last, and
// forgets the keys that owe nothing.
func (l *Limiter) untold() map[uint64]int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	var list map[uint64]int64
	for key, d := range l.debts {
		if d.told != 0 {
			if list == nil {
				list = map[uint64]int64{}
			}
			list[key] = d.told
			d.told = 0
		} else if !d.paid.After(now) {
			delete(l.debts, key)
		}
	}
	return list
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
