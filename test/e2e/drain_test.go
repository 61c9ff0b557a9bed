package e2e

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// roller is somebody who is there all the time while everything is restarted.
// As people's clients do, it goes to another gateway when one ends, and tries
// again, with the same clientMsgId, what was not answered; an answer other than
// success it takes from nobody.
type roller struct {
	*client.Device
	t    *testing.T
	urls []string
	peer *client.Client

	at     int // of urls
	codes  map[int]int
	errors []string
	acked  map[string]client.Sent
	order  []string
}

// again goes to the next gateway, and fails when an answer was a refusal.
func (r *roller) again(what string, err error) {
	if client.Code(err) > 0 {
		r.t.Errorf("%s on %s: %s: %v", time.Now().Format(time.TimeOnly), r.Base, what, err)
	}
	r.errors = append(r.errors, what)
	r.at++
	r.Base = r.urls[r.at%len(r.urls)]
}

// until does f until it is answered, on one gateway or another.
func (r *roller) until(what string, f func(ctx context.Context) error) {
	for end := time.Now().Add(patience); ; {
		c, cancel := context.WithTimeout(context.Background(), patience)
		err := f(c)
		cancel()
		if err == nil {
			return
		}
		r.again(what, err)
		if time.Now().After(end) {
			r.t.Errorf("%s: %v", what, err)
			runtime.Goexit()
		}
	}
}

// connected opens the socket again when it has ended, which only a server that
// goes may do.
func (r *roller) connected() {
	if r.Socket != nil {
		select {
		case <-r.Socket.Done():
			code := client.CloseCode(r.Socket.Err())
			if r.codes[code]++; code != 1001 {
				r.t.Errorf("%s: a socket ended with %d: %v", time.Now().Format(time.TimeOnly), code, r.Socket.Err())
			}
			if err := r.Apply(context.Background()); err != nil { // what it had heard
				r.again("apply", err)
			}
			r.Socket = nil
		default:
			return
		}
	}
	r.until("connect", r.Connect)
}

// say sends one text, over the socket or over REST, and takes what has come.
func (r *roller) say(n int) {
	id := fmt.Sprint(r.UserID, "-", n)
	request := text(r.peer, id, id)
	var sent client.Sent
	for {
		r.connected()
		if n%2 == 0 {
			r.until("send", func(c context.Context) (err error) { sent, err = r.Send(c, request); return err })
			break
		}
		c, cancel := context.WithTimeout(context.Background(), patience)
		var err error
		sent, err = r.Socket.Send(c, request)
		cancel()
		if err == nil {
			break
		}
		if client.Code(err) > 0 {
			r.t.Errorf("%s: ack of %s: %v", time.Now().Format(time.TimeOnly), id, err)
		}
		<-r.Socket.Done()
	}
	r.acked[id] = sent
	r.order = append(r.order, id)
	if err := r.Apply(context.Background()); err != nil {
		r.again("apply", err)
	}
}

// looks asks for what every half answers.
func (r *roller) looks() {
	for _, path := range []string{
		"/api/auth/sessions", "/api/user/user_info", "/api/user/friends", "/api/chat/session", "/api/group/my?mode=1", "/api/file/mine", "/api/settings/info",
	} {
		r.until(path, func(c context.Context) error { return r.Call(c, http.MethodGet, path, nil, nil) })
	}
}

// TestARollingRestartIsNotSeen restarts every process, one after the other, by
// SIGTERM, while people talk: all they see is sockets that close with 1001.
func TestARollingRestartIsNotSeen(t *testing.T) {
	t.Parallel()
	s := own(t, suite.Many, 2)
	const pairs = 3
	var rollers []*roller
	for range pairs {
		ann, bob := friends(t, s)
		for _, who := range [][2]*client.Client{{ann, bob}, {bob, ann}} {
			peer := *who[1] // whose gateway changes
			who[0].HTTP = &http.Client{Transport: &http.Transport{}}
			t.Cleanup(who[0].HTTP.CloseIdleConnections)
			rollers = append(rollers, &roller{
				Device: client.NewDevice(who[0]), t: t, urls: s.URLs(), peer: &peer, codes: map[int]int{}, acked: map[string]client.Sent{},
			})
		}
	}
	var over atomic.Bool
	var wg sync.WaitGroup
	for _, r := range rollers {
		wg.Go(func() {
			for n := 0; !over.Load(); n++ {
				r.say(n)
				if n%8 == 0 {
					r.looks()
				}
			}
		})
	}

	for n := range 2 {
		for _, half := range suite.Halves {
			m := s.Half(half)[n]
			begin := time.Now()
			if err := m.Stop(); err != nil { // within 15 s, with code 0
				t.Error(err)
			}
			stopped := time.Since(begin)
			if err := m.Start(); err != nil {
				t.Error(err)
			}
			t.Logf("%s %d: stopped after %v, back after %v", half, n, stopped, time.Since(begin))
		}
	}
	over.Store(true)
	wg.Wait()

	closed, tried := 0, 0
	for i, r := range rollers {
		closed += r.codes[1001]
		tried += len(r.errors)
		cid := private(r.Client, r.peer)
		both := map[string]client.Sent{}
		for _, who := range []*roller{r, rollers[i^1]} {
			for id, sent := range who.acked {
				both[id] = sent
			}
		}
		check(t, r.Client, cid, both)
		var last uint64
		for _, id := range r.order {
			if seq := r.acked[id].Seq; seq <= last {
				t.Errorf("%s: %s has seq %d behind %d", cid, id, seq, last)
			} else {
				last = seq
			}
		}
		eventually(t, "all has come", func(c context.Context) error {
			r.connected()
			if err := r.Apply(c); err != nil {
				return err
			}
			if k := r.Known[cid]; k == nil || int(k.Seq) != len(both) || len(k.Messages) != len(both) {
				return fmt.Errorf("%+v of %d messages", k, len(both))
			}
			return nil
		})
		t.Logf("%s: %d messages, closed %v, tried again %v", cid, len(both), r.codes, r.errors)
		r.Disconnect()
	}
	if closed < len(rollers) {
		t.Errorf("only %d sockets were closed: the load was not where the restarts were", closed)
	}
	for _, m := range s.Members {
		out, err := m.Output()
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(out, "\n") {
			if strings.Contains(line, "\t error \t") || strings.Contains(line, " error ") && strings.Contains(line, "caller=") {
				t.Errorf("%s has logged: %s", m.Name, line)
			}
		}
	}
}
