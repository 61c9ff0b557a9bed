package logic

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"tudoIM/common/errs"
	base "tudoIM/common/model"
	"tudoIM/tudoIM_group/group_rpc/internal/model"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
	"tudoIM/utils/text"
)

// MembersLogic serves one request.
type MembersLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewMembersLogic(ctx context.Context, svcCtx *svc.ServiceContext) *MembersLogic {
	return &MembersLogic{ctx: ctx, svcCtx: svcCtx}
}

// Members returns who is in a group that user_id is in.
func (l *MembersLogic) Members(in *group_rpc.MembersRequest) (*group_rpc.MembersResponse, error) {
	g, err := l.svcCtx.Groups.In(l.ctx, in.GroupId, in.UserId)
	if err != nil {
		return nil, err
	}
	list, count, err := l.page(in)
	if err != nil {
		return nil, err
	}
	resp := &group_rpc.MembersResponse{Count: count, Ver: g.Ver}
	now := l.svcCtx.DB.Clock.Milli(l.ctx)
	for _, m := range list {
		resp.List = append(resp.List, member(m, now))
	}
	return resp, nil
}

func (l *MembersLogic) page(in *group_rpc.MembersRequest) ([]*model.GroupMemberModel, int64, error) {
	key := strings.TrimSpace(in.Key)
	switch {
	case !text.Line(key, maxKey):
		return nil, 0, errs.BadArgument("key")
	case in.SinceVer != 0:
		return l.svcCtx.Groups.MembersSince(l.ctx, in.GroupId, in.SinceVer, in.Page, in.Limit)
	case key == "":
		return l.svcCtx.Groups.Members(l.ctx, in.GroupId, in.Sort, in.Page, in.Limit)
	}
	all, err := l.svcCtx.Groups.AllMembers(l.ctx, in.GroupId, in.Sort)
	if err != nil {
		return nil, 0, err
	}
	found, err := l.called(all, key)
	if err != nil {
		return nil, 0, err
	}
	offset, size := base.Page(in.Page, in.Limit)
	count := int64(len(found))
	found = found[min(offset, len(found)):]
	return found[:min(size, len(found))], count, nil
}

// called returns those of list who are called by key, here or everywhere, or
// have it for a number. What users are called is user_rpc's, and a group is
// bounded, so it is asked for all.
func (l *MembersLogic) called(list []*model.GroupMemberModel, key string) ([]*model.GroupMemberModel, error) {
	ids := make([]uint64, len(list))
	for n, m := range list {
		ids[n] = m.UserID
	}
	var mu sync.Mutex
	names := make(map[uint64]string, len(ids))
	work, ctx := errgroup.WithContext(l.ctx)
	for some := range slices.Chunk(ids, perProfiles) {
		work.Go(func() error {
			r, err := l.svcCtx.Users.Profiles(ctx, &user_rpc.ProfilesRequest{UserIds: some})
			mu.Lock()
			defer mu.Unlock()
			for _, p := range r.GetList() {
				names[p.UserId] = p.Nickname
			}
			return err
		})
	}
	if err := work.Wait(); err != nil {
		return nil, err
	}
	key = text.Fold(key)
	return slices.DeleteFunc(list, func(m *model.GroupMemberModel) bool {
		return !strings.Contains(text.Fold(m.MemberNickname), key) && !strings.Contains(text.Fold(names[m.UserID]), key) &&
			strconv.FormatUint(m.UserID, 10) != key
	}), nil
}

const (
	// maxKey bounds what is searched for, in characters.
	maxKey = 64
	// perProfiles is the most profiles user_rpc answers at once.
	perProfiles = 200
)
