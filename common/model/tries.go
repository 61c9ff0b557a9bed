package model

import (
	"time"

	"tudoIM/common/errs"
)

const (
	day = 24 * time.Hour
	// TriesADay is how many wrong answers one may give to another's questions in
	// 24 hours.
	TriesADay = 5
)

// TryCount counts wrong answers. Embedded in a row, it is its columns tries and
// tried_at.
type TryCount struct {
	// Tries is how many there were since TriedAt, in Unix milliseconds.
	Tries   int32
	TriedAt int64
}

// MayTry reports why no answer may be given at now, or nil.
func (t *TryCount) MayTry(now time.Time) error {
	if left := day - now.Sub(time.UnixMilli(t.TriedAt)); t.Tries >= TriesADay && left > 0 {
		return errs.TooMany.Retry(left)
	}
	return nil
}

// Wrong counts a wrong answer at now and returns how many more may be given.
func (t *TryCount) Wrong(now time.Time) (left int32) {
	if t.Tries == 0 || now.Sub(time.UnixMilli(t.TriedAt)) >= day {
		t.Tries, t.TriedAt = 0, now.UnixMilli()
	}
	t.Tries++
	return TriesADay - t.Tries
}
