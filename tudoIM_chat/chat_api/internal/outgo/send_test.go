package outgo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"

	"tudoIM/common/errs"
	"tudoIM/common/wire"
)

const patience = 30 * time.Second

// fakeChat answers a call when it gets a turn, with err if there is one.
type fakeChat struct {
	wire.MessagesClient
	turns chan error // nil: always at once
	begun chan int   // gets the size of each call; nil: nobody asks
	short bool       // answer fewer than asked

	mu    sync.Mutex
	calls [][]string // client ids
}

func (f *fakeChat) Send(ctx context.Context, in *wire.SendRequest, _ ...grpc.CallOption) (*wire.SendResponse, error) {
	var ids []string
	resp := &wire.SendResponse{}
	for n, i := range in.List {
		ids = append(ids, i.ClientMsgId)
		resp.List = append(resp.List, &wire.SendResult{Message: &wire.Message{ClientMsgId: i.ClientMsgId, Seq: uint64(n)}})
	}
	f.mu.Lock()
	f.calls = append(f.calls, ids)
	f.mu.Unlock()
	if f.begun != nil {
		f.begun <- len(ids)
	}
	if f.short {
		return &wire.SendResponse{List: resp.List[1:]}, nil
	}
	if f.turns == nil {
		return resp, nil
	}
	select {
	case err := <-f.turns:
		return resp, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func item(client string) *wire.SendItem {
	return &wire.SendItem{UserId: 1, TargetId: 2, ClientMsgId: client}
}

// ends counts the ends of items.
type ends struct {
	mu    sync.Mutex
	order []string
	errs  map[string][]error
	all   sync.WaitGroup
}

func (e *ends) send(o *Outgo, i *wire.SendItem) {
	e.all.Add(1)
	o.Send(wire.Private, i, func(r *wire.SendResult, err error) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if err == nil && r.Message.ClientMsgId != i.ClientMsgId {
			err = fmt.Errorf("the answer of %s", r.Message.ClientMsgId)
		}
		if e.errs == nil {
			e.errs = map[string][]error{}
		}
		e.order = append(e.order, i.ClientMsgId)
		if e.errs[i.ClientMsgId] = append(e.errs[i.ClientMsgId], err); len(e.errs[i.ClientMsgId]) == 1 {
			e.all.Done()
		}
	})
}

// wait waits until every item has an end and fails if one has two, or another
// than want.
func (e *ends) wait(t *testing.T, want error) {
	t.Helper()
	done := make(chan struct{})
	go func() { e.all.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatalf("%d items have an end, the others wait", len(e.errs))
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for client, got := range e.errs {
		if len(got) != 1 || !errors.Is(got[0], want) {
			t.Errorf("%s ends with %v, want %v", client, got, want)
		}
	}
}

func begun(t *testing.T, f *fakeChat) int {
	t.Helper()
	select {
	case n := <-f.begun:
		return n
	case <-time.After(patience):
		t.Fatal("chat_rpc is not called")
		return 0
	}
}

func TestWhatWaitsGoesIntoTheNextCallInItsOrder(t *testing.T) {
	t.Parallel()
	f := &fakeChat{turns: make(chan error, 16), begun: make(chan int, 16)}
	o, e := New(t.Context(), f), &ends{}
	e.send(o, item("0"))
	if n := begun(t, f); n != 1 {
		t.Fatalf("the first call has %d", n)
	}
	const n = 2*maxItems + 10
	for i := 1; i <= n; i++ {
		e.send(o, item(fmt.Sprint(i)))
	}
	for range 4 {
		f.turns <- nil
	}
	for _, want := range []int{maxItems, maxItems, 10} {
		if got := begun(t, f); got != want {
			t.Errorf("a call of %d, want %d", got, want)
		}
	}
	e.wait(t, nil)
	for i, client := range e.order {
		if client != fmt.Sprint(i) {
			t.Fatalf("end %d is of %s", i, client)
		}
	}
}

func TestACallIsBoundedInBytes(t *testing.T) {
	t.Parallel()
	f := &fakeChat{turns: make(chan error, 16), begun: make(chan int, 16)}
	o, e := New(t.Context(), f), &ends{}
	e.send(o, item("first"))
	begun(t, f)
	for i := range 5 {
		big := item(fmt.Sprint(i))
		big.Msg = []byte(strings.Repeat("x", maxBytes*2/5))
		e.send(o, big)
	}
	huge := item("huge")
	huge.Msg = []byte(strings.Repeat("x", maxBytes+1))
	e.send(o, huge)
	for range 5 {
		f.turns <- nil
	}
	for _, want := range []int{2, 2, 1, 1} {
		if got := begun(t, f); got != want {
			t.Errorf("a call of %d, want %d", got, want)
		}
	}
	e.wait(t, nil)
}

func TestAFullLaneRefusesAtOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ count, size int }{
		"count": {maxWaiting, 0},
		"bytes": {maxWaitingBytes / (64 << 10), 64<<10 - 32},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fakeChat{turns: make(chan error), begun: make(chan int, 4096)}
			o, e := New(t.Context(), f), &ends{}
			e.send(o, item("first"))
			begun(t, f)
			body := []byte(strings.Repeat("x", c.size))
			for i := range c.count {
				i := item(fmt.Sprint(i))
				i.Msg = body
				e.send(o, i)
			}
			late := item("late")
			late.Msg = body
			r, err := o.SendWait(t.Context(), wire.Private, late)
			if r != nil || !errors.Is(err, errs.Unavailable) {
				t.Errorf("past the limit: %v, %v", r, err)
			}
			close(f.turns)
			e.wait(t, nil)
			if r, err := o.SendWait(t.Context(), wire.Private, late); err != nil || r.Message.ClientMsgId != "late" {
				t.Errorf("when there is room again: %v, %v", r, err)
			}
		})
	}
}

