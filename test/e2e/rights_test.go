package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// administrator registers a user and makes it one, as who runs the server does.
func administrator(t *testing.T, s *suite.Suite) *client.Client {
	t.Helper()
	c := register(t, s, 0)
	if out, err := s.Command("tudoim", "-admin", c.Name).CombinedOutput(); err != nil || !strings.Contains(string(out), "is an administrator") {
		t.Fatalf("-admin: %v\n%s", err, out)
	}
	return c
}

func unfriend(t *testing.T, c *client.Client, friend uint64) error {
	t.Helper()
	return c.Call(ctx(t), http.MethodDelete, fmt.Sprint("/api/user/friends/", friend), nil, nil)
}

func remark(t *testing.T, c *client.Client, friend uint64, notice string) error {
	t.Helper()
	return c.Call(ctx(t), http.MethodPut, "/api/user/friends", map[string]any{"friendId": friend, "notice": notice}, nil)
}

func block(t *testing.T, c *client.Client, user uint64) error {
	t.Helper()
	return c.Call(ctx(t), http.MethodPost, "/api/user/blacks", map[string]any{"userId": user}, nil)
}

func unblock(t *testing.T, c *client.Client, user uint64) error {
	t.Helper()
	return c.Call(ctx(t), http.MethodDelete, fmt.Sprint("/api/user/blacks/", user), nil, nil)
}

func curtail(t *testing.T, boss *client.Client, user uint64, what map[string]any) error {
	t.Helper()
	return boss.Call(ctx(t), http.MethodPut, fmt.Sprintf("/api/user/admin/users/%d/curtail", user), what, nil)
}

func setDisabled(t *testing.T, boss *client.Client, user uint64, disabled bool) error {
	t.Helper()
	return boss.Call(ctx(t), http.MethodPut, fmt.Sprintf("/api/user/admin/users/%d/status", user), map[string]any{"disabled": disabled}, nil)
}

// line is who sends, on a socket that was open before, and to whom.
type line struct {
	from   *client.Client
	socket *client.Socket
	to     *client.Client
}

var lineMsg atomic.Uint64

// answers sends over the socket and over REST; both must be answered with code.
func (l line) answers(t *testing.T, what string, code int) {
	t.Helper()
	_, err := l.socket.Send(ctx(t), text(l.to, fmt.Sprint("s-", lineMsg.Add(1)), what))
	wantCode(t, what+", socket", err, code)
	_, err = l.from.Send(ctx(t), text(l.to, fmt.Sprint("r-", lineMsg.Add(1)), what))
	wantCode(t, what+", REST", err, code)
}

// lines are both directions between two who are friends.
func lines(t *testing.T, a, b *client.Client) (ab, ba line) {
	t.Helper()
	return line{a, dial(t, a), b}, line{b, dial(t, b), a}
}

func must(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func TestAnEndedFriendshipStopsMessages(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		annBob, bobAnn := lines(t, ann, bob)
		annBob.answers(t, "friends", 0)
		bobAnn.answers(t, "friends", 0)
		must(t, "unfriend", unfriend(t, ann, bob.UserID))
		annBob.answers(t, "I ended it", 40002)
		bobAnn.answers(t, "the other ended it", 40002)
		for _, c := range []struct {
			l    line
			peer uint64
		}{{annBob, bob.UserID}, {bobAnn, ann.UserID}} {
			var gone struct {
				UserID uint64 `json:"userId"`
			}
			if event(t, c.l.socket, "friendDeleted", &gone); gone.UserID != c.peer {
				t.Errorf("friendDeleted: %+v, want %d", gone, c.peer)
			}
		}
		must(t, "unfriend again", unfriend(t, ann, bob.UserID))
		must(t, "unfriend from the other side", unfriend(t, bob, ann.UserID))
		if all, err := bob.All(ctx(t), private(ann, bob)); err != nil || len(all) != 4 {
			t.Errorf("%d messages are kept, %v", len(all), err)
		}
		must(t, "befriend again", bob.Befriend(ctx(t), ann))
		annBob.answers(t, "friends again", 0)
		bobAnn.answers(t, "friends again", 0)
	})
}

