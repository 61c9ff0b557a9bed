package model

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/utils/text"
)

// How a user is found.
const (
	SearchHidden int32 = 0
	SearchByID   int32 = 1
	SearchByName int32 = 2
)

// How a user answers requests.
const (
	VerifyNobody  int32 = 0
	VerifyAnybody int32 = 1
	VerifyMessage int32 = 2
	VerifyAnswers int32 = 3
	VerifyRight   int32 = 4
)

// recallMessage is what stands for a recalled message until a user chooses
// other words.
const recallMessage = "撤回了一条消息"

// Question are up to three problems and their answers.
type Question struct {
	Problem1, Problem2, Problem3 string
	Answer1, Answer2, Answer3    string
}

// Asks reports whether there is any problem.
func (q Question) Asks() bool { return q.Problem1 != "" || q.Problem2 != "" || q.Problem3 != "" }

// Right reports whether given answers every problem of q; case, width and
// blanks around an answer do not count.
func (q Question) Right(given Question) bool {
	right := true
	for _, p := range [][3]string{
		{q.Problem1, q.Answer1, given.Answer1}, {q.Problem2, q.Answer2, given.Answer2}, {q.Problem3, q.Answer3, given.Answer3},
	} {
		right = right && (p[0] == "" || text.Fold(strings.TrimSpace(p[1])) == text.Fold(strings.TrimSpace(p[2])))
	}
	return right
}

// answered reports whether given says anything to every problem of q.
func (q Question) answered(given Question) bool {
	return (q.Problem1 == "" || text.Visible(given.Answer1)) && (q.Problem2 == "" || text.Visible(given.Answer2)) &&
		(q.Problem3 == "" || text.Visible(given.Answer3))
}

// Answered returns the problems of q with the answers of given.
func (q Question) Answered(given Question) Question {
	q.Answer1, q.Answer2, q.Answer3 = given.Answer1, given.Answer2, given.Answer3
	return q
}

// QuestionChange is what a user changes of the own question; nil stays as it is.
type QuestionChange struct {
	Problem1, Problem2, Problem3 *string
	Answer1, Answer2, Answer3    *string
}

// apply returns q changed by c. The answer to a problem that is another one now
// is gone, unless a new one comes along.
func (c QuestionChange) apply(q Question) Question {
	one := func(problem, answer *string, newProblem, newAnswer *string) {
		if newProblem != nil && *newProblem != *problem {
			*problem, *answer = *newProblem, ""
		}
		if newAnswer != nil {
			*answer = *newAnswer
		}
		if *problem == "" {
			*answer = ""
		}
	}
	one(&q.Problem1, &q.Answer1, c.Problem1, c.Answer1)
	one(&q.Problem2, &q.Answer2, c.Problem2, c.Answer2)
	one(&q.Problem3, &q.Answer3, c.Problem3, c.Answer3)
	return q
}

// check reports whether every text of q is one.
func (q Question) check() bool {
	for _, p := range []string{q.Problem1, q.Problem2, q.Problem3} {
		if !text.Plain(p, maxAnswer) || p != "" && !text.Visible(p) {
			return false
		}
	}
	return text.Plain(q.Answer1, maxAnswer) && text.Plain(q.Answer2, maxAnswer) && text.Plain(q.Answer3, maxAnswer)
}

// ConfChange is what a user changes of the own settings; nil stays as it is.
type ConfChange struct {
	RecallMessage                            *string
	FriendOnline, Sound, SecureLink, SavePwd *bool
	SearchUser, Verification                 *int32
	Question                                 *QuestionChange
	ShowOnline, ReadReceipt                  *bool
	Language                                 *string
}

// Languages a user may choose.
var languages = []string{"zh", "en"}

// Change applies x, all of it or nothing, and returns the names of what it
// changed, as clients know them. It answers a bad-argument error naming what
// is wrong with x, or errs.NeedsQuestion if the verification that comes of it
// asks nothing, or has no answer to go by.
func (c *UserConfModel) Change(x ConfChange) (changed []string, err error) {
	n := *c
	set(&n.FriendOnline, x.FriendOnline, "friendOnline", &changed)
	set(&n.Sound, x.Sound, "sound", &changed)
	set(&n.SecureLink, x.SecureLink, "secureLink", &changed)
	set(&n.SavePwd, x.SavePwd, "savePwd", &changed)
	set(&n.SearchUser, x.SearchUser, "searchUser", &changed)
	set(&n.Verification, x.Verification, "verification", &changed)
	set(&n.ShowOnline, x.ShowOnline, "showOnline", &changed)
	set(&n.ReadReceipt, x.ReadReceipt, "readReceipt", &changed)
	set(&n.Language, x.Language, "language", &changed)
	if x.RecallMessage != nil && *x.RecallMessage == "" {
		x.RecallMessage = new(recallMessage)
	}
	set(&n.RecallMessage, x.RecallMessage, "recallMessage", &changed)
	if x.Question != nil {
		set(&n.Question, new(x.Question.apply(n.Question)), "verificationQuestion", &changed)
	}
	switch {
	case !text.Line(n.RecallMessage, maxRecall) || !text.Visible(n.RecallMessage):
		return nil, errs.BadArgument("recallMessage")
	case n.SearchUser < SearchHidden || n.SearchUser > SearchByName:
		return nil, errs.BadArgument("searchUser")
	case n.Verification < VerifyNobody || n.Verification > VerifyRight:
		return nil, errs.BadArgument("verification")
	case !n.Question.check():
		return nil, errs.BadArgument("verificationQuestion")
	case !slices.Contains(languages, n.Language):
		return nil, errs.BadArgument("language")
	case n.Verification >= VerifyAnswers && !n.Question.Asks(), n.Verification == VerifyRight && !n.Question.answered(n.Question):
		return nil, errs.NeedsQuestion
	}
	*c = n
	return changed, nil
}

