package model

import (
	"context"
	"fmt"

	"tudoIM/common/errs"
	"tudoIM/core/db"
)

// Acts of administrators.
const (
	ActHistory  = "history"
	ActSessions = "sessions"
	ActDelete   = "delete"
)

// ChatAuditModel is something an administrator did with what others said, or
// tried to. No API changes or deletes these rows.
type ChatAuditModel struct {
	ID         uint64 `gorm:"primaryKey"`
	CreatedAt  int64  `gorm:"autoCreateTime:milli"`
	OperatorID uint64
	Act        string
	// About says what it was done with: users, or messages.
	About   string
	Refused bool
}

// Audits are the queries of chat_audit_models.
type Audits struct {
	DB *db.DB
	// Reads says that administrators may read what others said.
	Reads bool
}

// Enter writes down that operator does act with about, before it is done. It
// answers errs.Forbidden, which is written down too, if that is not allowed.
func (q Audits) Enter(ctx context.Context, operator uint64, act, about string) error {
	if operator == 0 {
		return errs.Forbidden
	}
	refused := act != ActDelete && !q.Reads
	row := &ChatAuditModel{OperatorID: operator, Act: act, About: about, Refused: refused}
	if err := q.DB.WithContext(ctx).Create(row).Error; err != nil {
		return fmt.Errorf("audit of %d: %w", operator, err)
	}
	if refused {
		return errs.Forbidden
	}
	return nil
}
