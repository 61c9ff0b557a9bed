package hostile

import (
	"context"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tudoIM/common/token"
	"tudoIM/test/client"
	"tudoIM/test/photo"
	"tudoIM/test/suite"
	"tudoIM/utils/ports"
)

const (
	// patience bounds whatever a row waits for; nothing should take near as long.
	patience = 60 * time.Second
	// password is every account's; no log may have it.
	password = "correct horse battery staple"
)

// environment bounds none of what rows do, and says where instances may be.
func environment() []string {
	return append(slices.Clone(suite.Unlimited),
		// The rest of the loopback is where row G9 puts what must not be asked.
		"TUDO_NETWORKS=127.0.0.1/32,::1/128",
		// The single process by itself logs errors only.
		"TUDO_LOG_LEVEL=info",
	)
}

// stage is a running suite that rows are played on, with the people in them.
type stage struct {
	s *suite.Suite
	// doors are where the halves listen, by their names.
	doors map[string]string
	// temp is where every process puts what it needs for a while.
	temp string
	// key signs identities, proof is what rpc halves ask for.
	key   []byte
	proof string
	pids  map[string]int

	// ann plays the rows, and is bob's friend. Eve and fay are friends, and
	// strangers to both. Each of the three listens on a socket.
	ann, bob, eve, fay *client.Client
	ears               []*ear
	// team is a group of eve and fay, theirs a message of them, carried in it.
	team, theirs uint64
	file         client.File
	// silent is a socket that says nothing from the beginning, not even pong.
	silent net.Conn

	mu      sync.Mutex
	secrets map[string]string
	// odd are the answers of 5xx that no row has named.
	odd []string
}

// ear is an open socket that should hear nothing.
type ear struct {
	who    *client.Client
	socket *client.Socket
	// fence is a friend, whose words show that nothing else was on its way.
	fence *client.Client
}

// part is a set of rows.
type part struct {
	name string
	play func(t *testing.T, w *stage)
	// stores says that people of its own keep files.
	stores bool
}

// parts is the matrix in the order it is played.
var parts = []part{
	{name: "G1 identity", play: rowsOfIdentity},
	{name: "G6 G7 G24 paths", play: rowsOfPaths},
	{name: "G8 smuggling", play: rowsOfSmuggling},
	{name: "G9 instances", play: rowsOfInstances},
	{name: "G10 IPv6", play: rowsOfIPv6},
	{name: "G11 G16 G17 every route by its gateway", play: rowsOfBodiesAtTheGateway},
	{name: "G16 G17 every route at its half", play: rowsOfBodiesAtTheHalves},
	{name: "every field of every route at its half", play: rowsOfFields},
	{name: "nobody's and forged identities at the halves", play: rowsOfForgedIdentities},
	{name: "G18 slow clients", play: rowsOfSlowClients},
	{name: "G21 large heads", play: rowsOfLargeHeads},
	{name: "G22 origins", play: rowsOfOrigins},
	{name: "G26 lines for the log", play: rowsOfLogLines},
	{name: "A tokens", play: rowsOfTokens},
	{name: "S5 what everybody may read", play: rowsOfSettings},
	{name: "PC private chats", play: rowsOfChats},
	{name: "W1 W3 W24 upgrades", play: rowsOfUpgrades},
	{name: "W4 W6 W11 frames", play: rowsOfFrames},
	{name: "W7 W20 messages", play: rowsOfMessages},
	{name: "W16 the same id", play: rowsOfRepeats},
	{name: "W17 to whom", play: rowsOfReceivers},
	{name: "W21 pieces", play: rowsOfPieces},
	{name: "W22 the bus", play: rowsOfTheBus},
	{name: "rpc unsigned", play: rowsOfUnsignedCalls},
	{name: "rpc signed", play: rowsOfSignedCalls},
	{name: "PC12 W17 when it is over", play: rowsOfTheEnd, stores: true},
	{name: "G27 5,000 requests", play: rowsOfManyRequests},
	{name: "W11 silence", play: rowsOfSilence},
}

