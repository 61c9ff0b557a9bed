package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"tudoIM/test/client"
	"tudoIM/test/suite"
	"tudoIM/utils/ports"
)

// TestSenderOnOneNodeReachesReceiverOnAnother opens several sockets of one
// user, which the gateway spreads over both chat_api nodes, and takes a node
// away to see that it did.
func TestSenderOnOneNodeReachesReceiverOnAnother(t *testing.T) {
	t.Parallel()
	s := own(t, suite.Many, 2)
	ann, bob := friends(t, s)
	var sockets []*client.Socket
	for range 6 {
		sockets = append(sockets, dial(t, bob))
	}
	from := dial(t, ann)
	hear := func(content string, sockets []*client.Socket) {
		t.Helper()
		insist(t, ann, text(bob, content, content))
		for i, socket := range sockets {
			for {
				d, err := socket.NextMessage(ctx(t))
				if err != nil {
					t.Fatalf("socket %d: %v", i, err)
				}
				if d.Message.Content() == content {
					break
				}
			}
		}
	}
	for i := range 10 {
		content := fmt.Sprint("over the socket ", i)
		if _, err := from.Send(ctx(t), text(bob, content, content)); err != nil {
			t.Fatal(err)
		}
		for _, socket := range sockets {
			if d, err := socket.NextMessage(ctx(t)); err != nil || d.Message.Content() != content {
				t.Fatalf("%+v, %v; want %s", d, err, content)
			}
		}
	}

	// The one that was told to end hands its sockets back; the others go on.
	node := s.Half("chat_api")[1]
	if err := node.Stop(); err != nil {
		t.Fatal(err)
	}
	var left []*client.Socket
	for _, socket := range sockets {
		if code := ended(t, socket); code == 0 {
			left = append(left, socket)
		} else if code != 1001 && code != 1012 {
			t.Errorf("a socket of the stopped node closed with %d: %v", code, socket.Err())
		}
	}
	if len(left) == 0 || len(left) == len(sockets) {
		t.Fatalf("%d of %d sockets were on the other node: this says nothing about two", len(left), len(sockets))
	}
	hear("with one node less", left)

	// So does one that was not told: another of each half takes over.
	for _, half := range []string{"chat_rpc", "user_rpc", "auth_rpc", "gateway"} {
		s.Half(half)[1].Kill()
	}
	bob.Base, ann.Base = s.URLs()[0], s.URLs()[0]
	again := dial(t, bob)
	hear("with one of each less", []*client.Socket{again})
}

// ended returns the close code of a socket whose end can be seen, else 0. A
// ping that is answered shows that it is alive.
func ended(t *testing.T, s *client.Socket) int {
	t.Helper()
	err := s.Do(ctx(t), "ping", struct{}{}, nil)
	if err == nil {
		return 0
	}
	<-s.Done()
	if code := client.CloseCode(s.Err()); code != 0 {
		return code
	}
	return -1
}

// TestUnsignedCallsAreRefused goes to the halves' own ports, past the gateway.
func TestUnsignedCallsAreRefused(t *testing.T) {
	t.Parallel()
	need(t, suite.Many)
	s, err := shared.get(suite.Many)
	if err != nil {
		t.Fatal(err)
	}
	ann := register(t, s, 0)
	for half, path := range map[string]string{
		"auth_api": "/api/auth/logout", "user_api": "/api/user/user_info", "chat_api": "/api/chat/session", "group_api": "/api/group/group/1",
		"file_api": "/api/file/info/x", "settings_api": "/api/settings/info",
	} {
		for name, header := range map[string]http.Header{
			"nothing":        {},
			"a user id":      {"User-Id": {"1"}, "Role": {"1"}, "Session-Id": {"1"}},
			"a signature":    {"Tudo-Identity": {"1.1.1.d"}, "Tudo-Signature": {strings.Repeat("0", 64)}, "User-Id": {"1"}},
			"a valid bearer": {"Authorization": {"Bearer " + ann.AccessToken}},
		} {
			direct := client.New(s.Half(half)[0].URL())
			method := http.MethodGet
			if half == "auth_api" {
				method = http.MethodPost
			}
			resp, err := direct.Do(ctx(t), method, path, nil, header)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s with %s: %s", half, name, resp.Status)
			}
		}
	}
	for _, call := range [][2]string{
		{"auth_rpc", "/auth_rpc.Auth/Login"}, {"user_rpc", "/user_rpc.User/Info"},
		{"chat_rpc", "/chat_rpc.Chat/SetRights"}, {"chat_rpc", "/wire.Messages/History"},
		{"group_rpc", "/group_rpc.Groups/Get"}, {"group_rpc", "/wire.Messages/Send"},
		{"file_rpc", "/file_rpc.Files/Get"}, {"settings_rpc", "/settings_rpc.Settings/Get"},
	} {
		half, method := call[0], call[1]
		conn, err := grpc.NewClient(s.Half(half)[0].Addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			t.Fatal(err)
		}
		for name, md := range map[string]metadata.MD{
			"nothing":        nil,
			"a wrong secret": metadata.Pairs("tudo-internal", strings.Repeat("0", 64)),
			"a user's token": metadata.Pairs("authorization", "Bearer "+ann.AccessToken),
		} {
			err := conn.Invoke(metadata.NewOutgoingContext(ctx(t), md), method, &emptypb.Empty{}, &emptypb.Empty{})
			if status.Code(err) != codes.Unauthenticated {
				t.Errorf("%s with %s: %v", half, name, err)
			}
		}
		conn.Close()
	}
}

