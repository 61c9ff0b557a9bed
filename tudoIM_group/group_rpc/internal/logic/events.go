package logic

import (
	"context"
	"slices"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/event"
	base "tudoIM/common/model"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_group/group_rpc/internal/model"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// What follows is the data of events as clients get it.
type (
	joinedEvent struct {
		Group    groupItem `json:"group"`
		Operator uint64    `json:"operator"`
		Ver      uint64    `json:"ver"`
	}
	groupItem struct {
		GroupID            uint64 `json:"groupId"`
		Title              string `json:"title"`
		Abstract           string `json:"abstract"`
		Avatar             string `json:"avatar"`
		Creator            uint64 `json:"creator"`
		MemberCount        int32  `json:"memberCount"`
		Size               int32  `json:"size"`
		IsSearch           bool   `json:"isSearch"`
		Verification       int32  `json:"verification"`
		IsInvite           bool   `json:"isInvite"`
		IsTemporarySession bool   `json:"isTemporarySession"`
		IsProhibition      bool   `json:"isProhibition"`
		Ver                uint64 `json:"ver"`
		CreatedAt          int64  `json:"createdAt"`
	}
	// cameEvent is of those who came or left.
	cameEvent struct {
		GroupID     uint64   `json:"groupId"`
		Operator    uint64   `json:"operator"`
		UserIDs     []uint64 `json:"userIds"`
		Reason      string   `json:"reason,omitempty"`
		MemberCount int32    `json:"memberCount"`
		Ver         uint64   `json:"ver"`
	}
	memberEvent struct {
		GroupID  uint64     `json:"groupId"`
		Operator uint64     `json:"operator"`
		Member   memberItem `json:"member"`
		Ver      uint64     `json:"ver"`
	}
	memberItem struct {
		UserID           uint64 `json:"userId"`
		Role             int32  `json:"role"`
		MemberNickname   string `json:"memberNickname"`
		ProhibitionUntil int64  `json:"prohibitionUntil"`
	}
	dissolvedEvent struct {
		GroupID  uint64 `json:"groupId"`
		Operator uint64 `json:"operator"`
		Ver      uint64 `json:"ver"`
	}
	noticeEvent struct {
		GroupID   uint64      `json:"groupId"`
		Operator  uint64      `json:"operator"`
		NoticeID  uint64      `json:"noticeId"`
		IsDeleted bool        `json:"isDeleted"`
		Notice    *noticeItem `json:"notice,omitempty"`
		Ver       uint64      `json:"ver"`
	}
	noticeItem struct {
		ID          uint64 `json:"id"`
		UserID      uint64 `json:"userId"`
		Content     string `json:"content"`
		IsTop       bool   `json:"isTop"`
		NeedConfirm bool   `json:"needConfirm"`
		CreatedAt   int64  `json:"createdAt"`
	}
	requestEvent struct {
		Request      requestItem `json:"request"`
		PendingCount int64       `json:"pendingCount"`
	}
	requestItem struct {
		ID                   uint64       `json:"id"`
		GroupID              uint64       `json:"groupId"`
		Title                string       `json:"title"`
		GroupAvatar          string       `json:"groupAvatar"`
		UserID               uint64       `json:"userId"`
		InviterID            uint64       `json:"inviterId"`
		HandlerID            uint64       `json:"handlerId"`
		Type                 int32        `json:"type"`
		Status               int32        `json:"status"`
		Flag                 string       `json:"flag"`
		AdditionalMessages   string       `json:"additionalMessages"`
		VerificationQuestion questionItem `json:"verificationQuestion"`
		CreatedAt            int64        `json:"createdAt"`
		HandledAt            int64        `json:"handledAt"`
	}
	questionItem struct {
		Problem1 string `json:"problem1"`
		Problem2 string `json:"problem2"`
		Problem3 string `json:"problem3"`
		Answer1  string `json:"answer1,omitempty"`
		Answer2  string `json:"answer2,omitempty"`
		Answer3  string `json:"answer3,omitempty"`
	}
)

// Why somebody is not in a group any more.
const (
	reasonQuit = "quit"
	reasonKick = "kick"
)

// bellWait bounds how long a caller waits for the bus.
const bellWait = 500 * time.Millisecond

// done is the end of a call that changes a group: those concerned are told.
func done(ctx context.Context, s *svc.ServiceContext, operator uint64) func(*model.Done, error) (*group_rpc.DoneResponse, error) {
	return func(d *model.Done, err error) (*group_rpc.DoneResponse, error) {
		if err != nil {
			return nil, err
		}
		tell(ctx, s, operator, d)
		return &group_rpc.DoneResponse{}, nil
	}
}

// tell rings at the devices of those whom d, which operator has done, concerns.
// It is committed already, so a bus that is away only makes them learn later;
// and so it is told also when the caller's time is used up.
func tell(ctx context.Context, s *svc.ServiceContext, operator uint64, d *model.Done) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), bellWait)
	defer cancel()
	t := &telling{ctx: ctx, s: s, operator: operator, d: d, g: d.Group}
	t.came()
	t.members()
	t.changed()
	t.noticed()
	t.asked()
	if t.err == nil && len(t.events) > 0 {
		t.err = s.Bus.Publish(ctx, t.events...)
	}
	if t.err != nil {
		logx.WithContext(ctx).Errorf("group %d has changed, but not all were told: %v", d.Group.ID, t.err)
	}
}

