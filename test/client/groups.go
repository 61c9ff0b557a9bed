package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// Fields are keys of a request, as JSON has them: what is left out is not sent.
type Fields = map[string]any

// CreateGroup makes a group with members beside me and returns its id.
func (c *Client) CreateGroup(ctx context.Context, title string, members ...uint64) (uint64, error) {
	return c.NewGroup(ctx, Fields{"mode": 1, "title": title, "userIdList": members})
}

// NewGroup makes a group as f says and returns its id.
func (c *Client) NewGroup(ctx context.Context, f Fields) (uint64, error) {
	var out struct {
		GroupID uint64 `json:"groupId"`
	}
	err := c.Call(ctx, http.MethodPost, "/api/group/group", f, &out)
	return out.GroupID, err
}

// GroupConf is how I have a group.
type GroupConf struct {
	IsTop          bool   `json:"isTop"`
	IsMuted        bool   `json:"isMuted"`
	ShowNick       bool   `json:"showNick"`
	MemberNickname string `json:"memberNickname"`
	Remark         string `json:"remark"`
	Saved          bool   `json:"saved"`
}

// GroupNotice is what a group's leaders have announced.
type GroupNotice struct {
	ID           uint64 `json:"id"`
	GroupID      uint64 `json:"groupId"`
	Content      string `json:"content"`
	User         User   `json:"user"`
	IsTop        bool   `json:"isTop"`
	NeedConfirm  bool   `json:"needConfirm"`
	IsConfirmed  bool   `json:"isConfirmed"`
	ConfirmCount int    `json:"confirmCount"`
	CreatedAt    int64  `json:"createdAt"`
}

// Group is a group's information; Notice and MyConf are for members.
type Group struct {
	GroupID            uint64       `json:"groupId"`
	Title              string       `json:"title"`
	Abstract           string       `json:"abstract"`
	Avatar             string       `json:"avatar"`
	Creator            User         `json:"creator"`
	AdminList          []User       `json:"adminList"`
	MemberCount        int          `json:"memberCount"`
	MemberOnlineCount  int          `json:"memberOnlineCount"`
	Role               int32        `json:"role"`
	IsInGroup          bool         `json:"isInGroup"`
	IsProhibition      bool         `json:"isProhibition"`
	ProhibitionUntil   int64        `json:"prohibitionUntil"`
	IsSearch           bool         `json:"isSearch"`
	Verification       int32        `json:"verification"`
	IsInvite           bool         `json:"isInvite"`
	IsTemporarySession bool         `json:"isTemporarySession"`
	HistoryVisible     bool         `json:"historyVisible"`
	Size               int          `json:"size"`
	Status             int32        `json:"status"`
	Notice             *GroupNotice `json:"notice"`
	MyConf             *GroupConf   `json:"myConf"`
	Ver                uint64       `json:"ver"`
	CreatedAt          int64        `json:"createdAt"`
}

func groupPath(id uint64) string { return fmt.Sprint("/api/group/group/", id) }

// Group returns a group's information.
func (c *Client) Group(ctx context.Context, id uint64) (Group, error) {
	var out Group
	err := c.Call(ctx, http.MethodGet, groupPath(id), nil, &out)
	return out, err
}

// UpdateGroup changes what f names.
func (c *Client) UpdateGroup(ctx context.Context, id uint64, f Fields) error {
	return c.Call(ctx, http.MethodPut, "/api/group/group", with(f, "id", id), nil)
}

// with is f and a key.
func with(f Fields, key string, value any) Fields {
	all := Fields{key: value}
	for k, v := range f {
		all[k] = v
	}
	return all
}

// Dissolve ends a group.
func (c *Client) Dissolve(ctx context.Context, id uint64) error {
	return c.Call(ctx, http.MethodDelete, groupPath(id), nil, nil)
}

// Transfer makes another member the owner.
func (c *Client) Transfer(ctx context.Context, id, user uint64) error {
	return c.Call(ctx, http.MethodPost, groupPath(id)+"/transfer", Fields{"userId": user}, nil)
}

