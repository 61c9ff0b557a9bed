// Package client is a client of Tudo IM over REST and the socket, as tests
// and load generators need one: it hides nothing, retries nothing and keeps
// what it received in the order it came.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxAnswer bounds an answer that is read into memory.
const maxAnswer = 64 << 20

// Client is one device of at most one user.
type Client struct {
	// Base is the gateway's URL, without a path.
	Base string
	// HTTP is used for every request.
	HTTP *http.Client
	// Device is the deviceId of Register and Login.
	Device string
	// Lang is the Accept-Language of every request; empty sends none.
	Lang string

	// Name and Nickname are those of Register.
	Name, Nickname string

	UserID       uint64
	Role         int32
	AccessToken  string
	RefreshToken string
}

// New returns a client of the gateway at base that nobody is logged in on.
func New(base string) *Client {
	return &Client{Base: strings.TrimSuffix(base, "/"), HTTP: http.DefaultClient, Device: "test"}
}

// Error is an answer whose code is not 0.
type Error struct {
	HTTP       int
	Code       int
	Msg        string
	Data       json.RawMessage
	RequestID  string
	RetryAfter time.Duration
}

func (e *Error) Error() string {
	return fmt.Sprintf("HTTP %d, code %d: %s %s", e.HTTP, e.Code, e.Msg, e.Data)
}

// Code returns the contract's code of err: 0 for nil, -1 if there was no
// answer at all.
func Code(err error) int {
	if err == nil {
		return 0
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return -1
}

// envelope is the body of every answer.
type envelope struct {
	Code      *int            `json:"code"`
	Msg       string          `json:"msg"`
	Data      json.RawMessage `json:"data"`
	RequestID string          `json:"requestId"`
}

// Call sends in as JSON, unless it is nil, and decodes the answer's data into
// out, unless that is nil. An answer with a code is an *Error.
func (c *Client) Call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	header := http.Header{}
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
		header.Set("Content-Type", "application/json")
	}
	resp, err := c.Do(ctx, method, path, body, header)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return decode(resp, out)
}

// Do sends a request as this client and returns the answer as it is.
func (c *Client) Do(ctx context.Context, method, path string, body io.Reader, header http.Header) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.Base+path, body)
	if err != nil {
		return nil, err
	}
	if header != nil {
		req.Header = header.Clone()
	}
	if c.AccessToken != "" && req.Header.Get("Authorization") == "" {
		req.Header.Set("Authorization", "Bearer "+c.AccessToken)
	}
	if c.Lang != "" {
		req.Header.Set("Accept-Language", c.Lang)
	}
	return c.HTTP.Do(req)
}

func decode(resp *http.Response, out any) error {
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("HTTP %d, answer cut: %w", resp.StatusCode, err)
	}
	var e envelope
	if err := json.Unmarshal(b, &e); err != nil || e.Code == nil {
		return fmt.Errorf("HTTP %d without the envelope: %.200q", resp.StatusCode, b)
	}
	if (*e.Code == 0) != (resp.StatusCode == http.StatusOK) {
		return fmt.Errorf("HTTP %d with code %d: one of them is wrong", resp.StatusCode, *e.Code)
	}
	if *e.Code != 0 {
		retry, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return &Error{
			HTTP: resp.StatusCode, Code: *e.Code, Msg: e.Msg, Data: e.Data, RequestID: e.RequestID,
			RetryAfter: time.Duration(retry) * time.Second,
		}
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(e.Data, out)
}

// tokens is the answer to register, login and refresh.
type tokens struct {
	UserID       uint64 `json:"userId"`
	Role         int32  `json:"role"`
	AccessToken  string `json:"accessToken"`
	RefreshToken string `json:"refreshToken"`
	ExpiresIn    int64  `json:"expiresIn"`
}

