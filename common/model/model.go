// Package model holds what tables of every rpc half share.
package model

// Base is the head of a row: its number and when it was made and changed last,
// in Unix milliseconds.
type Base struct {
	ID        uint64 `gorm:"primaryKey"`
	CreatedAt int64  `gorm:"autoCreateTime:milli"`
	UpdatedAt int64  `gorm:"autoUpdateTime:milli"`
}

// Page sizes of lists that are paged by number.
const (
	DefaultLimit = 20
	MaxLimit     = 100
)

// Page turns page (from 1) and limit as clients send them into an offset and
// a limit within bounds.
func Page(page, limit int32) (offset, size int) {
	size = int(limit)
	if size <= 0 {
		size = DefaultLimit
	}
	size = min(size, MaxLimit)
	return (max(int(page), 1) - 1) * size, size
}