// set puts value, if there is one, into to and adds name to changed if that
// makes a difference.
func set[T comparable](to, value *T, name string, changed *[]string) {
	if value != nil && *to != *value {
		*to = *value
		*changed = append(*changed, name)
	}
}

// Asked is what the user asks of who wants to be friends: the problems, where
// they are asked.
func (c *UserConfModel) Asked() Question {
	if c.Verification != VerifyAnswers && c.Verification != VerifyRight {
		return Question{}
	}
	return c.Question.Answered(Question{})
}

// SetConf changes the settings of user at now; see UserConfModel.Change.
func (q Users) SetConf(ctx context.Context, user uint64, x ConfChange, now time.Time) (a *Account, changed []string, err error) {
	a, err = q.change(ctx, user, now, func(a *Account) error {
		if err := a.present(); err != nil {
			return err
		}
		changed, err = a.Conf.Change(x)
		return err
	})
	return a, changed, err
}

// UserConfModel is one user's settings, and what an administrator has
// curtailed.
type UserConfModel struct {
	model.Base
	UserID        uint64
	RecallMessage string
	FriendOnline  bool
	Sound         bool
	SecureLink    bool
	SavePwd       bool
	SearchUser    int32
	Verification  int32
	Question      Question `gorm:"embedded"`
	ShowOnline    bool
	ReadReceipt   bool
	Language      string

	CurtailChat        bool
	CurtailAddUser     bool
	CurtailCreateGroup bool
	CurtailInGroupChat bool
	// CurtailUntil is when curtailing ends; 0 is never.
	CurtailUntil int64
}

// NewConf returns the settings everybody begins with.
func NewConf(user uint64) *UserConfModel {
	return &UserConfModel{
		UserID: user, RecallMessage: recallMessage, Language: "zh",
		FriendOnline: true, Sound: true, ShowOnline: true, ReadReceipt: true,
		SearchUser: SearchByName, Verification: VerifyMessage,
	}
}

// MayAdd reports why the user may not ask for friendship at now, or nil.
func (c *UserConfModel) MayAdd(now time.Time) error {
	if c.curtails(c.CurtailAddUser, now) {
		return errs.NoAdding
	}
	return nil
}

// curtails reports whether what is curtailed, one of the four, is so at now.
func (c *UserConfModel) curtails(what bool, now time.Time) bool {
	return what && (c.CurtailUntil == 0 || now.UnixMilli() < c.CurtailUntil)
}

// Curtailment is what an administrator changes of what a user may not do; nil
// stays as it is.
type Curtailment struct {
	Chat, AddUser, CreateGroup, InGroupChat *bool
	// Until is when all of it ends, in Unix milliseconds; 0 is never.
	Until *int64
}

// Check returns a bad-argument error for an end that is no time to come.
func (c Curtailment) Check(now time.Time) error {
	if c.Until != nil && *c.Until != 0 && (*c.Until <= now.UnixMilli() || *c.Until > maxID) {
		return errs.BadArgument("until")
	}
	return nil
}

// Curtail applies x at now. What has ended does not come back with a new end.
func (c *UserConfModel) Curtail(x Curtailment, now time.Time) {
	if c.CurtailUntil != 0 && now.UnixMilli() >= c.CurtailUntil {
		c.CurtailChat, c.CurtailAddUser, c.CurtailCreateGroup, c.CurtailInGroupChat, c.CurtailUntil = false, false, false, false, 0
	}
	for at, to := range map[*bool]*bool{
		&c.CurtailChat: x.Chat, &c.CurtailAddUser: x.AddUser, &c.CurtailCreateGroup: x.CreateGroup, &c.CurtailInGroupChat: x.InGroupChat,
	} {
		if to != nil {
			*at = *to
		}
	}
	if x.Until != nil {
		c.CurtailUntil = *x.Until
	}
}

// Judge reports whether the user takes one who asks for a friend at once;
// otherwise the user decides later, or err says why the request is refused.
func (c *UserConfModel) Judge(verify string, given Question) (atOnce bool, err error) {
	switch c.Verification {
	case VerifyAnybody:
		return true, nil
	case VerifyMessage:
		if !text.Visible(verify) {
			return false, errs.NeedsMessage
		}
		return false, nil
	case VerifyAnswers:
		if !c.Question.answered(given) {
			return false, errs.NeedsMessage
		}
		return false, nil
	case VerifyRight:
		if !c.Question.Asks() {
			return false, errs.RefusesAll
		}
		if !c.Question.Right(given) {
			return false, errs.WrongAnswer
		}
		return true, nil
	}
	return false, errs.RefusesAll
}

// Conf returns the settings of user, or errs.NotFound.
func (q Users) Conf(ctx context.Context, user uint64) (*UserConfModel, error) {
	if user > maxID {
		return nil, errs.NotFound
	}
	return confOf(q.DB.WithContext(ctx), user)
}

func confOf(tx *gorm.DB, user uint64) (*UserConfModel, error) {
	var c UserConfModel
	err := tx.Take(&c, "user_id = ?", user).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errs.NotFound
	}
	if err != nil {
		return nil, fmt.Errorf("settings of %d: %w", user, err)
	}
	return &c, nil
}
