package model

// GroupConversationModel is the row of a group's log, whose number is the
// group's. It is made with the group, so it exists before the first message,
// and apart from it, so that messages lock no more than they count.
type GroupConversationModel struct {
	ID          uint64 `gorm:"primaryKey;autoIncrement:false"`
	CreatedAt   int64  `gorm:"autoCreateTime:milli"`
	MaxSeq, Ver uint64
	LastAt      int64
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
	// Changes counts recalls, edits and the like; zero is as it was sent.
	Changes   int32
	EditedAt  int64
	CreatedAt int64
}
