package conversation

import (
	"context"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/zeromicro/go-zero/core/logx"
	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
)

const (
	// maxClientMsgID is the longest clientMsgId in bytes.
	maxClientMsgID = 64
	// MaxAt is how many members one message may call by name.
	MaxAt = 20
	// MaxBundle is the largest bundle of a merged forward, in bytes.
	MaxBundle = 512 << 10
	// lookups is how many messages of a call are resolved at once, lookupWait
	// how long each may take: a half that is away must not hold up those who do
	// not need it.
	lookups    = 8
	lookupWait = 700 * time.Millisecond
)

// Send implements wire.MessagesServer.
func (s *Server) Send(ctx context.Context, in *wire.SendRequest) (*wire.SendResponse, error) {
	if len(in.List) > msglog.MaxAppend {
		return nil, errs.BadArgument("list")
	}
	drafts := make([]*draft, len(in.List))
	limits := s.Limits(ctx)
	for n, i := range in.List {
		drafts[n] = newDraft(i, limits)
	}
	if err := s.place(ctx, drafts); err != nil {
		return nil, err
	}
	s.refer(ctx, drafts)
	if err := s.append(ctx, drafts); err != nil {
		return nil, err
	}
	return &wire.SendResponse{List: results(drafts)}, nil
}

// draft is an item on its way into the log; its Err is why it does not get
// there.
type draft struct {
	msglog.Item
	in   *wire.SendItem
	body *ctype.Body
}

// newDraft judges what somebody wants to send, whose conversation is still to
// be found.
func newDraft(i *wire.SendItem, l Limits) *draft {
	d := &draft{in: i, Item: msglog.Item{
		Sender: i.UserId, Target: i.TargetId, ClientMsgID: i.ClientMsgId, Checked: time.Now(),
		AtUsers: called(i.AtUserIds), AtAll: i.AtAll, Bundle: i.Bundle,
	}}
	switch {
	case !d.named():
		d.Err = errs.BadArgument("clientMsgId")
	case len(i.AtUserIds) > MaxAt:
		d.Err = errs.BadArgument("atUserIds")
	case len(i.Bundle) > MaxBundle:
		d.Err = errs.BadLength
	case i.Made:
		d.body, d.Err = ctype.Decode(i.Msg)
	default:
		d.body, d.Err = ctype.Parse(i.Msg, ctype.Limits{Text: l.Text})
	}
	if d.Err == nil {
		if d.body.Type == ctype.TypeAt && len(d.AtUsers) == 0 {
			d.AtUsers = called(d.body.Called())
		}
		d.Err = d.fill()
	}
	return d
}

// called is ids as a set of numbers that a user can have, in their order.
func called(ids []uint64) []uint64 {
	var set []uint64
	for _, id := range ids {
		if id > 0 && id <= msglog.MaxID && !slices.Contains(set, id) {
			set = append(set, id)
		}
	}
	return set
}

// named reports whether d has a clientMsgId, by which a repeat is known.
func (d *draft) named() bool {
	return d.ClientMsgID != "" && len(d.ClientMsgID) <= maxClientMsgID && utf8.ValidString(d.ClientMsgID)
}

// fill puts the body into the item, as it is stored.
func (d *draft) fill() (err error) {
	d.MsgType, d.Preview = d.body.Type, d.body.Detail()
	if d.Files, err = carried(d.body, d.Bundle); err != nil {
		return err
	}
	d.Body, err = d.body.Encode()
	return err
}

// place finds the conversations of drafts.
func (s *Server) place(ctx context.Context, drafts []*draft) error {
	keys := make([]Key, 0, len(drafts))
	for _, d := range drafts {
		keys = append(keys, Key{d.Sender, d.Target})
	}
	ids, err := s.Home.IDs(ctx, keys)
	if err != nil {
		return err
	}
	var unknown []*draft
	for _, d := range drafts {
		if d.Conversation = ids[Key{d.Sender, d.Target}]; d.Conversation == 0 && d.Err == nil {
			d.Err = s.Home.Stranger()
			unknown = append(unknown, d)
		}
	}
	s.admit(ctx, unknown)
	return nil
}

// admit asks about those of drafts that are refused as strangers', and lets in
// who may send all the same. Where there is a row the log has refused them
// first, so friends wait for nothing.
func (s *Server) admit(ctx context.Context, drafts []*draft) (admitted []*draft) {
	var keys []Key
	strangers := slices.DeleteFunc(slices.Clone(drafts), func(d *draft) bool {
		return d.Admitted || !errors.Is(d.Err, s.Home.Stranger())
	})
	for _, d := range strangers {
		keys = append(keys, Key{d.Sender, d.Target})
	}
	if len(keys) == 0 {
		return nil
	}
	ids, err := s.Home.Admit(ctx, keys)
	if err != nil {
		logx.WithContext(ctx).Errorf("whether %d strangers may send: %v", len(keys), err)
	}
	for n, d := range strangers {
		switch id := ids[keys[n]]; {
		case err != nil:
			d.Err = errs.Unavailable
		case id != 0:
			d.Admitted, d.Conversation, d.Err = true, id, nil
			admitted = append(admitted, d)
		}
	}
	return admitted
}

