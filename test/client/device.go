package client

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

const (
	// syncPage is how many messages the device asks for at once, syncPoints how
	// many conversations.
	syncPage   = 100
	syncPoints = 200
	// snapshotNeeded refuses a userVer that is too old.
	snapshotNeeded = 40016
	// noConversation refuses a conversation that is not, or not any more.
	noConversation = 40001
)

// Device is what a client keeps, and how it stays complete: what
// docs/protocol.md tells client authors, made. It hears events in Apply, where
// one out of order makes it sync, and everything else in Sync. It is used by
// one goroutine.
type Device struct {
	*Client
	// Socket is nil while the device is not connected.
	Socket *Socket
	// UserVer is how far the device knows which conversations changed.
	UserVer string
	// Known are the conversations by id.
	Known map[string]*Known
}

// NewDevice returns a device that knows nothing yet.
func NewDevice(c *Client) *Device { return &Device{Client: c, Known: map[string]*Known{}} }

// Known is a conversation as a device knows it.
type Known struct {
	// Seq and Ver are how far the device has it without a gap.
	Seq, Ver uint64
	// Messages are by seq; Deleted are those the user has deleted, which may be
	// heard of before the message itself.
	Messages map[uint64]Message
	Deleted  map[uint64]bool

	ReadSeq, PeerReadSeq, ClearSeq uint64
	// Marked says that the user has marked it as not read; the next message
	// ends that, whoever sends it.
	Marked         bool
	IsTop, IsMuted bool
	Draft          string
	// HiddenTo is the first message that will show it in the list again.
	HiddenTo uint64
}

// Hidden reports whether it is not in the user's list.
func (k *Known) Hidden() bool { return k.HiddenTo > k.Seq }

// Unread is how many messages the user has not read: a difference, so nothing
// that is heard twice or late can make it wrong.
func (k *Known) Unread() uint64 {
	if read := max(k.ReadSeq, k.ClearSeq); k.Seq > read {
		return k.Seq - read
	}
	if k.Marked {
		return 1
	}
	return 0
}

// put takes a message as it is now, unless the user does not see it any more.
func (k *Known) put(m Message) {
	if m.Seq <= k.ClearSeq || k.Deleted[m.Seq] {
		return
	}
	k.Messages[m.Seq] = m
	if m.Status != 0 {
		k.takenBack(m.ID, m.Status)
	}
}

// takenBack forgets what answers tell of the message id.
func (k *Known) takenBack(id uint64, status int32) {
	for _, m := range k.Messages {
		if r := m.Answer(); r != nil && r.MsgID == id {
			r.Status, r.Preview, r.Part = status, "", ""
		}
	}
}

// About returns what m, a message that answers another one, shows of that: as
// it is now, where the device has it.
func (k *Known) About(m Message) (r ReplyMsg, ok bool) {
	if m.Answer() == nil {
		return r, false
	}
	r = *m.Answer()
	for _, o := range k.Messages {
		if o.ID != r.MsgID {
			continue
		}
		r.Status, r.Preview = o.Status, o.MsgPreview
		if !strings.Contains(o.Content(), r.Part) {
			r.Part = ""
		}
	}
	return r, true
}

// clear forgets the messages up to seq.
func (k *Known) clear(seq uint64) {
	k.ClearSeq = max(k.ClearSeq, seq)
	for s := range k.Messages {
		if s <= k.ClearSeq {
			delete(k.Messages, s)
		}
	}
}

// drop forgets messages that the user has deleted.
func (k *Known) drop(seqs []uint64) {
	for _, s := range seqs {
		k.Deleted[s] = true
		delete(k.Messages, s)
	}
}

// settle takes what the user has set on the conversation.
func (k *Known) settle(c Conversation) {
	k.IsTop, k.IsMuted, k.Draft = c.IsTop, c.IsMuted, c.Draft
	k.hide(c.IsHidden, c.MaxSeq)
	k.read(c.ReadSeq, c.PeerReadSeq)
	k.clear(c.ClearSeq)
	k.Marked = c.Unread == 1 && c.MaxSeq <= max(c.ReadSeq, c.ClearSeq)
}

// hide takes it off the list until something is said after seq, or puts it back.
func (k *Known) hide(hidden bool, seq uint64) {
	k.HiddenTo = 0
	if hidden {
		k.HiddenTo = seq + 1
	}
}

// read moves the read positions, which never go back.
func (k *Known) read(mine, peer uint64) {
	k.ReadSeq, k.PeerReadSeq = max(k.ReadSeq, mine), max(k.PeerReadSeq, peer)
}

// Connect opens the socket and then syncs: what is heard meanwhile waits in
// the socket for Apply.
func (d *Device) Connect(ctx context.Context) (err error) {
	if d.Socket, err = d.Dial(ctx); err != nil {
		d.Socket = nil
		return err
	}
	return d.Sync(ctx)
}

// Disconnect closes the socket; what it has heard is lost.
func (d *Device) Disconnect() {
	if d.Socket != nil {
		d.Socket.Close()
		d.Socket = nil
	}
}