// TestIdentityHeadersFromOutsideAreIgnored claims to be somebody else.
func TestIdentityHeadersFromOutsideAreIgnored(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := register(t, s, 0), register(t, s, 0)
		for name, header := range map[string]http.Header{
			"user id":   {"User-Id": {fmt.Sprint(bob.UserID)}, "User-ID": {fmt.Sprint(bob.UserID)}, "Role": {"1"}},
			"signed":    {"Tudo-Identity": {fmt.Sprint(bob.UserID)}, "Tudo-Signature": {"00"}},
			"session":   {"Session-Id": {"1"}},
			"forwarded": {"X-Forwarded-For": {"127.0.0.1"}, "X-Real-Ip": {"127.0.0.1"}},
		} {
			body, _, err := ann.Download(ctx(t), "/api/user/user_info", header)
			if err != nil || !strings.Contains(string(body), fmt.Sprintf(`"userId":%d,`, ann.UserID)) {
				t.Errorf("%s: %s, %v", name, body, err)
			}
		}
	})
}

// TestEtcdAway takes etcd away, with all its data, and brings it back empty.
func TestEtcdAway(t *testing.T) {
	t.Parallel()
	s := own(t, suite.Many, 1)
	ann, bob := friends(t, s)
	onAnn, onBob := dial(t, ann), dial(t, bob)
	send := func(content string) {
		t.Helper()
		if _, err := onAnn.Send(ctx(t), text(bob, content, content)); err != nil {
			t.Fatalf("%s: %v", content, err)
		}
		if d, err := onBob.NextMessage(ctx(t)); err != nil || d.Message.Content() != content {
			t.Fatalf("%s: %+v, %v", content, d, err)
		}
	}
	send("before")
	s.Etcd.Kill()
	send("while etcd is away")
	if _, err := bob.Sessions(ctx(t)); err != nil {
		t.Errorf("REST while etcd is away: %v", err)
	}
	gateway := s.Half("gateway")[0]
	eventually(t, "/readyz names etcd", func(c context.Context) error {
		missing, err := gateway.Missing(c)
		if err != nil {
			return err
		}
		for name := range missing {
			if strings.Contains(name, s.Etcd.Addr()) {
				return nil
			}
		}
		return fmt.Errorf("missing: %v", missing)
	})
	if err := s.Etcd.Wipe(); err != nil {
		t.Fatal(err)
	}
	if err := s.Etcd.Start(); err != nil {
		t.Fatal(err)
	}
	etcd, err := clientv3.New(clientv3.Config{Endpoints: []string{s.Etcd.Addr()}, DialTimeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	defer etcd.Close()
	eventually(t, "every half is registered again", func(c context.Context) error {
		var errs []error
		for _, half := range suite.Halves[:len(suite.Halves)-1] {
			got, err := etcd.Get(c, half+"/", clientv3.WithPrefix())
			switch {
			case err != nil:
				errs = append(errs, err)
			case len(got.Kvs) != 1 || string(got.Kvs[0].Value) != s.Half(half)[0].Addr || got.Kvs[0].Lease == 0:
				errs = append(errs, fmt.Errorf("%s: %v", half, got.Kvs))
			}
		}
		return errors.Join(errs...)
	})
	if err := s.Ready(); err != nil {
		t.Error(err)
	}
	send("after")
	// A half that comes only now is found as well.
	user := s.Half("user_rpc")[0]
	if err := user.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := user.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "my info", func(c context.Context) error {
		return ann.Call(c, http.MethodGet, "/api/user/user_info", nil, nil)
	})
}

// TestTables makes tables twice, and at the same time, on an empty database.
func TestTables(t *testing.T) {
	t.Parallel()
	for name, mode := range suite.Modes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := own(t, mode, 1)
			var env []string
			if mode == suite.Many {
				dsn, err := s.MariaDB.NewDatabase("tables")
				if err != nil {
					t.Fatal(err)
				}
				env = []string{"TUDO_MYSQL_DSN=" + dsn}
			} else {
				env = []string{"TUDO_DATA_DIR=" + t.TempDir()}
			}
			db := func() (string, error) {
				cmd := s.Command("tudoim", "-db")
				cmd.Env = append(cmd.Env, env...)
				out, err := cmd.CombinedOutput()
				return string(out), err
			}
			outs, errs := make([]string, 2), make([]error, 2)
			var wg sync.WaitGroup
			for i := range outs {
				wg.Go(func() { outs[i], errs[i] = db() })
			}
			wg.Wait()
			if err := errors.Join(errs...); err != nil {
				t.Fatalf("%v\n%s", err, strings.Join(outs, "\n"))
			}
			told := strings.Join(outs, "\n")
			for _, half := range suite.Halves[:6] {
				if n := strings.Count(told, half+":"); n == 0 {
					t.Errorf("nothing is said of %s:\n%s", half, told)
				}
			}
			out, err := db()
			if err != nil || !strings.Contains(out, "up to date") {
				t.Errorf("again: %v\n%s", err, out)
			}
		})
	}
}

