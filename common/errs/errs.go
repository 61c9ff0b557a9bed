// Package errs holds the one error type that users and programs see, and the
// table of its codes. Everything that is not an *Error is internal: it is
// logged at the edge and shown as Internal.
package errs

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Error is a refusal with a code that never changes its meaning, the HTTP
// status it travels with, and words for people in Chinese and English.
type Error struct {
	Code   int
	Status int
	Zh, En string
	// Data goes into the envelope's data, for example the field at fault.
	Data map[string]string
}

// table maps a code to its error, so that a code received over gRPC gets its
// status and words back.
var table = map[int]*Error{}

// New adds an error to the table. A code is declared once, at package level;
// a second declaration is a programming error and panics at start.
func New(code, status int, zh, en string) *Error {
	if _, dup := table[code]; dup {
		panic("errs: code " + strconv.Itoa(code) + " declared twice")
	}
	e := &Error{Code: code, Status: status, Zh: zh, En: en}
	table[code] = e
	return e
}

// Error makes *Error an error; the text is the English one.
func (e *Error) Error() string {
	return fmt.Sprintf("%d %s", e.Code, e.En)
}

// Is reports whether target is an Error of the same code, whatever its data.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// With returns a copy of e that carries key and value in its data.
func (e *Error) With(key string, value any) *Error {
	c := *e
	c.Data = make(map[string]string, len(e.Data)+1)
	for k, v := range e.Data {
		c.Data[k] = v
	}
	// Neither gRPC nor JSON carries anything but valid text.
	c.Data[key] = strings.ToValidUTF8(fmt.Sprint(value), "\uFFFD")
	return &c
}

// Retry returns a copy of e that tells the caller when to come back; the
// answer carries it as Retry-After in whole seconds, rounded up.
func (e *Error) Retry(after time.Duration) *Error {
	return e.With(RetryAfter, int64((after+time.Second-1)/time.Second))
}

// RetryAfter is the key in Data that becomes the Retry-After header.
const RetryAfter = "retryAfter"

// Text returns the words for people in lang, "zh" or anything else for English.
func (e *Error) Text(lang string) string {
	if lang == "zh" {
		return e.Zh
	}
	return e.En
}

// ByCode returns the error declared with code, or Internal.
func ByCode(code int) *Error {
	if e, ok := table[code]; ok {
		return e
	}
	return Internal
}

// From returns the *Error inside err, or Internal when there is none.
func From(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return Internal
}

// BadArgument returns the common bad-argument error naming the field at fault.
func BadArgument(field string) *Error {
	return Bad.With("field", field)
}

// Codes every route may answer with.
var (
	Bad          = New(10001, http.StatusBadRequest, "参数错误", "bad argument")
	Unauthorized = New(10002, http.StatusUnauthorized, "请先登录", "please log in")
	TokenExpired = New(10003, http.StatusUnauthorized, "登录已过期", "the token has expired")
	Kicked       = New(10004, http.StatusUnauthorized, "会话已结束，请重新登录", "the session has ended, please log in again")
	Forbidden    = New(10005, http.StatusForbidden, "没有权限", "not allowed")
	NotFound     = New(10006, http.StatusNotFound, "未找到", "not found")
	TooMany      = New(10007, http.StatusTooManyRequests, "请求过于频繁", "too many requests")
	TooLarge     = New(10008, http.StatusRequestEntityTooLarge, "内容过大", "too large")
	Conflict     = New(10009, http.StatusConflict, "冲突", "conflict")
	Unavailable  = New(10010, http.StatusServiceUnavailable, "服务暂不可用，请稍后重试", "service unavailable, try again later")
	NeedConfirm  = New(10011, http.StatusForbidden, "需要再次验证", "needs confirmation")
	BadType      = New(10012, http.StatusUnsupportedMediaType, "不支持的内容类型", "unsupported content type or encoding")
	BadMethod    = New(10013, http.StatusMethodNotAllowed, "不支持的请求方法", "method not allowed")
	Internal     = New(10500, http.StatusInternalServerError, "服务器内部错误", "internal error")
)

