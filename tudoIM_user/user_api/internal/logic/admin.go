package logic

import (
	"context"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// accounts are list as administrators see them. What other halves count is
// left out while they are away: the list is worth more than its numbers.
func accounts(ctx context.Context, s *svc.ServiceContext, list ...*user_rpc.Account) []types.Account {
	shown := make([]types.Account, len(list))
	ids := make([]uint64, len(list))
	for i, a := range list {
		p := a.Profile
		ids[i] = p.UserId
		shown[i] = types.Account{
			UserID: p.UserId, UserName: p.UserName, Nickname: p.Nickname, Abstract: p.Abstract, Avatar: p.Avatar,
			Role: a.Role, Status: a.Status, RegisterSource: a.RegisterSource, CreatedAt: a.CreatedAt, DeletedAt: a.DeletedAt,
			CurtailChat: a.CurtailChat, CurtailAddUser: a.CurtailAddUser, CurtailCreateGroup: a.CurtailCreateGroup,
			CurtailInGroupChat: a.CurtailInGroupChat, CurtailUntil: a.CurtailUntil,
			IsOnline: a.IsOnline, FriendCount: a.FriendCount,
		}
	}
	if len(list) == 0 {
		return shown
	}
	if r, err := s.Groups.Counts(ctx, &group_rpc.CountsRequest{UserIds: ids}); err != nil {
		logx.WithContext(ctx).Errorf("accounts are shown without their groups: %v", err)
	} else {
		for i, c := range r.List {
			shown[i].GroupCount, shown[i].GroupOwnerCount, shown[i].GroupAdminCount = &c.Joined, &c.Owned, &c.Administered
		}
	}
	if r, err := s.Chat.Counts(ctx, &chat_rpc.CountsRequest{UserIds: ids}); err != nil {
		logx.WithContext(ctx).Errorf("accounts are shown without their messages: %v", err)
	} else {
		for i, c := range r.List {
			shown[i].SessionCount, shown[i].SendMsgCount = &c.Conversations, &c.Sent
		}
	}
	return shown
}