func (c *Client) open(ctx context.Context, path string, in any) error {
	var t tokens
	if err := c.Call(ctx, http.MethodPost, path, in, &t); err != nil {
		return err
	}
	if t.UserID == 0 || t.AccessToken == "" || t.RefreshToken == "" || t.ExpiresIn <= 0 {
		return fmt.Errorf("%s: answer without all it promises: user %d, expires in %d", path, t.UserID, t.ExpiresIn)
	}
	c.UserID, c.Role, c.AccessToken, c.RefreshToken = t.UserID, t.Role, t.AccessToken, t.RefreshToken
	return nil
}

// Register makes the account name and logs in on it.
func (c *Client) Register(ctx context.Context, name, password string) error {
	c.Name, c.Nickname = name, "Nick "+name
	return c.open(ctx, "/api/auth/register", map[string]any{
		"userName": name, "password": password, "nickname": c.Nickname, "deviceId": c.Device, "platform": "web",
	})
}

// Login opens a session on name.
func (c *Client) Login(ctx context.Context, name, password string) error {
	return c.open(ctx, "/api/auth/login", map[string]any{
		"userName": name, "password": password, "deviceId": c.Device, "platform": "web",
	})
}

// Refresh exchanges the refresh token for a new pair.
func (c *Client) Refresh(ctx context.Context) error {
	return c.open(ctx, "/api/auth/refresh", map[string]any{"refreshToken": c.RefreshToken, "deviceId": c.Device})
}

// Logout ends this session, or all of the user's.
func (c *Client) Logout(ctx context.Context, all bool) error {
	return c.Call(ctx, http.MethodPost, "/api/auth/logout", map[string]any{"all": all}, nil)
}

// User is what others see of somebody.
type User struct {
	UserID   uint64 `json:"userId"`
	Nickname string `json:"nickname"`
	Avatar   string `json:"avatar"`
	IsFriend bool   `json:"isFriend"`
	// MemberNickname and Role are what the sender of a message is in its group.
	MemberNickname string `json:"memberNickname"`
	Role           int32  `json:"role"`
}

// Search finds users by id or nickname.
func (c *Client) Search(ctx context.Context, key string) ([]User, error) {
	var out struct {
		List  []User `json:"list"`
		Count int64  `json:"count"`
	}
	err := c.Call(ctx, http.MethodGet, "/api/user/search?key="+escape(key), nil, &out)
	return out.List, err
}

// AddFriend asks id for friendship and returns "added" or "pending", and the
// id of the request.
func (c *Client) AddFriend(ctx context.Context, id uint64, verify string) (result string, verifyID uint64, err error) {
	var out struct {
		Result   string `json:"result"`
		VerifyID uint64 `json:"verifyId"`
	}
	err = c.Call(ctx, http.MethodPost, "/api/user/friends", map[string]any{"friendId": id, "verify": verify}, &out)
	return out.Result, out.VerifyID, err
}

// FriendRequest is a request for friendship, sent or received.
type FriendRequest struct {
	ID                 uint64 `json:"id"`
	UserID             uint64 `json:"userId"`
	Status             int32  `json:"status"`
	Flag               string `json:"flag"`
	AdditionalMessages string `json:"additionalMessages"`
}

// Requests lists friend requests; flag is "send" or "rev".
func (c *Client) Requests(ctx context.Context, flag string) ([]FriendRequest, error) {
	var out struct {
		List []FriendRequest `json:"list"`
	}
	err := c.Call(ctx, http.MethodGet, "/api/user/valid?flag="+flag, nil, &out)
	return out.List, err
}

// Handle answers a friend request: 1 accepts, 2 refuses, 3 ignores.
func (c *Client) Handle(ctx context.Context, verifyID uint64, status int32) error {
	return c.Call(ctx, http.MethodPut, "/api/user/valid/status", map[string]any{"verifyId": verifyID, "status": status}, nil)
}

// Befriend makes c and other friends by request and acceptance.
func (c *Client) Befriend(ctx context.Context, other *Client) error {
	result, id, err := c.AddFriend(ctx, other.UserID, "hello")
	if err != nil || result == "added" {
		return err
	}
	return other.Handle(ctx, id, 1)
}