func TestABlockStopsTheBlockedOne(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		annBob, bobAnn := lines(t, ann, bob)
		must(t, "block", block(t, ann, bob.UserID))
		bobAnn.answers(t, "blocked", 40003)
		annBob.answers(t, "the blocker", 0)
		var changed struct {
			Friend  client.User `json:"friend"`
			IsBlack bool        `json:"isBlack"`
		}
		if event(t, annBob.socket, "friendUpdated", &changed); !changed.IsBlack || changed.Friend.UserID != bob.UserID {
			t.Errorf("friendUpdated: %+v", changed)
		}
		var blacks struct {
			List  []client.User `json:"list"`
			Count int           `json:"count"`
		}
		if err := ann.Call(ctx(t), http.MethodGet, "/api/user/blacks?page=1&limit=10", nil, &blacks); err != nil || blacks.Count != 1 || blacks.List[0].UserID != bob.UserID {
			t.Errorf("blacks: %+v, %v", blacks, err)
		}
		for _, c := range []struct {
			who, whom *client.Client
			blocked   bool
		}{{ann, bob, true}, {bob, ann, false}} {
			var is struct {
				IsFriend    bool `json:"isFriend"`
				BlockedByMe bool `json:"blockedByMe"`
			}
			err := c.who.Call(ctx(t), http.MethodGet, fmt.Sprint("/api/user/friends/check?userId=", c.whom.UserID), nil, &is)
			if err != nil || !is.IsFriend || is.BlockedByMe != c.blocked {
				t.Errorf("check: %+v, %v", is, err)
			}
		}
		must(t, "block again", block(t, ann, bob.UserID))
		must(t, "unblock", unblock(t, ann, bob.UserID))
		must(t, "unblock again", unblock(t, ann, bob.UserID))
		bobAnn.answers(t, "unblocked", 0)
		for _, e := range bobAnn.socket.Events() {
			if e.Event == "friendUpdated" {
				t.Errorf("the blocked one is told: %s", e.Data)
			}
		}
	})
}

func TestACurtailedUserIsStopped(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		boss := administrator(t, s)
		ann, bob := friends(t, s)
		annBob, bobAnn := lines(t, ann, bob)
		must(t, "curtail", curtail(t, boss, ann.UserID, map[string]any{"curtailChat": true, "curtailAddUser": true, "curtailCreateGroup": true}))
		annBob.answers(t, "curtailed", 40004)
		bobAnn.answers(t, "to a curtailed one", 0)
		_, _, err := ann.AddFriend(ctx(t), boss.UserID, "hi")
		wantCode(t, "a request of a curtailed one", err, 31006)
		group := func() error {
			return ann.Call(ctx(t), http.MethodPost, "/api/group/group", map[string]any{"mode": 1, "title": "team", "userIdList": []uint64{}}, nil)
		}
		wantCode(t, "a group of a curtailed one", group(), 50001)
		must(t, "lift", curtail(t, boss, ann.UserID, map[string]any{"curtailChat": false}))
		annBob.answers(t, "lifted", 0)
		wantCode(t, "a group still", group(), 50001)

		until := time.Now().Add(8 * time.Second).UnixMilli() // slow machines take a while to hear it
		must(t, "curtail for a while", curtail(t, boss, ann.UserID, map[string]any{"curtailChat": true, "until": until}))
		eventually(t, "it ends by itself", func(c context.Context) error {
			_, err := annBob.socket.Send(c, text(bob, fmt.Sprint("w-", lineMsg.Add(1)), "may I?"))
			if err == nil && time.Now().UnixMilli() < until-500 {
				t.Errorf("taken %d ms too early", until-time.Now().UnixMilli())
			}
			if err != nil && client.Code(err) != 40004 {
				t.Errorf("refused with %v", err)
			}
			return err
		})
		wantCode(t, "a group", group(), 0)
	})
}