// Card is a group in a list.
type Card struct {
	GroupID      uint64     `json:"groupId"`
	Title        string     `json:"title"`
	Abstract     string     `json:"abstract"`
	Avatar       string     `json:"avatar"`
	Creator      uint64     `json:"creator"`
	MemberCount  int        `json:"memberCount"`
	Size         int        `json:"size"`
	Role         int32      `json:"role"`
	IsInGroup    bool       `json:"isInGroup"`
	IsSearch     bool       `json:"isSearch"`
	Verification int32      `json:"verification"`
	Status       int32      `json:"status"`
	MyConf       *GroupConf `json:"myConf"`
	Ver          uint64     `json:"ver"`
	CreatedAt    int64      `json:"createdAt"`
}

// Cards is a page of groups.
type Cards struct {
	List  []Card `json:"list"`
	Count int    `json:"count"`
}

// Groups returns my groups; query is mode, page and limit.
func (c *Client) Groups(ctx context.Context, query string) (Cards, error) {
	var out Cards
	err := c.Call(ctx, http.MethodGet, "/api/group/my?"+query, nil, &out)
	return out, err
}

// SearchGroups returns groups that key finds.
func (c *Client) SearchGroups(ctx context.Context, key string) (Cards, error) {
	var out Cards
	err := c.Call(ctx, http.MethodGet, "/api/group/search?key="+escape(key), nil, &out)
	return out, err
}

// Member is who is, or was, in a group.
type Member struct {
	UserID           uint64 `json:"userId"`
	UserNickname     string `json:"userNickname"`
	MemberNickname   string `json:"memberNickname"`
	Avatar           string `json:"avatar"`
	Role             int32  `json:"role"`
	IsOnline         bool   `json:"isOnline"`
	ProhibitionUntil int64  `json:"prohibitionUntil"`
	InviterID        uint64 `json:"inviterId"`
	CreatedAt        int64  `json:"createdAt"`
	NewMsgDate       int64  `json:"newMsgDate"`
	Ver              uint64 `json:"ver"`
	IsLeft           bool   `json:"isLeft"`
}

// Members is a page of who is in a group.
type Members struct {
	List  []Member `json:"list"`
	Count int      `json:"count"`
	Ver   uint64   `json:"ver"`
}

// IDs are the users of the page, in its order.
func (m Members) IDs() []uint64 {
	ids := make([]uint64, len(m.List))
	for n, one := range m.List {
		ids[n] = one.UserID
	}
	return ids
}

// Members returns who is in a group; query is page, limit, sort, key, sinceVer.
func (c *Client) Members(ctx context.Context, id uint64, query string) (Members, error) {
	var out Members
	err := c.Call(ctx, http.MethodGet, fmt.Sprintf("/api/group/member?id=%d&%s", id, query), nil, &out)
	return out, err
}

// Invited is what became of whom somebody would bring in.
type Invited struct {
	Added   []uint64 `json:"added"`
	Pending []uint64 `json:"pending"`
	Refused []struct {
		UserID uint64 `json:"userId"`
		Code   int    `json:"code"`
		Msg    string `json:"msg"`
	} `json:"refused"`
}

// Invite brings users in, or asks the leaders to.
func (c *Client) Invite(ctx context.Context, id uint64, users ...uint64) (Invited, error) {
	var out Invited
	err := c.Call(ctx, http.MethodPost, "/api/group/member", Fields{"id": id, "memberIdList": users}, &out)
	return out, err
}

// KickMember puts a member out.
func (c *Client) KickMember(ctx context.Context, id, member uint64) error {
	return c.Call(ctx, http.MethodDelete, "/api/group/member", Fields{"id": id, "memberId": member}, nil)
}

// Quit leaves a group.
func (c *Client) Quit(ctx context.Context, id uint64) error {
	return c.Call(ctx, http.MethodPost, "/api/group/quit", Fields{"id": id}, nil)
}

// RenameMember gives a member a name in the group; 0 is me.
func (c *Client) RenameMember(ctx context.Context, id, member uint64, nickname string) error {
	return c.Call(ctx, http.MethodPut, "/api/group/member/nickname", Fields{"id": id, "memberId": member, "nickname": nickname}, nil)
}

// SetMemberRole makes a member an admin (2), or none (3).
func (c *Client) SetMemberRole(ctx context.Context, id, member uint64, role int) error {
	return c.Call(ctx, http.MethodPut, "/api/group/member/role", Fields{"id": id, "memberId": member, "role": role}, nil)
}

