package talk

import (
	"context"
	"fmt"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
	"tudoIM/tudoIM_user/user_rpc/admin"
)

// AdminHistory returns a page of what two users said.
func (t *Talk) AdminHistory(ctx context.Context, me token.Identity, in *types.AdminHistoryRequest) (resp *types.HistoryResponse, err error) {
	about := fmt.Sprintf("users %d and %d, before %d", in.SendUserID, in.RevUserID, in.BeforeSeq)
	err = admin.Act(ctx, t.users, "chat.history", in.SendUserID, about, func(uint64) error {
		r, err := t.chats.AdminHistory(ctx, &chat_rpc.AdminHistoryRequest{
			UserId: in.SendUserID, PeerId: in.RevUserID, BeforeSeq: in.BeforeSeq, Limit: in.Limit,
		})
		if err != nil {
			return err
		}
		list, err := t.show(ctx, me, r.List)
		resp = &types.HistoryResponse{List: list, HasMore: r.HasMore, MaxSeq: r.MaxSeq}
		if r.MaxSeq > 0 {
			resp.MinSeq = 1
		}
		return err
	})
	return resp, err
}

// AdminSessions returns a page of a user's private conversations.
func (t *Talk) AdminSessions(ctx context.Context, me token.Identity, in *types.AdminSessionRequest) (resp *types.SessionResponse, err error) {
	err = admin.Act(ctx, t.users, "chat.sessions", in.UserID, "", func(uint64) error {
		r, err := t.chats.AdminSessions(ctx, &chat_rpc.AdminSessionsRequest{UserId: in.UserID, Cursor: in.Cursor, Limit: in.Limit})
		if err != nil {
			return err
		}
		// As the user sees them, in the administrator's language.
		list, err := t.list(ctx, token.Identity{UserID: in.UserID, Lang: me.Lang}, r.List)
		resp = &types.SessionResponse{List: list, HasMore: r.HasMore}
		if r.HasMore && len(r.List) > 0 {
			resp.Next = r.List[len(r.List)-1].Cursor
		}
		return err
	})
	return resp, err
}

// AdminDelete deletes private messages for everybody.
func (t *Talk) AdminDelete(ctx context.Context, in *types.AdminDeleteRequest) (resp *types.DeleteResponse, err error) {
	about := fmt.Sprint("messages ", in.IDList[:min(len(in.IDList), maxBatch)])
	err = admin.Act(ctx, t.users, "chat.delete", 0, about, func(uint64) error {
		if len(in.IDList) == 0 || len(in.IDList) > maxBatch {
			return errs.BadArgument("idList")
		}
		r, err := t.chats.AdminDelete(ctx, &chat_rpc.AdminDeleteRequest{Ids: in.IDList})
		resp = &types.DeleteResponse{Deleted: r.GetDeleted()}
		return err
	})
	return resp, err
}
