// Package conversation is what users do with conversations: they send, read,
// change, delete, list and sync. One Server does it for private conversations
// and for groups; what differs is behind Home, which each rpc half has for its
// own tables.
package conversation

import (
	"cmp"
	"database/sql"
	"encoding/base64"
	"fmt"
	"slices"

	"tudoIM/common/errs"
	"tudoIM/common/wire"
)

// View is a conversation as one of its users sees it.
type View struct {
	// ID is its number in the half's tables, TargetID the other user (0 is the
	// system) or the group.
	ID       uint64
	Type     int32
	TargetID uint64

	MaxSeq, Ver uint64
	// LastAt is when the last message came, or the user; it orders lists.
	LastAt int64

	ReadSeq, PeerReadSeq uint64
	// Temporary says that the two are no friends, and may write to each other
	// only while something else lets them.
	Temporary bool
	// NoReceipts says that neither of two is told how far the other has read;
	// then PeerReadSeq is 0.
	NoReceipts bool
	// JoinSeq is the last message before the user came, ClearSeq the last one
	// when the user cleared it. Nothing up to them is shown.
	JoinSeq, ClearSeq uint64
	// AtSeq is the last message that calls the user.
	AtSeq uint64
	// HiddenSeq is the first message that will show the conversation in lists
	// again; 0 when it is not hidden.
	HiddenSeq uint64
	IsTop     bool
	IsMuted   bool
	// MarkSeq is the message that will end its being marked as not read, whoever
	// sends it; 0 when it is not marked.
	MarkSeq uint64
	Draft   string

	// Of a group.
	Title, Avatar string
	// Gone says that the user is not in it any more.
	Gone bool
}

// ScanViews reads rows to their end and closes them. into names the fields of a
// view in the order of the columns: lists are long, and finding the fields by
// the columns' names costs more than the database.
func ScanViews(rows *sql.Rows, into func(v *View) []any) (list []*View, err error) {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		v := &View{}
		if err := rows.Scan(into(v)...); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// name is the conversation's name, as clients know it, for its user.
func (v *View) name(user uint64) string { return wire.Place{Type: v.Type, Target: v.TargetID}.ID(user) }

// Floor is the last message that is not shown.
func (v *View) Floor() uint64 { return max(v.JoinSeq, v.ClearSeq) }

// Reads reports whether the message seq is shown to the user.
func (v *View) Reads(seq uint64) bool { return !v.Gone && seq > v.Floor() && seq <= v.MaxSeq }

// Unread is how many messages the user has not read. It is a difference, never
// a counter, so it cannot drift. One that is only marked counts as one.
func (v *View) Unread() uint64 {
	if read := max(v.ReadSeq, v.Floor()); v.MaxSeq > read {
		return v.MaxSeq - read
	}
	if v.MarkSeq > v.MaxSeq {
		return 1
	}
	return 0
}

// AtMe reports whether a message the user has not read calls the user.
func (v *View) AtMe() bool { return v.AtSeq > max(v.ReadSeq, v.Floor()) }

// Hidden reports whether the user has hidden it, and nothing came since.
func (v *View) Hidden() bool { return v.HiddenSeq > v.MaxSeq }

// shown reports whether the conversation is in its user's list: a group
// always, any other when something was said, unless it is hidden.
func (v *View) shown() bool {
	return !v.Gone && !v.Hidden() && (v.Type == wire.Group || v.MaxSeq > 0)
}

// before gives the order of lists: top first, then by the last message, newest
// first. It is the same over the lists of all halves.
func (v *View) before(w *View) int {
	if v.IsTop != w.IsTop {
		if v.IsTop {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(w.LastAt, v.LastAt), cmp.Compare(v.Type, w.Type), cmp.Compare(w.ID, v.ID))
}

// Cursor says where in a list v stands.
func (v *View) Cursor() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%t.%d.%d.%d", v.IsTop, v.LastAt, v.Type, v.ID))
}

// ParseCursor returns the place a cursor names; the empty one is the start.
func ParseCursor(s string) (*View, error) {
	if s == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(raw) > 64 {
		return nil, errs.BadArgument("cursor")
	}
	var v View
	if _, err := fmt.Sscanf(string(raw), "%t.%d.%d.%d", &v.IsTop, &v.LastAt, &v.Type, &v.ID); err != nil {
		return nil, errs.BadArgument("cursor")
	}
	return &v, nil
}

// filter says which conversations a list is of.
type filter struct {
	// typ is their type; 0 is all.
	typ int32
	// unread is only those with something unread.
	unread bool
}

func (f filter) takes(v *View) bool {
	return (f.typ == 0 || f.typ == v.Type) && (!f.unread || v.Unread() > 0)
}

// page returns the shown conversations behind from, up to limit, and whether
// more follow; list is put in order.
func page(list []*View, from *View, only filter, limit int) (page []*View, more bool) {
	slices.SortFunc(list, (*View).before)
	for _, v := range list {
		if !v.shown() || !only.takes(v) || (from != nil && v.before(from) <= 0) {
			continue
		}
		if len(page) == limit {
			return page, true
		}
		page = append(page, v)
	}
	return page, false
}

// totals is what the user has not read in list: without muted conversations,
// and with them.
func totals(list []*View) (heard, all uint64) {
	for _, v := range list {
		if !v.shown() {
			continue // nobody could read it away
		}
		n := v.Unread()
		if all += n; !v.IsMuted {
			heard += n
		}
	}
	return heard, all
}

// wire is v as it travels.
func (v *View) wire(last *wire.Message) *wire.Conversation {
	return &wire.Conversation{
		Type: v.Type, TargetId: v.TargetID, Last: last, MaxSeq: v.MaxSeq, Ver: v.Ver,
		ReadSeq: v.ReadSeq, PeerReadSeq: v.PeerReadSeq, Unread: v.Unread(), ClearSeq: v.Floor(), AtMe: v.AtMe(),
		IsTop: v.IsTop, IsMuted: v.IsMuted, IsHidden: v.Hidden(), Draft: v.Draft, UpdatedAt: v.LastAt,
		Title: v.Title, Avatar: v.Avatar, Gone: v.Gone, Cursor: v.Cursor(),
	}
}
