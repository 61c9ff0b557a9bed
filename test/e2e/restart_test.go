package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// TestRestartKeepsEverything ends the whole suite, politely and then not, and
// finds everything where it was.
func TestRestartKeepsEverything(t *testing.T) {
	alone(t, 1, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		cid := private(ann, bob)
		seq := uint64(0)
		chat := func(when string) {
			t.Helper()
			onAnn, onBob := dial(t, ann), dial(t, bob)
			for _, c := range []struct {
				from     *client.Socket
				to       *client.Socket
				receiver *client.Client
			}{{onAnn, onBob, bob}, {onBob, onAnn, ann}} {
				seq++
				content := fmt.Sprint(when, " ", seq)
				sent, err := c.from.Send(ctx(t), text(c.receiver, content, content))
				if err != nil || sent.Seq != seq {
					t.Fatalf("%s: ack %+v, %v; want seq %d", when, sent, err, seq)
				}
				for {
					d, err := c.to.NextMessage(ctx(t))
					if err != nil {
						t.Fatalf("%s: %v", when, err)
					}
					if d.Message.Seq == seq {
						break
					}
				}
			}
			onAnn.Close()
			onBob.Close()
		}
		chat("at first")

		for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
			var wg sync.WaitGroup
			for _, m := range s.Members {
				wg.Go(func() {
					if err := m.StopBy(sig); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			restart(t, s)
			chat(fmt.Sprint("after ", sig))
		}

		for _, m := range s.Members {
			m.Kill()
		}
		restart(t, s)
		chat("after SIGKILL")

		all, err := ann.All(ctx(t), cid)
		if err != nil || len(all) != int(seq) {
			t.Fatalf("%d messages of %d, %v", len(all), seq, err)
		}
		for i, m := range all {
			if m.Seq != uint64(i)+1 {
				t.Errorf("message %d has seq %d", i, m.Seq)
			}
		}
	})
}

// restart starts every member at once, as an operator would.
func restart(t *testing.T, s *suite.Suite) {
	t.Helper()
	errs := make([]error, len(s.Members))
	var wg sync.WaitGroup
	for i, m := range s.Members {
		wg.Go(func() { errs[i] = m.Start() })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestBannerTellsWhereEverythingIs is what a newcomer meets: nothing configured, no
// file, no account, and the banner says where everything is.
func TestBannerTellsWhereEverythingIs(t *testing.T) {
	s := own(t, suite.One, 1)
	m := s.Members[0]
	eventually(t, "the banner", func(context.Context) error {
		out, err := m.Output()
		if err != nil {
			return err
		}
		for _, want := range []string{"http://" + m.Addr, filepath.Join(s.Dir, "data"), "SQLite", "embedded", "TUDO_MYSQL_DSN", "TUDO_REDIS", "TUDO_ETCD"} {
			if !strings.Contains(out, want) {
				return fmt.Errorf("%q is not in:\n%s", want, out)
			}
		}
		return nil
	})
	for _, secret := range []string{"internal.secret", "jwt.secret"} {
		info, err := os.Stat(filepath.Join(s.Dir, "data", secret))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v; want mode 0600", secret, info, err)
		}
	}
	resp, err := http.Get(m.URL() + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		t.Errorf("the page at /: %s, %s", resp.Status, resp.Header.Get("Content-Type"))
	}
}

// TestKilledInTheMiddleOfSends kills what stores messages while 2,000 are
// sent and tried again: each acknowledged one is there once, and seq has no gap.
func TestKilledInTheMiddleOfSends(t *testing.T) {
	alone(t, 1, func(t *testing.T, s *suite.Suite) {
		const messages, senders = 2000, 8
		var from, to [senders]*client.Client
		for i := range senders {
			from[i], to[i] = friends(t, s)
		}
		acked := make([]map[string]client.Sent, senders)
		halfway := make(chan struct{})
		var once sync.Once
		var wg sync.WaitGroup
		for i := range senders {
			acked[i] = map[string]client.Sent{}
			wg.Go(func() {
				for n := range messages / senders {
					if i == 0 && n == messages/senders/2 {
						once.Do(func() { close(halfway) })
					}
					id := fmt.Sprint("m-", n)
					acked[i][id] = insist(t, from[i], text(to[i], id, id))
				}
			})
		}
		<-halfway
		for _, m := range s.Half("chat_rpc") {
			m.Kill()
			if err := m.Start(); err != nil {
				t.Error(err)
			}
		}
		wg.Wait()
		for i := range senders {
			check(t, to[i], private(from[i], to[i]), acked[i])
		}
	})
}

// insist sends until the message is acknowledged.
func insist(t *testing.T, c *client.Client, r client.SendRequest) client.Sent {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		sent, err := c.Send(end, r)
		if err == nil {
			return sent
		}
		switch client.Code(err) {
		case 10010, -1: // away: try again
		default:
			t.Errorf("send %s: %v", r.ClientMsgID, err)
			return sent
		}
		select {
		case <-tick.C:
		case <-end.Done():
			t.Errorf("send %s was never acknowledged: %v", r.ClientMsgID, err)
			return sent
		}
	}
}

// check compares what was acknowledged with what is there.
func check(t *testing.T, reader *client.Client, cid string, acked map[string]client.Sent) {
	t.Helper()
	all, err := reader.All(ctx(t), cid)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i, m := range all {
		switch sent, ok := acked[m.ClientMsgID]; {
		case m.Seq != uint64(i)+1:
			t.Fatalf("%s: message %d has seq %d", cid, i+1, m.Seq)
		case seen[m.ClientMsgID]:
			t.Errorf("%s: %s is there twice", cid, m.ClientMsgID)
		case !ok:
			t.Errorf("%s: %s was never sent", cid, m.ClientMsgID)
		case sent.Seq != m.Seq || sent.MsgID != m.ID:
			t.Errorf("%s: %s was acknowledged as %d seq %d, and is %d seq %d", cid, m.ClientMsgID, sent.MsgID, sent.Seq, m.ID, m.Seq)
		case m.Content() != m.ClientMsgID:
			t.Errorf("%s: %s says %q", cid, m.ClientMsgID, m.Content())
		}
		seen[m.ClientMsgID] = true
	}
	if len(seen) != len(acked) {
		t.Errorf("%s: %d of %d acknowledged messages are there", cid, len(seen), len(acked))
	}
}
