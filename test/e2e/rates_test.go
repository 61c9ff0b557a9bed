package e2e

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

const tooMany = 10007

// admitted is how often do goes through before it is refused as too much; it
// may be refused for nothing else.
func admitted(t *testing.T, what string, do func(n int) error) int {
	t.Helper()
	for n := range 1000 {
		err := do(n)
		if client.Code(err) == tooMany {
			return n
		}
		if err != nil {
			t.Fatalf("%s: number %d: %v", what, n, err)
		}
	}
	t.Fatalf("%s: nothing is too much", what)
	return 0
}

// at is c on another gateway.
func at(c *client.Client, url string) *client.Client {
	other := *c
	other.Base = url
	return &other
}

// TestRates comes to each limit of what is done and goes one past it. None of
// them refills while it is tried: the fastest once a minute.
func TestRates(t *testing.T) {
	t.Parallel()
	for mode, of := range suite.Modes {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			s := ownOf(t, suite.Config{Mode: of, Copies: 2, Env: []string{
				"TUDO_RATE_SEND=30/h", "TUDO_RATE_GROUP=50/h", "TUDO_RATE_SEARCH=60/h", "TUDO_RATE_UPLOAD=3/h", "TUDO_RATE_UPLOAD_BYTES=4000/h",
				"TUDO_RATE_UPGRADE=4/h", "TUDO_RATE_REFUSED=5/h",
			}})
			exactly := func(what string, want int, do func(n int) error) {
				t.Helper()
				if n := admitted(t, what, do); n != want {
					t.Errorf("%s: %d, want %d", what, n, want)
				}
			}
			ann, bob := friends(t, s)
			cat := register(t, s, 0)
			group, err := ann.CreateGroup(ctx(t), "rates", bob.UserID)
			must(t, "group", err)
			send := func(c *client.Client, to client.SendRequest) func(n int) error {
				return func(n int) error {
					to.ClientMsgID = fmt.Sprint(c.UserID, " ", n)
					_, err := c.Send(ctx(t), to)
					return err
				}
			}
			room := client.SendRequest{GroupID: group, Msg: client.Text("x")}

			// Of two nodes each lets its share through before it hears of the other's.
			nodes := max(1, len(s.Half("chat_api")))
			atNodes := func(what string, n, want int) {
				t.Helper()
				if n < want || n > nodes*want {
					t.Errorf("%s: %d, want %d on each of %d nodes at most", what, n, want, nodes)
				}
			}
			sent := admitted(t, "sends to a group", send(ann, room))
			atNodes("sends to a group", sent, 30)
			sent += admitted(t, "sends of another to it", send(bob, room))
			atNodes("sends of both to it", sent, 50)
			dan := register(t, s, 1)
			must(t, "befriend", cat.Befriend(ctx(t), dan))
			atNodes("sends to a friend", admitted(t, "sends to a friend", send(cat, text(dan, "", "x"))), 30)
			socket := dial(t, cat)
			eventually(t, "over the socket it is the same user", func(ctx context.Context) error {
				if _, err := socket.Send(ctx, text(dan, "socket", "x")); client.Code(err) != tooMany {
					return fmt.Errorf("code %d", client.Code(err))
				}
				return nil
			})
			hist, err := ann.After(ctx(t), fmt.Sprint("g_", group), 0, 100)
			if err != nil || len(hist.List) == 0 {
				t.Errorf("what is read is not bounded by it: %v", err)
			}

			exactly("files", 3, func(n int) error {
				_, err := cat.Upload(ctx(t), "a.txt", []byte(fmt.Sprint("file ", n)))
				return err
			})
			exactly("bytes of files", 2, func(n int) error {
				_, err := bob.Upload(ctx(t), "a.txt", []byte(strings.Repeat(fmt.Sprint(n), 1500)))
				return err
			})
			exactly("sockets beside the one", 3, func(int) error {
				c, err := cat.Dial(ctx(t))
				if err == nil {
					c.Close()
				}
				return err
			})
			exactly("sockets that are refused", 5, func(int) error {
				nobody := client.New(cat.Base)
				_, err := nobody.Dial(ctx(t))
				if client.Code(err) == 10002 {
					return nil
				}
				return err
			})
			exactly("searches", 60, func(int) error { _, err := cat.Search(ctx(t), "nobody"); return err })
			searchedElsewhere(t, s, cat)
		})
	}
}

// searchedElsewhere shows that gateways count together, and on by themselves
// when they cannot.
func searchedElsewhere(t *testing.T, s *suite.Suite, c *client.Client) {
	t.Helper()
	if s.Mode == suite.One {
		return
	}
	there, more := at(c, s.URLs()[1]), 0
	eventually(t, "the other gateway hears of it", func(ctx context.Context) error {
		_, err := there.Search(ctx, "nobody")
		if client.Code(err) == tooMany {
			return nil
		}
		if more++; err == nil {
			err = errors.New("not yet")
		}
		return err
	})
	if more >= 60 {
		t.Errorf("the other gateway let %d more through", more)
	}
	dan := register(t, s, 0)
	s.Redis.Kill()
	if n := admitted(t, "searches without Redis", func(int) error { _, err := dan.Search(ctx(t), "nobody"); return err }); n != 60 {
		t.Errorf("%d searches without Redis", n)
	}
}
