package logic

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_rpc/internal/model"
)

func TestHistoryPages(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		w.friends(t, 1, 4)
		w.say(t, 1, 2, 25)
		for _, c := range []struct {
			name                  string
			before, after, around *uint64
			limit                 int32
			want                  []uint64
			more                  bool
		}{
			{"none is the newest, 20 of them", nil, nil, nil, 0, span(6, 25), true},
			{"before 0 is the newest", ptr(0), nil, nil, 5, span(21, 25), true},
			{"before", ptr(11), nil, nil, 5, span(6, 10), true},
			{"before, exactly to the first", ptr(6), nil, nil, 5, span(1, 5), false},
			{"before the first", ptr(1), nil, nil, 5, span(1, 0), false},
			{"before beyond the last", ptr(26), nil, nil, 5, span(21, 25), true},
			{"before any number", ptr(math.MaxUint64), nil, nil, 5, span(21, 25), true},
			{"after 0 is the oldest", nil, ptr(0), nil, 5, span(1, 5), true},
			{"after", nil, ptr(5), nil, 5, span(6, 10), true},
			{"after, exactly to the last", nil, ptr(20), nil, 5, span(21, 25), false},
			{"after the last", nil, ptr(25), nil, 5, span(1, 0), false},
			{"after any number", nil, ptr(math.MaxUint64), nil, 5, span(1, 0), false},
			{"around", nil, nil, ptr(10), 5, span(8, 12), true},
			{"around one", nil, nil, ptr(10), 1, span(10, 10), true},
			{"around 0", nil, nil, ptr(0), 5, span(1, 5), true},
			{"around the last", nil, nil, ptr(25), 5, span(21, 25), true},
			{"around any number", nil, nil, ptr(math.MaxUint64), 5, span(21, 25), true},
			{"around all there is", nil, nil, ptr(10), 200, span(1, 25), false},
			{"a negative limit is the default", nil, nil, nil, -1, span(6, 25), true},
			{"a great limit is cut", nil, nil, nil, math.MaxInt32, span(1, 25), false},
		} {
			r, err := w.history(t, &wire.HistoryRequest{
				UserId: 2, TargetId: 1, BeforeSeq: c.before, AfterSeq: c.after, AroundSeq: c.around, Limit: c.limit,
			})
			if err != nil || !slices.Equal(seqs(r.List), c.want) || r.HasMore != c.more || r.MinSeq != 1 || r.MaxSeq != 25 {
				t.Errorf("%s: %v, %v, seq %d to %d, %v", c.name, seqs(r.GetList()), r.GetHasMore(), r.GetMinSeq(), r.GetMaxSeq(), err)
			}
		}
		for _, c := range []struct {
			name string
			in   *wire.HistoryRequest
			code int
		}{
			{"before and after", &wire.HistoryRequest{UserId: 1, TargetId: 2, BeforeSeq: ptr(0), AfterSeq: ptr(0)}, 10001},
			{"after and around", &wire.HistoryRequest{UserId: 1, TargetId: 2, AfterSeq: ptr(1), AroundSeq: ptr(1)}, 10001},
			{"all three", &wire.HistoryRequest{UserId: 1, TargetId: 2, BeforeSeq: ptr(1), AfterSeq: ptr(1), AroundSeq: ptr(1)}, 10001},
			{"of two others", &wire.HistoryRequest{UserId: 3, TargetId: 2}, 40001},
			{"with nobody", &wire.HistoryRequest{UserId: 1}, 40001},
			{"with a number no user has", &wire.HistoryRequest{UserId: 1, TargetId: math.MaxUint64}, 40001},
		} {
			if r, err := w.history(t, c.in); code(err) != c.code {
				t.Errorf("%s: %v, %v", c.name, r, err)
			}
		}
		r, err := w.history(t, &wire.HistoryRequest{UserId: 4, TargetId: 1})
		if err != nil || len(r.List) != 0 || r.HasMore || r.MinSeq != 0 || r.MaxSeq != 0 {
			t.Errorf("friends who never spoke: %v, %v", r, err)
		}
	})
}

// syncBytes is what an answer to a sync holds at most.
const syncBytes = 384 << 10

// longest is a text whose document is as long as one can be.
func longest() string { return "x" + strings.Repeat("\x01", 3999) }