// Sync brings the device up to date: first it learns which conversations
// changed, then it fetches, page by page, what it lacks of each.
func (d *Device) Sync(ctx context.Context) error {
	answer, err := d.SyncFrom(ctx, SyncRequest{UserVer: &d.UserVer})
	if Code(err) == snapshotNeeded {
		d.UserVer, d.Known = "", map[string]*Known{}
		answer, err = d.SyncFrom(ctx, SyncRequest{UserVer: &d.UserVer})
	}
	if err != nil {
		return err
	}
	if answer.UserChanges == nil || answer.UserVer == "" || answer.Snapshot != (d.UserVer == "") {
		return fmt.Errorf("sync from %q: ver %q, snapshot %t", d.UserVer, answer.UserVer, answer.Snapshot)
	}
	for _, id := range answer.UserChanges.Gone {
		delete(d.Known, id)
	}
	for _, c := range answer.UserChanges.Conversations {
		d.at(c.ConversationID).settle(c)
	}
	for _, gone := range answer.UserChanges.Deleted {
		d.at(gone.ConversationID).drop(gone.Seqs)
	}
	var behind []string
	for _, c := range answer.UserChanges.Conversations {
		if d.Known[c.ConversationID].Ver < c.Ver {
			behind = append(behind, c.ConversationID)
		}
	}
	if err := d.fetch(ctx, behind); err != nil {
		return err
	}
	d.UserVer = answer.UserVer // not before: what failed is asked for again
	return nil
}

// at returns the conversation id, a new one if the device has none.
func (d *Device) at(id string) *Known {
	k := d.Known[id]
	if k == nil {
		k = &Known{Messages: map[uint64]Message{}, Deleted: map[uint64]bool{}}
		d.Known[id] = k
	}
	return k
}

// fetch gets what the device lacks of conversations.
func (d *Device) fetch(ctx context.Context, ids []string) error {
	for len(ids) > 0 {
		now := ids[:min(len(ids), syncPoints)]
		points := make([]Point, len(now))
		for n, id := range now {
			points[n] = Point{ID: id, Seq: d.Known[id].Seq, Ver: d.Known[id].Ver}
		}
		list, err := d.Client.Sync(ctx, syncPage, points...)
		if err != nil {
			return err
		}
		ids = ids[len(now):]
		for _, s := range list {
			moved := d.at(s.ID).synced(s)
			if s.HasMore && !moved && len(list) == 1 {
				return fmt.Errorf("sync of %s: there is more, and nothing came", s.ID)
			}
			if s.HasMore {
				ids = append(ids, s.ID)
			}
		}
	}
	return nil
}

// synced takes a page and reports whether it leads on.
func (k *Known) synced(s Synced) (moved bool) {
	k.read(s.ReadSeq, s.PeerReadSeq)
	k.clear(s.ClearSeq)
	for _, m := range append(s.Messages, s.Changed...) {
		k.put(m)
	}
	k.Marked = s.Unread == 1 && s.MaxSeq <= max(s.ReadSeq, s.ClearSeq)
	moved = s.NextSeq > k.Seq || s.NextVer > k.Ver
	k.Seq, k.Ver = max(k.Seq, s.NextSeq), max(k.Ver, s.NextVer)
	return moved
}

// Apply takes the events that have come so far.
func (d *Device) Apply(ctx context.Context) error {
	if d.Socket == nil {
		return nil
	}
	for _, e := range d.Socket.Events() {
		if err := d.apply(ctx, e); err != nil {
			return fmt.Errorf("event %s %s: %w", e.Event, e.Data, err)
		}
	}
	return nil
}

// change is the data of all events about messages and conversations but
// `message`.
type change struct {
	ConversationID string `json:"conversationId"`
	// Of changes to a message.
	MsgID      uint64     `json:"msgId"`
	Seq        uint64     `json:"seq"`
	Ver        uint64     `json:"ver"`
	UserID     uint64     `json:"userId"`
	Msg        Body       `json:"msg"`
	MsgPreview string     `json:"msgPreview"`
	EditedAt   int64      `json:"editedAt"`
	Reactions  []Reaction `json:"reactions"`
	PinnedAt   int64      `json:"pinnedAt"`
	// Of what the user has deleted.
	OnlyMe bool     `json:"onlyMe"`
	Seqs   []uint64 `json:"seqs"`
	// Of conversations.
	ReadSeq  uint64  `json:"readSeq"`
	ClearSeq uint64  `json:"clearSeq"`
	MaxSeq   uint64  `json:"maxSeq"`
	Unread   *uint64 `json:"unread"`
	IsTop    *bool   `json:"isTop"`
	IsMuted  *bool   `json:"isMuted"`
	IsHidden *bool   `json:"isHidden"`
	Draft    *string `json:"draft"`
}

