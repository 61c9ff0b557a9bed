package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	bus "tudoIM/common/event"
	"tudoIM/core/cache"
	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// What TestALargeGroup plays: a group of so many members, some of them online,
// and some of these talk at once.
const (
	crowdSize   = 2000
	crowdOnline = 200
	crowdTalk   = 5
	crowdSaid   = 30 // by each, in each of two rounds
)

// ghosts are ids of users that are nobody's.
const ghosts = 1 << 40

// crowd makes users, and the first of them a group in which they all are, with
// members beside them who never come.
func crowd(t *testing.T, s *suite.Suite) (users []*client.Client, group uint64) {
	t.Helper()
	users = make([]*client.Client, crowdOnline)
	var wg sync.WaitGroup
	slots := make(chan struct{}, 4) // each costs a hash
	for n := range users {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			users[n] = register(t, s, n)
		})
	}
	wg.Wait()
	if t.Failed() {
		t.FailNow()
	}
	group, err := users[0].CreateGroup(ctx(t), "crowd")
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]uint64, 0, crowdSize-1)
	for _, u := range users[1:] {
		ids = append(ids, u.UserID)
	}
	for len(ids) < crowdSize-1 {
		ids = append(ids, ghosts+uint64(len(ids))) // #nosec G115 -- a count
	}
	admit(t, s, group, ids)
	return users, group
}

// admit puts users into a group behind the suite's back.
func admit(t *testing.T, s *suite.Suite, group uint64, users []uint64) {
	t.Helper()
	db, now := database(t, s), time.Now().UnixMilli()
	const columns = "(?, ?, ?, ?, 3)"
	for len(users) > 0 {
		some := users[:min(len(users), 200)]
		users = users[len(some):]
		args := make([]any, 0, 4*len(some))
		for _, u := range some {
			args = append(args, now, now, group, u)
		}
		_, err := db.ExecContext(ctx(t), "INSERT INTO group_member_models (created_at, updated_at, group_id, user_id, role) VALUES "+
			strings.Repeat(columns+", ", len(some)-1)+columns, args...)
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := db.ExecContext(ctx(t), "UPDATE group_models SET ver = ver + 1, member_count = (SELECT COUNT(*) FROM group_member_models WHERE group_id = ? AND deleted_at = 0) WHERE id = ?",
		group, group)
	if err != nil {
		t.Fatal(err)
	}
}

// listener is one device of a crowd, and what it must be told.
type listener struct {
	*client.Client
	on *client.Socket
	// seq is the last message it was told of, read the last one it has read.
	seq, read uint64
	// talks says that it may have sent, and read, what is still to be told: then
	// less is unread.
	talks bool
}

// hear waits for the messages up to seq, each once and in order, with what is
// unread at each.
func (l *listener) hear(c context.Context, seq uint64) error {
	for l.seq < seq {
		d, err := l.on.NextMessage(c)
		if err != nil {
			return fmt.Errorf("behind message %d: %w", l.seq, err)
		}
		if d.Message.Seq != l.seq+1 || d.Conversation.MaxSeq != d.Message.Seq {
			return fmt.Errorf("behind message %d: %+v", l.seq, d)
		}
		l.seq++
		mine := d.Message.SendUser.UserID == l.UserID
		if mine {
			l.read = l.seq
		}
		unread := l.seq - l.read
		if l.talks && l.seq < seq && d.Conversation.Unread < unread {
			unread = d.Conversation.Unread
		}
		if d.Message.IsMe != mine || d.Conversation.Unread != unread || d.Conversation.AtMe {
			return fmt.Errorf("read up to %d: %+v", l.read, d)
		}
	}
	return nil
}

// TestALargeGroup has some of a large group talk at once: all who are online
// hear each message once, in its order, with what they have not read.
func TestALargeGroup(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		users, group := crowd(t, s)
		crowd := make([]*listener, len(users))
		var wg sync.WaitGroup
		for n, u := range users {
			wg.Go(func() {
				on, err := u.Dial(ctx(t))
				if err != nil {
					t.Errorf("socket %d: %v", n, err)
					return
				}
				t.Cleanup(on.Close)
				crowd[n] = &listener{Client: u, on: on, talks: n < crowdTalk}
			})
		}
		if wg.Wait(); t.Failed() {
			t.FailNow()
		}
		if s.Mode == suite.Many {
			heardByNodes(t, s, group, 2)
		}

		// Two rounds: in between one reads what was said, and one leaves.
		reader, leaver := crowd[crowdTalk], crowd[crowdTalk+1]
		talk(t, crowd, group, 1)
		if _, unread, err := reader.Read(ctx(t), fmt.Sprint("g_", group), reader.seq); err != nil || unread != 0 {
			t.Fatalf("read: %d are unread, %v", unread, err)
		}
		var told struct {
			ReadSeq uint64 `json:"readSeq"`
		}
		if e, err := reader.on.Next(ctx(t), bus.ReadSelf); err != nil || json.Unmarshal(e.Data, &told) != nil || told.ReadSeq != reader.seq {
			t.Fatalf("readSelf: %+v, %v", e, err)
		}
		reader.read = reader.seq
		inDatabase(t, s, "UPDATE group_member_models SET deleted_at = 1 WHERE group_id = ? AND user_id = ?", group, leaver.UserID)
		inDatabase(t, s, "UPDATE group_models SET ver = ver + 1 WHERE id = ?", group)
		stay := append(crowd[:crowdTalk+1:crowdTalk+1], crowd[crowdTalk+2:]...)
		talk(t, stay, group, 2)
		if left := leaver.on.Events(); len(left) > 0 {
			t.Errorf("who left was told %d things, the first is %s %s", len(left), left[0].Event, left[0].Data)
		}
		for _, l := range stay {
			if left := l.on.Events(); len(left) > 0 {
				t.Errorf("user %d was told of more, first %s %s", l.UserID, left[0].Event, left[0].Data)
			}
		}
	})
}

// talk has the first of crowd talk at once, and all hear it.
func talk(t *testing.T, crowd []*listener, group uint64, round int) {
	t.Helper()
	last := crowd[0].seq + crowdTalk*crowdSaid
	var wg sync.WaitGroup
	for n, l := range crowd {
		if n < crowdTalk {
			wg.Go(func() {
				for i := range crowdSaid {
					req := client.SendRequest{GroupID: group, ClientMsgID: fmt.Sprintf("%d-%d", round, i), Msg: client.Text("to all")}
					if _, err := l.on.Send(ctx(t), req); err != nil {
						t.Errorf("round %d: send %d of %d: %v", round, i, n, err)
						return
					}
				}
			})
		}
		wg.Go(func() {
			if err := l.hear(ctx(t), last); err != nil {
				t.Errorf("round %d: user %d of %d: %v", round, n, len(crowd), err)
			}
		})
	}
	if wg.Wait(); t.Failed() {
		t.FailNow()
	}
}

// heardByNodes fails unless so many nodes hear the group.
func heardByNodes(t *testing.T, s *suite.Suite, group uint64, want int64) {
	t.Helper()
	rdb, err := cache.Open(s.Redis.URL())
	if err != nil {
		t.Fatal(err)
	}
	channel := bus.GroupChannel(group)
	if n, err := rdb.PubSubNumSub(ctx(t), channel).Result(); err != nil || n[channel] != want {
		t.Errorf("%d nodes hear the group, %v; want %d", n[channel], err, want)
	}
}
