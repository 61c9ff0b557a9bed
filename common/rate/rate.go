// Package rate bounds how often something may be done. Each process judges by
// what it knows, without asking anybody; what it let through it tells the
// others now and then, so that who turns to many of them gets little more than
// who turns to one. Without Redis each counts for itself.
package rate

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Rate is so many in a time, and how many at once.
type Rate struct {
	Count int64
	Per   time.Duration
	// Burst is how many may be done at once after a while of nothing.
	Burst int64
}

// Hard caps of what may be configured.
const (
	maxCount = 1_000_000_000
	maxFull  = 24 * time.Hour // until a whole burst may be done again
	// finest is the shortest time between two; time is counted in nanoseconds.
	finest = 100 * time.Nanosecond
)

var units = map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour}

// Parse reads a rate such as "10/s", "30/m" or "10/s burst 30"; a burst that is
// not given is the count. It refuses counts below 1 or above 1,000,000,000, more
// than 10,000,000 a second, and what would take more than a day to be had again.
func Parse(s string) (Rate, error) {
	bad := func(why string) (Rate, error) {
		return Rate{}, fmt.Errorf("rate %q: %s", s, why)
	}
	said, burst, hasBurst := strings.Cut(s, " burst ")
	count, unit, ok := strings.Cut(said, "/")
	r := Rate{Per: units[unit]}
	if !ok || r.Per == 0 {
		return bad("not of the form 10/s, 10/m, 10/h or 10/s burst 30")
	}
	var err error
	if r.Count, err = strconv.ParseInt(count, 10, 64); err != nil || r.Count < 1 || r.Count > maxCount {
		return bad(fmt.Sprintf("the count is not a number from 1 to %d", maxCount))
	}
	if r.Burst = r.Count; hasBurst {
		if r.Burst, err = strconv.ParseInt(burst, 10, 64); err != nil || r.Burst < 1 || r.Burst > maxCount {
			return bad(fmt.Sprintf("the burst is not a number from 1 to %d", maxCount))
		}
	}
	if r.Per/time.Duration(r.Count) < finest {
		return bad(fmt.Sprintf("more than one each %v", finest))
	}
	if float64(r.Burst)*float64(r.one()) > float64(maxFull) {
		return bad(fmt.Sprintf("a burst takes more than %v to be had again", maxFull))
	}
	return r, nil
}

// one is the time after which one more may be done.
func (r Rate) one() time.Duration { return r.Per / time.Duration(r.Count) }

// full is the time after which a whole burst may be done again.
func (r Rate) full() time.Duration { return r.one() * time.Duration(r.Burst) }
