package model

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
)

const (
	// maxLinks is how many links into a group one who leads it may have alive,
	// memberLinks how many a member may: nobody uses up what another has.
	maxLinks    = 50
	memberLinks = 5
	// maxUses bounds what a link may be limited to.
	maxUses = 10_000
	// linkLasts is how long a link lives unless its maker says, maxLinkLasts how
	// long it may.
	linkLasts    = 7 * 24 * time.Hour
	maxLinkLasts = 365 * 24 * time.Hour
	// codeBytes are those of a code, which is no number that one could guess.
	codeBytes = 16
	source    = "link"
)

// GroupLinkModel is a link that lets in who has it, for as long as its maker
// may invite.
type GroupLinkModel struct {
	Code      string `gorm:"primaryKey"`
	GroupID   uint64
	UserID    uint64
	CreatedAt int64
	ExpireAt  int64
	// MaxUses is how often it may be used, 0 without a limit; Uses how often it was.
	MaxUses, Uses int32
}

// lives reports whether k may still be used at now.
func (k *GroupLinkModel) lives(now int64) bool {
	return k.ExpireAt > now && (k.MaxUses == 0 || k.Uses < k.MaxUses)
}

// MakeLink makes a link into the group id that ends at expireAt, in Unix
// milliseconds, 0 in a week, and after uses, 0 without a limit.
func (q Groups) MakeLink(ctx context.Context, id, user uint64, expireAt int64, uses int32) (*GroupLinkModel, error) {
	if uses < 0 || uses > maxUses {
		return nil, errs.BadArgument("maxUses")
	}
	raw := make([]byte, codeBytes)
	if _, err := rand.Read(raw); err != nil {
		return nil, err
	}
	k := &GroupLinkModel{Code: base64.RawURLEncoding.EncodeToString(raw), GroupID: id, UserID: user, ExpireAt: expireAt, MaxUses: uses}
	_, err := q.act(ctx, id, user, inside, func(a *act) error {
		waits, err := a.Group.mayInvite(a.me)
		switch {
		case err != nil:
			return err
		case waits:
			return errs.LowRank
		}
		if k.ExpireAt = expireAt; expireAt == 0 {
			k.ExpireAt = a.now + linkLasts.Milliseconds()
		}
		if k.ExpireAt <= a.now || k.ExpireAt > a.now+maxLinkLasts.Milliseconds() {
			return errs.BadArgument("expireAt")
		}
		// The dead are nobody's any more.
		err = a.tx.Delete(&GroupLinkModel{}, "group_id = ? AND (expire_at <= ? OR (max_uses > 0 AND uses >= max_uses))", id, a.now).Error
		if err != nil {
			return err
		}
		most := int64(memberLinks)
		if a.me.May(Admit) {
			most = maxLinks
		}
		var n int64
		if err := a.tx.Model(&GroupLinkModel{}).Where("group_id = ? AND user_id = ?", id, user).Count(&n).Error; err != nil {
			return err
		}
		if n >= most {
			return errs.Conflict.With("links", n)
		}
		k.CreatedAt = a.now
		return a.tx.Create(k).Error
	})
	return k, err
}

// Link returns where code leads, and user's membership there. It answers
// errs.DeadLink if nobody gets in by it.
func (q Groups) Link(ctx context.Context, code string, user uint64) (*GroupLinkModel, *GroupModel, *GroupMemberModel, error) {
	k, err := q.link(q.DB.WithContext(ctx), code)
	if err != nil {
		return nil, nil, nil, err
	}
	g, m, err := q.pair(q.DB.WithContext(ctx), k.GroupID, user)
	if err != nil {
		return nil, nil, nil, err
	}
	return k, g, m, q.leads(q.DB.WithContext(ctx), k, g, q.DB.Clock.Milli(ctx))
}

// link returns the row of code, or errs.DeadLink.
func (q Groups) link(tx *gorm.DB, code string) (*GroupLinkModel, error) {
	if raw, err := base64.RawURLEncoding.DecodeString(code); err != nil || len(raw) != codeBytes {
		return nil, errs.DeadLink
	}
	var k GroupLinkModel
	err := tx.Take(&k, "code = ?", code).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errs.DeadLink
	}
	if err != nil {
		return nil, fmt.Errorf("link: %w", err)
	}
	return &k, nil
}

// leads reports why nobody gets into g by k at now, or nil. Its maker has to be
// one who could still let people in.
func (q Groups) leads(tx *gorm.DB, k *GroupLinkModel, g *GroupModel, now int64) error {
	if g.DeletedAt != 0 || !k.lives(now) {
		return errs.DeadLink
	}
	rows, err := members(tx, g.ID, k.UserID)
	if err != nil {
		return err
	}
	if waits, err := g.mayInvite(rows[k.UserID]); err != nil || waits || rows[k.UserID].In() == RoleNone {
		return errs.DeadLink
	}
	return nil
}

// JoinByLink brings user in by code.
func (q Groups) JoinByLink(ctx context.Context, code string, user uint64) (*Done, error) {
	k, err := q.link(q.DB.WithContext(ctx), code)
	if err != nil {
		return nil, err
	}
	now := q.DB.Clock.Milli(ctx)
	may := func(tx *gorm.DB, g *GroupModel, m *GroupMemberModel) error {
		if err := q.leads(tx, k, g, now); err != nil {
			return err
		}
		return g.takes(tx, m, user)
	}
	return q.act(ctx, k.GroupID, user, may, func(a *act) (err error) {
		if k, err = q.link(a.tx, code); err != nil {
			return err
		}
		if err := q.leads(a.tx, k, a.Group, a.now); err != nil {
			return err
		}
		m, err := a.candidate(user)
		if err != nil {
			return err
		}
		if err := a.mayCome(user); err != nil {
			return err
		}
		if err := a.tx.Model(k).UpdateColumn("uses", k.Uses+1).Error; err != nil {
			return err
		}
		rows := map[uint64]*GroupMemberModel{user: m}
		if err := a.admit(rows, []uint64{user}, GroupVerifyModel{InviterID: k.UserID, Source: source}); err != nil {
			return err
		}
		return a.tip(ctype.TipJoined, user, nil, "")
	})
}

// DeleteLink ends the link code, for its maker and those who lead the group.
func (q Groups) DeleteLink(ctx context.Context, code string, user uint64) error {
	k, err := q.link(q.DB.WithContext(ctx), code)
	if err != nil {
		return err
	}
	may := func(_ *gorm.DB, g *GroupModel, m *GroupMemberModel) error {
		switch {
		case g.DeletedAt != 0 || m.In() == RoleNone:
			return errs.DeadLink // to strangers it is no less than any
		case k.UserID != user && !m.May(Admit):
			return errs.LowRank
		}
		return nil
	}
	_, err = q.act(ctx, k.GroupID, user, may, func(a *act) error {
		gone := a.tx.Delete(&GroupLinkModel{}, "code = ?", code)
		if gone.Error == nil && gone.RowsAffected == 0 {
			return errs.DeadLink
		}
		return gone.Error
	})
	return err
}