// Body is a message's body as the contract has it.
type Body struct {
	Type        int32        `json:"type"`
	TextMsg     *TextMsg     `json:"textMsg,omitempty"`
	MarkdownMsg *TextMsg     `json:"markdownMsg,omitempty"`
	ImageMsg    *MediaMsg    `json:"imageMsg,omitempty"`
	FileMsg     *MediaMsg    `json:"fileMsg,omitempty"`
	WithdrawMsg *WithdrawMsg `json:"withdrawMsg,omitempty"`
	ReplyMsg    *ReplyMsg    `json:"replyMsg,omitempty"`
	QuoteMsg    *ReplyMsg    `json:"quoteMsg,omitempty"`
	AtMsg       *AtMsg       `json:"atMsg,omitempty"`
	MergedMsg   *MergedMsg   `json:"mergedMsg,omitempty"`
	TipMsg      *TipMsg      `json:"tipMsg,omitempty"`
}

// TextMsg is the body of a text.
type TextMsg struct {
	Content string `json:"content"`
}

// Text returns the body of a text.
func Text(content string) Body { return Body{Type: 1, TextMsg: &TextMsg{content}} }

// SendRequest is the data of a send.
type SendRequest struct {
	RevUserID      uint64 `json:"revUserId,omitempty"`
	GroupID        uint64 `json:"groupId,omitempty"`
	ConversationID string `json:"conversationId,omitempty"`
	ClientMsgID    string `json:"clientMsgId"`
	Msg            any    `json:"msg"`
	// AtUserIDs and AtAll call members of a group.
	AtUserIDs []uint64 `json:"atUserIds,omitempty"`
	AtAll     bool     `json:"atAll,omitempty"`
}

// Sent is the answer to a send.
type Sent struct {
	MsgID          uint64 `json:"msgId"`
	ConversationID string `json:"conversationId"`
	Seq            uint64 `json:"seq"`
	Ver            uint64 `json:"ver"`
	CreatedAt      int64  `json:"createdAt"`
	Dup            bool   `json:"dup"`
	MsgPreview     string `json:"msgPreview"`
}

// Send sends over REST.
func (c *Client) Send(ctx context.Context, r SendRequest) (Sent, error) {
	var out Sent
	err := c.Call(ctx, http.MethodPost, "/api/chat/send", r, &out)
	return out, err
}

// Message is a message as the reader sees it.
type Message struct {
	ID             uint64 `json:"id"`
	ConversationID string `json:"conversationId"`
	Seq            uint64 `json:"seq"`
	Ver            uint64 `json:"ver"`
	ClientMsgID    string `json:"clientMsgId"`
	SendUser       User   `json:"sendUser"`
	RevUserID      uint64 `json:"revUserId"`
	GroupID        uint64 `json:"groupId"`
	MsgType        int32  `json:"msgType"`
	Msg            Body   `json:"msg"`
	MsgPreview     string `json:"msgPreview"`
	Status         int32  `json:"status"`
	// AtUserIDs and AtAll are whom it calls.
	AtUserIDs []uint64   `json:"atUserIds"`
	AtAll     bool       `json:"atAll"`
	Reactions []Reaction `json:"reactions"`
	PinnedAt  int64      `json:"pinnedAt"`
	EditedAt  int64      `json:"editedAt"`
	CreatedAt int64      `json:"createdAt"`
	IsMe      bool       `json:"isMe"`
}

// Content is what people wrote in a message: of a file or a recall it is "".
func (m Message) Content() string {
	switch b := m.Msg; {
	case b.TextMsg != nil:
		return b.TextMsg.Content
	case b.MarkdownMsg != nil:
		return b.MarkdownMsg.Content
	case b.ReplyMsg != nil:
		return b.ReplyMsg.Content
	case b.QuoteMsg != nil:
		return b.QuoteMsg.Content
	case b.AtMsg != nil:
		return b.AtMsg.Content
	}
	return ""
}

// History is a page of a conversation.
type History struct {
	List    []Message `json:"list"`
	HasMore bool      `json:"hasMore"`
	MinSeq  uint64    `json:"minSeq"`
	MaxSeq  uint64    `json:"maxSeq"`
}

