package model

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/utils/text"
)

// maxKey bounds what is searched for, in characters.
const maxKey = 64

// paged returns a page of what find finds, in order, and how many there are.
func paged[M any](find *gorm.DB, order string, page, limit int32) (list []*M, count int64, err error) {
	if err := find.Session(&gorm.Session{}).Select("*").Count(&count).Error; err != nil {
		return nil, 0, fmt.Errorf("count: %w", err)
	}
	offset, size := model.Page(page, limit)
	if err := find.Session(&gorm.Session{}).Order(order).Offset(offset).Limit(size).Find(&list).Error; err != nil {
		return nil, 0, fmt.Errorf("page: %w", err)
	}
	return list, count, nil
}

// Which of the own groups.
const (
	MineAll    int32 = 0
	MineOwned  int32 = 1
	MineJoined int32 = 2
	MineSaved  int32 = 3
)

// Mine returns a page of the groups of user, the newest first.
func (q Groups) Mine(ctx context.Context, user uint64, mode, page, limit int32) ([]*GroupModel, int64, error) {
	if user > maxID {
		return nil, 0, nil
	}
	find := q.DB.WithContext(ctx).Table("group_models g").Select("g.*").
		Joins("JOIN group_member_models m ON m.group_id = g.id AND m.deleted_at = 0").Where("m.user_id = ? AND g.deleted_at = 0", user)
	switch mode {
	case MineAll:
	case MineOwned:
		find = find.Where("m.role = ?", RoleOwner)
	case MineJoined:
		find = find.Where("m.role <> ?", RoleOwner)
	case MineSaved:
		find = find.Where("m.saved = ?", true)
	default:
		return nil, 0, errs.BadArgument("mode")
	}
	return paged[GroupModel](find, "g.id DESC", page, limit)
}

// Find is what groups are looked for by.
type Find struct {
	// Key is a part of the title, or the number of the group.
	Key string
	// Status is StatusNormal or StatusSuspended; nil is both.
	Status *int32
	// Hidden finds those too that do not let themselves be found.
	Hidden      bool
	Page, Limit int32
}

// Search returns a page of the groups that f finds, and how many there are.
func (q Groups) Search(ctx context.Context, f Find) ([]*GroupModel, int64, error) {
	key := strings.TrimSpace(f.Key)
	if !text.Line(key, maxKey) || key == "" && !f.Hidden {
		return nil, 0, errs.BadArgument("key")
	}
	find := q.DB.WithContext(ctx).Model(&GroupModel{}).Where("deleted_at = 0")
	if key != "" {
		find = find.Where("title LIKE ? ESCAPE '!' OR id = ?", text.Like(key), number(key))
	}
	if f.Status != nil {
		if *f.Status != StatusNormal && *f.Status != StatusSuspended {
			return nil, 0, errs.BadArgument("status")
		}
		find = find.Where("status = ?", *f.Status)
	}
	if !f.Hidden {
		find = find.Where("is_search = ? AND status = ?", true, StatusNormal)
	}
	return paged[GroupModel](find, "id DESC", f.Page, f.Limit)
}

// Shows reports whether a group that is not dissolved has avatar.
func (q Groups) Shows(ctx context.Context, avatar string) (bool, error) {
	if avatar == "" {
		return false, nil
	}
	// MySQL takes addresses that differ in case only for the same.
	var alike []string
	err := q.DB.WithContext(ctx).Model(&GroupModel{}).Where("avatar = ? AND deleted_at = 0", avatar).Distinct().Pluck("avatar", &alike).Error
	if err != nil {
		return false, fmt.Errorf("groups by avatar: %w", err)
	}
	return slices.Contains(alike, avatar), nil
}

// number is the id that key spells, 0 for none.
func number(key string) uint64 {
	id, err := strconv.ParseUint(key, 10, 64)
	if err != nil || id > maxID {
		return 0
	}
	return id
}

