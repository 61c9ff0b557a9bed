// Package bench measures the whole suite, each half a process of its own. It
// is run by hand; docs/performance.md has the figures.
package bench

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tudoIM/core/db"
	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// patience bounds what the benchmark waits for.
const patience = 2 * time.Minute

// tick is the unit of times in /proc.
const tick = 10 * time.Millisecond

// BenchmarkGroupMessage sends to a group of 1,000 of whom 100 are online, one
// message when all have heard the one before, and then 32 at a time. It
// reports the CPU time that a message costs each process.
func BenchmarkGroupMessage(b *testing.B) {
	suite.Need(b, suite.RequireMariaDB, suite.RequireRedis, suite.RequireEtcd, suite.RequireS3)
	s, err := suite.Start(suite.Config{Mode: suite.Many, Copies: 1, Env: suite.Unlimited})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	}()
	r := newRoom(b, s, 1000, 100)
	for _, atOnce := range []int{1, 32} {
		b.Run(fmt.Sprintf("%d at once", atOnce), func(b *testing.B) { r.measure(b, s, atOnce) })
	}
}

// room is a group, and the sockets of those who are online.
type room struct {
	group uint64
	on    []*client.Socket
	said  int
}

func newRoom(b *testing.B, s *suite.Suite, members, online int) *room {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	users := make([]*client.Client, online)
	for n := range users {
		users[n] = client.New(s.URLs()[0])
		if err := users[n].Register(ctx, fmt.Sprint("bench", n), "correct horse battery staple"); err != nil {
			b.Fatal(err)
		}
	}
	group, err := users[0].CreateGroup(ctx, "bench")
	if err != nil {
		b.Fatal(err)
	}
	d, err := db.Open(s.MariaDB.DSN(), 1)
	if err != nil {
		b.Fatal(err)
	}
	for n := 1; n < members; n++ {
		id := uint64(1<<40 + n) // #nosec G115 -- of nobody
		if n < online {
			id = users[n].UserID
		}
		err := d.WithContext(ctx).Exec("INSERT INTO group_member_models (created_at, updated_at, group_id, user_id, role) VALUES (1, 1, ?, ?, 3)", group, id).Error
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := d.WithContext(ctx).Exec("UPDATE group_models SET ver = ver + 1, member_count = ? WHERE id = ?", members, group).Error; err != nil {
		b.Fatal(err)
	}
	r := &room{group: group}
	for _, u := range users {
		on, err := u.Dial(ctx)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(on.Close)
		r.on = append(r.on, on)
	}
	return r
}

// measure sends b.N messages, at most so many before all have heard them.
func (r *room) measure(b *testing.B, s *suite.Suite, atOnce int) {
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	pids := map[string]int{"redis": s.Redis.Process().Pid(), "mariadb": s.MariaDB.Process().Pid()}
	for _, name := range []string{"group_rpc", "chat_api", "gateway"} {
		pids[name] = s.Half(name)[0].Pid()
	}
	before := map[string]time.Duration{}
	for name, pid := range pids {
		before[name] = used(b, pid)
	}
	b.ResetTimer()
	for left := b.N; left > 0; {
		n := min(left, atOnce)
		r.say(ctx, b, n)
		left -= n
	}
	b.StopTimer()
	total := 0.0
	for name, pid := range pids {
		cost := float64((used(b, pid) - before[name]).Microseconds()) / float64(b.N)
		b.ReportMetric(cost, name+"-µs/op")
		if name == "group_rpc" || name == "chat_api" || name == "redis" {
			total += cost
		}
	}
	b.ReportMetric(total, "fan-out-µs/op")
}

// say sends n messages and waits until all have heard them.
func (r *room) say(ctx context.Context, b *testing.B, n int) {
	for range n {
		r.said++
		_, err := r.on[0].Start("send", client.SendRequest{GroupID: r.group, ClientMsgID: strconv.Itoa(r.said), Msg: client.Text("what is said to all of them")})
		if err != nil {
			b.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	for _, on := range r.on {
		wg.Go(func() {
			for range n {
				if _, err := on.Next(ctx, "message"); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	if wg.Wait(); b.Failed() {
		b.FailNow()
	}
}

// used is the CPU time that a process has used.
func used(b *testing.B, pid int) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Skipf("there is no /proc here: %v", err)
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // behind the name, which may have blanks
	fields := strings.Fields(rest)
	var ticks int
	for _, f := range fields[11:13] { // utime and stime
		n, err := strconv.Atoi(f)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * tick
}