// After returns the page of a conversation that begins after seq.
func (c *Client) After(ctx context.Context, conversation string, seq uint64, limit int) (History, error) {
	var out History
	err := c.Call(ctx, http.MethodGet, fmt.Sprintf("/api/chat/history?conversationId=%s&afterSeq=%d&limit=%d",
		escape(conversation), seq, limit), nil, &out)
	return out, err
}

// Before returns the page of a conversation that ends before seq; 0 is its end.
func (c *Client) Before(ctx context.Context, conversation string, seq uint64, limit int) (History, error) {
	var out History
	err := c.Call(ctx, http.MethodGet, fmt.Sprintf("/api/chat/history?conversationId=%s&beforeSeq=%d&limit=%d",
		escape(conversation), seq, limit), nil, &out)
	return out, err
}

// All returns every message of a conversation, page by page from its start.
func (c *Client) All(ctx context.Context, conversation string) ([]Message, error) {
	var all []Message
	for seq := uint64(0); ; {
		page, err := c.After(ctx, conversation, seq, 100)
		if err != nil {
			return all, err
		}
		for _, m := range page.List {
			if m.Seq <= seq {
				return all, fmt.Errorf("page after %d has seq %d", seq, m.Seq)
			}
			seq = m.Seq
			all = append(all, m)
		}
		if !page.HasMore {
			return all, nil
		}
		if len(page.List) == 0 {
			return all, errors.New("an empty page says there is more")
		}
	}
}

// Conversation is a line of the list of conversations.
type Conversation struct {
	ConversationID string `json:"conversationId"`
	Type           int32  `json:"type"`
	Target         struct {
		UserID  uint64 `json:"userId"`
		GroupID uint64 `json:"groupId"`
		Title   string `json:"title"`
	} `json:"target"`
	LastMsg *struct {
		MsgID      uint64 `json:"msgId"`
		Seq        uint64 `json:"seq"`
		MsgPreview string `json:"msgPreview"`
		MsgType    int32  `json:"msgType"`
		SendUserID uint64 `json:"sendUserId"`
		CreatedAt  int64  `json:"createdAt"`
	} `json:"lastMsg"`
	MaxSeq      uint64 `json:"maxSeq"`
	Ver         uint64 `json:"ver"`
	ReadSeq     uint64 `json:"readSeq"`
	PeerReadSeq uint64 `json:"peerReadSeq"`
	Unread      uint64 `json:"unread"`
	AtMe        bool   `json:"atMe"`
	IsTop       bool   `json:"isTop"`
	IsMuted     bool   `json:"isMuted"`
	IsHidden    bool   `json:"isHidden"`
	Draft       string `json:"draft"`
	ClearSeq    uint64 `json:"clearSeq"`
	UpdatedAt   int64  `json:"updatedAt"`
}

// Sessions is a page of the list of conversations.
type Sessions struct {
	List           []Conversation `json:"list"`
	Next           string         `json:"next"`
	HasMore        bool           `json:"hasMore"`
	TotalUnread    uint64         `json:"totalUnread"`
	TotalUnreadAll uint64         `json:"totalUnreadAll"`
}

// Sessions returns the first page of my conversations.
func (c *Client) Sessions(ctx context.Context) (Sessions, error) {
	var out Sessions
	err := c.Call(ctx, http.MethodGet, "/api/chat/session?limit=100", nil, &out)
	return out, err
}

// Read says that I have read a conversation up to seq.
func (c *Client) Read(ctx context.Context, conversation string, seq uint64) (readSeq, unread uint64, err error) {
	var out struct {
		ReadSeq uint64 `json:"readSeq"`
		Unread  uint64 `json:"unread"`
	}
	err = c.Call(ctx, http.MethodPost, "/api/chat/read", map[string]any{"conversationId": conversation, "readSeq": seq}, &out)
	return out.ReadSeq, out.Unread, err
}

