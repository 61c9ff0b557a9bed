package model

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tudoIM/common/errs"
)

// versionRow is no setting: every change locks it, so that each has a version
// of its own.
const versionRow = "ver"

// Change is what an operator changes; nil stays as it is.
type Change struct {
	Title, Abstract                    *string
	RegisterOpen                       *bool
	RecallWindowSeconds, MaxTextLength *int32
	ImageMaxBytes, FileMaxBytes        *int64
	MultiLogin, InviteCode             *string
}

// rows returns what c sets, or a bad-argument error naming a value that a
// reader would not take as it is.
func (c Change) rows() (rows []SettingsModel, err error) {
	rows = set(rows, "title", c.Title)
	rows = set(rows, "abstract", c.Abstract)
	rows = set(rows, "registerOpen", c.RegisterOpen)
	rows = set(rows, "recallWindowSeconds", c.RecallWindowSeconds)
	rows = set(rows, "maxTextLength", c.MaxTextLength)
	rows = set(rows, "imageMaxBytes", c.ImageMaxBytes)
	rows = set(rows, "fileMaxBytes", c.FileMaxBytes)
	rows = set(rows, "multiLogin", c.MultiLogin)
	rows = set(rows, "inviteCode", c.InviteCode)
	for _, row := range rows {
		site := Default()
		if site.apply(row) != nil {
			return nil, errs.BadArgument(row.Name)
		}
	}
	return rows, nil
}

func set[V string | bool | int32 | int64](rows []SettingsModel, name string, v *V) []SettingsModel {
	if v == nil {
		return rows
	}
	return append(rows, SettingsModel{Name: name, Value: fmt.Sprint(*v)})
}

// Put writes c, all of it or nothing. This process answers by it at once, the
// others within 5 s.
func (q *Sites) Put(ctx context.Context, c Change) error {
	rows, err := c.rows()
	if err != nil || len(rows) == 0 {
		return err
	}
	rows = append(rows, SettingsModel{Name: versionRow})
	now := q.db.Clock.Milli(ctx)
	err = q.db.Tx(ctx, func(tx *gorm.DB) error {
		err := tx.Exec("INSERT INTO settings_models (name, value, ver, updated_at) VALUES (?, '', 0, ?)"+
			q.db.Upsert("name", "updated_at"), versionRow, now).Error
		if err != nil {
			return err
		}
		var last uint64
		if err := tx.Raw("SELECT MAX(ver) FROM settings_models").Row().Scan(&last); err != nil {
			return err
		}
		for i := range rows {
			rows[i].Ver, rows[i].UpdatedAt = last+1, now
		}
		return tx.Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "name"}},
			DoUpdates: clause.AssignmentColumns([]string{"value", "ver", "updated_at"}),
		}).Create(&rows).Error
	})
	if err != nil {
		return fmt.Errorf("change settings: %w", err)
	}
	q.age(fresh)
	return nil
}

// age makes the last reading older by d: still good if the database does not
// answer, but no longer good enough not to ask.
func (q *Sites) age(d time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.readAt.IsZero() {
		q.readAt = q.readAt.Add(-d)
	}
}