// TestDatabaseAway is -db and a lone half when there is no database.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	if _, err := suite.Binaries(); err != nil {
		t.Fatal(err)
	}
	s := own(t, suite.One, 1)
	port, err := ports.Take()
	if err != nil {
		t.Fatal(err)
	}
	nobody := ports.Address(port)
	for name, c := range map[string]struct {
		program string
		args    []string
		env     []string
		want    string
	}{
		"-db on a server that is not there": {
			"tudoim", []string{"-db"}, []string{"TUDO_MYSQL_DSN=tudo:s3cret@tcp(" + nobody + ")/tudo"}, nobody,
		},
		"-db on no DSN at all": {
			"tudoim", []string{"-db"}, []string{"TUDO_MYSQL_DSN=s3cret"}, "DSN",
		},
		"a lone rpc without a DSN": {
			"chat_rpc", []string{"-f", "../tudoIM_chat/chat_rpc/etc/chat_rpc.yaml"}, []string{"TUDO_MYSQL_DSN="}, "TUDO_MYSQL_DSN",
		},
		"a half that does not exist": {"tudoim", []string{"-only", "nobody"}, nil, "nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := s.Command(c.program, c.args...)
			cmd.Env = append(cmd.Env, c.env...)
			if c.program != "tudoim" {
				cmd.Args = []string{c.program, "-f", suite.Folder(c.program) + "/etc/" + c.program + ".yaml"}
			}
			out, err := cmd.CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 1 {
				t.Errorf("exit %v, want code 1", err)
			}
			said := strings.TrimSpace(string(out))
			if !strings.Contains(said, c.want) || strings.Contains(said, "s3cret@") || strings.Contains(said, "goroutine") {
				t.Errorf("said:\n%s\nwant one clear line with %q", said, c.want)
			}
		})
	}
}

// TestStartInAnyOrder starts halves before what they need, and finds them
// waiting, by name and address, and then at work.
func TestStartInAnyOrder(t *testing.T) {
	t.Parallel()
	s := own(t, suite.Many, 1)
	for _, m := range s.Members {
		if err := m.Stop(); err != nil {
			t.Fatal(err)
		}
	}
	s.Etcd.Kill()
	s.MariaDB.Kill()
	s.Redis.Kill()
	for _, m := range s.Members {
		if err := m.Launch(); err != nil {
			t.Fatal(err)
		}
	}
	for half, wants := range map[string][]string{
		"chat_rpc": {s.Etcd.Addr(), "mysql"}, "chat_api": {s.Etcd.Addr(), "chat_rpc"}, "gateway": {s.Etcd.Addr(), "auth_rpc"},
	} {
		eventually(t, half+" says what it lacks", func(c context.Context) error {
			missing, err := s.Half(half)[0].Missing(c)
			if err != nil {
				return err
			}
			for _, want := range wants {
				if !strings.Contains(fmt.Sprint(missing), want) {
					return fmt.Errorf("%q is not in %v", want, missing)
				}
			}
			return nil
		})
	}
	resp, err := (&http.Client{Timeout: 5 * time.Second}).Get(s.URLs()[0] + "/api/settings/info")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("the gateway while nothing is there: %s", resp.Status)
	}
	for _, start := range []func() error{s.Redis.Start, s.MariaDB.Start, s.Etcd.Start, s.Ready} {
		if err := start(); err != nil {
			t.Fatal(err)
		}
	}
	ann, bob := friends(t, s)
	onBob := dial(t, bob)
	insist(t, ann, text(bob, "1", "here we are"))
	if d, err := onBob.NextMessage(ctx(t)); err != nil || d.Message.Content() != "here we are" {
		t.Errorf("%+v, %v", d, err)
	}
}