// TestHostile plays the matrix of bad inputs in both modes, and looks at the
// end at what it has left behind.
func TestHostile(t *testing.T) {
	for name, mode := range suite.Modes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if mode == suite.Many {
				suite.Need(t, suite.RequireMariaDB, suite.RequireRedis, suite.RequireEtcd, suite.RequireS3)
			}
			w := start(t, mode)
			for _, p := range parts {
				t.Run(p.name, func(t *testing.T) {
					rows, files := w.photograph(t), w.files(t)
					p.play(t, w)
					if p.stores {
						files = nil
					}
					w.unharmed(t, rows, files)
				})
			}
			t.Run("afterwards", func(t *testing.T) { w.afterwards(t) })
		})
	}
}

// start starts a suite in mode, with its people, that ends with the test.
func start(t *testing.T, mode suite.Mode) *stage {
	t.Helper()
	w := &stage{doors: map[string]string{}, temp: t.TempDir(), secrets: map[string]string{}, pids: map[string]int{}}
	env := append(environment(), "TMPDIR="+w.temp)
	if mode == suite.One { // it would choose for itself where its halves listen
		for _, name := range suite.Halves[:len(suite.Halves)-1] {
			port, err := ports.Take()
			must(t, "a port", err)
			w.doors[name] = ports.Address(port)
			env = append(env, "TUDO_"+strings.ToUpper(name)+"_ADDR="+w.doors[name])
		}
	}
	s, err := suite.Start(suite.Config{Mode: mode, Env: env})
	must(t, "start", err)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	w.s = s
	for _, m := range s.Members {
		w.pids[m.Name] = m.Pid()
		if mode == suite.Many {
			w.doors[m.Name] = m.Addr
		}
	}
	internal := w.secretFile(t, "internal.secret")
	w.secretFile(t, "jwt.secret")
	w.key = token.Key(internal, "identity")
	w.proof = hex.EncodeToString(token.Key(internal, "rpc"))
	w.secret("the proof of rpc callers", w.proof)
	w.secret("the password", password)
	w.people(t)
	silent, err := dialRaw(t, w, w.register(t), "", nil)
	must(t, "a socket", err)
	w.silent = silent.NetConn()
	t.Cleanup(func() { _ = w.silent.Close() })
	return w
}

// secretFile reads a secret that the suite has made for itself.
func (w *stage) secretFile(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(w.s.Dir, "data", file))
	must(t, file, err)
	secret := strings.TrimSpace(string(b))
	w.secret(file, secret)
	return []byte(secret)
}

