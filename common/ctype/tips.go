package ctype

import (
	"slices"
	"strconv"
	"strings"
)

// maxNamed is how many users a tip names; the others are a number.
const maxNamed = 10

// words are what a tip says, in both languages: {o} is the operator, {u} the
// users, {v} the value; capitals stand where a sentence begins.
type words struct{ zh, en string }

// tips are the words of what happens to a group. English has the past tense:
// it is the same for "you" and for everybody else.
var tips = map[int32]words{
	TipInvited:   {"{O}邀请{u}加入了群聊", "{O} invited {u} to the group"},
	TipJoined:    {"{O}加入了群聊", "{O} joined the group"},
	TipLeft:      {"{O}退出了群聊", "{O} left the group"},
	TipKicked:    {"{O}将{u}移出了群聊", "{O} removed {u} from the group"},
	TipTitle:     {"{O}将群名改为“{v}”", "{O} named the group “{v}”"},
	TipOwner:     {"{U}成为了群主", "{U} became the owner of the group"},
	TipAdmin:     {"{O}将{u}设为管理员", "{O} gave {u} the rights of an admin"},
	TipNoAdmin:   {"{O}取消了{u}的管理员身份", "{O} took the rights of an admin from {u}"},
	TipMuted:     {"{O}将{u}禁言 {v} 分钟", "{O} muted {u} for {v} min"},
	TipUnmuted:   {"{O}解除了{u}的禁言", "{O} unmuted {u}"},
	TipAllMuted:  {"{O}开启了全员禁言", "{O} muted all members"},
	TipAllSpeak:  {"{O}关闭了全员禁言", "{O} let all members speak again"},
	TipNotice:    {"{O}发布了群公告：{v}", "{O} announced: {v}"},
	TipSuspended: {"该群已被管理员停用", "The group was suspended by an administrator of the site"},
	TipResumed:   {"该群已恢复使用", "The group may be used again"},
}

// Reader is who is shown a message.
type Reader struct {
	ID   uint64
	Lang string // "zh", or anything else for English
	// Name returns what users are called, "" for who is not known.
	Name func(user uint64) string
}

// Show returns the document and the preview of a stored message as r gets
// them: with the names of users and the words of tips, which are not stored.
func Show(msgType, status int32, doc []byte, detail string, r Reader) (shown []byte, preview string) {
	preview = Preview(msgType, status, detail, r.Lang)
	b := named(msgType, doc)
	switch p := b.part().(type) {
	case *TipMsg:
		p.say(r)
		preview = Preview(msgType, status, b.Detail(), r.Lang)
	case *ReplyMsg:
		p.show(r)
	case *QuoteMsg:
		p.show(r)
	default:
		return doc, preview
	}
	if out, err := b.Encode(); err == nil { // it was a document before
		doc = out
	}
	return doc, preview
}

// show fills in what to calls the other message and its sender.
func (r *ReplyMsg) show(to Reader) {
	r.UserNickname = to.Name(r.UserID)
	if r.Preview != "" || r.Status != 0 || r.OriginType != 0 {
		r.Preview = Preview(r.OriginType, r.Status, r.Preview, to.Lang)
	}
}

// Named are the users whose names the stored message needs to be shown, beside
// its sender's.
func Named(msgType int32, doc []byte) []uint64 {
	var ids []uint64
	b := named(msgType, doc)
	if t, ok := b.part().(*TipMsg); ok {
		ids = append([]uint64{t.OperatorID}, t.UserIDs[:min(len(t.UserIDs), maxNamed)]...)
	} else if r := b.Reply(); r != nil {
		ids = []uint64{r.UserID}
	}
	return slices.DeleteFunc(ids, func(id uint64) bool { return id == 0 })
}

// Told are the users whom the stored message calls "you" when they read it: to
// each it reads differently than to all others.
func Told(msgType int32, doc []byte) []uint64 {
	if t, ok := named(msgType, doc).part().(*TipMsg); ok && t.Content == "" {
		return append([]uint64{t.OperatorID}, t.UserIDs...)
	}
	return nil
}

// named is the body of a message that may name users, an empty one of others.
func named(msgType int32, doc []byte) *Body {
	switch msgType {
	case TypeReply, TypeQuote, TypeTip:
		if b, err := Decode(doc); err == nil {
			return b
		}
	}
	return &Body{}
}

// say fills in what t says to r. A tip that came with words keeps them.
func (t *TipMsg) say(r Reader) {
	w := tips[t.Status]
	if t.Content != "" {
		return
	}
	form := w.en
	if r.Lang == "zh" {
		form = w.zh
	}
	t.Content = strings.NewReplacer(
		"{O}", r.called(t.OperatorID, true), "{U}", r.list(t.UserIDs, true), "{u}", r.list(t.UserIDs, false), "{v}", t.Value,
	).Replace(form)
}

// called is what r calls a user, who may be r.
func (r Reader) called(user uint64, first bool) string {
	if user == r.ID {
		switch {
		case r.Lang == "zh":
			return "你"
		case first:
			return "You"
		}
		return "you"
	}
	if name := r.Name(user); name != "" {
		return name
	}
	if r.Lang == "zh" {
		return "用户 " + strconv.FormatUint(user, 10)
	}
	return "User " + strconv.FormatUint(user, 10)
}

// list is what r calls users: r before the others, and of many the first.
func (r Reader) list(users []uint64, first bool) string {
	var names []string
	if slices.Contains(users, r.ID) {
		names = append(names, r.called(r.ID, first))
	}
	for _, u := range users {
		if u != r.ID && len(names) < maxNamed {
			names = append(names, r.called(u, false))
		}
	}
	n, rest := len(names), len(users)-len(names)
	switch {
	case r.Lang == "zh" && rest > 0:
		return strings.Join(names, "、") + "等 " + strconv.Itoa(len(users)) + " 人"
	case r.Lang == "zh":
		return strings.Join(names, "、")
	case rest > 0:
		return strings.Join(names, ", ") + " and " + strconv.Itoa(rest) + " more"
	case n > 1:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}
