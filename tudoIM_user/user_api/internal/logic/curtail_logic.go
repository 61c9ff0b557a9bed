package logic

import (
	"context"
	"fmt"
	"strings"

	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/admin"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// CurtailLogic serves one request.
type CurtailLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCurtailLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CurtailLogic {
	return &CurtailLogic{ctx: ctx, svcCtx: svcCtx}
}

// Say what a user may not do, and until when; only the keys present change
func (l *CurtailLogic) Curtail(req *types.CurtailRequest) error {
	return admin.Act(l.ctx, l.svcCtx.Users, "user.curtail", req.ID, curtailment(req), func(me uint64) error {
		_, err := l.svcCtx.Users.Curtail(l.ctx, &user_rpc.CurtailRequest{
			OperatorId: me, UserId: req.ID, CurtailChat: req.CurtailChat, CurtailAddUser: req.CurtailAddUser,
			CurtailCreateGroup: req.CurtailCreateGroup, CurtailInGroupChat: req.CurtailInGroupChat, Until: req.Until,
		})
		return err
	})
}

// curtailment is what changes, in words for the audit.
func curtailment(req *types.CurtailRequest) string {
	var words []string
	for _, c := range []struct {
		name string
		on   *bool
	}{
		{"chat", req.CurtailChat}, {"addUser", req.CurtailAddUser}, {"createGroup", req.CurtailCreateGroup}, {"inGroupChat", req.CurtailInGroupChat},
	} {
		if c.on != nil {
			words = append(words, fmt.Sprint(c.name, " ", *c.on))
		}
	}
	if req.Until != nil {
		words = append(words, fmt.Sprint("until ", *req.Until))
	}
	return strings.Join(words, ", ")
}