func TestALaneDoesNotWaitForAnother(t *testing.T) {
	t.Parallel()
	f := &fakeChat{turns: make(chan error), begun: make(chan int, 16)}
	o, e := New(t.Context(), f), &ends{}
	e.send(o, item("first"))
	begun(t, f)
	for rev := uint64(3); ; rev++ {
		other := &wire.SendItem{UserId: 1, TargetId: rev, ClientMsgId: "other"}
		if Lane(wire.Private, other.UserId, other.TargetId) != Lane(wire.Private, 1, 2) {
			e.send(o, other)
			break
		}
	}
	begun(t, f) // while the first is under way
	close(f.turns)
	e.wait(t, nil)
}

func TestAnErrorEndsEveryItemOnce(t *testing.T) {
	t.Parallel()
	f := &fakeChat{turns: make(chan error, 2), begun: make(chan int, 16)}
	o, e := New(t.Context(), f), &ends{}
	e.send(o, item("first"))
	begun(t, f)
	for i := range 20 {
		e.send(o, item(fmt.Sprint(i)))
	}
	f.turns <- errs.Unavailable
	f.turns <- errs.Unavailable
	e.wait(t, errs.Unavailable)
	close(f.turns)
	if r, err := o.SendWait(t.Context(), wire.Private, item("next")); err != nil || r == nil {
		t.Errorf("afterwards: %v, %v", r, err)
	}
}

func TestAnAnswerOfAnotherLengthIsAnError(t *testing.T) {
	t.Parallel()
	o := New(t.Context(), &fakeChat{short: true})
	if r, err := o.SendWait(t.Context(), wire.Private, item("a")); r != nil || !errors.Is(err, errs.Internal) {
		t.Errorf("got %v, %v", r, err)
	}
}

func TestNobodyWaitsForEverAtTheEnd(t *testing.T) {
	t.Parallel()
	for range 20 {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		f := &fakeChat{turns: make(chan error), begun: make(chan int, 4096)}
		o, e := New(ctx, f), &ends{}
		e.send(o, item("under way"))
		begun(t, f)
		var wg sync.WaitGroup
		for g := range 8 {
			wg.Go(func() {
				for i := range 50 {
					if g == 0 && i == 25 {
						stop()
					}
					e.send(o, &wire.SendItem{UserId: uint64(g), TargetId: 2, ClientMsgId: fmt.Sprintf("%d-%d", g, i)})
				}
			})
		}
		wg.Wait()
		done := make(chan struct{})
		go func() { e.all.Wait(); close(done) }()
		select {
		case <-done:
		case <-time.After(patience):
			t.Fatalf("%d of 401 have an end", len(e.errs))
		}
		for client, got := range e.errs {
			if len(got) != 1 || got[0] == nil {
				t.Fatalf("%s ends with %v", client, got)
			}
		}
	}
}

func TestWhoWaitsMayLeave(t *testing.T) {
	t.Parallel()
	f := &fakeChat{turns: make(chan error), begun: make(chan int, 16)}
	o := New(t.Context(), f)
	ctx, leave := context.WithCancel(t.Context())
	go func() { <-f.begun; leave() }()
	if r, err := o.SendWait(ctx, wire.Private, item("a")); r != nil || !errors.Is(err, errs.Unavailable) {
		t.Errorf("got %v, %v", r, err)
	}
}
