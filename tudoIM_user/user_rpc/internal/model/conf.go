package model

import (
	"context"
	"errors"
	"fmt"
	"slices"
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

// recallMessage is what stands for a recalled message until a user chooses
// other words.
const recallMessage = "撤回了一条消息"

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
	model.Set(&n.FriendOnline, x.FriendOnline, "friendOnline", &changed)
	model.Set(&n.Sound, x.Sound, "sound", &changed)
	model.Set(&n.SecureLink, x.SecureLink, "secureLink", &changed)
	model.Set(&n.SavePwd, x.SavePwd, "savePwd", &changed)
	model.Set(&n.SearchUser, x.SearchUser, "searchUser", &changed)
	model.Set(&n.Verification, x.Verification, "verification", &changed)
	model.Set(&n.ShowOnline, x.ShowOnline, "showOnline", &changed)
	model.Set(&n.ReadReceipt, x.ReadReceipt, "readReceipt", &changed)
	model.Set(&n.Language, x.Language, "language", &changed)
	if x.RecallMessage != nil && *x.RecallMessage == "" {
		x.RecallMessage = new(recallMessage)
	}
	model.Set(&n.RecallMessage, x.RecallMessage, "recallMessage", &changed)
	if x.Question != nil {
		model.Set(&n.Question, new(x.Question.Apply(n.Question)), "verificationQuestion", &changed)
	}
	switch {
	case !text.Line(n.RecallMessage, maxRecall) || !text.Visible(n.RecallMessage):
		return nil, errs.BadArgument("recallMessage")
	case n.SearchUser < SearchHidden || n.SearchUser > SearchByName:
		return nil, errs.BadArgument("searchUser")
	case n.Verification < VerifyNobody || n.Verification > VerifyRight:
		return nil, errs.BadArgument("verification")
	case !n.Question.Check():
		return nil, errs.BadArgument("verificationQuestion")
	case !slices.Contains(languages, n.Language):
		return nil, errs.BadArgument("language")
	case !n.Question.Serves(n.Verification):
		return nil, errs.NeedsQuestion
	}
	*c = n
	return changed, nil
}

// Asked is what the user asks of who wants to be friends: the problems, where
// they are asked.
func (c *UserConfModel) Asked() Question { return c.Question.Asked(c.Verification) }

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
	switch model.Judge(c.Verification, c.Question, verify, given) {
	case model.Taken:
		return true, nil
	case model.Waits:
		return false, nil
	case model.Silent:
		return false, errs.NeedsMessage
	case model.Wrong:
		return false, errs.WrongAnswer
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
