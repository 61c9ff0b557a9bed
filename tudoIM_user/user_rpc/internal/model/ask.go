package model

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/utils/text"
)

// Ask is one user's wish to be another's friend.
type Ask struct {
	From, To uint64
	Verify   string
	Question Question
	Notice   string
	Source   string
}

// Check reports what is wrong with a, or nil.
func (a Ask) Check() error {
	switch {
	case a.From == a.To:
		return errs.Self
	case len(possible([]uint64{a.From, a.To})) < 2:
		return errs.NotFound
	case !text.Plain(a.Verify, model.MaxWords):
		return errs.BadArgument("verify")
	case !text.Plain(a.Question.Answer1, model.MaxWords), !text.Plain(a.Question.Answer2, model.MaxWords), !text.Plain(a.Question.Answer3, model.MaxWords):
		return errs.BadArgument("verificationQuestion")
	case !text.Line(a.Notice, maxNotice):
		return errs.BadArgument("notice")
	case !text.Line(a.Source, maxSource):
		return errs.BadArgument("source")
	}
	return nil
}

// Outcome is what asking or handling came to. A Pair whose rights are not
// synced is to be told to chat_rpc.
type Outcome struct {
	Pair   *FriendModel
	Verify *FriendVerifyModel
	// By is the user whose doing it is.
	By   uint64
	News News
}

// News is what is new in an Outcome, and for whom.
type News int

const (
	// Nothing is a repeat.
	Nothing News = iota
	// Requested: the receiver has a request to decide.
	Requested
	// Private: ignored or deleted, which the other side is not to know.
	Private
	// Decided: accepted or refused, both may know.
	Decided
	// Befriended: friends without a request that waited.
	Befriended
)

// Ask carries a out at now: the two are friends afterwards, or a request
// waits. To ask who has asked oneself is to accept. Several that ask at the
// same time, from either side, end as one.
func (q Friends) Ask(ctx context.Context, a Ask, now time.Time) (*Outcome, error) {
	if err := a.Check(); err != nil {
		return nil, err
	}
	var out *Outcome
	var refusal error // one that leaves a trace
	err := q.DB.Tx(ctx, func(tx *gorm.DB) (err error) {
		out, refusal, err = q.ask(tx, a, now)
		return err
	})
	if err == nil {
		err = refusal
	}
	if err != nil {
		return nil, fmt.Errorf("%d asks %d: %w", a.From, a.To, err)
	}
	return out, nil
}

func (q Friends) ask(tx *gorm.DB, a Ask, now time.Time) (out *Outcome, refusal, err error) {
	// The lock on the own settings puts one user's requests in a row, so that
	// the limit of a day is exact. It is taken before that of the pair.
	mine, err := confOf(tx.Clauses(clause.Locking{Strength: "UPDATE"}), a.From)
	if err != nil {
		return nil, nil, err
	}
	if err := mine.MayAdd(now); err != nil {
		return nil, nil, err
	}
	if err := present(tx, a.To); err != nil {
		return nil, nil, err
	}
	pair, err := lock(tx, a.From, a.To)
	if err != nil {
		return nil, nil, err
	}
	open, err := openOf(tx, a.From, a.To)
	switch {
	case err != nil:
		return nil, nil, err
	case pair.IsFriend:
		out, err = again(tx, pair, a)
	case pair.Of(a.To).Blocks:
		err = errs.RefusesAll
	case open != nil && open.SendUserID == a.To:
		out, err = q.befriend(tx, pair, open, a.Notice, now)
	default:
		out, refusal, err = q.request(tx, pair, open, a, now)
	}
	if out != nil {
		out.By = a.From
	}
	return out, refusal, err
}

// again answers one who asks a friend. While chat_rpc may not know of the
// friendship that is the repeat of a call that failed, afterwards a mistake.
func again(tx *gorm.DB, pair *FriendModel, a Ask) (*Outcome, error) {
	if pair.RightsSynced {
		return nil, errs.AlreadyFriends
	}
	var v FriendVerifyModel
	err := tx.Where("(send_user_id = ? AND rev_user_id = ?) OR (send_user_id = ? AND rev_user_id = ?)", a.From, a.To, a.To, a.From).
		Order("id DESC").Limit(1).Find(&v).Error
	return &Outcome{Pair: pair, Verify: &v}, err
}

// request makes a new request, or repeats the open one, or makes the
// friendship if the other side takes anybody who asks like this. A repeat is
// judged like a new one, whether it waits, is ignored or deleted: else the
// sender could tell which.
func (q Friends) request(tx *gorm.DB, pair *FriendModel, open *FriendVerifyModel, a Ask, now time.Time) (out *Outcome, refusal, err error) {
	theirs, err := confOf(tx, a.To)
	if err != nil {
		return nil, nil, err
	}
	side := pair.Of(a.From)
	if theirs.Verification == VerifyRight {
		if err := side.MayTry(now); err != nil {
			return nil, nil, err
		}
	}
	if open == nil {
		if err := q.mayAsk(tx, theirs, a.From, now); err != nil {
			return nil, nil, err
		}
	}
	atOnce, err := theirs.Judge(a.Verify, a.Question)
	if errors.Is(err, errs.WrongAnswer) {
		refusal = errs.WrongAnswer.With("triesLeft", side.Wrong(now))
		return nil, refusal, tx.Save(pair).Error
	}
	if err != nil {
		return nil, nil, err
	}
	out = &Outcome{Pair: pair, Verify: open, News: Requested}
	var before FriendVerifyModel
	if open == nil {
		out.Verify = NewRequest(a, theirs, now)
	} else if before = *open; !open.Renew(a, theirs) {
		out.News = Nothing
	}
	if *out.Verify != before { // a repeat writes nothing
		if err := tx.Save(out.Verify).Error; err != nil {
			return nil, nil, err
		}
	}
	if !atOnce {
		return out, nil, nil
	}
	if out, err = q.befriend(tx, pair, out.Verify, "", now); err == nil && open == nil {
		out.News = Befriended
	}
	return out, nil, err
}

