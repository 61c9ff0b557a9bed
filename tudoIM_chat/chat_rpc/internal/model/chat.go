package model

// ChatModel is a message of a private conversation. common/msglog writes and
// reads these rows; the struct says what is in them.
type ChatModel struct {
	ConversationID uint64 `gorm:"primaryKey"`
	Seq            uint64 `gorm:"primaryKey"`
	ID             uint64
	Ver            uint64
	SendUserID     uint64
	RevUserID      uint64
	ClientMsgID    string
	MsgType        int32
	Msg            string
	MsgPreview     string
	Status         int32
	// Extra is what few messages have: reactions, who is called, when it was
	// pinned; a JSON document.
	Extra *string
	// Changes counts recalls, edits and the like, ChangedVer is the Ver of the
	// last one; zero is as it was sent.
	Changes    int32
	ChangedVer uint64
	EditedAt   int64
	CreatedAt  int64
}

// UserConversationModel is what one user has set on a conversation.
type UserConversationModel struct {
	UserID         uint64 `gorm:"primaryKey"`
	ConversationID uint64 `gorm:"primaryKey"`
	// ClearSeq and HiddenSeq are where the user cleared the history and hid
	// the conversation: what comes after shows again.
	ClearSeq, HiddenSeq uint64
	IsMuted             bool
	// MarkSeq is the message that ends its being marked as not read.
	MarkSeq   uint64
	Draft     string
	UpdatedAt int64 `gorm:"autoUpdateTime:false"`
}

// TopUserModel is a conversation a user keeps at the top.
type TopUserModel struct {
	UserID    uint64 `gorm:"primaryKey"`
	TopUserID uint64 `gorm:"primaryKey"`
	CreatedAt int64  `gorm:"autoCreateTime:milli"`
}

// UserChatDeleteModel is a message a user has deleted for himself.
type UserChatDeleteModel struct {
	UserID         uint64 `gorm:"primaryKey"`
	ConversationID uint64 `gorm:"primaryKey"`
	Seq            uint64 `gorm:"primaryKey"`
	ChatID         uint64
	CreatedAt      int64 `gorm:"autoCreateTime:milli"`
}

// ChatBundleModel is what a merged forward carries, a JSON document.
type ChatBundleModel struct {
	// ID is the message's.
	ID       uint64 `gorm:"primaryKey;autoIncrement:false"`
	Messages string
}

// ChatReactionModel is one user's emoji under a message.
type ChatReactionModel struct {
	MessageID uint64 `gorm:"primaryKey;autoIncrement:false"`
	Emoji     string `gorm:"primaryKey"`
	UserID    uint64 `gorm:"primaryKey;autoIncrement:false"`
	CreatedAt int64  `gorm:"autoCreateTime:milli"`
}

// ChatPinModel is a message that is pinned to its conversation.
type ChatPinModel struct {
	// ID is the message's.
	ID             uint64 `gorm:"primaryKey;autoIncrement:false"`
	ConversationID uint64
	// UserID is who pinned it.
	UserID    uint64
	CreatedAt int64 `gorm:"autoCreateTime:milli"`
}

// ChatFileModel is a file that a message carries: whoever may read the message
// may read it.
type ChatFileModel struct {
	UID            string `gorm:"primaryKey"`
	ConversationID uint64 `gorm:"primaryKey;autoIncrement:false"`
	Seq            uint64 `gorm:"primaryKey;autoIncrement:false"`
	MessageID      uint64
}

// ChatFileBarModel is a file that no new message may carry before BarredUntil, in
// Unix milliseconds, and a row to lock for each that was ever sent.
type ChatFileBarModel struct {
	UID         string `gorm:"primaryKey"`
	BarredUntil int64
}
