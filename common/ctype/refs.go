package ctype

import (
	"strings"
	"unicode/utf8"
)

// MaxPart is the longest part of a message that can be quoted, in code points.
const MaxPart = 512

// States of messages that hide what they said; the numbers are the protocol's.
const (
	statusRecalled int32 = 1
	statusBlocked  int32 = 2
	statusBurned   int32 = 3
	statusDeleted  int32 = 4
)

// ReplyMsg is a text that answers another message. A client says which and
// what; Resolve adds what the other message is.
type ReplyMsg struct {
	MsgID   uint64 `json:"msgId"`
	Content string `json:"content"`
	UserID  uint64 `json:"userId,omitempty"`
	// UserNickname is never stored: names change, whoever shows b fills it in.
	UserNickname string `json:"userNickname,omitempty"`
	// Preview is the detail of the other message, see Preview.
	Preview       string `json:"preview"`
	OriginType    int32  `json:"originType,omitempty"`
	OriginMsgDate int64  `json:"originMsgDate,omitempty"`
	Status        int32  `json:"status"`
}

// QuoteMsg is a reply that repeats the message it is about, or a Part of it.
type QuoteMsg struct {
	ReplyMsg
	Part string `json:"part,omitempty"`
}

func (r *ReplyMsg) check(l Limits) error {
	if !isID(r.MsgID) {
		return bad("msgId")
	}
	*r = ReplyMsg{MsgID: r.MsgID, Content: r.Content}
	return checkText(r.Content, l)
}

func (r *ReplyMsg) text() string   { return r.Content }
func (r *ReplyMsg) detail() string { return r.Content }

func (q *QuoteMsg) check(l Limits) error {
	if utf8.RuneCountInString(q.Part) > MaxPart {
		return bad("part")
	}
	return q.ReplyMsg.check(l)
}

// Origin is the message that a reply or a quote is about, as it is now: its
// Detail and its Text are those of its body.
type Origin struct {
	MsgID, UserID uint64
	MsgType       int32
	Detail        string
	CreatedAt     int64
	Status        int32
	Text          string
}

// Resolve makes a reply or a quote show o, the message it is about; o is nil
// when there is none any more. Of a message that is not as it was sent nothing
// is shown but that. So it is called when b is sent and at each read again;
// other types are left as they are.
func (b *Body) Resolve(o *Origin) {
	r := b.Reply()
	if r == nil {
		return
	}
	if o == nil {
		o = &Origin{Status: statusDeleted}
	}
	r.UserID, r.OriginType, r.OriginMsgDate, r.Status = o.UserID, o.MsgType, o.CreatedAt, o.Status
	r.Preview = ""
	if o.Status == 0 {
		r.Preview = o.Detail
	}
	// What is quoted was said: nobody is quoted with words of another's.
	if b.Type == TypeQuote && (o.Status != 0 || !strings.Contains(o.Text, b.QuoteMsg.Part)) {
		b.QuoteMsg.Part = ""
	}
}

// Forwarded returns what a forward of b carries. Who is answered or called is
// not in the other conversation: of such a message the text goes on.
func (b *Body) Forwarded() *Body {
	switch b.Type {
	case TypeReply, TypeQuote, TypeAt:
		return &Body{Type: TypeText, TextMsg: &TextMsg{Content: b.Text()}}
	}
	return b
}

// Refs are the things that a body refers to and that its sender must be
// allowed to show.
type Refs struct {
	Files  []string // uids
	Origin uint64   // the message replied to or quoted
	Users  []uint64
	Groups []uint64
}

// Refs returns what b refers to.
func (b *Body) Refs() Refs {
	var refs Refs
	if m := b.media(); m != nil {
		refs.Files = append(refs.Files, m.UID)
		if uid := uidOf(m.Thumb); uid != "" && uid != m.UID {
			refs.Files = append(refs.Files, uid)
		}
	}
	if r := b.Reply(); r != nil {
		refs.Origin = r.MsgID
	}
	if c, ok := b.part().(*CardMsg); ok {
		if c.UserID != 0 {
			refs.Users = append(refs.Users, c.UserID)
		}
		if c.GroupID != 0 {
			refs.Groups = append(refs.Groups, c.GroupID)
		}
	}
	return refs
}

// reply returns the part of b when it is about another message.
func (b *Body) Reply() *ReplyMsg {
	switch p := b.part().(type) {
	case *ReplyMsg:
		return p
	case *QuoteMsg:
		return &p.ReplyMsg
	}
	return nil
}

// Called returns the users that b calls by name.
func (b *Body) Called() []uint64 {
	if at, ok := b.part().(*AtMsg); ok {
		return at.UserIDs
	}
	return nil
}
