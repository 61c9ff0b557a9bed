package conversation

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
)

const (
	// editWindow is how long a text may be edited.
	editWindow = 15 * time.Minute
	// maxChanges bounds the changes of one call.
	maxChanges = 100
)

// apply is how a change judges and changes a message; see msglog.Change.
type apply func(ctx context.Context, tx *sql.Tx, h *msglog.Head, m *wire.Message, now int64) (changed bool, err error)

// Change implements wire.MessagesServer.
func (s *Server) Change(ctx context.Context, in *wire.ChangeRequest) (*wire.ChangeResponse, error) {
	if len(in.List) > maxChanges {
		return nil, errs.BadArgument("idList")
	}
	found, err := s.changing(ctx, in.List)
	if err != nil {
		return nil, err
	}
	limits := s.Limits(ctx)
	drafts := make([]*draft, len(in.List))
	for n, c := range in.List {
		drafts[n] = &draft{Item: msglog.Item{Sender: c.UserId}}
		if m, ok := found[mine{c.UserId, c.MsgId}]; ok {
			drafts[n].Conversation, drafts[n].Target = m.Conversation, m.view.TargetID
			drafts[n].Change, drafts[n].Err = s.change(c, m, limits)
		} else {
			drafts[n].Err = errs.NoMessage
		}
	}
	if err := s.append(ctx, drafts); err != nil {
		return nil, err
	}
	return &wire.ChangeResponse{List: results(drafts)}, nil
}

// mine is a message as a user names it.
type mine struct{ user, id uint64 }

// changing finds the messages of list, as far as their users may read them.
func (s *Server) changing(ctx context.Context, list []*wire.Change) (map[mine]seen, error) {
	ids := map[uint64][]uint64{}
	for _, c := range list {
		ids[c.UserId] = append(ids[c.UserId], c.MsgId)
	}
	found := make(map[mine]seen, len(list))
	for user, of := range ids {
		list, err := s.readable(ctx, user, of)
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			found[mine{user, m.Message.Id}] = m
		}
	}
	return found, nil
}

// change is what c does to m.
func (s *Server) change(c *wire.Change, m seen, l Limits) (*msglog.Change, error) {
	change := &msglog.Change{Seq: m.Message.Seq}
	switch what := c.What.(type) {
	case *wire.Change_Recall:
		change.Event, change.Free, change.Apply = event.Recalled, true, s.recall(c.UserId, what.Recall, l.RecallWindow)
	case *wire.Change_Delete:
		change.Event, change.Free, change.Apply = event.Deleted, true, s.delete(c.UserId, l.RecallWindow)
	case *wire.Change_Edit:
		body, err := ctype.Parse(what.Edit, ctype.Limits{Text: l.Text})
		if err != nil {
			return nil, err
		}
		change.Event, change.Apply = event.Edited, edit(c.UserId, body, ctype.Limits{Text: l.Text})
	case *wire.Change_React:
		emoji, ok := ctype.Emoji(what.React.GetEmoji())
		if !ok {
			return nil, errs.NotEmoji
		}
		change.Event, change.Apply = event.Reaction, s.react(c.UserId, emoji, what.React.On)
	case *wire.Change_Pin:
		change.Event, change.Apply = event.Pinned, s.pin(c.UserId, what.Pin)
	default:
		return nil, errs.BadArgument("what")
	}
	return change, nil
}

// late reports whether window has passed since m was sent.
func late(m *wire.Message, now int64, window time.Duration) bool {
	return now-m.CreatedAt > window.Milliseconds()
}

// byPeople reports whether somebody has sent m, rather than the server.
func byPeople(m *wire.Message) bool {
	switch m.MsgType {
	case ctype.TypeVoiceCall, ctype.TypeVideoCall, ctype.TypeWithdraw, ctype.TypeTip:
		return false
	}
	return m.SendUserId != 0
}

// recall takes a message back; content is what is shown instead.
func (s *Server) recall(user uint64, content string, window time.Duration) apply {
	return func(ctx context.Context, tx *sql.Tx, h *msglog.Head, m *wire.Message, now int64) (bool, error) {
		switch {
		case m.Status == msglog.StatusRecalled:
			return false, nil
		case m.Status != msglog.StatusNormal:
			return false, errs.NoMessage
		case !byPeople(m):
			return false, errs.NotYourMessage
		}
		bound, err := s.Home.TakeBack(ctx, tx, h, user, m)
		if err != nil {
			return false, err
		}
		if bound && late(m, now, window) {
			return false, errs.TooLate.With("windowSeconds", int64(window.Seconds()))
		}
		return true, empty(m, msglog.StatusRecalled, ctype.Withdraw(m.Id, user, content))
	}
}

// delete deletes a message for everybody.
func (s *Server) delete(user uint64, window time.Duration) apply {
	return func(ctx context.Context, tx *sql.Tx, h *msglog.Head, m *wire.Message, now int64) (bool, error) {
		if m.Status == msglog.StatusDeleted {
			return false, nil
		}
		if m.SendUserId == 0 {
			return false, errs.NotForBoth
		}
		bound, err := s.Home.TakeBack(ctx, tx, h, user, m)
		if errors.Is(err, errs.NotYourMessage) || err == nil && bound && late(m, now, window) {
			return false, errs.NotForBoth
		}
		if err != nil {
			return false, err
		}
		return true, empty(m, msglog.StatusDeleted, ctype.Withdraw(m.Id, user, ""))
	}
}

// empty leaves nothing of what m said.
func empty(m *wire.Message, status int32, instead *ctype.Body) (err error) {
	m.Status, m.MsgType, m.MsgPreview = status, instead.Type, ""
	m.AtUserIds, m.AtAll, m.Reactions, m.PinnedAt = nil, false, nil, 0
	m.Msg, err = instead.Encode()
	return err
}

// edit gives a text another one.
func edit(user uint64, body *ctype.Body, l ctype.Limits) apply {
	return func(_ context.Context, _ *sql.Tx, _ *msglog.Head, m *wire.Message, now int64) (bool, error) {
		switch {
		case m.Status != msglog.StatusNormal:
			return false, errs.NoMessage
		case m.SendUserId != user:
			return false, errs.NotYourMessage
		case !ctype.Editable(m.MsgType) || body.Type != m.MsgType:
			return false, errs.NotEditable
		case late(m, now, editWindow):
			return false, errs.TooLate.With("windowSeconds", int64(editWindow.Seconds()))
		}
		stored, err := ctype.Decode(m.Msg)
		if err != nil {
			return false, err
		}
		if stored.Text() == body.Text() {
			return false, nil
		}
		if err := stored.SetText(body.Text(), l); err != nil {
			return false, err
		}
		m.MsgPreview, m.EditedAt = stored.Detail(), now
		m.Msg, err = stored.Encode()
		return true, err
	}
}
