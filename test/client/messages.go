package client

import (
	"context"
	"fmt"
	"net/http"
)

// MediaMsg is the body of an image or a file.
type MediaMsg struct {
	UID    string `json:"uid,omitempty"`
	Src    string `json:"src,omitempty"`
	Title  string `json:"title,omitempty"`
	Size   int64  `json:"size,omitempty"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
	Hash   string `json:"hash,omitempty"`
}

// WithdrawMsg stands where a message was taken back.
type WithdrawMsg struct {
	Content string `json:"content"`
	MsgID   uint64 `json:"msgId"`
	UserID  uint64 `json:"userId"`
}

// ReplyMsg is the body of a reply and of a quote; Part is of quotes only. What
// follows Part is said by the server.
type ReplyMsg struct {
	MsgID        uint64 `json:"msgId"`
	Content      string `json:"content"`
	Part         string `json:"part,omitempty"`
	UserID       uint64 `json:"userId,omitempty"`
	UserNickname string `json:"userNickname,omitempty"`
	Preview      string `json:"preview,omitempty"`
	Status       int32  `json:"status,omitempty"`
}

// AtMsg is the body of a text that calls members of a group.
type AtMsg struct {
	Content string   `json:"content"`
	UserIDs []uint64 `json:"userIds"`
}

// TipMsg is the body of a line of the server's: what OperatorID has done.
type TipMsg struct {
	Status     int32    `json:"status"`
	Content    string   `json:"content"`
	OperatorID uint64   `json:"operatorId"`
	UserIDs    []uint64 `json:"userIds"`
	Value      string   `json:"value"`
}

// MergedMsg is the body of messages that were forwarded as one.
type MergedMsg struct {
	Title string   `json:"title"`
	Lines []string `json:"lines"`
	Count int      `json:"count"`
}

// Answer is the part of a message that is about another one, nil if it has none.
func (m Message) Answer() *ReplyMsg {
	if m.Msg.ReplyMsg != nil {
		return m.Msg.ReplyMsg
	}
	return m.Msg.QuoteMsg
}

// Reply returns the body of an answer to the message id.
func Reply(id uint64, content string) Body {
	return Body{Type: 9, ReplyMsg: &ReplyMsg{MsgID: id, Content: content}}
}

// Quote returns the body of an answer that repeats part of the message id.
func Quote(id uint64, part, content string) Body {
	return Body{Type: 10, QuoteMsg: &ReplyMsg{MsgID: id, Part: part, Content: content}}
}

// At returns the body of a text that calls users.
func At(content string, users ...uint64) Body {
	return Body{Type: 11, AtMsg: &AtMsg{content, users}}
}

// Message returns one message.
func (c *Client) Message(ctx context.Context, id uint64) (Message, error) {
	var out Message
	err := c.Call(ctx, http.MethodGet, fmt.Sprint("/api/chat/message/", id), nil, &out)
	return out, err
}

// Around returns the page of a conversation in the middle of which is seq.
func (c *Client) Around(ctx context.Context, conversation string, seq uint64, limit int) (History, error) {
	var out History
	err := c.Call(ctx, http.MethodGet, fmt.Sprintf("/api/chat/history?conversationId=%s&aroundSeq=%d&limit=%d",
		escape(conversation), seq, limit), nil, &out)
	return out, err
}

// Media returns the images, videos or files of a conversation before seq; 0 is
// its end.
func (c *Client) Media(ctx context.Context, conversation, kind string, seq uint64, limit int) (History, error) {
	var out History
	err := c.Call(ctx, http.MethodGet, fmt.Sprintf("/api/chat/media?conversationId=%s&kind=%s&beforeSeq=%d&limit=%d",
		escape(conversation), escape(kind), seq, limit), nil, &out)
	return out, err
}

// ver is the answer of what changes a message.
type ver struct {
	Ver uint64 `json:"ver"`
}

// Recall takes a message back and returns the conversation's ver.
func (c *Client) Recall(ctx context.Context, id uint64) (uint64, error) {
	var out ver
	err := c.Call(ctx, http.MethodPost, "/api/chat/recall", map[string]any{"msgId": id}, &out)
	return out.Ver, err
}

// Recalled is what became of one message of RecallAll.
type Recalled struct {
	MsgID uint64 `json:"msgId"`
	Code  int    `json:"code"`
	Ver   uint64 `json:"ver"`
}

// RecallAll takes messages back, each for itself.
func (c *Client) RecallAll(ctx context.Context, ids ...uint64) ([]Recalled, error) {
	var out struct {
		List []Recalled `json:"list"`
	}
	err := c.Call(ctx, http.MethodPost, "/api/chat/recall/batch", map[string]any{"idList": ids}, &out)
	return out.List, err
}

// Edited is the answer to an edit.
type Edited struct {
	Ver      uint64 `json:"ver"`
	EditedAt int64  `json:"editedAt"`
}

// Edit gives a message of mine another body.
func (c *Client) Edit(ctx context.Context, id uint64, body any) (Edited, error) {
	var out Edited
	err := c.Call(ctx, http.MethodPut, fmt.Sprint("/api/chat/message/", id), map[string]any{"msg": body}, &out)
	return out, err
}

// Delete deletes messages for me, or for both, and returns how many.
func (c *Client) Delete(ctx context.Context, both bool, ids ...uint64) (int, error) {
	var out struct {
		Deleted int `json:"deleted"`
	}
	err := c.Call(ctx, http.MethodDelete, "/api/chat/chat", map[string]any{"idList": ids, "both": both}, &out)
	return out.Deleted, err
}

// Reaction is one emoji under a message.
type Reaction struct {
	Emoji   string   `json:"emoji"`
	Count   int32    `json:"count"`
	UserIDs []uint64 `json:"userIds"`
}

// React puts an emoji under a message or takes it away, and returns what is
// there then, and the conversation's ver.
func (c *Client) React(ctx context.Context, id uint64, emoji string, on bool) ([]Reaction, uint64, error) {
	var out struct {
		Reactions []Reaction `json:"reactions"`
		Ver       uint64     `json:"ver"`
	}
	err := c.Call(ctx, http.MethodPost, "/api/chat/reaction", map[string]any{"msgId": id, "emoji": emoji, "on": on}, &out)
	return out.Reactions, out.Ver, err
}

// Pins returns the pinned messages of a conversation, the last pinned first.
func (c *Client) Pins(ctx context.Context, conversation string) ([]Message, error) {
	var out struct {
		List []Message `json:"list"`
	}
	err := c.Call(ctx, http.MethodGet, "/api/chat/pins?conversationId="+escape(conversation), nil, &out)
	return out.List, err
}

// Pin pins a message, or takes it off, and returns the conversation's ver.
func (c *Client) Pin(ctx context.Context, id uint64, on bool) (uint64, error) {
	var out ver
	if on {
		err := c.Call(ctx, http.MethodPost, "/api/chat/pins", map[string]any{"msgId": id}, &out)
		return out.Ver, err
	}
	err := c.Call(ctx, http.MethodDelete, fmt.Sprint("/api/chat/pins/", id), nil, &out)
	return out.Ver, err
}

// ForwardRequest is the data of a forward; Mode is "each" or "merged".
type ForwardRequest struct {
	IDList       []uint64 `json:"idList"`
	Targets      []string `json:"targets"`
	Mode         string   `json:"mode"`
	ClientMsgIDs []string `json:"clientMsgIds"`
}

// Forwarded is the answer to a forward, a line for each message that arose.
type Forwarded struct {
	MsgIDs []uint64 `json:"msgIds"`
	List   []struct {
		ConversationID string `json:"conversationId"`
		ClientMsgID    string `json:"clientMsgId"`
		Code           int    `json:"code"`
		MsgID          uint64 `json:"msgId"`
		Seq            uint64 `json:"seq"`
		Dup            bool   `json:"dup"`
	} `json:"list"`
}

// Forward sends messages on.
func (c *Client) Forward(ctx context.Context, r ForwardRequest) (Forwarded, error) {
	var out Forwarded
	err := c.Call(ctx, http.MethodPost, "/api/chat/forward", r, &out)
	return out, err
}

// Bundled is a message within a merged forward.
type Bundled struct {
	SendUser   User      `json:"sendUser"`
	MsgType    int32     `json:"msgType"`
	Msg        Body      `json:"msg"`
	MsgPreview string    `json:"msgPreview"`
	CreatedAt  int64     `json:"createdAt"`
	Bundle     []Bundled `json:"bundle"`
}

// Bundle returns the messages of a merged forward.
func (c *Client) Bundle(ctx context.Context, id uint64) ([]Bundled, error) {
	var out struct {
		List []Bundled `json:"list"`
	}
	err := c.Call(ctx, http.MethodGet, fmt.Sprint("/api/chat/forward/", id), nil, &out)
	return out.List, err
}

// Readers is who has read a message, and who not.
type Readers struct {
	Read        []User `json:"read"`
	Unread      []User `json:"unread"`
	ReadCount   int    `json:"readCount"`
	UnreadCount int    `json:"unreadCount"`
}

// Readers tells who has read a message.
func (c *Client) Readers(ctx context.Context, id uint64) (Readers, error) {
	var out Readers
	err := c.Call(ctx, http.MethodGet, fmt.Sprint("/api/chat/readers/", id), nil, &out)
	return out, err
}

// Notify sends a notice of the system to users and returns to how many.
func (c *Client) Notify(ctx context.Context, clientMsgID string, body any, users ...uint64) (int, error) {
	var out struct {
		Sent int `json:"sent"`
	}
	err := c.Call(ctx, http.MethodPost, "/api/chat/admin/system",
		map[string]any{"clientMsgId": clientMsgID, "userIds": users, "msg": body}, &out)
	return out.Sent, err
}
