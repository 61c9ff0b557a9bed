package model

import (
	"context"
	"errors"
	"slices"
	"time"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/utils/text"
)

const (
	// MaxInvited is how many one call may bring in.
	MaxInvited = 200
	// joinsADay is how many groups a user may ask in 24 hours.
	joinsADay = 20
	maxSource = 32
)

// day is the time over which askings and tries are counted.
const day = 24 * time.Hour

// Invited is what became of those who were to be brought in.
type Invited struct {
	Added, Pending []uint64
	// Refused are the others, with why.
	Refused map[uint64]error
}

// Invite brings users, of whom those in friends are the inviter's, into the
// group id, or leaves it to those who lead the group. Each has an end of its
// own.
func (q Groups) Invite(ctx context.Context, id, inviter uint64, users, friends []uint64) (*Done, *Invited, error) {
	users = others(inviter, users)
	if len(users) == 0 || len(users) > MaxInvited {
		return nil, nil, errs.BadArgument("memberIdList")
	}
	var out *Invited
	done, err := q.act(ctx, id, inviter, inside, func(a *act) (err error) {
		out = &Invited{Refused: map[uint64]error{}}
		return a.invite(users, friends, out)
	})
	return done, out, err
}

func (a *act) invite(users, friends []uint64, out *Invited) error {
	waits, err := a.Group.mayInvite(a.me)
	if err != nil {
		return err
	}
	may, err := a.candidates(users)
	if err != nil {
		return err
	}
	room := a.Group.Size - a.Group.MemberCount
	for _, user := range users {
		switch {
		case !slices.Contains(friends, user) || may.gone[user]:
			out.Refused[user] = errs.NotYourFriend
		case may.rows[user].In() != RoleNone:
			out.Refused[user] = errs.AlreadyIn
		case may.black[user]:
			out.Refused[user] = errs.BlackListed
		case waits:
			out.Pending = append(out.Pending, user)
		case room <= 0:
			out.Refused[user] = errs.GroupFull
		default:
			room--
			out.Added = append(out.Added, user)
		}
	}
	for _, user := range out.Pending {
		if err := a.propose(&GroupVerifyModel{UserID: user, InviterID: a.user}); err != nil {
			return err
		}
	}
	if len(out.Added) == 0 {
		return nil
	}
	if err := a.admit(may.rows, out.Added, GroupVerifyModel{InviterID: a.user, HandlerID: a.user}); err != nil {
		return err
	}
	return a.tip(ctype.TipInvited, a.user, out.Added, "")
}

// candidates are what is to be known of those who may come in.
type candidates struct {
	rows        map[uint64]*GroupMemberModel
	black, gone map[uint64]bool
}

// candidates reads what is known of users, and keeps the accounts that last
// from ending before the act does.
func (a *act) candidates(users []uint64) (c candidates, err error) {
	if c.rows, err = members(a.tx, a.Group.ID, users...); err != nil {
		return c, err
	}
	if c.black, err = a.blacks(users); err != nil {
		return c, err
	}
	states, err := Senders(a.q.DB).Of(a.ctx, a.sql, users)
	if err != nil {
		return c, err
	}
	c.gone = map[uint64]bool{}
	for user, s := range states {
		c.gone[user] = s.Gone
	}
	return c, nil
}

// candidate is candidates of one, with why that user may not come in, if so.
func (a *act) candidate(user uint64) (*GroupMemberModel, error) {
	c, err := a.candidates([]uint64{user})
	switch {
	case err != nil:
		return nil, err
	case c.gone[user]:
		return nil, errs.NotFound
	case c.rows[user].In() != RoleNone:
		return c.rows[user], errs.AlreadyIn
	case c.black[user]:
		return nil, errs.BlackListed
	case a.Group.Status == StatusSuspended:
		return nil, errs.GroupSuspended
	}
	return c.rows[user], nil
}

// admit brings users in, none of whom is; rows are their rows where they were
// before. How each came is written down as how says: in the request that
// waits, or in a record.
func (a *act) admit(rows map[uint64]*GroupMemberModel, users []uint64, how GroupVerifyModel) error {
	var fresh []*GroupMemberModel
	for _, user := range users {
		m := rows[user]
		if m == nil {
			m = &GroupMemberModel{GroupID: a.Group.ID, UserID: user}
			fresh = append(fresh, m)
		}
		m.join(a.now, a.seq, how.InviterID)
		m.Ver = a.Group.Ver
		if m.ID == 0 {
			continue
		}
		if err := a.tx.Save(m).Error; err != nil { // nobody else writes to who is not in
			return err
		}
	}
	if len(fresh) > 0 {
		if err := a.tx.CreateInBatches(fresh, insertRows).Error; err != nil {
			return err
		}
	}
	a.Group.MemberCount += int32(len(users)) // #nosec G115 -- within Size
	a.Joined = append(a.Joined, users...)
	a.change()
	return a.record(users, how)
}

