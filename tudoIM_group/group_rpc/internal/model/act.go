package model

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/msglog"
)

// act is one change to a group or to who is in it, under the lock of its log:
// every message is before it or behind it, and was judged accordingly.
type act struct {
	q   Groups
	ctx context.Context
	sql *sql.Tx
	tx  *gorm.DB
	now int64
	// seq is the last message before the act.
	seq uint64
	// user is who acts, me that user's row; nil for who was never in.
	user uint64
	me   *GroupMemberModel
	tips []*msglog.Item
	// touched says that the group's row has changed; its Ver is the next one from
	// the start, for the rows that change with it.
	touched bool

	*Done
}

// Done is what an act came to, for those who are told.
type Done struct {
	Group *GroupModel
	// Changed are the names of what changed of the group, as clients know them.
	Changed []string
	// Joined and Left are the users who came and went.
	Joined, Left []uint64
	// Members are the rows that changed.
	Members []*GroupMemberModel
	// Requests are those that wait since, or do no more.
	Requests []*GroupVerifyModel
	// Notice was posted, or taken back if NoticeGone.
	Notice     *GroupNoticeModel
	NoticeGone bool
	// Refusal is why the act was refused, where that leaves a trace.
	Refusal error
}

// at is the time of the act.
func (a *act) at() time.Time { return time.UnixMilli(a.now) }

// gate says who may act on a group at all; m is nil for who was never in.
type gate func(tx *gorm.DB, g *GroupModel, m *GroupMemberModel) error

// inside lets in who is in.
func inside(_ *gorm.DB, g *GroupModel, m *GroupMemberModel) error { return g.Inside(m) }

// ranked lets in who has right over anybody.
func ranked(right Right) gate {
	return func(_ *gorm.DB, g *GroupModel, m *GroupMemberModel) error {
		if err := g.Inside(m); err != nil {
			return err
		}
		if m.reach(right) == nobody {
			return errs.LowRank
		}
		return nil
	}
}

// lasting lets in anybody as long as the group lasts.
func lasting(_ *gorm.DB, g *GroupModel, _ *GroupMemberModel) error {
	if g.DeletedAt != 0 {
		return errs.NoGroup
	}
	return nil
}

// act runs do for user on the group id, all of it or nothing. It is looked at
// before as well: strangers are not to keep those who write waiting.
func (q Groups) act(ctx context.Context, id, user uint64, may gate, do func(a *act) error) (*Done, error) {
	g, m, err := q.pair(q.DB.WithContext(ctx), id, user)
	if err != nil {
		return nil, err
	}
	if err := may(q.DB.WithContext(ctx), g, m); err != nil {
		return nil, err
	}
	var a *act
	err = q.Log.Act(ctx, id, func(ctx context.Context, tx *sql.Tx, h *msglog.Head, now int64) ([]*msglog.Item, error) {
		a = &act{q: q, ctx: ctx, sql: tx, tx: q.DB.In(ctx, tx), now: now, seq: h.MaxSeq, user: user, Done: &Done{}}
		var err error
		if a.Group, a.me, err = q.pair(a.tx, id, user); err != nil {
			return nil, err
		}
		if err := may(a.tx, a.Group, a.me); err != nil {
			return nil, err
		}
		a.Group.Ver++
		if err := do(a); err != nil {
			return nil, err
		}
		return a.tips, a.end()
	})
	if errors.Is(err, errs.NoConversation) {
		err = errs.NoGroup
	}
	if err != nil {
		return nil, fmt.Errorf("group %d: %w", id, err)
	}
	if a.Refusal != nil {
		return nil, a.Refusal
	}
	return a.Done, nil
}

// end writes the group's row, or leaves it as it was.
func (a *act) end() error {
	if !a.touched {
		a.Group.Ver--
		return nil
	}
	a.Group.UpdatedAt = a.now
	return a.tx.Save(a.Group).Error
}

// change says that the group changed, in what clients know by names.
func (a *act) change(names ...string) {
	a.touched = true
	a.Changed = append(a.Changed, names...)
}

// maySay answers why who acts may not say anything to others, here or
// everywhere: what a group is called and what is announced are words, too.
func (a *act) maySay() error {
	if until := a.me.MutedUntil(a.now); until != 0 {
		return errs.MemberMuted.With("until", until)
	}
	return a.mayName()
}

// mayName is maySay as far as it holds everywhere.
func (a *act) mayName() error {
	states, err := Senders(a.q.DB).Of(a.ctx, a.sql, []uint64{a.user})
	if err != nil {
		return err
	}
	return states[a.user].Refusal(a.now)
}

// pair returns the group id and the row of user in it; both may be past.
func (q Groups) pair(tx *gorm.DB, id, user uint64) (*GroupModel, *GroupMemberModel, error) {
	if id == 0 || id > maxID || user > maxID {
		return nil, nil, errs.NoGroup
	}
	var g GroupModel
	err := tx.Take(&g, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil, errs.NoGroup
	}
	if err != nil {
		return nil, nil, fmt.Errorf("group %d: %w", id, err)
	}
	rows, err := members(tx, id, user)
	if err != nil {
		return nil, nil, err
	}
	return &g, rows[user], nil
}

// members returns the rows of users in group, of those who left too, by user.
func members(tx *gorm.DB, group uint64, users ...uint64) (map[uint64]*GroupMemberModel, error) {
	var list []*GroupMemberModel
	if err := tx.Find(&list, "group_id = ? AND user_id IN ?", group, users).Error; err != nil {
		return nil, fmt.Errorf("members of group %d: %w", group, err)
	}
	byUser := make(map[uint64]*GroupMemberModel, len(list))
	for _, m := range list {
		byUser[m.UserID] = m
	}
	return byUser, nil
}

// other returns the row of another user, nil for who was never in.
func (a *act) other(user uint64) (*GroupMemberModel, error) {
	if user == 0 || user > maxID {
		return nil, nil
	}
	rows, err := members(a.tx, a.Group.ID, user)
	return rows[user], err
}

// save writes columns of m, which others may hold settings in meanwhile.
func (a *act) save(m *GroupMemberModel, columns ...string) error {
	m.Ver, m.UpdatedAt = a.Group.Ver, a.now
	a.change()
	a.Members = append(a.Members, m)
	return a.tx.Model(m).Select(append(columns, "ver", "updated_at")).UpdateColumns(m).Error
}

// tip tells those in the group what operator has done; 0 is the site. It is the
// server's message: who does something to a group has not read what is said there.
func (a *act) tip(status int32, operator uint64, users []uint64, value string) error {
	body := ctype.GroupTip(status, operator, users, value)
	doc, err := body.Encode()
	if err != nil {
		return err
	}
	a.tips = append(a.tips, &msglog.Item{
		Target: a.Group.ID, ClientMsgID: "tip-" + rand.Text(), MsgType: body.Type, Body: doc, Preview: body.Detail(),
	})
	return nil
}