// MuteMember keeps a member from sending for minutes; nil ends that.
func (c *Client) MuteMember(ctx context.Context, id, member uint64, minutes any) error {
	return c.Call(ctx, http.MethodPut, "/api/group/member/prohibition", Fields{"id": id, "memberId": member, "minutes": minutes}, nil)
}

// GroupFriend is a friend, who may be in a group.
type GroupFriend struct {
	UserID    uint64 `json:"userId"`
	Nickname  string `json:"nickname"`
	Avatar    string `json:"avatar"`
	Notice    string `json:"notice"`
	IsInGroup bool   `json:"isInGroup"`
}

// GroupFriends returns my friends, and who of them is in a group.
func (c *Client) GroupFriends(ctx context.Context, id uint64) (list []GroupFriend, count int, err error) {
	var out struct {
		List  []GroupFriend `json:"list"`
		Count int           `json:"count"`
	}
	err = c.Call(ctx, http.MethodGet, fmt.Sprint("/api/group/friends?id=", id), nil, &out)
	return out.List, out.Count, err
}

// Notices returns what the leaders of a group have announced.
func (c *Client) Notices(ctx context.Context, id uint64) (list []GroupNotice, count int, err error) {
	var out struct {
		List  []GroupNotice `json:"list"`
		Count int           `json:"count"`
	}
	err = c.Call(ctx, http.MethodGet, fmt.Sprint("/api/group/notice/", id), nil, &out)
	return out.List, out.Count, err
}

// PostNotice announces content; f is isTop and needConfirm.
func (c *Client) PostNotice(ctx context.Context, id uint64, content string, f Fields) (GroupNotice, error) {
	var out GroupNotice
	err := c.Call(ctx, http.MethodPost, "/api/group/notice", with(with(f, "content", content), "groupId", id), &out)
	return out, err
}

// DeleteNotice takes an announcement back.
func (c *Client) DeleteNotice(ctx context.Context, notice uint64) error {
	return c.Call(ctx, http.MethodDelete, fmt.Sprint("/api/group/notice/", notice), nil, nil)
}

// ConfirmNotice says that I have taken note.
func (c *Client) ConfirmNotice(ctx context.Context, notice uint64) error {
	return c.Call(ctx, http.MethodPost, fmt.Sprintf("/api/group/notice/%d/confirm", notice), nil, nil)
}

// Confirmed is who has taken note of an announcement.
type Confirmed struct {
	List []struct {
		UserID    uint64 `json:"userId"`
		Nickname  string `json:"nickname"`
		CreatedAt int64  `json:"createdAt"`
	} `json:"list"`
	Count int `json:"count"`
	Total int `json:"total"`
}

// Confirmed tells who has taken note.
func (c *Client) Confirmed(ctx context.Context, notice uint64) (Confirmed, error) {
	var out Confirmed
	err := c.Call(ctx, http.MethodGet, fmt.Sprintf("/api/group/notice/%d/confirm", notice), nil, &out)
	return out, err
}

// GroupConf returns how I have a group.
func (c *Client) GroupConf(ctx context.Context, id uint64) (GroupConf, error) {
	var out GroupConf
	err := c.Call(ctx, http.MethodGet, fmt.Sprint("/api/group/conf/", id), nil, &out)
	return out, err
}

// SetGroupConf changes what f names.
func (c *Client) SetGroupConf(ctx context.Context, id uint64, f Fields) (GroupConf, error) {
	var out GroupConf
	err := c.Call(ctx, http.MethodPut, "/api/group/conf", with(f, "groupId", id), &out)
	return out, err
}

// Question is up to three problems and their answers.
type Question struct {
	Problem1 string `json:"problem1,omitempty"`
	Problem2 string `json:"problem2,omitempty"`
	Problem3 string `json:"problem3,omitempty"`
	Answer1  string `json:"answer1,omitempty"`
	Answer2  string `json:"answer2,omitempty"`
	Answer3  string `json:"answer3,omitempty"`
}

// GroupVerification returns how one gets into a group.
func (c *Client) GroupVerification(ctx context.Context, id uint64) (verification int32, q Question, err error) {
	var out struct {
		Verification int32    `json:"verification"`
		Question     Question `json:"verificationQuestion"`
	}
	err = c.Call(ctx, http.MethodGet, fmt.Sprint("/api/group/valid/", id), nil, &out)
	return out.Verification, out.Question, err
}