// What is curtailed in groups is so in groups only, and the other way round.
func TestGroupsAreCurtailedByThemselves(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		boss := administrator(t, s)
		ann, bob := friends(t, s)
		annBob, _ := lines(t, ann, bob)
		var made struct {
			GroupID uint64 `json:"groupId"`
		}
		must(t, "group", bob.Call(ctx(t), http.MethodPost, "/api/group/group",
			map[string]any{"mode": 1, "title": "team", "userIdList": []uint64{ann.UserID}}, &made))
		inGroup := func(what string, code int) {
			t.Helper()
			_, err := annBob.socket.Send(ctx(t), client.SendRequest{
				GroupID: made.GroupID, ClientMsgID: fmt.Sprint("g-", lineMsg.Add(1)), Msg: client.Text(what),
			})
			wantCode(t, what+", in the group", err, code)
		}
		inGroup("free", 0)
		must(t, "curtail", curtail(t, boss, ann.UserID, map[string]any{"curtailInGroupChat": true}))
		inGroup("curtailed in groups", 40004)
		annBob.answers(t, "curtailed in groups", 0)
		must(t, "curtail", curtail(t, boss, ann.UserID, map[string]any{"curtailInGroupChat": false, "curtailChat": true}))
		inGroup("curtailed in private", 0)
		annBob.answers(t, "curtailed in private", 40004)
	})
}

func TestADisabledAccountIsLoggedOut(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		boss := administrator(t, s)
		ann, bob := friends(t, s)
		annBob, bobAnn := lines(t, ann, bob)
		must(t, "disable", setDisabled(t, boss, ann.UserID, true))
		<-annBob.socket.Done()
		if code := client.CloseCode(annBob.socket.Err()); code != 4001 {
			t.Errorf("the socket closed with %d: %v", code, annBob.socket.Err())
		}
		_, err := ann.Sessions(ctx(t))
		wantCode(t, "the access token", err, 10004)
		wantCode(t, "the refresh token", ann.Refresh(ctx(t)), 20012)
		wantCode(t, "login", ann.Login(ctx(t), ann.Name, password), 20012)
		bobAnn.answers(t, "it may come back", 0)
		must(t, "disable again", setDisabled(t, boss, ann.UserID, true))
		must(t, "enable", setDisabled(t, boss, ann.UserID, false))
		must(t, "login", ann.Login(ctx(t), ann.Name, password))
		line{ann, dial(t, ann), bob}.answers(t, "enabled", 0)
	})
}

func TestNothingIsStoredAfterTheEndOfAFriendship(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		const senders, each, enough = 4, 50, 40
		ann, bob := friends(t, s)
		var stored, refused atomic.Int64
		ready := make(chan struct{})
		var wg sync.WaitGroup
		for g := range senders {
			from, to := ann, bob
			if g%2 == 1 {
				from, to = bob, ann
			}
			socket := dial(t, from)
			wg.Go(func() {
				for n := range each {
					_, err := socket.Send(ctx(t), text(to, fmt.Sprintf("%d-%d", g, n), "x"))
					switch client.Code(err) {
					case 0:
						if stored.Add(1) == enough {
							close(ready)
						}
					case 40002:
						refused.Add(1)
					default:
						t.Error(err)
					}
				}
			})
		}
		<-ready // enough of 200 are stored: the rest races with what follows
		must(t, "unfriend", unfriend(t, ann, bob.UserID))
		page, err := bob.Before(ctx(t), private(ann, bob), 0, 1)
		must(t, "history", err)
		wg.Wait()
		all, err := ann.All(ctx(t), private(ann, bob))
		must(t, "history", err)
		if last := all[len(all)-1].Seq; last != page.MaxSeq || len(all) != int(stored.Load()) || refused.Load() == 0 {
			t.Errorf("seq %d after the answer, %d at the end; %d stored, %d acked, %d refused", page.MaxSeq, last, len(all), stored.Load(), refused.Load())
		}
	})
}