// secret keeps in mind what no log may have.
func (w *stage) secret(what, value string) {
	if value == "" {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.secrets[value] = what
}

func (w *stage) people(t *testing.T) {
	t.Helper()
	w.ann, w.bob, w.eve, w.fay = w.register(t), w.register(t), w.register(t), w.register(t)
	must(t, "friends", w.ann.Befriend(ctx(t), w.bob))
	must(t, "friends", w.eve.Befriend(ctx(t), w.fay))
	for _, c := range []*client.Client{w.bob, w.eve, w.fay} {
		fence := w.register(t)
		must(t, "friends", c.Befriend(ctx(t), fence))
		w.ears = append(w.ears, &ear{who: c, socket: w.dial(t, c), fence: fence})
	}
	var err error
	w.team, err = w.eve.CreateGroup(ctx(t), "team", w.fay.UserID)
	must(t, "a group", err)
	w.file, err = w.eve.Upload(ctx(t), hidden+".pdf", []byte("%PDF-1.4\na plan of two others\n"))
	must(t, "a file", err)
	sent, err := w.eve.Send(ctx(t), client.SendRequest{RevUserID: w.fay.UserID, ClientMsgID: "theirs", Msg: client.Body{
		Type: 4, FileMsg: &client.MediaMsg{Title: hidden + ".pdf", Src: w.file.Src},
	}})
	must(t, "a message", err)
	w.theirs = sent.MsgID
	_, err = w.ann.Send(ctx(t), text(w.bob.UserID, "first", "hello"))
	must(t, "a message", err)
	// A group keeps a row of who has tried to speak there, the first time.
	_, err = w.ann.Send(ctx(t), client.SendRequest{GroupID: w.team, ClientMsgID: "g", Msg: client.Text("x")})
	if client.Code(err) != 50003 {
		t.Fatalf("to a group of others: %v", err)
	}
	// The system's conversation is there from the first look at it, for ever.
	if _, err = w.ann.Session(ctx(t), fmt.Sprint("s_", w.ann.UserID)); err != nil && client.Code(err) != 40001 {
		t.Fatal(err)
	}
	_, err = w.ann.Send(ctx(t), client.SendRequest{ConversationID: fmt.Sprint("s_", w.ann.UserID), ClientMsgID: "s", Msg: client.Text("x")})
	if client.Code(err) != 40002 {
		t.Fatalf("to the system: %v", err)
	}
	w.heard(t) // and forget what is of their own making
}

var names atomic.Uint64

// register makes an account whose tokens no log may have.
func (w *stage) register(t *testing.T) *client.Client {
	t.Helper()
	c := client.New(w.s.URLs()[0])
	must(t, "register", c.Register(ctx(t), fmt.Sprintf("hostile.%d.%d", names.Add(1), os.Getpid()), password))
	w.keep(c)
	return c
}

func (w *stage) keep(c *client.Client) {
	w.secret("an access token", c.AccessToken)
	w.secret("a refresh token", c.RefreshToken)
}

func (w *stage) dial(t *testing.T, c *client.Client) *client.Socket {
	t.Helper()
	s, err := c.Dial(ctx(t))
	must(t, "socket", err)
	t.Cleanup(s.Close)
	return s
}

// photograph is what the database has of those whom the rows are about.
func (w *stage) photograph(t *testing.T) []string {
	t.Helper()
	return photo.Of(t, w.s, w.ann.UserID, w.bob.UserID, w.eve.UserID, w.fay.UserID)
}

// files are the stored files, and those that are there for a while.
func (w *stage) files(t *testing.T) []string {
	t.Helper()
	return append(photo.Files(t, w.s.Stored()), photo.Files(t, w.temp)...)
}

// heard returns the events that have come to any ear, by who got them. What a
// fence says comes last: what was on its way before has come then. That ann
// comes and goes her friend may hear.
func (w *stage) heard(t *testing.T) (events []string) {
	t.Helper()
	for _, e := range w.ears {
		mark := fmt.Sprint("fence ", names.Add(1))
		_, err := e.fence.Send(ctx(t), text(e.who.UserID, mark, mark))
		must(t, "the fence", err)
		passed := until(t, func(context.Context) (passed bool) {
			for _, ev := range e.socket.Events() {
				switch {
				case ev.Event == "message" && strings.Contains(string(ev.Data), `"`+mark+`"`):
					passed = true
				case ev.Event == "presence" && e.who == w.bob:
				default:
					events = append(events, fmt.Sprintf("%d heard %s %.300s", e.who.UserID, ev.Event, ev.Data))
				}
			}
			return passed
		})
		if !passed {
			t.Fatalf("%d does not hear the fence: %v", e.who.UserID, e.socket.Err())
		}
	}
	return events
}

// unharmed fails unless rows and files, unless these are nil, are as they were, nobody has heard
// anything, every process lives, and no answer was a fault of ours.
func (w *stage) unharmed(t *testing.T, rows, files []string) {
	t.Helper()
	photo.Unchanged(t, "rows", rows, w.photograph(t))
	for _, e := range w.heard(t) { // the fences change rows
		t.Error(e)
	}
	var now []string
	if files != nil && !until(t, func(context.Context) bool { now = w.files(t); return slices.Equal(files, now) }) {
		photo.Unchanged(t, "files", files, now)
	}
	w.alive(t)
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, answer := range w.odd {
		t.Error(answer)
	}
	w.odd = nil
}

// alive fails unless every process is the one that was started.
func (w *stage) alive(t *testing.T) {
	t.Helper()
	for _, m := range w.s.Members {
		if !m.Running() || m.Pid() != w.pids[m.Name] {
			t.Fatalf("%s is not the process it was", m.Name)
		}
	}
}

// ctx ends with the test, or when patience is over.
func ctx(t *testing.T) context.Context {
	t.Helper()
	c, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return c
}

// until reports whether ok is true in the end.
func until(t *testing.T, ok func(ctx context.Context) bool) bool {
	t.Helper()
	c, cancel := context.WithTimeout(t.Context(), patience/4)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok(c) {
		select {
		case <-tick.C:
		case <-c.Done():
			return false
		}
	}
	return true
}

func must(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// text is a text to somebody.
func text(to uint64, id, content string) client.SendRequest {
	return client.SendRequest{RevUserID: to, ClientMsgID: id, Msg: client.Text(content)}
}

// private is the id of the conversation of two users.
func private(a, b *client.Client) string {
	return fmt.Sprintf("p_%d_%d", min(a.UserID, b.UserID), max(a.UserID, b.UserID))
}
