package talk

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// administers answers errs.Forbidden unless me is an administrator, now: the
// token only knows the role of the login.
func (t *Talk) administers(ctx context.Context, me token.Identity) error {
	if me.UserID == 0 || me.Role != token.RoleAdmin {
		return errs.Forbidden
	}
	r, err := t.users.Info(ctx, &user_rpc.UserIdRequest{UserId: me.UserID})
	if err != nil {
		return err
	}
	if r.Role != token.RoleAdmin {
		return errs.Forbidden
	}
	return nil
}

// AdminHistory returns a page of what two users said.
func (t *Talk) AdminHistory(ctx context.Context, me token.Identity, in *types.AdminHistoryRequest) (*types.HistoryResponse, error) {
	if err := t.administers(ctx, me); err != nil {
		return nil, err
	}
	r, err := t.chats.AdminHistory(ctx, &chat_rpc.AdminHistoryRequest{
		OperatorId: me.UserID, UserId: in.SendUserID, PeerId: in.RevUserID, BeforeSeq: in.BeforeSeq, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	list, err := t.show(ctx, me, r.List)
	resp := &types.HistoryResponse{List: list, HasMore: r.HasMore, MaxSeq: r.MaxSeq}
	if r.MaxSeq > 0 {
		resp.MinSeq = 1
	}
	return resp, err
}

// AdminSessions returns a page of a user's private conversations.
func (t *Talk) AdminSessions(ctx context.Context, me token.Identity, in *types.AdminSessionRequest) (*types.SessionResponse, error) {
	if err := t.administers(ctx, me); err != nil {
		return nil, err
	}
	r, err := t.chats.AdminSessions(ctx, &chat_rpc.AdminSessionsRequest{
		OperatorId: me.UserID, UserId: in.UserID, Cursor: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	// As the user sees them, in the administrator's language.
	list, err := t.list(ctx, token.Identity{UserID: in.UserID, Lang: me.Lang}, r.List)
	resp := &types.SessionResponse{List: list, HasMore: r.HasMore}
	if r.HasMore && len(r.List) > 0 {
		resp.Next = r.List[len(r.List)-1].Cursor
	}
	return resp, err
}

// AdminDelete deletes private messages for everybody.
func (t *Talk) AdminDelete(ctx context.Context, me token.Identity, in *types.AdminDeleteRequest) (*types.DeleteResponse, error) {
	if err := t.administers(ctx, me); err != nil {
		return nil, err
	}
	if len(in.IDList) == 0 || len(in.IDList) > maxBatch {
		return nil, errs.BadArgument("idList")
	}
	r, err := t.chats.AdminDelete(ctx, &chat_rpc.AdminDeleteRequest{OperatorId: me.UserID, Ids: in.IDList})
	return &types.DeleteResponse{Deleted: r.GetDeleted()}, err
}
