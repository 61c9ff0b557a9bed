package model

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/utils/text"
)

const (
	// maxNotices is how many notices a group may have.
	maxNotices = 100
	// maxNotice bounds a notice in characters, noticeTip what a tip shows of it.
	maxNotice = 2000
	noticeTip = 64
)

// GroupNoticeModel is what those who lead a group have announced.
type GroupNoticeModel struct {
	ID          uint64 `gorm:"primaryKey"`
	GroupID     uint64
	UserID      uint64
	Content     string
	IsTop       bool
	NeedConfirm bool
	CreatedAt   int64
}

// GroupNoticeConfirmModel is a member who has taken note.
type GroupNoticeConfirmModel struct {
	NoticeID  uint64 `gorm:"primaryKey;autoIncrement:false"`
	UserID    uint64 `gorm:"primaryKey;autoIncrement:false"`
	CreatedAt int64
}

// PostNotice announces n, which has its group, user and words.
func (q Groups) PostNotice(ctx context.Context, n *GroupNoticeModel) (*Done, error) {
	n.Content = strings.TrimSpace(n.Content)
	if !text.Plain(n.Content, maxNotice) || !text.Visible(n.Content) {
		return nil, errs.BadArgument("content")
	}
	return q.act(ctx, n.GroupID, n.UserID, ranked(Announce), func(a *act) error {
		if a.Group.Status == StatusSuspended {
			return errs.GroupSuspended
		}
		if err := a.maySay(); err != nil {
			return err
		}
		var there int64
		if err := a.tx.Model(&GroupNoticeModel{}).Where("group_id = ?", n.GroupID).Count(&there).Error; err != nil {
			return err
		}
		if there >= maxNotices {
			return errs.Conflict.With("notices", there)
		}
		n.ID, n.CreatedAt = 0, a.now
		if err := a.tx.Create(n).Error; err != nil {
			return err
		}
		a.Notice = n
		a.change("notice")
		return a.tip(ctype.TipNotice, a.user, nil, ctype.Shorten(n.Content, noticeTip))
	})
}

// DeleteNotice takes notice id back.
func (q Groups) DeleteNotice(ctx context.Context, id, user uint64) (*Done, error) {
	n, err := q.notice(ctx, id, user)
	if err != nil {
		return nil, err
	}
	return q.act(ctx, n.GroupID, user, ranked(Announce), func(a *act) error {
		if err := a.tx.Delete(&GroupNoticeConfirmModel{}, "notice_id = ?", id).Error; err != nil {
			return err
		}
		gone := a.tx.Delete(&GroupNoticeModel{}, "id = ?", id)
		if gone.Error == nil && gone.RowsAffected == 0 {
			return errs.NotFound
		}
		a.Notice, a.NoticeGone = n, true
		a.change("notice")
		return gone.Error
	})
}

// notice returns notice id to user; one of a group that user is not in is as
// one that does not exist: errs.NotFound.
func (q Groups) notice(ctx context.Context, id, user uint64) (*GroupNoticeModel, error) {
	if id > maxID {
		return nil, errs.NotFound
	}
	var n GroupNoticeModel
	err := q.DB.WithContext(ctx).Take(&n, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errs.NotFound
	}
	if err != nil {
		return nil, fmt.Errorf("notice %d: %w", id, err)
	}
	g, m, err := q.pair(q.DB.WithContext(ctx), n.GroupID, user)
	if err != nil {
		return nil, err
	}
	if g.Entry(m) != nil {
		return nil, errs.NotFound
	}
	return &n, nil
}

// ConfirmNotice says that user has taken note of notice id.
func (q Groups) ConfirmNotice(ctx context.Context, id, user uint64) error {
	n, err := q.notice(ctx, id, user)
	if err != nil {
		return err
	}
	if !n.NeedConfirm {
		return errs.BadArgument("needConfirm")
	}
	// Of one that is taken back at this moment nothing is written.
	err = q.DB.WithContext(ctx).Exec(q.DB.InsertIgnore()+"group_notice_confirm_models (notice_id, user_id, created_at)"+
		" SELECT id, ?, ? FROM group_notice_models WHERE id = ?", user, q.DB.Clock.Milli(ctx), id).Error
	if err != nil {
		return fmt.Errorf("notice %d confirmed by %d: %w", id, user, err)
	}
	return nil
}