func TestAPageOfTheLongestMessagesFitsItsCarrier(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		var batch []*wire.SendItem
		for n := range 200 {
			batch = append(batch, text(1, 2, fmt.Sprint(n), longest()))
		}
		for len(batch) > 0 {
			for _, r := range w.send(t, batch[:40]...) {
				if r.Code != 0 {
					t.Fatal(r)
				}
			}
			batch = batch[40:]
		}
		const carries = 4 << 20
		var seen []uint64
		for before := uint64(0); ; {
			r, err := w.history(t, &wire.HistoryRequest{UserId: 1, TargetId: 2, BeforeSeq: &before, Limit: 200})
			if err != nil || len(r.List) == 0 {
				t.Fatalf("before %d: %d messages, %v", before, len(r.GetList()), err)
			}
			if n := size(r); n > carries {
				t.Fatalf("a page of %d bytes", n)
			}
			seen = append(seqs(r.List), seen...)
			if before = r.List[0].Seq; !r.HasMore {
				break
			}
		}
		if !slices.Equal(seen, span(1, 200)) {
			t.Errorf("pages backwards: %v", seen)
		}
		r, err := w.history(t, &wire.HistoryRequest{UserId: 1, TargetId: 2, AroundSeq: ptr(101), Limit: 200})
		if err != nil || size(r) > carries || !slices.Contains(seqs(r.List), 101) || !r.HasMore {
			t.Errorf("around: %v, %v", seqs(r.GetList()), err)
		}
		seen = nil
		for seq, more := uint64(0), true; more; {
			items := w.sync(t, 2, 200, &wire.SyncPoint{TargetId: 1, Seq: seq})
			if n := size(items[0]); n > syncBytes+1<<17 || len(items[0].Messages) == 0 {
				t.Fatalf("sync from %d: %d messages, %d bytes", seq, len(items[0].Messages), n)
			}
			seen = append(seen, seqs(items[0].Messages)...)
			seq, more = items[0].NextSeq, items[0].HasMore
		}
		if !slices.Equal(seen, span(1, 200)) {
			t.Errorf("sync: %v", seen)
		}
	})
}

func TestSyncOfManyConversationsIsCutAndGoesOn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		const me, peers, per = 1000, 20, 3
		points := map[uint64]*wire.SyncPoint{}
		for peer := uint64(1); peer <= peers; peer++ {
			w.friends(t, me, peer)
			var batch []*wire.SendItem
			for n := range per {
				batch = append(batch, text(peer, me, fmt.Sprint(n), longest()))
			}
			w.send(t, batch...)
			points[peer] = &wire.SyncPoint{TargetId: peer}
		}
		seen := map[uint64]int{}
		for calls := 0; len(points) > 0; calls++ {
			if calls > peers*per {
				t.Fatal("sync does not come to an end")
			}
			var ask []*wire.SyncPoint
			for _, p := range points {
				ask = append(ask, p)
			}
			total := 0
			for _, i := range w.sync(t, me, 20, ask...) {
				peer := i.Conversation.TargetId
				total += size(i)
				seen[peer] += len(i.Messages)
				if points[peer] = (&wire.SyncPoint{TargetId: peer, Seq: i.NextSeq, Ver: i.NextVer}); !i.HasMore {
					delete(points, peer)
				}
			}
			if total > syncBytes+1<<17 {
				t.Fatalf("an answer of %d bytes", total)
			}
		}
		for peer := uint64(1); peer <= peers; peer++ {
			if seen[peer] != per {
				t.Errorf("%d of %d messages of %d", seen[peer], per, peer)
			}
		}
	})
}

func TestSyncPagesInTwoPhases(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		w.say(t, 1, 2, 10)
		// Five of the ten change, as recalls and edits will: ver 11 to 15.
		for n, seq := range []int{9, 1, 5, 3, 7} {
			if err := w.DB.Exec("UPDATE chat_models SET ver = ?, changed_ver = ? WHERE seq = ?", 11+n, 11+n, seq).Error; err != nil {
				t.Fatal(err)
			}
		}
		if err := w.DB.Exec("UPDATE conversation_models SET ver = 15").Error; err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name              string
			seq, ver          uint64
			limit             int32
			messages, changed []uint64
			more              bool
			nextSeq, nextVer  uint64
		}{
			{"a new client gets messages as they are now", 0, 0, 4, span(1, 4), nil, true, 4, 0},
			{"and goes on", 4, 0, 4, span(5, 8), nil, true, 8, 0},
			{"the last of the first phase", 8, 8, 4, span(9, 10), []uint64{1, 5, 3, 7}, false, 10, 15},
			{"exactly to the last", 6, 10, 4, span(7, 10), []uint64{1, 5, 3}, false, 10, 15},
			{"the second phase", 10, 10, 2, nil, []uint64{9, 1}, true, 10, 12},
			{"and goes on by ver", 10, 12, 2, nil, []uint64{5, 3}, true, 10, 14},
			{"to its end", 10, 14, 2, nil, []uint64{7}, false, 10, 15},
			{"up to date", 10, 15, 2, nil, nil, false, 10, 15},
			{"ahead of what is there", math.MaxUint64, math.MaxUint64, 2, nil, nil, false, 10, 15},
			{"ahead in seq only", math.MaxUint64, 10, 2, nil, []uint64{9, 1}, true, 10, 12},
			{"all at once", 0, 0, 200, span(1, 10), nil, false, 10, 15},
			{"the default", 0, 0, 0, span(1, 10), nil, false, 10, 15},
		} {
			items := w.sync(t, 2, c.limit, &wire.SyncPoint{TargetId: 1, Seq: c.seq, Ver: c.ver})
			if len(items) != 1 {
				t.Fatalf("%s: %d answers", c.name, len(items))
			}
			i := items[0]
			if !slices.Equal(seqs(i.Messages), c.messages) || !slices.Equal(seqs(i.Changed), c.changed) ||
				i.HasMore != c.more || i.NextSeq != c.nextSeq || i.NextVer != c.nextVer {
				t.Errorf("%s: messages %v, changed %v, more %v, next %d %d", c.name,
					seqs(i.Messages), seqs(i.Changed), i.HasMore, i.NextSeq, i.NextVer)
			}
			if v := i.Conversation; v.MaxSeq != 10 || v.Ver != 15 || v.Unread != 10 || v.PeerReadSeq != 10 || v.ReadSeq != 0 || v.TargetId != 1 {
				t.Errorf("%s: conversation %v", c.name, v)
			}
		}
	})
}