// Point is where a device is in a conversation.
type Point struct {
	ID  string `json:"id"`
	Seq uint64 `json:"seq"`
	Ver uint64 `json:"ver"`
}

// Synced is what a device lacked of one conversation.
type Synced struct {
	ID          string    `json:"id"`
	Messages    []Message `json:"messages"`
	Changed     []Message `json:"changed"`
	MaxSeq      uint64    `json:"maxSeq"`
	Ver         uint64    `json:"ver"`
	ReadSeq     uint64    `json:"readSeq"`
	PeerReadSeq uint64    `json:"peerReadSeq"`
	Unread      uint64    `json:"unread"`
	ClearSeq    uint64    `json:"clearSeq"`
	HasMore     bool      `json:"hasMore"`
	NextSeq     uint64    `json:"nextSeq"`
	NextVer     uint64    `json:"nextVer"`
}

// Sync returns one page of what is lacking from each point.
func (c *Client) Sync(ctx context.Context, limit int, points ...Point) ([]Synced, error) {
	out, err := c.SyncFrom(ctx, SyncRequest{Conversations: points, Limit: limit})
	return out.Conversations, err
}

// Ticket returns a one-time ticket for the socket.
func (c *Client) Ticket(ctx context.Context) (string, error) {
	var out struct {
		Ticket    string `json:"ticket"`
		ExpiresIn int64  `json:"expiresIn"`
	}
	err := c.Call(ctx, http.MethodPost, "/api/chat/ws/ticket", map[string]any{}, &out)
	return out.Ticket, err
}

// File is the answer to an upload.
type File struct {
	UID      string `json:"uid"`
	Src      string `json:"src"`
	FileName string `json:"fileName"`
	Size     int64  `json:"size"`
	Hash     string `json:"hash"`
	FileType string `json:"fileType"`
	Kind     string `json:"kind"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
}

// Upload sends content as a file called name.
func (c *Client) Upload(ctx context.Context, name string, content []byte) (File, error) {
	var f File
	return f, c.post(ctx, "/api/file/file", nil, "file", name, content, &f)
}

// Image is the answer to an upload of an image.
type Image struct {
	UID      string `json:"uid"`
	URL      string `json:"url"`
	ThumbURL string `json:"thumbUrl"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
	Size     int64  `json:"size"`
	Hash     string `json:"hash"`
	FileType string `json:"fileType"`
}

// UploadImage sends content as an image for use: avatar, group_avatar or chat.
func (c *Client) UploadImage(ctx context.Context, use, name string, content []byte) (Image, error) {
	var f Image
	return f, c.post(ctx, "/api/file/image", Fields{"imageType": use}, "image", name, content, &f)
}

// post sends a form of some fields and a file.
func (c *Client) post(ctx context.Context, path string, fields Fields, field, name string, content []byte, out any) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for key, value := range fields {
		if err := form.WriteField(key, fmt.Sprint(value)); err != nil {
			return err
		}
	}
	part, err := form.CreateFormFile(field, name)
	if err != nil {
		return err
	}
	if _, err := part.Write(content); err != nil {
		return err
	}
	if err := form.Close(); err != nil {
		return err
	}
	return c.send(ctx, path, form.FormDataContentType(), &body, out)
}

// UploadForm sends a form with a file as it comes.
func (c *Client) UploadForm(ctx context.Context, contentType string, form io.Reader) (File, error) {
	var f File
	return f, c.send(ctx, "/api/file/file", contentType, form, &f)
}

func (c *Client) send(ctx context.Context, path, contentType string, body io.Reader, out any) error {
	resp, err := c.Do(ctx, http.MethodPost, path, body, http.Header{"Content-Type": {contentType}})
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return decode(resp, out)
}

// Download returns the bytes at src and the answer they came with.
func (c *Client) Download(ctx context.Context, src string, header http.Header) ([]byte, *http.Response, error) {
	resp, err := c.Do(ctx, http.MethodGet, src, nil, header)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= http.StatusBadRequest {
		return nil, resp, decode(resp, nil)
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	return b, resp, err
}