// telling collects the events of an act; behind the first error it does nothing.
type telling struct {
	ctx      context.Context
	s        *svc.ServiceContext
	operator uint64
	d        *model.Done
	g        *model.GroupModel

	events []*wire.Event
	err    error
}

// to tells users.
func (t *telling) to(name string, data any, users ...uint64) {
	if t.err != nil || len(users) == 0 {
		return
	}
	var e *wire.Event
	if e, t.err = event.New(name, data, users...); t.err == nil {
		t.events = append(t.events, e)
	}
}

// all tells everybody who is in the group.
func (t *telling) all(name string, data any) {
	if t.err != nil {
		return
	}
	var e *wire.Event
	if e, t.err = event.ToGroup(name, data, t.g.ID, t.g.Ver); t.err == nil {
		t.events = append(t.events, e)
	}
}

// came tells of who came and left.
func (t *telling) came() {
	g := t.g
	if len(t.d.Joined) > 0 {
		t.to(event.GroupJoined, joinedEvent{Operator: t.operator, Ver: g.Ver, Group: groupItem{
			GroupID: g.ID, Title: g.Title, Abstract: g.Abstract, Avatar: g.Avatar, Creator: g.Creator,
			MemberCount: g.MemberCount, Size: g.Size, IsSearch: g.IsSearch, Verification: g.Verification,
			IsInvite: g.IsInvite, IsTemporarySession: g.IsTemporarySession, IsProhibition: g.AllMuted(t.s.DB.Clock.Milli(t.ctx)),
			Ver: g.Ver, CreatedAt: g.CreatedAt,
		}}, t.d.Joined...)
		if int(g.MemberCount) > len(t.d.Joined) { // somebody was in before
			t.all(event.MemberJoined, cameEvent{GroupID: g.ID, Operator: t.operator, UserIDs: t.d.Joined, MemberCount: g.MemberCount, Ver: g.Ver})
		}
	}
	if len(t.d.Left) > 0 {
		reason := reasonKick
		if slices.Contains(t.d.Left, t.operator) {
			reason = reasonQuit
		}
		left := cameEvent{GroupID: g.ID, Operator: t.operator, UserIDs: t.d.Left, Reason: reason, MemberCount: g.MemberCount, Ver: g.Ver}
		t.to(event.MemberLeft, left, t.d.Left...)
		t.all(event.MemberLeft, left)
	}
}

// members tells of those who have another role, name or right to speak.
func (t *telling) members() {
	now := t.s.DB.Clock.Milli(t.ctx)
	told := map[uint64]bool{}
	for _, m := range t.d.Members {
		if m.DeletedAt != 0 || told[m.UserID] {
			continue
		}
		told[m.UserID] = true
		t.all(event.MemberUpdated, memberEvent{GroupID: t.g.ID, Operator: t.operator, Ver: t.g.Ver, Member: memberItem{
			UserID: m.UserID, Role: m.Role, MemberNickname: m.MemberNickname, ProhibitionUntil: m.MutedUntil(now),
		}})
	}
}