// refer checks and fills in what drafts refer to: files, people, groups, and
// the messages they reply to. Few do.
func (s *Server) refer(ctx context.Context, drafts []*draft) {
	var work errgroup.Group
	work.SetLimit(lookups)
	for _, d := range drafts {
		if d.Err != nil || d.in.Made {
			continue
		}
		refs := d.body.Refs()
		if refs.Origin == 0 && len(refs.Files)+len(refs.Users)+len(refs.Groups) == 0 {
			continue
		}
		work.Go(func() error {
			ctx, cancel := context.WithTimeout(ctx, lookupWait)
			defer cancel()
			d.Refers = refs.Origin != 0
			d.Err = errs.FromGRPC(s.attach(ctx, d, refs))
			var refusal *errs.Error
			if d.Err != nil && !errors.As(d.Err, &refusal) {
				logx.WithContext(ctx).Errorf("what a message of %d refers to: %v", d.Sender, d.Err)
				d.Err = errs.Unavailable
			}
			return nil
		})
	}
	_ = work.Wait() // each draft has its own end
}

func (s *Server) attach(ctx context.Context, d *draft, refs ctype.Refs) error {
	if len(refs.Files) > 0 {
		files, err := s.Refs.Files(ctx, d.Sender, refs.Files)
		if err != nil {
			return err
		}
		if err := d.body.Attach(files); err != nil {
			return err
		}
	}
	if len(refs.Users)+len(refs.Groups) > 0 {
		if err := s.Refs.Cards(ctx, d.Sender, refs.Users, refs.Groups); err != nil {
			return err
		}
	}
	if refs.Origin != 0 {
		m, err := s.message(ctx, d.Sender, refs.Origin)
		switch {
		case errors.Is(err, errs.NoMessage):
			return errs.ReplyGone
		case err != nil:
			return err
		case m.Conversation != d.Conversation || m.Message.Status != msglog.StatusNormal:
			return errs.ReplyGone
		}
		d.body.Resolve(origin(m.Message))
	}
	return d.fill()
}

// append stores the drafts that may be. What is refused so far may still be
// the repeat of a message that was stored: it gets its first answer for ever.
func (s *Server) append(ctx context.Context, drafts []*draft) error {
	var refused []*msglog.Item
	var ready []*draft
	for _, d := range drafts {
		switch {
		case d.Err == nil:
			ready = append(ready, d)
		case d.Conversation != 0 && d.named():
			refused = append(refused, &d.Item)
		}
	}
	if err := s.Log.Repeats(ctx, refused); err != nil {
		return err
	}
	if ended, err := s.store(ctx, drafts, ready); err != nil || !ended {
		return err
	}
	_, err := s.store(ctx, drafts, s.admit(ctx, ready))
	return err
}

// store appends ready, which are some of drafts, and reports whether they have
// their ends.
func (s *Server) store(ctx context.Context, drafts, ready []*draft) (ended bool, err error) {
	items := make([]*msglog.Item, len(ready))
	for n, d := range ready {
		items[n] = &d.Item
	}
	err = s.Log.Append(ctx, items)
	var refusal *errs.Error
	if !errors.As(err, &refusal) {
		return err == nil, err
	}
	// It is not known which of them are stored, and the log may still be at
	// work on them: from here on they are its own.
	for n, d := range drafts {
		if slices.Contains(ready, d) {
			drafts[n] = &draft{Item: msglog.Item{Err: refusal}}
		}
	}
	return false, nil
}

// results is the answer to each of drafts, in their order.
func results(drafts []*draft) []*wire.SendResult {
	list := make([]*wire.SendResult, len(drafts))
	for n, d := range drafts {
		list[n] = result(&d.Item)
	}
	return list
}

// result is the answer to one item. A repeat gets the first answer without its
// body, which the caller has not sent: many short ones could ask for more than
// an answer can hold.
func result(i *msglog.Item) *wire.SendResult {
	if i.Err != nil {
		return refusal(i.Err)
	}
	if i.Dup {
		m := proto.CloneOf(i.Message)
		m.Msg = nil
		return &wire.SendResult{Message: m, Dup: true}
	}
	return &wire.SendResult{Message: i.Message}
}

// refusal is the answer to one item; an internal error was logged where it
// happened.
func refusal(err error) *wire.SendResult {
	e := errs.From(err)
	return &wire.SendResult{Code: int32(e.Code), Data: e.Data} // #nosec G115 -- codes have five digits
}