// mayAsk answers errs.NotFound if a stranger is not to know that theirs is a
// user, and errs.TooMany if user has sent as many requests in the last 24
// hours as a user may.
func (q Friends) mayAsk(tx *gorm.DB, theirs *UserConfModel, user uint64, now time.Time) error {
	if theirs.SearchUser == SearchHidden {
		return errs.NotFound
	}
	var times []int64
	err := tx.Model(&FriendVerifyModel{}).Where("send_user_id = ? AND created_at > ?", user, now.Add(-day).UnixMilli()).
		Order("created_at DESC").Limit(q.Limits.RequestsPerDay).Pluck("created_at", &times).Error
	if err != nil {
		return err
	}
	if len(times) < q.Limits.RequestsPerDay {
		return nil
	}
	return errs.TooMany.Retry(time.UnixMilli(times[len(times)-1]).Add(day).Sub(now))
}

// Handle moves request id to status for user at now; notice is the name an
// accepting user gives the new friend. A request of others answers
// errs.NotYours, and so does one that does not exist.
func (q Friends) Handle(ctx context.Context, user, id uint64, status int32, notice string, now time.Time) (*Outcome, error) {
	if !text.Line(notice, maxNotice) {
		return nil, errs.BadArgument("notice")
	}
	if len(possible([]uint64{user, id})) < 2 {
		return nil, errs.NotYours
	}
	var out *Outcome
	err := q.DB.Tx(ctx, func(tx *gorm.DB) (err error) {
		out, err = q.handle(tx, user, id, status, notice, now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%d handles request %d: %w", user, id, err)
	}
	return out, nil
}

func (q Friends) handle(tx *gorm.DB, user, id uint64, status int32, notice string, now time.Time) (*Outcome, error) {
	v, err := requestOf(tx, id)
	if err != nil {
		return nil, err
	}
	if user != v.SendUserID && user != v.RevUserID {
		return nil, errs.NotYours
	}
	pair, err := lock(tx, v.SendUserID, v.RevUserID)
	if err != nil {
		return nil, err
	}
	if v, err = requestOf(tx, id); err != nil { // as it is under the lock
		return nil, err
	}
	changed, err := v.Handle(user, status, now)
	if err != nil {
		return nil, err
	}
	out := &Outcome{Pair: pair, Verify: v, By: user, News: Private}
	switch {
	case !changed:
		out.News = Nothing
		return out, nil
	case status == RequestAccepted:
		if err := present(tx, v.SendUserID); err != nil {
			return nil, err
		}
		out, err := q.befriend(tx, pair, v, notice, now)
		if err == nil {
			out.By = user
		}
		return out, err
	case status == RequestRefused:
		out.News = Decided
	}
	return out, tx.Save(v).Error
}

// befriend accepts the open request v: the receiver gives the sender notice
// for a name.
func (q Friends) befriend(tx *gorm.DB, pair *FriendModel, v *FriendVerifyModel, notice string, now time.Time) (*Outcome, error) {
	for _, user := range []uint64{v.SendUserID, v.RevUserID} {
		if err := q.room(tx, user); err != nil {
			return nil, err
		}
	}
	if v.SendNotice != "" {
		pair.Of(v.SendUserID).Notice = v.SendNotice
	}
	if notice != "" {
		pair.Of(v.RevUserID).Notice = notice
	}
	pair.Befriend(now)
	if err := tx.Save(pair).Error; err != nil {
		return nil, err
	}
	v.Close(RequestAccepted, now)
	if err := tx.Save(v).Error; err != nil {
		return nil, err
	}
	return &Outcome{Pair: pair, Verify: v, News: Decided}, nil
}

// room answers errs.Conflict if user has as many friends as a user may have.
// Friendships made at the same time with others are not counted.
func (q Friends) room(tx *gorm.DB, user uint64) error {
	var n int64
	if err := friendsIn(tx, user).Count(&n).Error; err != nil {
		return err
	}
	if n >= q.Limits.Friends {
		return errs.Conflict.With("friends", n)
	}
	return nil
}

// present answers errs.NotFound unless user has an account in use.
func present(tx *gorm.DB, user uint64) error {
	var n int64
	err := tx.Model(&UserModel{}).Where("id = ? AND deleted_at = 0 AND status = ?", user, StatusNormal).Count(&n).Error
	if err == nil && n == 0 {
		return errs.NotFound
	}
	return err
}

func openOf(tx *gorm.DB, a, b uint64) (*FriendVerifyModel, error) {
	var v FriendVerifyModel
	got := tx.Limit(1).Find(&v, "open_key = ?", *openKey(a, b))
	if got.Error != nil || got.RowsAffected == 0 {
		return nil, got.Error
	}
	return &v, nil
}

func requestOf(tx *gorm.DB, id uint64) (*FriendVerifyModel, error) {
	var v FriendVerifyModel
	err := tx.Take(&v, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errs.NotYours // as if it were somebody else's
	}
	return &v, err
}
