package logic

import (
	"context"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/event"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_group/group_rpc/internal/model"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
)

// What follows is the data of events as clients get it.
type (
	joinedEvent struct {
		Group    groupItem `json:"group"`
		Operator uint64    `json:"operator"`
		Ver      uint64    `json:"ver"`
	}
	groupItem struct {
		GroupID            uint64 `json:"groupId"`
		Title              string `json:"title"`
		Abstract           string `json:"abstract"`
		Avatar             string `json:"avatar"`
		MemberCount        int32  `json:"memberCount"`
		Size               int32  `json:"size"`
		IsSearch           bool   `json:"isSearch"`
		Verification       int32  `json:"verification"`
		IsInvite           bool   `json:"isInvite"`
		IsTemporarySession bool   `json:"isTemporarySession"`
		IsProhibition      bool   `json:"isProhibition"`
		Ver                uint64 `json:"ver"`
		CreatedAt          int64  `json:"createdAt"`
	}
)

// tellJoined rings at the devices of users, whom operator has brought into g.
// It is committed already, so a bus that is away only makes them learn later.
func tellJoined(ctx context.Context, s *svc.ServiceContext, g *model.GroupModel, operator uint64, users []uint64) {
	e, err := joined(g, operator, users)
	if err == nil {
		err = s.Bus.Publish(ctx, e)
	}
	if err != nil {
		logx.WithContext(ctx).Errorf("group %d was joined, but not told: %v", g.ID, err)
	}
}

func joined(g *model.GroupModel, operator uint64, users []uint64) (*wire.Event, error) {
	return event.New(event.GroupJoined, joinedEvent{Operator: operator, Ver: g.Ver, Group: groupItem{
		GroupID: g.ID, Title: g.Title, Abstract: g.Abstract, Avatar: g.Avatar,
		MemberCount: g.MemberCount, Size: g.Size, IsSearch: g.IsSearch, Verification: g.Verification,
		IsInvite: g.IsInvite, IsTemporarySession: g.IsTemporarySession, IsProhibition: g.IsProhibition,
		Ver: g.Ver, CreatedAt: g.CreatedAt,
	}}, users...)
}