// record writes down how users came in.
func (a *act) record(users []uint64, how GroupVerifyModel) error {
	open, err := a.open(users)
	if err != nil {
		return err
	}
	var fresh []*GroupVerifyModel
	for _, user := range users {
		v := open[user]
		if v == nil {
			made := how
			made.UserID, made.GroupID, made.Type, made.CreatedAt = user, a.Group.ID, RequestJoin, a.now
			made.Close(model.RequestAccepted, a.at())
			fresh = append(fresh, &made)
			continue
		}
		v.HandlerID = how.HandlerID
		v.Close(model.RequestAccepted, a.at())
		a.Requests = append(a.Requests, v)
		if err := a.tx.Save(v).Error; err != nil {
			return err
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	return a.tx.CreateInBatches(fresh, insertRows).Error
}

// open returns the requests of users that wait, by user.
func (a *act) open(users []uint64) (map[uint64]*GroupVerifyModel, error) {
	keys := make([]string, len(users))
	for n, user := range users {
		keys[n] = *openKey(a.Group.ID, user)
	}
	var list []*GroupVerifyModel
	if err := a.tx.Find(&list, "open_key IN ?", keys).Error; err != nil {
		return nil, err
	}
	found := make(map[uint64]*GroupVerifyModel, len(list))
	for _, v := range list {
		found[v.UserID] = v
	}
	return found, nil
}

// propose leaves v, a request to come in, with those who lead the group. Who
// has one that waits keeps it, with the words of the last.
func (a *act) propose(v *GroupVerifyModel) error {
	open, err := a.open([]uint64{v.UserID})
	if err != nil {
		return err
	}
	old := open[v.UserID]
	if old == nil {
		v.GroupID, v.Type, v.CreatedAt, v.OpenKey = a.Group.ID, RequestJoin, a.now, openKey(a.Group.ID, v.UserID)
		a.Requests = append(a.Requests, v)
		return a.tx.Create(v).Error
	}
	before := *old
	if old.Renew() {
		a.Requests = append(a.Requests, old)
	}
	if v.InviterID == 0 { // what the user says counts, not that somebody proposes the same again
		old.AdditionalMessages, old.Question, old.Source = v.AdditionalMessages, v.Question, v.Source
	}
	*v = *old
	if *old == before {
		return nil
	}
	return a.tx.Save(old).Error
}

// Ask is a user's wish to come in.
type Ask struct {
	User     uint64
	Verify   string
	Question model.Question
	Source   string
}

// Check reports what is wrong with k, or nil.
func (k Ask) Check() error {
	switch {
	case !text.Plain(k.Verify, model.MaxWords):
		return errs.BadArgument("verify")
	case !(model.Question{Answer1: k.Question.Answer1, Answer2: k.Question.Answer2, Answer3: k.Question.Answer3}).Check():
		return errs.BadArgument("verificationQuestion")
	case !text.Line(k.Source, maxSource):
		return errs.BadArgument("source")
	}
	return nil
}

// Join brings who asks in, or leaves a request, which it returns, with those
// who lead the group id.
func (q Groups) Join(ctx context.Context, id uint64, k Ask) (*Done, *GroupVerifyModel, error) {
	if err := k.Check(); err != nil {
		return nil, nil, err
	}
	var waits *GroupVerifyModel
	done, err := q.act(ctx, id, k.User, seeing, func(a *act) (err error) {
		waits, err = a.join(k)
		return err
	})
	return done, waits, err
}

func (a *act) join(k Ask) (waits *GroupVerifyModel, err error) {
	m, err := a.candidate(k.User)
	if err != nil {
		return nil, err
	}
	g := a.Group
	if g.full() {
		return nil, errs.GroupFull
	}
	tries, err := a.tries(k.User)
	if err != nil {
		return nil, err
	}
	if g.Verification == model.VerifyRight {
		if err := tries.MayTry(a.at()); err != nil {
			return nil, err
		}
	}
	switch model.Judge(g.Verification, g.Question, k.Verify, k.Question) {
	case model.Taken:
		rows := map[uint64]*GroupMemberModel{k.User: m}
		if err := a.admit(rows, []uint64{k.User}, GroupVerifyModel{Source: k.Source}); err != nil {
			return nil, err
		}
		return nil, a.tip(ctype.TipJoined, k.User, nil, "")
	case model.Waits:
		if err := a.mayAsk(k.User); err != nil {
			return nil, err
		}
		v := &GroupVerifyModel{UserID: k.User, AdditionalMessages: k.Verify, Source: k.Source}
		v.Question = g.Question.Asked(g.Verification).Answered(k.Question)
		if g.Verification == model.VerifyMessage {
			v.Question = model.Question{}
		}
		return v, a.propose(v)
	case model.Silent:
		return nil, errs.NeedsMessage
	case model.Wrong:
		a.Refusal = errs.WrongToJoin.With("triesLeft", tries.Wrong(a.at()))
		return nil, a.tx.Save(tries).Error
	}
	return nil, errs.GroupClosed
}

// GroupTryModel counts the wrong answers of a user to a group.
type GroupTryModel struct {
	GroupID uint64 `gorm:"primaryKey;autoIncrement:false"`
	UserID  uint64 `gorm:"primaryKey;autoIncrement:false"`
	model.TryCount
}

func (a *act) tries(user uint64) (*GroupTryModel, error) {
	t := GroupTryModel{GroupID: a.Group.ID, UserID: user}
	err := a.tx.Limit(1).Find(&t, "group_id = ? AND user_id = ?", t.GroupID, t.UserID).Error
	return &t, err
}

// mayAsk answers errs.TooMany if user has asked as many groups in the last 24
// hours as a user may. A repeat does not count.
func (a *act) mayAsk(user uint64) error {
	open, err := a.open([]uint64{user})
	if err != nil || open[user] != nil {
		return err
	}
	if err := a.q.lockUser(a.tx, user); err != nil {
		return err
	}
	var times []int64
	err = a.tx.Model(&GroupVerifyModel{}).
		Where("user_id = ? AND inviter_id = 0 AND type = ? AND created_at > ?", user, RequestJoin, a.now-day.Milliseconds()).
		Where("open_key IS NOT NULL OR handled_at <> created_at"). // the rest are records of those who did not have to ask
		Order("created_at DESC").Limit(joinsADay).Pluck("created_at", &times).Error
	if err != nil || len(times) < joinsADay {
		return err
	}
	return errs.TooMany.Retry(time.UnixMilli(times[len(times)-1]).Add(day).Sub(a.at()))
}

// Handle moves request id to status for user: those who lead the group decide,
// who asked may only take it off the own list. A request of a group that user
// does not lead is as one that does not exist.
func (q Groups) Handle(ctx context.Context, user, id uint64, status int32) (*Done, error) {
	if status < model.RequestAccepted || status > model.RequestDeleted {
		return nil, errs.BadArgument("status")
	}
	if id == 0 || id > maxID {
		return nil, errs.LowRank
	}
	var v GroupVerifyModel
	found := q.DB.WithContext(ctx).Limit(1).Find(&v, "id = ?", id)
	if found.Error != nil {
		return nil, found.Error
	}
	if found.RowsAffected == 0 {
		return nil, errs.LowRank
	}
	return q.act(ctx, v.GroupID, user, always, func(a *act) error { return a.handle(id, status) })
}

func (a *act) handle(id uint64, status int32) error {
	var v GroupVerifyModel
	if err := a.tx.Take(&v, "id = ?", id).Error; err != nil {
		return err
	}
	mine := v.UserID == a.user
	leads := a.Group.DeletedAt == 0 && a.me.May(Admit)
	switch {
	case status == model.RequestDeleted && (mine || leads):
		if !v.Remove(mine) {
			return nil
		}
		return a.tx.Save(&v).Error
	case !leads || mine:
		return errs.LowRank
	case v.Type != RequestJoin:
		return errs.JoinHandled
	case status == model.RequestAccepted && v.RevStatus != model.RequestAccepted:
		return a.accept(&v)
	}
	changed, err := v.Decide(status, a.at(), errs.JoinHandled)
	if err != nil || !changed {
		return err
	}
	v.HandlerID = a.user
	a.Requests = append(a.Requests, &v)
	return a.tx.Save(&v).Error
}

// accept brings in who asked by v.
func (a *act) accept(v *GroupVerifyModel) error {
	if v.RevStatus != model.RequestPending {
		return errs.JoinHandled
	}
	m, err := a.candidate(v.UserID)
	if errors.Is(err, errs.AlreadyIn) { // by another way meanwhile
		return a.record([]uint64{v.UserID}, GroupVerifyModel{HandlerID: a.user})
	}
	if err != nil {
		return err
	}
	if a.Group.full() {
		return errs.GroupFull
	}
	rows := map[uint64]*GroupMemberModel{v.UserID: m}
	if err := a.admit(rows, []uint64{v.UserID}, GroupVerifyModel{InviterID: v.InviterID, HandlerID: a.user}); err != nil {
		return err
	}
	if v.InviterID != 0 {
		return a.tip(ctype.TipInvited, v.InviterID, []uint64{v.UserID}, "")
	}
	return a.tip(ctype.TipJoined, v.UserID, nil, "")
}
