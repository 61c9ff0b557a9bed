package model

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tudoIM/common/errs"
	"tudoIM/common/model"
)

// Modes of making a group.
const (
	ByTitle   int32 = 1
	ByFriends int32 = 2
)

const (
	// maxTitle bounds a title in characters.
	maxTitle = 64
	// maxTitleBytes bounds what is normalised: a character may be written as a
	// letter and several marks.
	maxTitleBytes = 1024
	// minSize is the least room of a group.
	minSize = 2
)

// Between names in a title made of nicknames, and behind those that did not fit.
const (
	comma    = "、"
	ellipsis = "…"
)

// maxNamed is how many names a title has room for: each needs a character and
// a comma.
const maxNamed = maxTitle / 2

// Draft is a group as its owner wants it.
type Draft struct {
	Owner    uint64
	Mode     int32
	Title    string
	Avatar   string
	IsSearch bool
	// Size is how many members the group may have; nil is as many as a group can.
	Size *int32
	// Members are the others who are in from the start.
	Members []uint64
}

// Check reports what is wrong with d, and brings it in order: Members becomes
// a set without the owner, Size a number, and the Title of mode 1 is trimmed
// and normalised. The one of mode 2 is made by Name.
func (d *Draft) Check(l Limits) error {
	if d.Owner == 0 || d.Owner > maxID {
		return errs.BadArgument("userId")
	}
	d.Members = others(d.Owner, d.Members)
	if d.Size == nil {
		d.Size = &l.Members
	}
	if *d.Size < minSize || *d.Size > l.Members || len(d.Members) >= int(*d.Size) {
		return errs.BadGroupSize
	}
	switch d.Mode {
	case ByTitle:
		return d.rename(d.Title)
	case ByFriends:
		if len(d.Members) == 0 {
			return errs.BadArgument("userIdList")
		}
		return nil
	}
	return errs.BadArgument("mode")
}

// others returns ids in their order, each once and without owner.
func others(owner uint64, ids []uint64) []uint64 {
	seen := map[uint64]bool{owner: true}
	var set []uint64
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			set = append(set, id)
		}
	}
	return set
}

func (d *Draft) rename(raw string) (err error) {
	d.Title, err = titleOf(raw)
	return err
}

// Among answers errs.NotYourFriend, with the first who is not, unless all
// members are among friends.
func (d *Draft) Among(friends []uint64) error {
	known := make(map[uint64]bool, len(friends))
	for _, id := range friends {
		known[id] = true
	}
	for _, id := range d.Members {
		if !known[id] {
			return errs.NotYourFriend.With("userId", id)
		}
	}
	return nil
}

// All returns the owner and the members.
func (d *Draft) All() []uint64 { return append([]uint64{d.Owner}, d.Members...) }

// Named returns those of All whose names there may be room for in a title.
func (d *Draft) Named() []uint64 {
	all := d.All()
	return all[:min(len(all), maxNamed)]
}

// Name makes the title of mode 2 from the nicknames of Named, by user: as
// many as fit, in their order. Users without one are passed over.
func (d *Draft) Name(nicknames map[uint64]string) error {
	var names []string
	for _, id := range d.Named() {
		if name := norm.NFC.String(nicknames[id]); name != "" {
			names = append(names, name)
		}
	}
	title := strings.Join(names, comma)
	if len(d.Members) < maxNamed && fits(title) {
		return d.rename(title)
	}
	for n := len(names); n > 0; n-- {
		if title = strings.Join(names[:n], comma) + ellipsis; fits(title) {
			break
		}
	}
	return d.rename(title)
}

func fits(title string) bool { return utf8.RuneCountInString(title) <= maxTitle }

// group is the row that d asks for, as a group begins: members may invite,
// who wants to join says why, and sees what is said from then on.
func (d *Draft) group() *GroupModel {
	return &GroupModel{
		Title: d.Title, Avatar: d.Avatar, Creator: d.Owner, Size: *d.Size, MemberCount: int32(1 + len(d.Members)), // #nosec G115 -- at most Size
		IsSearch: d.IsSearch, IsInvite: true, Verification: model.VerifyMessage, Ver: 1,
	}
}

// members are the rows of All in g, made when it was.
func (d *Draft) members(g *GroupModel) []*GroupMemberModel {
	rows := []*GroupMemberModel{{GroupID: g.ID, UserID: d.Owner, Role: RoleOwner, ShowNick: true, Ver: g.Ver}}
	for _, id := range d.Members {
		rows = append(rows, &GroupMemberModel{
			GroupID: g.ID, UserID: id, InviterID: d.Owner, Role: RoleMember, ShowNick: true, Ver: g.Ver,
		})
	}
	for _, m := range rows {
		m.CreatedAt, m.UpdatedAt = g.CreatedAt, g.UpdatedAt
	}
	return rows
}
