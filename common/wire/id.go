package wire

import (
	"fmt"
	"strconv"
	"strings"

	"tudoIM/common/errs"
)

// Types of conversations.
const (
	Private int32 = 1
	Group   int32 = 2
	System  int32 = 3
)

// PrivateID is the name of the private conversation of two users, who may be
// the same one.
func PrivateID(a, b uint64) string { return fmt.Sprintf("p_%d_%d", min(a, b), max(a, b)) }

// GroupID is the name of a group's conversation.
func GroupID(group uint64) string { return "g_" + strconv.FormatUint(group, 10) }

// SystemID is the name of the conversation in which user gets notices.
func SystemID(user uint64) string { return "s_" + strconv.FormatUint(user, 10) }

// ConversationID is the name of the conversation that m is in.
func (m *Message) ConversationID() string {
	switch {
	case m.Type == Group:
		return GroupID(m.TargetId)
	case m.SendUserId == 0:
		return SystemID(m.TargetId)
	}
	return PrivateID(m.SendUserId, m.TargetId)
}

// ID is the name of the conversation that c is, as user sees it.
func (c *Conversation) ID(user uint64) string { return Place{c.Type, c.TargetId}.ID(user) }

// Place is where something is said, as one of the users there names it: the
// type of the conversation, and the other user, the group, or 0 for the system.
type Place struct {
	Type   int32
	Target uint64
}

// ID is the conversation's name, as user is in it.
func (p Place) ID(user uint64) string {
	switch p.Type {
	case Group:
		return GroupID(p.Target)
	case System:
		return SystemID(user)
	}
	return PrivateID(user, p.Target)
}

// ParseID returns the place that id names for user. A name of no conversation,
// or of one that user cannot be in, answers errs.NoConversation.
func ParseID(id string, user uint64) (Place, error) {
	kind, rest, _ := strings.Cut(id, "_")
	a, b, pair := strings.Cut(rest, "_")
	one, err1 := strconv.ParseUint(a, 10, 53)
	switch {
	case err1 != nil || one == 0:
	case kind == "g" && id == GroupID(one):
		return Place{Group, one}, nil
	case kind == "s" && one == user && id == SystemID(one):
		return Place{System, 0}, nil
	case kind == "p" && pair:
		two, err2 := strconv.ParseUint(b, 10, 53)
		if err2 != nil || id != PrivateID(one, two) {
			break
		}
		switch user {
		case one:
			return Place{Private, two}, nil
		case two:
			return Place{Private, one}, nil
		}
	}
	return Place{}, errs.NoConversation
}
