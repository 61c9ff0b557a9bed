package model

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/core/db"
	"tudoIM/utils/text"
)

// Reasons a session ended for, as the kick event tells them.
const (
	ReasonLogin  = "login"
	ReasonLogout = "logout"
	ReasonReused = "policy"
)

// MaxSessions is how many devices of one user are logged in at most: the next
// login ends the session that was idle longest.
const MaxSessions = 100

// SessionModel is one device of a user that is logged in. It is the durable
// truth about revocation: a session is alive while revoked_at is zero.
type SessionModel struct {
	model.Base
	UserID     uint64
	Role       int32
	DeviceID   string
	Platform   string
	DeviceName string
	IP         string
	// Generation counts the refresh tokens given out; RefreshHash is the
	// SHA-256 of the last one.
	Generation    uint64
	RefreshHash   string
	RefreshEndsAt int64
	LastActiveAt  int64
	RevokedAt     int64
	RevokeReason  string
	// AuthVer is the account's when the session was opened, or allowed to go on.
	AuthVer uint64
}

// SessionOwnerModel is a user who has had a session. Its row is what logins of one
// user wait for each other on: a device that has no session yet has no other.
type SessionOwnerModel struct {
	UserID uint64 `gorm:"primaryKey;autoIncrement:false"`
	// MinAuthVer is the highest AuthVer user_rpc has told of: sessions of a
	// lower one have ended, and none is opened.
	MinAuthVer uint64
}

// Device says where a session lives, as the client told it.
type Device struct {
	ID, Platform, Name, IP string
}

// Check returns a bad-argument error naming what is wrong with d.
func (d Device) Check() error {
	if err := CheckDeviceID(d.ID); err != nil {
		return err
	}
	switch {
	case d.Platform == "" || len(d.Platform) > 16 || !printable(d.Platform):
		return errs.BadArgument("platform")
	case !text.Line(d.Name, 64):
		return errs.BadArgument("deviceName")
	case len(d.IP) > 45:
		return errs.BadArgument("ip")
	}
	return nil
}

// CheckDeviceID returns a bad-argument error for what names no device.
func CheckDeviceID(id string) error {
	if id == "" || len(id) > 128 || !printable(id) {
		return errs.BadArgument("deviceId")
	}
	return nil
}

// printable reports whether s is visible ASCII: it goes into headers.
func printable(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return true
}

// Alive reports why s is no session of user that lives, or nil.
func (s *SessionModel) Alive(user uint64) error {
	if s.UserID != user || s.RevokedAt != 0 {
		return errs.Kicked
	}
	return nil
}

// Refresh reports why secret of generation gen does not refresh s at now, or nil.
func (s *SessionModel) Refresh(secret string, gen uint64, device string, now time.Time) error {
	switch {
	case s.RevokedAt != 0:
		return errs.RefreshExpired
	case gen < s.Generation:
		return errs.RefreshReused
	case gen > s.Generation, !sameHash(s.RefreshHash, secret), s.DeviceID != device, now.UnixMilli() > s.RefreshEndsAt:
		return errs.RefreshExpired
	}
	return nil
}

func sameHash(hash, secret string) bool {
	return subtle.ConstantTimeCompare([]byte(hash), []byte(Hash(secret))) == 1
}

// Hash is how refresh tokens and tickets are kept: they are random, so a
// plain SHA-256 cannot be guessed back.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Sessions are the queries of session_models.
type Sessions struct{ DB *db.DB }

// Open inserts s and ends the session its device had before, those that
// multiLogin does not allow beside it, and those past MaxSessions; it returns
// those ended, by number. Of logins at the same time that exclude each other
// one session remains. It answers errs.BadCredentials when sessions of the
// AuthVer of s have been ended: the login was judged by what holds no more.
func (q Sessions) Open(ctx context.Context, s *SessionModel, multiLogin string) (ended []*SessionModel, err error) {
	err = q.DB.Tx(ctx, func(tx *gorm.DB) error {
		s.ID = 0
		least, err := q.lockOwner(tx, s.UserID)
		if err != nil {
			return err
		}
		if s.AuthVer < least {
			return errs.BadCredentials
		}
		if ended, err = replaced(tx, s, multiLogin); err != nil {
			return err
		}
		ids := make([]uint64, len(ended))
		for i, o := range ended {
			ids[i] = o.ID
		}
		if err := revoke(tx, ids, ReasonLogin, s.LastActiveAt); err != nil {
			return err
		}
		return tx.Create(s).Error
	})
	if err != nil {
		return nil, fmt.Errorf("open session: %w", err)
	}
	return ended, nil
}

// lockOwner keeps others from opening and ending sessions of user until tx
// ends, and returns the AuthVer below which there are none.
func (q Sessions) lockOwner(tx *gorm.DB, user uint64) (least uint64, err error) {
	err = tx.Exec("INSERT INTO session_owner_models (user_id, min_auth_ver) VALUES (?, 0)"+q.DB.Upsert("user_id", "user_id"), user).Error
	if err != nil {
		return 0, err
	}
	var o SessionOwnerModel
	err = tx.Clauses(clause.Locking{Strength: "UPDATE"}).Take(&o, "user_id = ?", user).Error
	return o.MinAuthVer, err
}