// Rows returns the memberships of user in groups, by group.
func (q Groups) Rows(ctx context.Context, user uint64, groups ...*GroupModel) (map[uint64]*GroupMemberModel, error) {
	byGroup := make(map[uint64]*GroupMemberModel, len(groups))
	if len(groups) == 0 || user > maxID {
		return byGroup, nil
	}
	ids := make([]uint64, len(groups))
	for n, g := range groups {
		ids[n] = g.ID
	}
	var list []*GroupMemberModel
	if err := q.DB.WithContext(ctx).Find(&list, "user_id = ? AND deleted_at = 0 AND group_id IN ?", user, ids).Error; err != nil {
		return nil, fmt.Errorf("groups of %d: %w", user, err)
	}
	for _, m := range list {
		byGroup[m.GroupID] = m
	}
	return byGroup, nil
}

// orders are how members are listed. In each the user's number decides in the end.
var orders = map[string]string{
	"": "role, created_at, user_id", "role": "role, created_at, user_id",
	"joined": "created_at, user_id", "lastMsg": "last_msg_at DESC, user_id",
}

// In returns the group id to user, who must be in it.
func (q Groups) In(ctx context.Context, id, user uint64) (*GroupModel, error) {
	g, m, err := q.Get(ctx, id, user)
	if err != nil {
		return nil, err
	}
	return g, g.Entry(m)
}

// Members returns a page of those in the group id, in an order that sort
// names, and how many there are.
func (q Groups) Members(ctx context.Context, id uint64, sort string, page, limit int32) ([]*GroupMemberModel, int64, error) {
	order, ok := orders[sort]
	if !ok {
		return nil, 0, errs.BadArgument("sort")
	}
	return paged[GroupMemberModel](q.DB.WithContext(ctx).Model(&GroupMemberModel{}).Where("group_id = ? AND deleted_at = 0", id), order, page, limit)
}

// AllMembers returns everybody in the group id, in an order that sort names.
func (q Groups) AllMembers(ctx context.Context, id uint64, sort string) (list []*GroupMemberModel, err error) {
	order, ok := orders[sort]
	if !ok {
		return nil, errs.BadArgument("sort")
	}
	if err := q.DB.WithContext(ctx).Order(order).Find(&list, "group_id = ? AND deleted_at = 0", id).Error; err != nil {
		return nil, fmt.Errorf("members of group %d: %w", id, err)
	}
	return list, nil
}

// MembersSince returns a page of the rows that changed behind ver, of those who
// left too, in the order they did, and how many there are.
func (q Groups) MembersSince(ctx context.Context, id, ver uint64, page, limit int32) ([]*GroupMemberModel, int64, error) {
	find := q.DB.WithContext(ctx).Model(&GroupMemberModel{}).Where("group_id = ? AND ver > ?", id, min(ver, maxID))
	return paged[GroupMemberModel](find, "ver, user_id", page, limit)
}

// Ids returns who is in the group id.
func (q Groups) Ids(ctx context.Context, id uint64) (users []uint64, err error) {
	err = q.DB.WithContext(ctx).Model(&GroupMemberModel{}).Where("group_id = ? AND deleted_at = 0", id).Pluck("user_id", &users).Error
	if err != nil {
		return nil, fmt.Errorf("members of group %d: %w", id, err)
	}
	return users, nil
}

// Leaders returns the owner and the admins of the group id.
func (q Groups) Leaders(ctx context.Context, id uint64) (users []uint64, err error) {
	err = q.DB.WithContext(ctx).Model(&GroupMemberModel{}).Where("group_id = ? AND deleted_at = 0 AND role IN ?", id, []int32{RoleOwner, RoleAdmin}).
		Pluck("user_id", &users).Error
	if err != nil {
		return nil, fmt.Errorf("leaders of group %d: %w", id, err)
	}
	return users, nil
}

