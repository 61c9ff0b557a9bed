package model

// GroupConversationModel is the row of a group's log, whose number is the
// group's. It is made with the group, so it exists before the first message,
// and apart from it, so that messages lock no more than they count.
type GroupConversationModel struct {
	ID          uint64 `gorm:"primaryKey;autoIncrement:false"`
	CreatedAt   int64  `gorm:"autoCreateTime:milli"`
	MaxSeq, Ver uint64
	// LastAt is when the last message came, ActiveAt when anything changed last.
	LastAt, ActiveAt int64
	// AtAllSeq is the last message that calls everybody.
	AtAllSeq uint64
}

// GroupMsgModel is a message of a group. common/msglog writes and reads these
// rows; the struct says what is in them.
type GroupMsgModel struct {
	ConversationID uint64 `gorm:"primaryKey"`
	Seq            uint64 `gorm:"primaryKey"`
	// ID is odd: private messages have the even numbers.
	ID          uint64
	Ver         uint64
	SendUserID  uint64
	GroupID     uint64
	ClientMsgID string
	MsgType     int32
	Msg         string
	MsgPreview  string
	Status      int32
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

// GroupMsgDeleteModel is a message a member has deleted for himself.
type GroupMsgDeleteModel struct {
	UserID         uint64 `gorm:"primaryKey;autoIncrement:false"`
	ConversationID uint64 `gorm:"primaryKey;autoIncrement:false"`
	Seq            uint64 `gorm:"primaryKey;autoIncrement:false"`
	ChatID         uint64
	CreatedAt      int64 `gorm:"autoCreateTime:milli"`
}

// GroupBundleModel is what a merged forward carries, a JSON document.
type GroupBundleModel struct {
	// ID is the message's.
	ID       uint64 `gorm:"primaryKey;autoIncrement:false"`
	Messages string
}

// GroupReactionModel is one member's emoji under a message.
type GroupReactionModel struct {
	MessageID uint64 `gorm:"primaryKey;autoIncrement:false"`
	Emoji     string `gorm:"primaryKey"`
	UserID    uint64 `gorm:"primaryKey;autoIncrement:false"`
	CreatedAt int64  `gorm:"autoCreateTime:milli"`
}

// GroupPinModel is a message that is pinned to its group.
type GroupPinModel struct {
	// ID is the message's.
	ID             uint64 `gorm:"primaryKey;autoIncrement:false"`
	ConversationID uint64
	// UserID is who pinned it.
	UserID    uint64
	CreatedAt int64 `gorm:"autoCreateTime:milli"`
}
