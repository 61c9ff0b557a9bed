package model

import (
	"context"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/utils/text"
)

const (
	// MaxInvited is how many one call may bring in.
	MaxInvited = 200
	// joinsADay is how many groups a user may ask in 24 hours, comesADay how often
	// one may come into the same group without being let in.
	joinsADay = 20
	comesADay = 5
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
	may, err := a.candidates(friends) // and of nobody else: there need not be anybody
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
	if err := a.propose(out.Pending); err != nil {
		return err
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
	if len(users) == 0 {
		return c, nil
	}
	if c.rows, err = members(a.tx, a.Group.ID, users...); err != nil {
		return c, err
	}
	if c.black, err = blacks(a.tx, a.Group.ID, users); err != nil {
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

// candidate returns the row of one who is to come in, whose account it keeps
// from ending before the act does, with why that user may not, if so.
func (a *act) candidate(user uint64) (*GroupMemberModel, error) {
	m, err := a.other(user)
	if err != nil {
		return nil, err
	}
	states, err := Senders(a.q.DB).Of(a.ctx, a.sql, []uint64{user})
	switch {
	case err != nil:
		return nil, err
	case states[user].Gone:
		return nil, errs.NotFound
	}
	return m, a.Group.takes(a.tx, m, user)
}

// takes reports why the group does not take user, whose row is m, at all, or nil.
func (g *GroupModel) takes(tx *gorm.DB, m *GroupMemberModel, user uint64) error {
	black, err := blacks(tx, g.ID, []uint64{user})
	switch {
	case err != nil:
		return err
	case m.In() != RoleNone:
		return errs.AlreadyIn
	case black[user]:
		return errs.BlackListed
	case g.Status == StatusSuspended:
		return errs.GroupSuspended
	case g.full():
		return errs.GroupFull
	}
	return nil
}

// mayCome answers errs.TooMany if user has come into the group by himself as
// often as one may in 24 hours: each time all who are in are told.
func (a *act) mayCome(user uint64) error {
	var times []int64
	err := a.tx.Model(&GroupVerifyModel{}).
		Where("group_id = ? AND user_id = ? AND type = ? AND handler_id = 0 AND rev_status = ? AND handled_at > ?",
			a.Group.ID, user, RequestJoin, model.RequestAccepted, a.now-day.Milliseconds()).
		Order("handled_at DESC").Limit(comesADay).Pluck("handled_at", &times).Error
	if err != nil || len(times) < comesADay {
		return err
	}
	return errs.TooMany.Retry(time.UnixMilli(times[len(times)-1]).Add(day).Sub(a.at()))
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

// asks makes a request of user to come into the group.
func (a *act) asks(user uint64) *GroupVerifyModel {
	v := &GroupVerifyModel{GroupID: a.Group.ID, UserID: user, Type: RequestJoin}
	v.CreatedAt, v.OpenKey = a.now, openKey(a.Group.ID, user)
	return v
}

// propose leaves it to those who lead the group whether users come in. For whom
// there is a request already there is no other.
func (a *act) propose(users []uint64) error {
	if len(users) == 0 {
		return nil
	}
	open, err := a.open(users)
	if err != nil {
		return err
	}
	var fresh []*GroupVerifyModel
	for _, user := range users {
		if open[user] != nil {
			continue
		}
		v := a.asks(user)
		v.InviterID = a.user
		fresh = append(fresh, v)
	}
	if len(fresh) == 0 {
		return nil
	}
	a.Requests = append(a.Requests, fresh...)
	return a.tx.CreateInBatches(fresh, insertRows).Error
}

// ask leaves what k says with those who lead the group. Who has a request that
// waits keeps it, with the words of the last; who was only proposed asks anew.
func (a *act) ask(k Ask) (*GroupVerifyModel, error) {
	open, err := a.open([]uint64{k.User})
	if err != nil {
		return nil, err
	}
	v := open[k.User]
	if v == nil || v.InviterID != 0 {
		if err := a.mayAsk(k.User); err != nil {
			return nil, err
		}
	}
	var before GroupVerifyModel
	switch {
	case v == nil:
		v = a.asks(k.User)
		a.Requests = append(a.Requests, v)
	case v.InviterID != 0:
		before = *v
		v.InviterID, v.SendStatus, v.RevStatus, v.CreatedAt = 0, model.RequestPending, model.RequestPending, a.now
		a.Requests = append(a.Requests, v)
	default:
		before = *v
		if v.Renew() {
			a.Requests = append(a.Requests, v)
		}
	}
	v.AdditionalMessages, v.Source, v.Question = k.Verify, k.Source, model.Question{}
	if a.Group.Verification != model.VerifyMessage {
		v.Question = a.Group.Question.Asked(a.Group.Verification).Answered(k.Question)
	}
	if *v == before {
		return v, nil
	}
	return v, a.tx.Save(v).Error
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
	may := func(tx *gorm.DB, g *GroupModel, m *GroupMemberModel) error {
		if err := g.Show(m); err != nil {
			return err
		}
		if err := g.takes(tx, m, k.User); err != nil {
			return err
		}
		if g.Verification == model.VerifyNobody {
			return errs.GroupClosed
		}
		return nil
	}
	done, err := q.act(ctx, id, k.User, may, func(a *act) (err error) {
		waits, err = a.join(k)
		return err
	})
	return done, waits, err
}

func (a *act) join(k Ask) (waits *GroupVerifyModel, err error) {
	g := a.Group
	// In the order in which a group is made: the user first, then the account.
	if err := a.q.lockUser(a.tx, k.User); err != nil {
		return nil, err
	}
	m, err := a.candidate(k.User)
	if err != nil {
		return nil, err
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
		if err := a.mayCome(k.User); err != nil {
			return nil, err
		}
		rows := map[uint64]*GroupMemberModel{k.User: m}
		if err := a.admit(rows, []uint64{k.User}, GroupVerifyModel{Source: k.Source}); err != nil {
			return nil, err
		}
		return nil, a.tip(ctype.TipJoined, k.User, nil, "")
	case model.Waits:
		return a.ask(k)
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

// mayAsk answers errs.TooMany if user, who must be locked, has asked as many
// groups in the last 24 hours as a user may.
func (a *act) mayAsk(user uint64) error {
	var times []int64
	err := a.tx.Model(&GroupVerifyModel{}).
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
	may := func(_ *gorm.DB, g *GroupModel, m *GroupMemberModel) error {
		if v.UserID != user && (g.DeletedAt != 0 || !m.May(Admit)) {
			return errs.LowRank
		}
		return nil
	}
	return q.act(ctx, v.GroupID, user, may, func(a *act) error { return a.handle(id, status) })
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
	rows := map[uint64]*GroupMemberModel{v.UserID: m}
	if err := a.admit(rows, []uint64{v.UserID}, GroupVerifyModel{InviterID: v.InviterID, HandlerID: a.user}); err != nil {
		return err
	}
	if v.InviterID != 0 {
		return a.tip(ctype.TipInvited, v.InviterID, []uint64{v.UserID}, "")
	}
	return a.tip(ctype.TipJoined, v.UserID, nil, "")
}