// Joined is what became of a wish to be let in.
type Joined struct {
	Result   string `json:"result"`
	VerifyID uint64 `json:"verifyId"`
	GroupID  uint64 `json:"groupId"`
}

// Join asks to be let in; f is verify, verificationQuestion and source.
func (c *Client) Join(ctx context.Context, id uint64, f Fields) (Joined, error) {
	var out Joined
	err := c.Call(ctx, http.MethodPost, "/api/group/valid", with(f, "groupId", id), &out)
	return out, err
}

// GroupRequest is a request to be let in, or a record of who left.
type GroupRequest struct {
	ID                 uint64   `json:"id"`
	GroupID            uint64   `json:"groupId"`
	Title              string   `json:"title"`
	UserID             uint64   `json:"userId"`
	Nickname           string   `json:"nickname"`
	Type               int32    `json:"type"`
	Status             int32    `json:"status"`
	Flag               string   `json:"flag"`
	AdditionalMessages string   `json:"additionalMessages"`
	Question           Question `json:"verificationQuestion"`
	Source             string   `json:"source"`
	Inviter            *User    `json:"inviter"`
	Handler            *User    `json:"handler"`
	CreatedAt          int64    `json:"createdAt"`
	HandledAt          int64    `json:"handledAt"`
}

// GroupRequests is a page of requests.
type GroupRequests struct {
	List         []GroupRequest `json:"list"`
	Count        int            `json:"count"`
	PendingCount int            `json:"pendingCount"`
}

// GroupRequests returns requests; query is groupId, flag, status, type, page
// and limit.
func (c *Client) GroupRequests(ctx context.Context, query string) (GroupRequests, error) {
	var out GroupRequests
	err := c.Call(ctx, http.MethodGet, "/api/group/valid?"+query, nil, &out)
	return out, err
}

// HandleJoin decides a request to be let in: 1 accepts, 2 refuses, 3 ignores, 4
// deletes.
func (c *Client) HandleJoin(ctx context.Context, request uint64, status int) error {
	return c.Call(ctx, http.MethodPut, "/api/group/valid/status", Fields{"validId": request, "status": status}, nil)
}

// Link lets in who has its code.
type Link struct {
	Code        string `json:"code"`
	URL         string `json:"url"`
	GroupID     uint64 `json:"groupId"`
	Title       string `json:"title"`
	MemberCount int    `json:"memberCount"`
	ExpireAt    int64  `json:"expireAt"`
	MaxUses     int    `json:"maxUses"`
	Uses        int    `json:"uses"`
	IsInGroup   bool   `json:"isInGroup"`
}

// MakeLink makes a link; f is expireAt and maxUses.
func (c *Client) MakeLink(ctx context.Context, id uint64, f Fields) (Link, error) {
	var out Link
	err := c.Call(ctx, http.MethodPost, "/api/group/link", with(f, "groupId", id), &out)
	return out, err
}

func linkPath(code string) string { return "/api/group/link/" + url.PathEscape(code) }

// Link tells where a link leads.
func (c *Client) Link(ctx context.Context, code string) (Link, error) {
	var out Link
	err := c.Call(ctx, http.MethodGet, linkPath(code), nil, &out)
	return out, err
}

// JoinByLink joins the group a link is of.
func (c *Client) JoinByLink(ctx context.Context, code string) (Joined, error) {
	var out Joined
	err := c.Call(ctx, http.MethodPost, linkPath(code)+"/join", nil, &out)
	return out, err
}

// DeleteLink ends a link.
func (c *Client) DeleteLink(ctx context.Context, code string) error {
	return c.Call(ctx, http.MethodDelete, linkPath(code), nil, nil)
}

// GroupBlack is who may not come in any more.
type GroupBlack struct {
	UserID    uint64 `json:"userId"`
	Nickname  string `json:"nickname"`
	Operator  User   `json:"operator"`
	CreatedAt int64  `json:"createdAt"`
}