// Auth.
var (
	NameTaken      = New(20001, http.StatusConflict, "用户名已被占用", "the user name is taken")
	WeakPassword   = New(20002, http.StatusBadRequest, "密码需为 8 到 128 个字符，且不能全为空格", "a password has 8 to 128 characters, not only blanks")
	RegisterClosed = New(20003, http.StatusForbidden, "暂未开放注册", "registration is closed")
	BadName        = New(20004, http.StatusBadRequest, "用户名需为 2 到 32 个字母、数字、下划线、点或连字符", "a user name has 2 to 32 letters, digits, '_', '.' or '-'")
	BadCredentials = New(20010, http.StatusUnauthorized, "用户名或密码错误", "wrong name or password")
	Locked         = New(20011, http.StatusTooManyRequests, "尝试次数过多，请稍后再试", "too many wrong tries, try again later")
	Disabled       = New(20012, http.StatusForbidden, "账号已被停用", "the account is disabled")
	RefreshExpired = New(20020, http.StatusUnauthorized, "刷新令牌已失效", "the refresh token has expired")
	RefreshReused  = New(20021, http.StatusUnauthorized, "刷新令牌被重复使用，会话已撤销", "the refresh token was reused, the session is revoked")
	NoProvider     = New(20030, http.StatusBadRequest, "未知的登录方式", "no such login provider")
	NotRecognised  = New(20031, http.StatusUnauthorized, "第三方登录失败，请重新开始", "the login provider did not recognise you, start again")
	OwnsGroups     = New(20060, http.StatusConflict, "请先转让或解散你创建的群", "transfer or dissolve the groups you own first")
)

// Users and friends.
var (
	AvatarNotMine  = New(30001, http.StatusBadRequest, "头像不是自己上传的图片", "the avatar is not an image of your own")
	NeedsQuestion  = New(30002, http.StatusBadRequest, "该验证方式需要设置问题", "this verification mode needs a question")
	Self           = New(31001, http.StatusBadRequest, "不能对自己操作", "not to yourself")
	AlreadyFriends = New(31002, http.StatusConflict, "已经是好友", "already friends")
	RefusesAll     = New(31003, http.StatusForbidden, "对方不接受好友申请", "the user accepts no requests")
	WrongAnswer    = New(31004, http.StatusForbidden, "答案错误", "wrong answer")
	NoAdding       = New(31006, http.StatusForbidden, "你已被限制添加好友", "you may not add friends")
	NeedsMessage   = New(31007, http.StatusBadRequest, "请填写验证消息", "a message is needed")
	Handled        = New(31010, http.StatusConflict, "该申请已处理", "the request is already handled")
	NotYours       = New(31011, http.StatusForbidden, "不是发给你的申请", "the request is not yours to handle")
	NotFriends     = New(31012, http.StatusNotFound, "不是好友", "not friends")
)

// Chat.
var (
	NoConversation = New(40001, http.StatusNotFound, "会话不存在", "no such conversation")
	SendNotFriends = New(40002, http.StatusForbidden, "你们还不是好友", "you are not friends")
	SendBlocked    = New(40003, http.StatusForbidden, "消息已被对方拒收", "the peer does not accept your messages")
	Curtailed      = New(40004, http.StatusForbidden, "你已被限制发言", "you may not send messages")
	BadMessage     = New(40005, http.StatusBadRequest, "消息类型或内容错误", "bad message type or body")
	BadLength      = New(40006, http.StatusBadRequest, "消息为空或过长", "the message is empty or too long")
	ReplyGone      = New(40007, http.StatusNotFound, "被回复的消息不存在", "the message replied to is gone")
	FileUnknown    = New(40010, http.StatusNotFound, "文件不存在或无权使用", "no such file, or it is not yours to send")
	NoMessage      = New(40011, http.StatusNotFound, "消息不存在", "no such message")
	NotYourMessage = New(40012, http.StatusForbidden, "不能操作该消息", "the message is not yours to change")
	TooLate        = New(40013, http.StatusForbidden, "已超过允许的时间", "the time for this is over")
	NotForBoth     = New(40014, http.StatusForbidden, "不能为双方删除", "not to be deleted for everybody")
	ReadBeyond     = New(40015, http.StatusBadRequest, "已读位置超出范围", "the read position is beyond the last message")
	SnapshotNeeded = New(40016, http.StatusConflict, "离线过久，请重新获取快照", "away for too long, start with a snapshot")
	NotEditable    = New(40017, http.StatusBadRequest, "只能编辑文本消息", "only texts can be edited")
	NotEmoji       = New(40018, http.StatusBadRequest, "不是表情符号", "not an emoji")
	ManyReactions  = New(40019, http.StatusConflict, "表情种类过多", "too many kinds of reactions")
	ManyPins       = New(40020, http.StatusConflict, "置顶消息过多", "too many pinned messages")
	NotForwardable = New(40021, http.StatusForbidden, "有消息无法转发", "a message cannot be forwarded")
	ManyReaders    = New(40022, http.StatusConflict, "群过大，无法查看已读成员", "the group is too large to tell who has read")
)

