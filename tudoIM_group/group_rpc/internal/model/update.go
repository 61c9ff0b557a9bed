package model

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/utils/text"
)

// maxAbstract bounds what a group says of itself in characters.
const maxAbstract = 200

// Change is what those who lead change of a group; nil stays as it is.
type Change struct {
	Title, Abstract, Avatar                               *string
	IsSearch, IsInvite, IsTemporarySession, IsProhibition *bool
	// ProhibitionMinutes is when IsProhibition ends by itself.
	ProhibitionMinutes *int32
	Verification       *int32
	Question           *model.QuestionChange
	HistoryVisible     *bool
	Size               *int32
}

// Check reports what is wrong with x whatever the group is like, and brings its
// title in order.
func (x *Change) Check(l Limits) error {
	if x.Title != nil {
		title, err := titleOf(*x.Title)
		if err != nil {
			return err
		}
		x.Title = &title
	}
	switch {
	case x.Abstract != nil && !text.Plain(*x.Abstract, maxAbstract):
		return errs.BadArgument("abstract")
	case x.Verification != nil && (*x.Verification < model.VerifyNobody || *x.Verification > model.VerifyRight):
		return errs.BadArgument("verification")
	case x.Question != nil && !x.Question.Apply(model.Question{}).Check():
		return errs.BadArgument("verificationQuestion")
	case x.ProhibitionMinutes != nil && (*x.ProhibitionMinutes < 1 || *x.ProhibitionMinutes > MaxMute || x.IsProhibition == nil || !*x.IsProhibition):
		return errs.BadArgument("prohibitionMinutes")
	case x.Size != nil && (*x.Size < minSize || *x.Size > l.Members):
		return errs.BadGroupSize
	}
	return nil
}

// titleOf returns a title as it is stored.
func titleOf(raw string) (string, error) {
	if len(raw) > maxTitleBytes {
		return "", errs.GroupTitleLong
	}
	title := norm.NFC.String(strings.TrimSpace(raw))
	switch {
	case !fits(title) || !text.Visible(title):
		return "", errs.GroupTitleLong
	case !text.Line(title, maxTitle):
		return "", errs.BadArgument("title")
	}
	return title, nil
}

// apply changes g as x says at now and returns the names of what is different.
func (g *GroupModel) apply(x Change, now int64) (changed []string, err error) {
	model.Set(&g.Title, x.Title, "title", &changed)
	model.Set(&g.Abstract, x.Abstract, "abstract", &changed)
	model.Set(&g.Avatar, x.Avatar, "avatar", &changed)
	model.Set(&g.IsSearch, x.IsSearch, "isSearch", &changed)
	model.Set(&g.IsInvite, x.IsInvite, "isInvite", &changed)
	model.Set(&g.IsTemporarySession, x.IsTemporarySession, "isTemporarySession", &changed)
	model.Set(&g.HistoryVisible, x.HistoryVisible, "historyVisible", &changed)
	model.Set(&g.Size, x.Size, "size", &changed)
	model.Set(&g.Verification, x.Verification, "verification", &changed)
	if x.Question != nil {
		model.Set(&g.Question, new(x.Question.Apply(g.Question)), "verificationQuestion", &changed)
	}
	if x.IsProhibition != nil {
		g.prohibit(*x.IsProhibition, x.ProhibitionMinutes, now, &changed)
	}
	switch {
	case !g.Question.Check():
		return nil, errs.BadArgument("verificationQuestion")
	case !g.Question.Serves(g.Verification):
		return nil, errs.NeedsQuestion
	case g.Size < g.MemberCount:
		return nil, errs.BadGroupSize
	}
	return changed, nil
}

// prohibit keeps members from sending at now, for some minutes if they are
// given, or lets them again.
func (g *GroupModel) prohibit(on bool, minutes *int32, now int64, changed *[]string) {
	var until int64
	if minutes != nil {
		until = now + int64(*minutes)*minute
	}
	if on == g.AllMuted(now) && until == g.ProhibitionUntil {
		return
	}
	if !on && !g.AllMuted(now) {
		return // it has ended by itself
	}
	g.IsProhibition, g.ProhibitionUntil = on, until
	*changed = append(*changed, "isProhibition", "prohibitionUntil")
}

// Update changes the group id as x, which must have passed Check, says.
func (q Groups) Update(ctx context.Context, id, user uint64, x Change) (*Done, error) {
	return q.act(ctx, id, user, ranked(EditGroup), func(a *act) error {
		if x.Size != nil && *x.Size != a.Group.Size {
			if err := a.me.must(ResizeGroup); err != nil {
				return err
			}
		}
		muted := a.Group.AllMuted(a.now)
		changed, err := a.Group.apply(x, a.now)
		if err != nil || len(changed) == 0 {
			return err
		}
		if slices.Contains(changed, "title") || slices.Contains(changed, "abstract") {
			if err := a.maySay(); err != nil {
				return err
			}
		}
		a.change(changed...)
		return a.announce(changed, muted)
	})
}

// announce tells in the group what of changed people should see there.
func (a *act) announce(changed []string, muted bool) error {
	if slices.Contains(changed, "title") {
		if err := a.tip(ctype.TipTitle, a.user, nil, a.Group.Title); err != nil {
			return err
		}
	}
	if now := a.Group.AllMuted(a.now); now != muted {
		status := ctype.TipAllSpeak
		if now {
			status = ctype.TipAllMuted
		}
		return a.tip(status, a.user, nil, "")
	}
	return nil
}

// SetStatus suspends the group id, as an administrator of the site wants, or
// brings it back.
func (q Groups) SetStatus(ctx context.Context, id uint64, status int32) (*Done, error) {
	if status != StatusNormal && status != StatusSuspended {
		return nil, errs.BadArgument("status")
	}
	return q.act(ctx, id, 0, lasting, func(a *act) error {
		if a.Group.Status == status {
			return nil
		}
		a.Group.Status = status
		a.change("status")
		if status == StatusSuspended {
			return a.tip(ctype.TipSuspended, 0, nil, "")
		}
		return a.tip(ctype.TipResumed, 0, nil, "")
	})
}
