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
	// Changes counts recalls, edits and the like; zero is as it was sent.
	Changes   int32
	EditedAt  int64
	CreatedAt int64
}

// UserConversationModel is what one user has set on a conversation.
type UserConversationModel struct {
	UserID         uint64 `gorm:"primaryKey"`
	ConversationID uint64 `gorm:"primaryKey"`
	// ClearSeq and HiddenSeq are where the user cleared the history and hid
	// the conversation: what comes after shows again.
	ClearSeq, HiddenSeq uint64
	IsMuted             bool
	Draft               string
	Ver                 uint64
	UpdatedAt           int64
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
