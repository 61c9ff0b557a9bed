package model

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zeromicro/go-zero/core/logx"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tudoIM/core/db"
)

// AttemptModel counts the tries of one rule and key in a window of time. The
// key is kept as a hash: what people type may be a password in the wrong field.
type AttemptModel struct {
	Hash   string `gorm:"primaryKey"`
	EndsAt int64
	Count  int64
}

// Rule bounds how often something may be tried: Limit times in Window for Key.
type Rule struct {
	Key    string
	Limit  int64
	Window time.Duration
}

// full reports whether r lets nothing through at now, a being what was counted.
func (r Rule) full(a *AttemptModel, now time.Time) bool {
	return a.EndsAt > now.UnixMilli() && a.Count >= r.Limit
}

// count adds a try at now to a; the first one begins the window.
func (r Rule) count(a *AttemptModel, now time.Time) {
	if a.EndsAt <= now.UnixMilli() || a.Count == 0 {
		a.Count, a.EndsAt = 0, now.Add(r.Window).UnixMilli()
	}
	a.Count++
}

// Attempts are the queries of attempt_models. They count in the database, so
// that a limit holds over all processes and without anything beside it.
type Attempts struct{ DB *db.DB }

// Try is one that was counted, until it is given back.
type Try struct {
	q       Attempts
	counted []*AttemptModel
}

// Reserve counts a try by all rules, before it is known how it ends: so tries
// at the same time cannot be more than the limits. If one of the rules is used
// up nothing is counted, and wait says how long it will be.
func (q Attempts) Reserve(ctx context.Context, rules []Rule, now time.Time) (t *Try, wait time.Duration, err error) {
	by := make(map[string]Rule, len(rules))
	var hashes []string
	for _, r := range rules {
		h := Hash(r.Key)
		by[h] = r
		hashes = append(hashes, h)
	}
	slices.Sort(hashes) // all lock in one order
	// Who is over the limit is told so without a write.
	if wait, _, err = q.judge(q.DB.WithContext(ctx), hashes, by, now); err != nil || wait > 0 {
		return nil, wait, wrap(err)
	}
	t = &Try{q: q}
	err = q.DB.Tx(ctx, func(tx *gorm.DB) error {
		rows := strings.TrimSuffix(strings.Repeat("(?, 0, 0), ", len(hashes)), ", ")
		args := make([]any, len(hashes))
		for i, h := range hashes {
			args[i] = h
		}
		if err := tx.Exec("INSERT INTO attempt_models (hash, ends_at, count) VALUES "+rows+q.DB.Upsert("hash", "hash"), args...).Error; err != nil {
			return err
		}
		var err error
		wait, t.counted, err = q.judge(tx.Clauses(clause.Locking{Strength: "UPDATE"}), hashes, by, now)
		if err != nil || wait > 0 {
			return err
		}
		for _, a := range t.counted {
			by[a.Hash].count(a, now)
			if err := tx.Model(a).Select("ends_at", "count").UpdateColumns(a).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || wait > 0 {
		return nil, wait, wrap(err)
	}
	return t, 0, nil
}

func wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("count a try: %w", err)
}

// judge returns what was counted for hashes, and how long the longest of the
// rules that are used up will be so.
func (q Attempts) judge(tx *gorm.DB, hashes []string, by map[string]Rule, now time.Time) (wait time.Duration, list []*AttemptModel, err error) {
	if err := tx.Where("hash IN ?", hashes).Order("hash").Find(&list).Error; err != nil {
		return 0, nil, err
	}
	for _, a := range list {
		if r := by[a.Hash]; r.full(a, now) { // begun by one that read the clock later, at most
			wait = max(wait, min(time.UnixMilli(a.EndsAt).Sub(now), r.Window))
		}
	}
	return wait, list, nil
}

// giveBackWait bounds how long giving back may take.
const giveBackWait = time.Second

// GiveBack takes t out of the count again, also when the caller has left: it
// was no wrong guess. A failure is only logged: the window ends by itself.
func (t *Try) GiveBack(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveBackWait)
	defer cancel()
	var failed error
	for _, a := range t.counted {
		err := t.q.DB.WithContext(ctx).Model(&AttemptModel{}).Where("hash = ? AND ends_at = ? AND count > 0", a.Hash, a.EndsAt).
			UpdateColumn("count", gorm.Expr("count - 1")).Error
		failed = cmp.Or(failed, err)
	}
	if failed != nil {
		logx.WithContext(ctx).Errorf("a try stays counted: %v", failed)
	}
}

// Sweep removes the windows that ended before now.
func (q Attempts) Sweep(ctx context.Context, now time.Time) error {
	return q.DB.WithContext(ctx).Where("ends_at < ?", now.UnixMilli()).Delete(&AttemptModel{}).Error
}
