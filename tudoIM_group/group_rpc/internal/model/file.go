package model

// GroupFileModel is a file that a message carries: whoever may read the
// message may read it. common/msglog writes and reads these rows.
type GroupFileModel struct {
	UID            string `gorm:"primaryKey"`
	ConversationID uint64 `gorm:"primaryKey;autoIncrement:false"`
	Seq            uint64 `gorm:"primaryKey;autoIncrement:false"`
	MessageID      uint64
}

// GroupFileBarModel is a file that no new message may carry before BarredUntil, in
// Unix milliseconds, and a row to lock for each that was ever sent.
type GroupFileBarModel struct {
	UID         string `gorm:"primaryKey"`
	BarredUntil int64
}