func TestSyncIsBoundedAndSilentAboutOthers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		w.say(t, 1, 2, 1)
		points := []*wire.SyncPoint{{TargetId: 2}, {TargetId: 1}, {TargetId: 0}, {TargetId: math.MaxUint64}}
		if got := w.sync(t, 3, 0, points...); len(got) != 0 {
			t.Errorf("a stranger gets %v", got)
		}
		for len(points) < 200 {
			points = append(points, &wire.SyncPoint{TargetId: uint64(len(points)) + 10})
		}
		if got := w.sync(t, 1, 0, points...); len(got) != 1 {
			t.Errorf("200 points: %d answers", len(got))
		}
		_, err := w.Messages.Sync(t.Context(), &wire.SyncRequest{UserId: 1, List: append(points, points[0])})
		if code(err) != 10001 {
			t.Errorf("201 points: %v", err)
		}
	})
}

func TestSessions(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		const me = 50
		for peer := uint64(51); peer <= 57; peer++ {
			w.friends(t, me, peer)
			if peer != 57 { // who never spoke are not in the list
				w.say(t, peer, me, int(peer-50))
			}
		}
		w.say(t, me, 52, 1) // sending is reading
		var muted model.ConversationModel
		if err := w.DB.Take(&muted, "low_user_id = ? AND high_user_id = ?", me, 53).Error; err != nil {
			t.Fatal(err)
		}
		for _, row := range []any{
			&model.UserConversationModel{UserID: me, ConversationID: muted.ID, IsMuted: true, Draft: "dr"},
			&model.TopUserModel{UserID: me, TopUserID: 51},
			&model.TopUserModel{UserID: 54, TopUserID: me}, // another's own
		} {
			if err := w.DB.Create(row).Error; err != nil {
				t.Fatal(err)
			}
		}
		// One time for all but one, so that the id decides.
		if err := w.DB.Exec("UPDATE conversation_models SET last_at = CASE WHEN high_user_id = 54 THEN 2000 ELSE 1000 END").Error; err != nil {
			t.Fatal(err)
		}
		var got []*wire.Conversation
		for cursor := ""; ; {
			r, err := w.Messages.Sessions(t.Context(), &wire.SessionsRequest{UserId: me, Cursor: cursor, Limit: 2})
			if err != nil || len(r.List) == 0 || len(r.List) > 2 {
				t.Fatalf("%v, %v", r, err)
			}
			if r.TotalUnread != 1+0+4+5+6 { // without the muted one
				t.Errorf("total unread %d", r.TotalUnread)
			}
			got = append(got, r.List...)
			if cursor = r.List[len(r.List)-1].Cursor; !r.HasMore {
				break
			}
		}
		var peers []uint64
		for _, c := range got {
			peers = append(peers, c.TargetId)
			unread, last := c.TargetId-50, c.TargetId-50
			if c.TargetId == 52 {
				unread, last = 0, 3
			}
			if c.Unread != unread || c.Last.GetSeq() != last || c.MaxSeq != last || c.IsTop != (c.TargetId == 51) ||
				c.IsMuted != (c.TargetId == 53) || (c.Draft == "dr") != (c.TargetId == 53) || c.UpdatedAt == 0 {
				t.Errorf("conversation %v", c)
			}
		}
		if !slices.Equal(peers, []uint64{51, 54, 56, 55, 53, 52}) {
			t.Errorf("order %v", peers)
		}
		for _, cursor := range []string{"!", "eA", strings.Repeat("A", 200), "Li4u"} {
			if _, err := w.Messages.Sessions(t.Context(), &wire.SessionsRequest{UserId: me, Cursor: cursor}); code(err) != 10001 {
				t.Errorf("cursor %q: %v", cursor, err)
			}
		}
		r, err := w.Messages.Sessions(t.Context(), &wire.SessionsRequest{UserId: 99})
		if err != nil || len(r.List) != 0 || r.HasMore || r.TotalUnread != 0 {
			t.Errorf("nobody's: %v, %v", r, err)
		}
	})
}
