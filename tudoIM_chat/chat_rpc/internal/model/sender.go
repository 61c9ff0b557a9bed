package model

import (
	"tudoIM/common/msglog"
	"tudoIM/core/db"
)

// ChatSenderModel is what holds for one user in every conversation of this
// half. common/msglog writes and reads these rows; the struct says what is in
// them.
type ChatSenderModel struct {
	UserID uint64 `gorm:"primaryKey;autoIncrement:false"`
	// Refusal is the code the user is refused with when sending, until UntilAt
	// if that is not 0.
	Refusal int32
	UntilAt int64
	// Gone says that the account is deleted.
	Gone bool
	// NoReceipts says that nobody is told how far the user has read, nor the
	// user how far others have.
	NoReceipts bool
	// Version is that of user_rpc's last word.
	Version   uint64
	UpdatedAt int64
}

// Senders are the states of those who send, in d.
func Senders(d *db.DB) msglog.Senders {
	return msglog.Senders{DB: d, Table: "chat_sender_models", Receipts: true}
}
