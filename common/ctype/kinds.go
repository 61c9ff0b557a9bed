package ctype

// Types of messages. The numbers are the protocol's and never change.
const (
	TypeText      int32 = 1
	TypeImage     int32 = 2
	TypeVideo     int32 = 3
	TypeFile      int32 = 4
	TypeVoice     int32 = 5
	TypeVoiceCall int32 = 6
	TypeVideoCall int32 = 7
	TypeWithdraw  int32 = 8
	TypeReply     int32 = 9
	TypeQuote     int32 = 10
	TypeAt        int32 = 11
	TypeTip       int32 = 12
	TypeLocation  int32 = 13
	TypeCard      int32 = 14
	TypeMerged    int32 = 15
	TypeMarkdown  int32 = 16
	TypeSticker   int32 = 17
	TypeCustom    int32 = 18
)

// kind is what there is to know of one type. Whether clients may send it is
// said by its part: see served.
type kind struct {
	// key is the part's name in the document.
	key string
	slot
	zh, en string
	// bare says that a preview is the detail alone, without the name of the type.
	bare    bool
	forward bool
	// files are the kinds of files the part may be made of; none means any.
	files []string
}

var kinds = map[int32]kind{
	TypeText:      {key: "textMsg", slot: at(func(b *Body) **TextMsg { return &b.TextMsg }), zh: "文本", en: "Text", bare: true, forward: true},
	TypeImage:     {key: "imageMsg", slot: at(func(b *Body) **MediaMsg { return &b.ImageMsg }), zh: "图片", en: "Image", forward: true, files: []string{"image"}},
	TypeVideo:     {key: "videoMsg", slot: at(func(b *Body) **MediaMsg { return &b.VideoMsg }), zh: "视频", en: "Video", forward: true, files: []string{"video"}},
	TypeFile:      {key: "fileMsg", slot: at(func(b *Body) **FileMsg { return &b.FileMsg }), zh: "文件", en: "File", forward: true},
	TypeVoice:     {key: "voiceMsg", slot: at(func(b *Body) **MediaMsg { return &b.VoiceMsg }), zh: "语音", en: "Voice", forward: true, files: recorded},
	TypeVoiceCall: {key: "voiceCallMsg", slot: at(func(b *Body) **CallMsg { return &b.VoiceCallMsg }), zh: "语音通话", en: "Voice call"},
	TypeVideoCall: {key: "videoCallMsg", slot: at(func(b *Body) **CallMsg { return &b.VideoCallMsg }), zh: "视频通话", en: "Video call"},
	TypeWithdraw:  {key: "withdrawMsg", slot: at(func(b *Body) **WithdrawMsg { return &b.WithdrawMsg }), zh: "消息已撤回", en: "Message recalled"},
	TypeReply:     {key: "replyMsg", slot: at(func(b *Body) **ReplyMsg { return &b.ReplyMsg }), zh: "回复", en: "Reply", bare: true, forward: true},
	TypeQuote:     {key: "quoteMsg", slot: at(func(b *Body) **QuoteMsg { return &b.QuoteMsg }), zh: "引用", en: "Quote", bare: true, forward: true},
	TypeAt:        {key: "atMsg", slot: at(func(b *Body) **AtMsg { return &b.AtMsg }), zh: "提到", en: "Mention", bare: true, forward: true},
	TypeTip:       {key: "tipMsg", slot: at(func(b *Body) **TipMsg { return &b.TipMsg }), zh: "提示", en: "Notice", bare: true},
	TypeLocation:  {key: "locationMsg", slot: at(func(b *Body) **LocationMsg { return &b.LocationMsg }), zh: "位置", en: "Location", forward: true},
	TypeCard:      {key: "cardMsg", slot: at(func(b *Body) **CardMsg { return &b.CardMsg }), zh: "名片", en: "Card", forward: true},
	TypeMerged:    {key: "mergedMsg", slot: at(func(b *Body) **MergedMsg { return &b.MergedMsg }), zh: "聊天记录", en: "Chat history", forward: true},
	TypeMarkdown:  {key: "markdownMsg", slot: at(func(b *Body) **TextMsg { return &b.MarkdownMsg }), zh: "文本", en: "Text", bare: true, forward: true},
	TypeSticker:   {key: "stickerMsg", slot: at(func(b *Body) **MediaMsg { return &b.StickerMsg }), zh: "表情", en: "Sticker", forward: true, files: []string{"image"}},
	TypeCustom:    {key: "customMsg", slot: at(func(b *Body) **CustomMsg { return &b.CustomMsg }), zh: "自定义消息", en: "Custom message", forward: true},
}

// recorded are the kinds of a voice. The recorders of browsers put sound alone
// into WebM and MP4, which by their content cannot be told from films.
var recorded = []string{"audio", "video"}

// Editable reports whether the text of a message of msgType may be changed.
func Editable(msgType int32) bool {
	return msgType == TypeText || msgType == TypeMarkdown
}

// Forwardable reports whether a message of msgType may be forwarded; see
// Forwarded for what arrives.
func Forwardable(msgType int32) bool { return kinds[msgType].forward }

// slot is the place of a part in a body.
type slot struct {
	// get returns the part there, nil when there is none.
	get func(b *Body) part
	// keep puts into dst what src has there.
	keep func(dst, src *Body)
}

// at makes a slot of the field that ref points to.
func at[T any, P interface {
	*T
	part
}](ref func(b *Body) *P) slot {
	return slot{
		get: func(b *Body) part {
			if p := *ref(b); p != nil {
				return p
			}
			return nil
		},
		keep: func(dst, src *Body) { *ref(dst) = *ref(src) },
	}
}