// Among returns those of users who are in the group id.
func (q Groups) Among(ctx context.Context, id uint64, users []uint64) (in []uint64, err error) {
	if len(users) == 0 {
		return nil, nil
	}
	err = q.DB.WithContext(ctx).Model(&GroupMemberModel{}).Where("group_id = ? AND deleted_at = 0 AND user_id IN ?", id, users).Pluck("user_id", &in).Error
	if err != nil {
		return nil, fmt.Errorf("members of group %d: %w", id, err)
	}
	return in, nil
}

// Lookup is what requests are looked for by.
type Lookup struct {
	User uint64
	// Group is one group; 0 is all.
	Group uint64
	// Flag is send for the own, rev for those of groups User leads, empty for both.
	Flag string
	// Status is as User sees it; nil is every one but deleted.
	Status *int32
	// Type is RequestJoin or RequestLeave; 0 is both.
	Type        int32
	Page, Limit int32
}

// led are the groups that a user leads.
const led = "SELECT l.group_id FROM group_member_models l JOIN group_models g ON g.id = l.group_id AND g.deleted_at = 0" +
	" WHERE l.user_id = ? AND l.deleted_at = 0 AND l.role IN (1, 2)"

// Requests returns a page of requests and records, the newest first, and how
// many there are.
func (q Groups) Requests(ctx context.Context, k Lookup) ([]*GroupVerifyModel, int64, error) {
	switch {
	case k.Status != nil && (*k.Status < model.RequestPending || *k.Status > model.RequestDeleted):
		return nil, 0, errs.BadArgument("status")
	case k.Type < 0 || k.Type > RequestLeave:
		return nil, 0, errs.BadArgument("type")
	case k.User > maxID || k.Group > maxID:
		return nil, 0, errs.LowRank
	}
	if k.Flag == "rev" && k.Group != 0 {
		if _, err := q.Leader(ctx, k.Group, k.User, Admit); err != nil {
			return nil, 0, err
		}
	}
	find := q.DB.WithContext(ctx).Model(&GroupVerifyModel{})
	is, status := "<>", model.RequestDeleted
	if k.Status != nil {
		is, status = "=", *k.Status
	}
	// Who was proposed is not told of it before it is decided for.
	send := "user_id = ? AND send_status " + is + " ? AND (inviter_id = 0 OR rev_status = 1)"
	rev := "rev_status " + is + " ? AND user_id <> ? AND group_id IN (" + led + ")"
	switch k.Flag {
	case "send":
		find = find.Where(send, k.User, status)
	case "rev":
		find = find.Where(rev, status, k.User, k.User)
	case "":
		find = find.Where("("+send+") OR ("+rev+")", k.User, status, status, k.User, k.User)
	default:
		return nil, 0, errs.BadArgument("flag")
	}
	if k.Group != 0 {
		find = find.Where("group_id = ?", k.Group)
	}
	if k.Type != 0 {
		find = find.Where("type = ?", k.Type)
	}
	return paged[GroupVerifyModel](find, "id DESC", k.Page, k.Limit)
}

// Pending returns how many requests wait for user's decision.
func (q Groups) Pending(ctx context.Context, user uint64) (n int64, err error) {
	if user > maxID {
		return 0, nil
	}
	err = q.DB.WithContext(ctx).Model(&GroupVerifyModel{}).
		Where("rev_status = ? AND type = ? AND open_key IS NOT NULL AND group_id IN ("+led+")", model.RequestPending, RequestJoin, user).Count(&n).Error
	if err != nil {
		return 0, fmt.Errorf("requests for %d: %w", user, err)
	}
	return n, nil
}

// ByIDs returns the groups ids, past ones too, by id.
func (q Groups) ByIDs(ctx context.Context, ids ...uint64) (map[uint64]*GroupModel, error) {
	var list []*GroupModel
	if len(ids) > 0 {
		if err := q.DB.WithContext(ctx).Find(&list, "id IN ?", ids).Error; err != nil {
			return nil, fmt.Errorf("groups: %w", err)
		}
	}
	byID := make(map[uint64]*GroupModel, len(list))
	for _, g := range list {
		byID[g.ID] = g
	}
	return byID, nil
}