func (d *Device) apply(ctx context.Context, e Event) error {
	switch e.Event {
	case "resync":
		return d.Sync(ctx)
	case "message":
		var got Delivery
		if err := json.Unmarshal(e.Data, &got); err != nil {
			return err
		}
		m := got.Message
		return d.next(ctx, m.ConversationID, m.Ver, func(k *Known) { k.said(m) })
	case "groupJoined":
		return d.joined(ctx, e)
	case "recalled", "edited", "deleted", "reaction", "pinned", "read", "readSelf", "sessionUpdated", "sessionDeleted":
	default:
		return nil // of no concern here, or of a later version
	}
	var c change
	if err := json.Unmarshal(e.Data, &c); err != nil {
		return err
	}
	if c.Ver != 0 {
		return d.next(ctx, c.ConversationID, c.Ver, func(k *Known) { k.changed(e.Event, c) })
	}
	k, err := d.meet(ctx, c.ConversationID)
	if err == nil && k != nil {
		k.set(e.Event, c)
	}
	return err
}

// joined takes that the user is in a group: what was said before the device
// heard the group comes with a sync.
func (d *Device) joined(ctx context.Context, e Event) error {
	var in struct {
		Group struct {
			GroupID uint64 `json:"groupId"`
		} `json:"group"`
	}
	if err := json.Unmarshal(e.Data, &in); err != nil {
		return err
	}
	id := fmt.Sprint("g_", in.Group.GroupID)
	if d.Known[id] != nil { // from before the user left it
		return d.fetch(ctx, []string{id})
	}
	_, err := d.meet(ctx, id)
	return err
}

// next takes what makes a conversation ver: it is the next thing, or a repeat,
// or it shows that something is missing.
func (d *Device) next(ctx context.Context, id string, ver uint64, take func(k *Known)) error {
	k, err := d.meet(ctx, id)
	switch {
	case err != nil || k == nil || ver <= k.Ver:
		return err
	case ver > k.Ver+1:
		return d.fetch(ctx, []string{id})
	}
	take(k)
	k.Ver = ver
	return nil
}

// meet returns a conversation that was heard of. One that is new here may have
// been hidden for long: what the user has set on it is asked for. It is nil if
// it is none of the user's any more.
func (d *Device) meet(ctx context.Context, id string) (*Known, error) {
	if k := d.Known[id]; k != nil {
		return k, nil
	}
	c, err := d.Session(ctx, id)
	if Code(err) == noConversation {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	d.at(id).settle(c)
	return d.Known[id], d.fetch(ctx, []string{id})
}

// said takes a message that is the next thing: a new one, or, when a send was
// repeated, an old one.
func (k *Known) said(m Message) {
	k.put(m)
	if m.Seq <= k.Seq {
		return
	}
	k.Seq, k.Marked = m.Seq, false
	switch { // who sends has read
	case m.IsMe:
		k.read(m.Seq, 0)
	case m.GroupID == 0:
		k.read(0, m.Seq)
	}
	if m.IsMe && m.RevUserID == m.SendUser.UserID {
		k.read(m.Seq, m.Seq) // notes to self
	}
}

// changed takes a change to a message.
func (k *Known) changed(event string, c change) {
	m, shown := k.Messages[c.Seq]
	m.Ver = c.Ver
	switch event {
	case "recalled":
		m = m.emptied(1)
		m.Msg, m.MsgType = c.Msg, c.Msg.Type
	case "deleted":
		m = m.emptied(4)
	case "edited":
		m.Msg, m.MsgPreview, m.EditedAt = c.Msg, c.MsgPreview, c.EditedAt
	case "reaction":
		m.Reactions = c.Reactions
	case "pinned":
		m.PinnedAt = c.PinnedAt
	}
	if shown {
		k.Messages[c.Seq] = m
	}
	if m.Status != 0 { // also where the user does not see it any more
		k.takenBack(c.MsgID, m.Status)
	}
}

// emptied is m with nothing of what it said.
func (m Message) emptied(status int32) Message {
	m.Status, m.MsgType, m.Msg, m.MsgPreview = status, 8, Body{Type: 8}, ""
	m.AtUserIDs, m.AtAll, m.Reactions, m.PinnedAt = nil, false, nil, 0
	return m
}

// set takes what a user of the conversation did to it.
func (k *Known) set(event string, c change) {
	switch event {
	case "deleted":
		k.drop(c.Seqs)
	case "read":
		k.read(0, c.ReadSeq)
	case "readSelf":
		k.read(c.ReadSeq, 0)
		k.Marked = false
	case "sessionDeleted":
		k.clear(c.ClearSeq)
		k.hide(c.IsHidden != nil && *c.IsHidden, c.MaxSeq)
	case "sessionUpdated":
		if c.IsTop != nil {
			k.IsTop = *c.IsTop
		}
		if c.IsMuted != nil {
			k.IsMuted = *c.IsMuted
		}
		if c.Draft != nil {
			k.Draft = *c.Draft
		}
		if c.IsHidden != nil {
			k.hide(*c.IsHidden, k.Seq)
		}
		if c.Unread != nil {
			k.Marked = true
		}
	}
}