// changed tells what of the group is different.
func (t *telling) changed() {
	g := t.g
	if g.DeletedAt != 0 {
		// Nobody is in any more whom the group's own channel would reach.
		users, err := t.s.Groups.Ids(t.ctx, g.ID)
		if err != nil {
			t.err = err
			return
		}
		t.to(event.GroupDissolved, dissolvedEvent{GroupID: g.ID, Operator: t.operator, Ver: g.Ver}, users...)
		return
	}
	now := t.s.DB.Clock.Milli(t.ctx)
	value := map[string]any{
		"title": g.Title, "abstract": g.Abstract, "avatar": g.Avatar, "isSearch": g.IsSearch, "isInvite": g.IsInvite,
		"isTemporarySession": g.IsTemporarySession, "historyVisible": g.HistoryVisible, "size": g.Size, "verification": g.Verification,
		"isProhibition": g.AllMuted(now), "prohibitionUntil": g.ProhibitionUntil, "creator": g.Creator, "status": g.Status,
	}
	data := map[string]any{"groupId": g.ID, "operator": t.operator, "ver": g.Ver}
	plain := len(data)
	for _, name := range t.d.Changed {
		if v, shown := value[name]; shown {
			data[name] = v
		}
	}
	if len(data) > plain || slices.Contains(t.d.Changed, "verificationQuestion") {
		t.all(event.GroupUpdated, data)
	}
}

// noticed tells of a notice that was posted, or taken back.
func (t *telling) noticed() {
	n := t.d.Notice
	if n == nil {
		return
	}
	e := noticeEvent{GroupID: t.g.ID, Operator: t.operator, NoticeID: n.ID, IsDeleted: t.d.NoticeGone, Ver: t.g.Ver}
	if !e.IsDeleted {
		e.Notice = &noticeItem{ID: n.ID, UserID: n.UserID, Content: n.Content, IsTop: n.IsTop, NeedConfirm: n.NeedConfirm, CreatedAt: n.CreatedAt}
	}
	t.all(event.GroupNotice, e)
}

// asked tells of requests: those who lead the group of each, who asked of what
// became of it.
func (t *telling) asked() {
	if len(t.d.Requests) == 0 || t.err != nil {
		return
	}
	var leaders []uint64
	if t.g.DeletedAt == 0 { // or they have nothing to decide any more
		if leaders, t.err = t.s.Groups.Leaders(t.ctx, t.g.ID); t.err != nil {
			return
		}
	}
	for _, user := range leaders {
		waiting, err := t.s.Groups.Pending(t.ctx, user)
		if err != nil {
			t.err = err
			return
		}
		for _, v := range t.d.Requests {
			if user != v.UserID {
				t.to(event.GroupRequest, requestEvent{requestJSON(request(v, t.g, user)), waiting}, user)
			}
		}
	}
	for _, v := range t.d.Requests {
		// Who was proposed knows nothing of it, and who was ignored is not to know.
		decided := v.SendStatus == base.RequestAccepted || v.SendStatus == base.RequestRefused
		if v.InviterID == 0 && decided {
			t.to(event.GroupRequest, requestEvent{Request: requestJSON(request(v, t.g, v.UserID))}, v.UserID)
		}
	}
}

func requestJSON(r *group_rpc.RequestItem) requestItem {
	q := r.Question
	return requestItem{
		ID: r.Id, GroupID: r.GroupId, Title: r.Title, GroupAvatar: r.Avatar, UserID: r.UserId, InviterID: r.InviterId, HandlerID: r.HandlerId,
		Type: r.Type, Status: r.Status, Flag: r.Flag, AdditionalMessages: r.AdditionalMessages,
		VerificationQuestion: questionItem{q.Problem1, q.Problem2, q.Problem3, q.Answer1, q.Answer2, q.Answer3},
		CreatedAt:            r.CreatedAt, HandledAt: r.HandledAt,
	}
}

// tellConf lets the other devices of who has set m follow: settings that other
// conversations have too are told as theirs are.
func tellConf(ctx context.Context, s *svc.ServiceContext, m *model.GroupMemberModel, changed []string) {
	shared := map[string]any{"isTop": m.IsTop, "isMuted": m.IsMuted}
	own := map[string]any{"showNick": m.ShowNick, "saved": m.Saved, "remark": m.Remark, "memberNickname": m.MemberNickname}
	session, group := map[string]any{"conversationId": wire.GroupID(m.GroupID)}, map[string]any{"groupId": m.GroupID}
	for _, name := range changed {
		if v, ok := shared[name]; ok {
			session[name] = v
		}
		if v, ok := own[name]; ok {
			group[name] = v
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), bellWait)
	defer cancel()
	for name, data := range map[string]map[string]any{event.SessionUpdated: session, event.ConfUpdated: group} {
		if len(data) == 1 {
			continue
		}
		e, err := event.New(name, data, m.UserID)
		if err == nil {
			err = s.Bus.Publish(ctx, e)
		}
		if err != nil {
			logx.WithContext(ctx).Errorf("settings of group %d are stored, but not told: %v", m.GroupID, err)
		}
	}
}
