package conversation

import (
	"context"

	"tudoIM/common/ctype"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
)

// origin is m for a message that replies to it or quotes it.
func origin(m *wire.Message) *ctype.Origin {
	o := &ctype.Origin{
		MsgID: m.Id, UserID: m.SendUserId, MsgType: m.MsgType, Detail: m.MsgPreview, CreatedAt: m.CreatedAt, Status: m.Status,
	}
	if body, err := ctype.Decode(m.Msg); err == nil {
		o.Text = body.Text()
	}
	return o
}

// resolve brings list up to what is now: what senders are called, and the
// originals of replies and quotes, so that one that was taken back shows as that.
func (s *Server) resolve(ctx context.Context, list []*wire.Message) error {
	if err := s.Home.Dress(ctx, list); err != nil {
		return err
	}
	replies := map[*wire.Message]*ctype.Body{}
	var ids []uint64
	for _, m := range list {
		if m.MsgType != ctype.TypeReply && m.MsgType != ctype.TypeQuote || m.Status != msglog.StatusNormal {
			continue
		}
		body, err := ctype.Decode(m.Msg)
		if err != nil {
			return err
		}
		replies[m] = body
		ids = append(ids, body.Refs().Origin)
	}
	found, err := s.Log.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	origins := make(map[uint64]*ctype.Origin, len(found))
	for _, f := range found {
		origins[f.Message.Id] = origin(f.Message)
	}
	for m, body := range replies {
		body.Resolve(origins[body.Refs().Origin])
		if m.Msg, err = body.Encode(); err != nil {
			return err
		}
	}
	return nil
}