// replaced returns the sessions that s takes the place of, locked.
func replaced(tx *gorm.DB, s *SessionModel, multiLogin string) ([]*SessionModel, error) {
	var alive []*SessionModel
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Select("id", "device_id", "platform", "device_name").
		Where("user_id = ? AND revoked_at = 0", s.UserID).Order("last_active_at DESC, id DESC").Find(&alive).Error
	if err != nil {
		return nil, err
	}
	var ended []*SessionModel
	left := 0
	for _, o := range alive {
		if s.Replaces(o, multiLogin) || left == MaxSessions-1 {
			ended = append(ended, o)
		} else {
			left++
		}
	}
	slices.SortFunc(ended, func(a, b *SessionModel) int { return cmp.Compare(a.ID, b.ID) })
	return ended, nil
}

// ByID returns the session, or errs.Kicked if there is none.
func (q Sessions) ByID(ctx context.Context, id uint64) (*SessionModel, error) {
	return byID(q.DB.WithContext(ctx), id)
}

// Living returns session id of user, or errs.Kicked unless there is one that
// lives.
func (q Sessions) Living(ctx context.Context, user, id uint64) (*SessionModel, error) {
	s, err := q.ByID(ctx, id)
	if err != nil {
		return nil, err
	}
	return s, s.Alive(user)
}

func byID(tx *gorm.DB, id uint64) (*SessionModel, error) {
	var s SessionModel
	err := tx.Take(&s, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errs.Kicked
	}
	if err != nil {
		return nil, fmt.Errorf("session %d: %w", id, err)
	}
	return &s, nil
}

// Dead returns those of list, by session the user it is said to be of, that
// do not live.
func (q Sessions) Dead(ctx context.Context, list map[uint64]uint64) ([]uint64, error) {
	if len(list) == 0 {
		return nil, nil
	}
	var alive []*SessionModel
	err := q.DB.WithContext(ctx).Select("id", "user_id").
		Where("id IN ? AND revoked_at = 0", slices.Sorted(maps.Keys(list))).Find(&alive).Error
	if err != nil {
		return nil, fmt.Errorf("which of %d sessions live: %w", len(list), err)
	}
	dead := maps.Clone(list)
	for _, s := range alive {
		if s.Alive(list[s.ID]) == nil {
			delete(dead, s.ID)
		}
	}
	return slices.Sorted(maps.Keys(dead)), nil
}

// Rotate gives session id its next refresh token if the presented one is the
// last; next fills the new hash and end in. A token that was used before ends
// the session and answers errs.RefreshReused.
func (q Sessions) Rotate(ctx context.Context, id, gen uint64, secret, device string, now time.Time, next func(s *SessionModel)) (*SessionModel, error) {
	var s *SessionModel
	var refusal error
	err := q.DB.Tx(ctx, func(tx *gorm.DB) (err error) {
		if s, err = byID(tx.Clauses(clause.Locking{Strength: "UPDATE"}), id); err != nil {
			return err
		}
		switch refusal = s.Refresh(secret, gen, device, now); {
		case errors.Is(refusal, errs.RefreshReused):
			return revoke(tx, []uint64{id}, ReasonReused, now.UnixMilli())
		case refusal != nil:
			return nil
		}
		next(s)
		return tx.Select("generation", "refresh_hash", "refresh_ends_at", "last_active_at", "role", "updated_at").Updates(s).Error
	})
	switch {
	case errors.Is(err, errs.Kicked):
		return nil, errs.RefreshExpired
	case err != nil:
		return nil, fmt.Errorf("rotate session %d: %w", id, err)
	}
	return s, refusal
}

// End revokes the sessions of user: id alone, or all; it returns those that
// were alive.
func (q Sessions) End(ctx context.Context, user, id uint64, all bool, reason string, now time.Time) (ended []uint64, err error) {
	err = q.DB.Tx(ctx, func(tx *gorm.DB) error {
		alive := tx.Model(&SessionModel{}).Clauses(clause.Locking{Strength: "UPDATE"}).Where("user_id = ? AND revoked_at = 0", user)
		if !all {
			alive = alive.Where("id = ?", id)
		}
		ended = nil
		if err := alive.Pluck("id", &ended).Error; err != nil {
			return err
		}
		return revoke(tx, ended, reason, now.UnixMilli())
	})
	if err != nil {
		return nil, fmt.Errorf("end sessions of %d: %w", user, err)
	}
	return ended, nil
}

func revoke(tx *gorm.DB, ids []uint64, reason string, now int64) error {
	if len(ids) == 0 {
		return nil
	}
	return tx.Model(&SessionModel{}).Where("id IN ?", ids).
		Updates(map[string]any{"revoked_at": now, "revoke_reason": reason, "updated_at": now}).Error
}