// Groups.
var (
	NoCreating     = New(50001, http.StatusForbidden, "你已被限制创建群聊", "you may not create groups")
	NotYourFriend  = New(50002, http.StatusForbidden, "不是你的好友", "not your friend")
	NotMember      = New(50003, http.StatusForbidden, "不是群成员", "not a member of the group")
	BadGroupSize   = New(50004, http.StatusBadRequest, "群规模不正确", "bad group size")
	NoGroup        = New(50005, http.StatusNotFound, "群不存在或已解散", "no such group, or it was dissolved")
	LowRank        = New(50006, http.StatusForbidden, "你在群里的权限不足", "your rank in the group is too low")
	InviteOff      = New(50007, http.StatusForbidden, "该群不允许成员邀请", "members of the group may not invite")
	GroupFull      = New(50008, http.StatusConflict, "群成员已满", "the group is full")
	NeedsApproval  = New(50009, http.StatusForbidden, "仅群主和管理员可以邀请", "only the owner and admins of the group bring people in")
	MemberMuted    = New(50010, http.StatusForbidden, "你已被禁言", "you are muted")
	AllMuted       = New(50011, http.StatusForbidden, "全员禁言中", "everybody is muted")
	OwnerLeaves    = New(50012, http.StatusConflict, "群主需先转让或解散群", "the owner has to transfer or dissolve the group first")
	GroupClosed    = New(50013, http.StatusForbidden, "该群不允许任何人加入", "the group takes nobody who asks")
	WrongToJoin    = New(50014, http.StatusForbidden, "入群答案错误", "wrong answer to the question of the group")
	AlreadyIn      = New(50015, http.StatusConflict, "已经是群成员", "already a member of the group")
	BlackListed    = New(50016, http.StatusForbidden, "已被该群拉黑", "kept out of the group")
	JoinHandled    = New(50017, http.StatusConflict, "该入群申请已处理", "the request to join is already handled")
	DeadLink       = New(50018, http.StatusNotFound, "邀请链接已失效", "the link is dead")
	GroupTitleLong = New(50019, http.StatusBadRequest, "群名需为 1 到 64 个字符", "a group title has 1 to 64 characters")
	GroupSuspended = New(50020, http.StatusForbidden, "该群已被封禁", "the group is suspended")
)

// Files.
var (
	FileType  = New(60001, http.StatusUnsupportedMediaType, "不允许的文件类型", "this type of file is not allowed")
	FileLarge = New(60002, http.StatusRequestEntityTooLarge, "文件过大", "the file is too large")
	// ImageBroken is an image that cannot be read to its end.
	ImageBroken = New(60003, http.StatusUnsupportedMediaType, "图片已损坏", "the image is broken")
	ImageUse    = New(60004, http.StatusBadRequest, "图片用途无效", "no such imageType")
	FileQuota   = New(60005, http.StatusRequestEntityTooLarge, "空间不足", "your quota is used up")
	FileAccess  = New(60006, http.StatusNotFound, "文件不存在", "no such file")
	NoPreview   = New(60007, http.StatusNotFound, "该文件无法预览", "nothing can be shown of this file")
	// PartWrong is a part of an upload, or all of them, that is not as it was announced.
	PartWrong   = New(60008, http.StatusBadRequest, "分片不正确", "a part of the upload is wrong or missing")
	UploadEnded = New(60009, http.StatusNotFound, "上传已过期，请重新上传", "the upload has expired, begin again")
	HashDiffers = New(60010, http.StatusBadRequest, "文件校验值不一致", "the file has another hash")
	FileInUse   = New(60011, http.StatusConflict, "文件正在使用中", "the file is in use")
)
