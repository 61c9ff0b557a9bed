package talk

import (
	"context"
	"errors"
	"fmt"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/admin"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

const (
	// maxNotices is how many users one call notifies; who notifies all goes on
	// from where the call before ended.
	maxNotices = 1000
	// perSend is how many of them go into one call of chat_rpc.
	perSend = 250
)

// Notify sends a notice of the system to users, or to all; only administrators
// may. It may be repeated: nobody gets a clientMsgId twice.
func (t *Talk) Notify(ctx context.Context, in *types.SystemRequest) (resp *types.SystemResponse, err error) {
	about := fmt.Sprintf("clientMsgId %.64q to %d users", in.ClientMsgID, len(in.UserIDs))
	if in.All {
		about = fmt.Sprintf("clientMsgId %.64q to all after user %d", in.ClientMsgID, in.After)
	}
	err = admin.Act(ctx, t.users, "chat.notice", 0, about, func(uint64) error {
		resp, err = t.notifyAll(ctx, in)
		return err
	})
	return resp, err
}

func (t *Talk) notifyAll(ctx context.Context, in *types.SystemRequest) (*types.SystemResponse, error) {
	if in.All == (len(in.UserIDs) > 0) || len(in.UserIDs) > maxNotices {
		return nil, errs.BadArgument("userIds")
	}
	doc, err := notice(in.Msg)
	if err != nil {
		return nil, err
	}
	users, err := t.notified(ctx, in)
	if err != nil {
		return nil, err
	}
	resp := &types.SystemResponse{}
	for len(users) > 0 {
		some := users[:min(len(users), perSend)]
		if err := t.notify(ctx, in.ClientMsgID, doc, some); err != nil {
			return nil, err
		}
		resp.Sent += len(some)
		if in.All {
			resp.Next = some[len(some)-1]
		}
		users = users[len(some):]
	}
	if resp.Sent < maxNotices {
		resp.Next = 0 // that was the last
	}
	return resp, nil
}

// notice is msg as it is stored. Anything a client may send is one, if it
// refers to nothing of its sender's.
func notice(msg map[string]any) ([]byte, error) {
	raw, err := document(msg)
	if err != nil {
		return nil, err
	}
	body, err := ctype.Parse(raw, ctype.Limits{})
	if err != nil {
		return nil, err
	}
	if refs := body.Refs(); refs.Origin != 0 || len(refs.Files)+len(refs.Users)+len(refs.Groups) > 0 {
		return nil, errs.BadMessage.With("field", "type")
	}
	return body.Encode()
}

// notified are the users that in is for, as far as they exist.
func (t *Talk) notified(ctx context.Context, in *types.SystemRequest) ([]uint64, error) {
	if in.All {
		r, err := t.users.All(ctx, &user_rpc.AllRequest{After: in.After, Limit: maxNotices})
		return r.GetUserIds(), err
	}
	known, err := t.people.Get(ctx, in.UserIDs...)
	if err != nil {
		return nil, err
	}
	var users []uint64
	for _, id := range in.UserIDs {
		if known[id].GetUserName() != "" {
			users = append(users, id)
		}
	}
	return users, nil
}

func (t *Talk) notify(ctx context.Context, client string, doc []byte, users []uint64) error {
	req := &wire.SendRequest{}
	for _, id := range users {
		req.List = append(req.List, &wire.SendItem{TargetId: id, ClientMsgId: client, Msg: doc, Made: true})
	}
	r, err := t.private.Send(ctx, req)
	if err != nil {
		return err
	}
	for _, one := range r.List {
		// Who has closed the account meanwhile keeps nobody else waiting.
		if err := refused(one); err != nil && !errors.Is(err, errs.SendNotFriends) {
			return err
		}
	}
	return nil
}
