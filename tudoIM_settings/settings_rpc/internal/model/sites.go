package model

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/core/db"
)

const (
	// fresh is how long a site that was read is answered without asking again:
	// a change is known everywhere within this and the callers' own copies.
	fresh = 5 * time.Second
	// stale is how long it still answers while the database does not.
	stale = time.Minute
	// pause is how long the database is left alone after it failed.
	pause = time.Second
	// patience bounds one read: callers wait for it.
	patience = time.Second
)

// Sites reads settings_models and keeps the last reading.
type Sites struct {
	db *db.DB

	mu     sync.Mutex
	site   Site
	readAt time.Time // zero: never
	failed time.Time
	said   string // the bad rows that were logged
}

// NewSites returns a Sites over d that has read nothing yet.
func NewSites(d *db.DB) *Sites { return &Sites{db: d} }

// Get returns the site as it was at most 5 s before now. While the database
// does not answer, a reading of the last minute does; an older one is an
// error, for who goes by the site must not go by what an operator has long
// changed.
func (q *Sites) Get(ctx context.Context, now time.Time) (Site, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	known := !q.readAt.IsZero()
	if known && now.Sub(q.readAt) < fresh {
		return q.site, nil
	}
	usable := known && now.Sub(q.readAt) < stale
	if usable && now.Sub(q.failed) < pause {
		return q.site, nil
	}
	site, err := q.read(ctx)
	if err == nil {
		q.site, q.readAt = site, now
		return site, nil
	}
	q.failed = now
	if usable {
		logx.WithContext(ctx).Errorf("settings of %s ago are used: %v", now.Sub(q.readAt).Round(time.Second), err)
		return q.site, nil
	}
	return Site{}, err
}

// Now returns the settings as the database has them at now, or its error: who
// changes them is not to see those of before, whichever process answers.
func (q *Sites) Now(ctx context.Context, now time.Time) (Site, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	site, err := q.read(ctx)
	if err != nil {
		return Site{}, err
	}
	q.site, q.readAt = site, now
	return site, nil
}

func (q *Sites) read(ctx context.Context) (Site, error) {
	// The reading is for all who wait, not only for the first of them: its
	// caller may leave.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	var rows []SettingsModel
	if err := q.db.WithContext(ctx).Order("name").Find(&rows).Error; err != nil {
		return Site{}, fmt.Errorf("settings: %w", err)
	}
	site, bad := Parse(rows)
	said := ""
	if bad != nil {
		said = bad.Error()
	}
	if said != q.said && said != "" { // once, not every five seconds
		logx.WithContext(ctx).Errorf("settings: bad rows: %s", said)
	}
	q.said = said
	return site, nil
}
