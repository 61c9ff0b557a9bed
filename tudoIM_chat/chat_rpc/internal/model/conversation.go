package model

import (
	"tudoIM/common/errs"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
)

// ConversationModel is the row of a private conversation: the counters of its
// log, and what differs between its two users, who are ordered by id. What
// every send reads and writes is in this one row, which it locks anyway. The
// user 0 is the system, which sends notices and gets nothing.
type ConversationModel struct {
	ID                    uint64 `gorm:"primaryKey"`
	CreatedAt             int64  `gorm:"autoCreateTime:milli"`
	LowUserID, HighUserID uint64
	MaxSeq, Ver           uint64
	// LastAt is when the last message came, ActiveAt when anything changed last.
	LastAt, ActiveAt int64
	// LowReadSeq and HighReadSeq are how far each has read; sending counts as
	// having read.
	LowReadSeq, HighReadSeq uint64
	// LowRefusal and HighRefusal are the codes each is refused with when
	// sending; zero may send.
	LowRefusal, HighRefusal int32
	// LowBlocked and HighBlocked say whom the other blocks: of two who are not
	// friends the refusals do not tell.
	LowBlocked, HighBlocked bool
	// RightsVer is the version of the refusals, given by user_rpc.
	RightsVer uint64
	// IsTemporary says that something was sent in a temporary session.
	IsTemporary bool
}

// Pair is the two users of a private conversation, the lower id first.
type Pair struct{ Low, High uint64 }

// PairOf returns the pair of two users, who may be the same one.
func PairOf(a, b uint64) Pair { return Pair{min(a, b), max(a, b)} }

// possible reports whether both are numbers a user can have, or the lower one
// is the system; the databases disagree about what is above.
func (p Pair) possible() bool { return p.High > 0 && p.High <= msglog.MaxID }

// fresh is the row of a pair of whom nothing was told: two people are
// strangers.
func (p Pair) fresh() ConversationModel {
	c := ConversationModel{LowUserID: p.Low, HighUserID: p.High}
	if p.Low != 0 && p.Low != p.High {
		c.LowRefusal, c.HighRefusal = strangers, strangers
	}
	return c
}

// strangers is what two who are not friends are refused with.
var strangers = int32(errs.SendNotFriends.Code) // #nosec G115 -- a code has five digits

// Apart reports whether the two are not friends.
func (c *ConversationModel) Apart() bool {
	return c.LowRefusal == strangers && c.HighRefusal == strangers
}

// apartFrom is the other of user if the two are not friends, else nobody.
func (c *ConversationModel) apartFrom(user uint64) []uint64 {
	if !c.Apart() {
		return nil
	}
	return []uint64{c.Peer(user)}
}

// ReadSeq returns how far user has read.
func (c *ConversationModel) ReadSeq(user uint64) uint64 {
	if user == c.LowUserID {
		return c.LowReadSeq
	}
	return c.HighReadSeq
}

// Peer returns the other user; in notes to self that is user.
func (c *ConversationModel) Peer(user uint64) uint64 {
	if user == c.LowUserID {
		return c.HighUserID
	}
	return c.LowUserID
}

// Unread is how many messages up to seq user has not read. It is a
// difference, never a counter, so it cannot drift.
func (c *ConversationModel) Unread(user, seq uint64) uint64 {
	if read := c.ReadSeq(user); seq > read {
		return seq - read
	}
	return 0
}

// Refusal reports why user may not send, or nil; admitted says that a group
// lets the two write to each other though they are not friends.
func (c *ConversationModel) Refusal(user uint64, admitted bool) error {
	if c.LowUserID == 0 {
		if user == 0 {
			return nil
		}
		return errs.Forbidden
	}
	code, blocked := c.LowRefusal, c.LowBlocked
	if user != c.LowUserID {
		code, blocked = c.HighRefusal, c.HighBlocked
	}
	switch {
	case code == 0:
		return nil
	case code != strangers || !admitted:
		return errs.ByCode(int(code))
	case blocked:
		return errs.SendBlocked
	}
	return nil
}

// Judge reports why user may not send at now, or nil; mine and theirs are the
// states of user and of the other, admitted is as for Refusal. What holds for
// user everywhere comes first.
func (c *ConversationModel) Judge(user uint64, mine, theirs msglog.SenderState, admitted bool, now int64) error {
	if err := mine.Refusal(now); err != nil {
		return err
	}
	if theirs.Gone {
		return errs.SendNotFriends
	}
	return c.Refusal(user, admitted)
}

func (c *ConversationModel) setRead(user, seq uint64) {
	if user == c.LowUserID {
		c.LowReadSeq = max(c.LowReadSeq, seq)
	}
	if user == c.HighUserID {
		c.HighReadSeq = max(c.HighReadSeq, seq)
	}
}

// receivers of m, a message of this conversation, with what each has unread.
func (c *ConversationModel) receivers(m *wire.Message) []*wire.Receiver {
	var to []*wire.Receiver
	for _, user := range c.users() {
		to = append(to, &wire.Receiver{UserId: user, Unread: c.Unread(user, m.Seq)})
	}
	return to
}

// users are the people in the conversation, each once.
func (c *ConversationModel) users() []uint64 {
	if c.LowUserID == 0 || c.LowUserID == c.HighUserID {
		return []uint64{c.HighUserID}
	}
	return []uint64{c.LowUserID, c.HighUserID}
}