// Confirmed returns a page of the members who have taken note of notice id, the
// first to do so first, how many they are, and how many members there are, to
// who leads the group.
func (q Groups) Confirmed(ctx context.Context, id, user uint64, page, limit int32) (list []*GroupNoticeConfirmModel, count, total int64, err error) {
	n, err := q.notice(ctx, id, user)
	if err != nil {
		return nil, 0, 0, err
	}
	g, err := q.Leader(ctx, n.GroupID, user, Announce)
	if err != nil {
		return nil, 0, 0, err
	}
	list, count, err = paged[GroupNoticeConfirmModel](q.confirms(ctx, n.GroupID, id), "c.created_at, c.user_id", page, limit)
	return list, count, int64(g.MemberCount), err
}

// confirms are the rows of those in the group who have taken note of notices.
func (q Groups) confirms(ctx context.Context, group uint64, notices ...uint64) *gorm.DB {
	return q.DB.WithContext(ctx).Table("group_notice_confirm_models c").Select("c.*").
		Joins("JOIN group_member_models m ON m.group_id = ? AND m.user_id = c.user_id AND m.deleted_at = 0", group).
		Where("c.notice_id IN ?", notices)
}

// ShownNotice is a notice with who has taken note of it.
type ShownNotice struct {
	*GroupNoticeModel
	Confirms int64
	// Mine says that who asks is among them.
	Mine bool
}

// Notices returns a page of what was announced in the group id, to a member:
// those on top first, then the newest first.
func (q Groups) Notices(ctx context.Context, id, user uint64, page, limit int32) ([]ShownNotice, int64, error) {
	g, m, err := q.Get(ctx, id, user)
	if err != nil {
		return nil, 0, err
	}
	if err := g.Entry(m); err != nil {
		return nil, 0, err
	}
	list, count, err := paged[GroupNoticeModel](q.DB.WithContext(ctx).Model(&GroupNoticeModel{}).Where("group_id = ?", id), "is_top DESC, id DESC", page, limit)
	if err != nil {
		return nil, 0, err
	}
	shown, err := q.shown(ctx, id, user, list)
	return shown, count, err
}

func (q Groups) shown(ctx context.Context, group, user uint64, list []*GroupNoticeModel) ([]ShownNotice, error) {
	shown := make([]ShownNotice, len(list))
	ids := make([]uint64, len(list))
	for n, notice := range list {
		shown[n], ids[n] = ShownNotice{GroupNoticeModel: notice}, notice.ID
	}
	if len(list) == 0 {
		return shown, nil
	}
	var counts []struct {
		NoticeID uint64
		N        int64
		Mine     int64
	}
	err := q.confirms(ctx, group, ids...).Select("c.notice_id, COUNT(*) AS n, SUM(CASE WHEN c.user_id = ? THEN 1 ELSE 0 END) AS mine", user).
		Group("c.notice_id").Find(&counts).Error
	if err != nil {
		return nil, fmt.Errorf("who has taken note in group %d: %w", group, err)
	}
	for _, c := range counts {
		for n := range shown {
			if shown[n].ID == c.NoticeID {
				shown[n].Confirms, shown[n].Mine = c.N, c.Mine > 0
			}
		}
	}
	return shown, nil
}

// TopNotice returns the newest notice on top of the group, for a member; nil if
// there is none.
func (q Groups) TopNotice(ctx context.Context, group, user uint64) (*ShownNotice, error) {
	var list []*GroupNoticeModel
	err := q.DB.WithContext(ctx).Where("group_id = ? AND is_top = ?", group, true).Order("id DESC").Limit(1).Find(&list).Error
	if err != nil {
		return nil, fmt.Errorf("notice of group %d: %w", group, err)
	}
	shown, err := q.shown(ctx, group, user, list)
	if err != nil || len(shown) == 0 {
		return nil, err
	}
	return &shown[0], nil
}