// TestBadInputOfPeople are rows U5, U7, U16 and U17 of the matrix of bad
// inputs, and the administrator's routes.
func TestBadInputOfPeople(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		boss := administrator(t, s)
		ann, bob := friends(t, s)
		eve, shy := register(t, s, 1), register(t, s, 0)
		inDatabase(t, s, "UPDATE user_conf_models SET verification = 0 WHERE user_id = ?", shy.UserID)
		must(t, "block", block(t, ann, eve.UserID))
		dial(t, ann) // she is online
		const nobody = 1 << 50
		add := func(c *client.Client, id uint64) error {
			_, _, err := c.AddFriend(ctx(t), id, "hi")
			return err
		}
		get := func(c *client.Client, path string) error { return c.Call(ctx(t), http.MethodGet, path, nil, nil) }
		for _, c := range []struct {
			name         string
			err          error
			status, code int
		}{
			{"U5 end a friendship with a stranger", unfriend(t, eve, bob.UserID), 404, 31012},
			{"U5 end a friendship with nobody", unfriend(t, eve, nobody), 404, 31012},
			{"U5 end a friendship with oneself", unfriend(t, eve, eve.UserID), 404, 31012},
			{"U5 name a stranger", remark(t, eve, bob.UserID, "x"), 404, 31012},
			{"U5 name nobody", remark(t, eve, nobody, "x"), 404, 31012},
			{"a name of lines", remark(t, ann, bob.UserID, "a\nb"), 400, 10001},
			{"U7 ask oneself", add(ann, ann.UserID), 400, 31001},
			{"U7 ask a friend", add(ann, bob.UserID), 409, 31002},
			{"U7 ask one who blocks me looks like one who takes nobody", add(eve, ann.UserID), 403, 31003},
			{"U7 ask one who takes nobody", add(eve, shy.UserID), 403, 31003},
			{"U7 ask nobody", add(eve, nobody), 404, 10006},
			{"block oneself", block(t, ann, ann.UserID), 400, 31001},
			{"block nobody", block(t, ann, nobody), 404, 10006},
			{"U17 settings of another", get(eve, fmt.Sprint("/api/user/conf/", ann.UserID)), 404, 10006},
			{"U17 friends of another", get(eve, fmt.Sprintf("/api/user/friends/%d/friends", ann.UserID)), 404, 10006},
			{"curtail as a user", curtail(t, ann, bob.UserID, map[string]any{"curtailChat": true}), 403, 10005},
			{"disable as a user", setDisabled(t, ann, bob.UserID, true), 403, 10005},
			{"curtail oneself", curtail(t, boss, boss.UserID, map[string]any{"curtailChat": true}), 409, 10009},
			{"disable oneself", setDisabled(t, boss, boss.UserID, true), 409, 10009},
			{"curtail nobody", curtail(t, boss, nobody, map[string]any{"curtailChat": true}), 404, 10006},
			{"curtail until yesterday", curtail(t, boss, bob.UserID, map[string]any{"until": 1}), 400, 10001},
		} {
			var e *client.Error
			if !errors.As(c.err, &e) || e.HTTP != c.status || e.Code != c.code {
				t.Errorf("%s: %v, want %d %d", c.name, c.err, c.status, c.code)
			}
		}
		must(t, "U7 ask twice", errors.Join(add(bob, eve.UserID), add(bob, eve.UserID)))
		var mine struct {
			List []client.User `json:"list"`
		}
		for _, path := range []string{"friends", "blacks"} { // U17
			if err := eve.Call(ctx(t), http.MethodGet, fmt.Sprintf("/api/user/%s?userId=%d", path, ann.UserID), nil, &mine); err != nil || len(mine.List) != 0 {
				t.Errorf("%s of another: %+v, %v", path, mine, err)
			}
		}
		var card map[string]any // U16
		if err := eve.Call(ctx(t), http.MethodGet, fmt.Sprint("/api/user/info/", ann.UserID), nil, &card); err != nil || card["isOnline"] != false || card["isBlack"] != false || card["canChat"] != false {
			t.Errorf("card for one who is blocked: %v, %v", card, err)
		}
		bob.Lang = "zh"
		var e *client.Error
		if err := unfriend(t, bob, eve.UserID); !errors.As(err, &e) || e.Msg != "不是好友" {
			t.Errorf("in Chinese: %v", err)
		}
		// An administrator who is none any more still has the token of one.
		must(t, "demote", setRole(t, administrator(t, s), boss.UserID, 2))
		wantCode(t, "a fallen administrator", curtail(t, boss, bob.UserID, map[string]any{"curtailChat": true}), 10005)
	})
}