// GroupBlacks returns who may not come in any more.
func (c *Client) GroupBlacks(ctx context.Context, id uint64) (list []GroupBlack, count int, err error) {
	var out struct {
		List  []GroupBlack `json:"list"`
		Count int          `json:"count"`
	}
	err = c.Call(ctx, http.MethodGet, fmt.Sprint("/api/group/black?groupId=", id), nil, &out)
	return out.List, out.Count, err
}

// BlockInGroup keeps a user out for good.
func (c *Client) BlockInGroup(ctx context.Context, id, user uint64) error {
	return c.Call(ctx, http.MethodPost, "/api/group/black", Fields{"groupId": id, "userId": user}, nil)
}

// UnblockInGroup lets a user in again.
func (c *Client) UnblockInGroup(ctx context.Context, id, user uint64) error {
	return c.Call(ctx, http.MethodDelete, "/api/group/black", Fields{"groupId": id, "userId": user}, nil)
}

// AllGroups returns groups as administrators see them; query is key, status,
// page and limit.
func (c *Client) AllGroups(ctx context.Context, query string) (Cards, error) {
	var out Cards
	err := c.Call(ctx, http.MethodGet, "/api/group/admin/groups?"+query, nil, &out)
	return out, err
}

// DeleteGroups ends groups as an administrator; refused are codes by group.
func (c *Client) DeleteGroups(ctx context.Context, ids ...uint64) (deleted int, refused map[uint64]int, err error) {
	var out struct {
		Deleted int `json:"deleted"`
		Refused []struct {
			GroupID uint64 `json:"groupId"`
			Code    int    `json:"code"`
		} `json:"refused"`
	}
	err = c.Call(ctx, http.MethodDelete, "/api/group/admin/groups", Fields{"idList": ids}, &out)
	refused = map[uint64]int{}
	for _, r := range out.Refused {
		refused[r.GroupID] = r.Code
	}
	return out.Deleted, refused, err
}

// SetGroupStatus suspends a group (1), or brings it back (0).
func (c *Client) SetGroupStatus(ctx context.Context, id uint64, status int) error {
	return c.Call(ctx, http.MethodPut, fmt.Sprintf("/api/group/admin/groups/%d/status", id), Fields{"status": status}, nil)
}

// GroupMessages returns what was said in a group, as administrators read it.
func (c *Client) GroupMessages(ctx context.Context, id, before uint64, limit int) (History, error) {
	var out History
	err := c.Call(ctx, http.MethodGet, fmt.Sprintf("/api/group/admin/messages/%d?beforeSeq=%d&limit=%d", id, before, limit), nil, &out)
	return out, err
}

// DeleteGroupMessages deletes messages for everybody, as an administrator.
func (c *Client) DeleteGroupMessages(ctx context.Context, ids ...uint64) (int, error) {
	var out struct {
		Deleted int `json:"deleted"`
	}
	err := c.Call(ctx, http.MethodDelete, "/api/group/admin/messages", Fields{"idList": ids}, &out)
	return out.Deleted, err
}

// GroupSend sends to a group by the family's route.
func (c *Client) GroupSend(ctx context.Context, r SendRequest) (Sent, error) {
	var out Sent
	err := c.Call(ctx, http.MethodPost, "/api/group/send", r, &out)
	return out, err
}

// GroupHistory returns a page of a group by the family's route; query is as of
// the other.
func (c *Client) GroupHistory(ctx context.Context, id uint64, query string) (History, error) {
	var out History
	err := c.Call(ctx, http.MethodGet, fmt.Sprintf("/api/group/history/%d?%s", id, query), nil, &out)
	return out, err
}

// ClearGroup clears what was said in a group, for me.
func (c *Client) ClearGroup(ctx context.Context, id uint64) error {
	return c.Call(ctx, http.MethodDelete, fmt.Sprint("/api/group/history/", id), nil, nil)
}

// GroupSessions returns the first page of my conversations that are groups.
func (c *Client) GroupSessions(ctx context.Context) (Sessions, error) {
	var out Sessions
	err := c.Call(ctx, http.MethodGet, "/api/group/session?limit=100", nil, &out)
	return out, err
}

// TopGroup keeps a group at the top of my list, or not.
func (c *Client) TopGroup(ctx context.Context, id uint64, on bool) error {
	return c.Call(ctx, http.MethodPut, "/api/group/top", Fields{"groupId": id, "isTop": on}, nil)
}
