package logic

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zeromicro/go-zero/core/logx"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/wire"
	"tudoIM/core/cache"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
	"tudoIM/core/embedded"
	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/internal/openlogin"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_settings/settings_rpc/settings"
	cached "tudoIM/tudoIM_settings/settings_rpc/site"
	"tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
	"tudoIM/tudoIM_user/user_rpc/user"
)

func TestMain(m *testing.M) {
	logx.Disable()
	os.Exit(m.Run())
}

// soon is how long anything that must happen may take.
const soon = 20 * time.Second

// users is a user_rpc that keeps accounts by name; fail answers in its place.
type users struct {
	user.User
	mu       sync.Mutex
	accounts map[string]*user_rpc.CredentialsResponse
	created  []*user_rpc.CreateRequest
	fail     error
	// by is whom an account elsewhere opens, deleted who was, set what was set.
	by      map[string]uint64
	deleted []uint64
	set     []*user_rpc.SetPwdRequest
}

func (u *users) Create(_ context.Context, in *user_rpc.CreateRequest, _ ...grpc.CallOption) (*user_rpc.CreateResponse, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.fail != nil {
		return nil, u.fail
	}
	id := elsewhere(in.OpenId)
	if user := u.by[id]; user != 0 {
		return &user_rpc.CreateResponse{UserId: user, Role: 2}, nil
	}
	if u.accounts[in.UserName] != nil {
		return nil, errs.NameTaken
	}
	if strings.ContainsAny(in.UserName, " @") || len(in.UserName) < 2 {
		return nil, errs.BadName
	}
	u.created = append(u.created, in)
	if in.OpenId != nil {
		u.by[id] = uint64(len(u.accounts) + 1)
	}
	a := &user_rpc.CredentialsResponse{UserId: uint64(len(u.accounts) + 1), Pwd: in.Pwd, Role: 2}
	u.accounts[in.UserName] = a
	return &user_rpc.CreateResponse{UserId: a.UserId, Role: a.Role}, nil
}

func (u *users) Credentials(_ context.Context, in *user_rpc.CredentialsRequest, _ ...grpc.CallOption) (*user_rpc.CredentialsResponse, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.fail != nil {
		return nil, u.fail
	}
	id := in.UserId
	if in.OpenId != nil {
		if id = u.by[elsewhere(in.OpenId)]; id == 0 {
			return nil, errs.NotFound
		}
	}
	for name, a := range u.accounts {
		if id != 0 && a.UserId == id || id == 0 && (name == in.UserName || fmt.Sprint(a.UserId) == strings.TrimLeft(in.UserName, "0")) {
			return proto.CloneOf(a), nil
		}
	}
	return nil, errs.NotFound
}

func (u *users) SetPwd(_ context.Context, in *user_rpc.SetPwdRequest, _ ...grpc.CallOption) (*user_rpc.SetPwdResponse, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, a := range u.accounts {
		switch {
		case u.fail != nil:
			return nil, u.fail
		case a.UserId == in.UserId && a.AuthVer != in.AuthVer:
			return nil, errs.BadCredentials
		case a.UserId == in.UserId:
			a.Pwd, a.AuthVer = in.Pwd, a.AuthVer+1
			u.set = append(u.set, in)
			return &user_rpc.SetPwdResponse{}, nil
		}
	}
	return nil, errs.NotFound
}

func (u *users) Delete(_ context.Context, in *user_rpc.DeleteRequest, _ ...grpc.CallOption) (*user_rpc.DeleteResponse, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.fail != nil {
		return nil, u.fail
	}
	u.deleted = append(u.deleted, in.UserId)
	return &user_rpc.DeleteResponse{}, nil
}

func elsewhere(id *user_rpc.OpenId) string {
	if id == nil {
		return ""
	}
	return id.Provider + " " + id.Subject
}

func (u *users) change(f func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	f()
}

// site is a settings_rpc.
type site struct {
	settings.Settings
	closed bool
	multi  string
	code   string
	fail   error
}

func (s *site) Get(context.Context, *settings_rpc.GetRequest, ...grpc.CallOption) (*settings_rpc.Site, error) {
	return &settings_rpc.Site{RegisterOpen: !s.closed, MultiLogin: s.multi, InviteCode: s.code}, s.fail
}

// world is auth_rpc with fakes of the halves it calls.
type world struct {
	*svc.ServiceContext
	users *users
	site  *site
	redis *embedded.Redis
	away  sync.Once
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	server, err := embedded.StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	rdb, err := cache.Open(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rdb.Close() })
	passwords, err := model.NewPasswords()
	if err != nil {
		t.Fatal(err)
	}
	secret := []byte(strings.Repeat("k", 32))
	none, err := openlogin.New(nil, secret)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{users: &users{accounts: map[string]*user_rpc.CredentialsResponse{}, by: map[string]uint64{}}, site: &site{}, redis: server}
	t.Cleanup(w.redisAway)
	w.ServiceContext = &svc.ServiceContext{
		DB: d, Sessions: model.Sessions{DB: d}, Tickets: model.Tickets{DB: d}, Passwords: passwords,
		Attempts: model.Attempts{DB: d}, States: model.States{DB: d}, Providers: none,
		Limits: model.Limits{AccountIP: 1000, Account: 1000, Device: 1000, IP: 1000, Register: 1000, Window: time.Hour},
		Tokens: model.Tokens{Secret: secret, Access: time.Hour, Refresh: 24 * time.Hour},
		Users:  w.users, Settings: w.site, Site: cached.New(w.site), Bus: event.NewBus(rdb, []byte(strings.Repeat("s", 32))),
	}
	return w
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newWorld(t, d)) }, model.Migration)
}

func onSQLite(t *testing.T) *world {
	t.Helper()
	return newWorld(t, dbtest.SQLite(t, model.Migration))
}

// redisAway ends the Redis of w for good.
func (w *world) redisAway() { w.away.Do(w.redis.Close) }

const password = "correct horse"

func (w *world) tryRegister(t *testing.T, name, pwd, device string) (*auth_rpc.Tokens, error) {
	t.Helper()
	return NewRegisterLogic(t.Context(), w.ServiceContext).Register(&auth_rpc.RegisterRequest{
		UserName: name, Password: pwd, Nickname: "Nick",
		Device: &auth_rpc.Device{Id: device, Platform: "web", Name: "Firefox", Ip: "127.0.0.1"},
	})
}

func (w *world) register(t *testing.T, name, device string) *auth_rpc.Tokens {
	t.Helper()
	got, err := w.tryRegister(t, name, password, device)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func (w *world) login(t *testing.T, name, pwd, device string) (*auth_rpc.Tokens, error) {
	t.Helper()
	return NewLoginLogic(t.Context(), w.ServiceContext).Login(&auth_rpc.LoginRequest{
		UserName: name, Password: pwd,
		Device: &auth_rpc.Device{Id: device, Platform: "ios", Name: "Ann's phone", Ip: "127.0.0.1"},
	})
}

func (w *world) refresh(t *testing.T, raw, device string) (*auth_rpc.Tokens, error) {
	t.Helper()
	return NewRefreshLogic(t.Context(), w.ServiceContext).Refresh(&auth_rpc.RefreshRequest{RefreshToken: raw, DeviceId: device})
}

func (w *world) logout(t *testing.T, user, session uint64, all bool) {
	t.Helper()
	if _, err := NewLogoutLogic(t.Context(), w.ServiceContext).Logout(&auth_rpc.LogoutRequest{UserId: user, SessionId: session, All: all}); err != nil {
		t.Errorf("logout: %v", err)
	}
}

func (w *world) check(t *testing.T, user, session uint64) error {
	t.Helper()
	_, err := NewCheckLogic(t.Context(), w.ServiceContext).Check(&auth_rpc.CheckRequest{UserId: user, SessionId: session})
	return err
}

// stored fails unless there are n sessions.
func (w *world) stored(t *testing.T, n int64) {
	t.Helper()
	var got int64
	if err := w.DB.Model(&model.SessionModel{}).Count(&got).Error; err != nil || got != n {
		t.Errorf("%d sessions, want %d, error %v", got, n, err)
	}
}

// counted is how many tries are counted by the rules for passwords.
func (w *world) counted(t *testing.T) (n int64) {
	t.Helper()
	err := w.DB.Model(&model.AttemptModel{}).Select("COALESCE(SUM(count), 0)").Where("hash <> ?", model.Hash(w.Limits.Registration("127.0.0.1")[0].Key)).Row().Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// await waits until ok.
func (w *world) await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(soon); !ok(); {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("%s: not within %v", what, soon)
		}
	}
}

func wantCode(t *testing.T, what string, err error, want *errs.Error) {
	t.Helper()
	if want == nil && err != nil || want != nil && !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

// bell is what was said of ended sessions.
type bell struct {
	channel  string
	name     string
	user     uint64
	sessions []uint64
	data     string
}

func (b bell) equal(c bell) bool {
	return b.channel == c.channel && b.name == c.name && b.user == c.user && b.data == c.data && slices.Equal(b.sessions, c.sessions)
}

// listen returns what gateways and the sockets of user hear from now on.
func (w *world) listen(t *testing.T, user uint64) <-chan bell {
	t.Helper()
	heard := make(chan bell, 100)
	sub := w.Bus.Subscribe(t.Context(), func(channel string, e *wire.Event) {
		b := bell{channel: channel, name: e.Name, sessions: slices.Sorted(slices.Values(e.SessionIds)), data: string(e.Data)}
		for _, to := range e.To {
			b.user = to.UserId
		}
		heard <- b
	}, func() {})
	for _, channel := range []string{event.Sessions, event.UserChannel(user)} {
		if err := sub.Add(t.Context(), channel); err != nil {
			t.Fatal(err)
		}
	}
	return heard
}

// wantKick fails unless the next thing heard, on either channel, is the end of sessions.
func wantKick(t *testing.T, heard <-chan bell, user uint64, data string, sessions ...uint64) {
	t.Helper()
	end := time.NewTimer(soon)
	defer end.Stop()
	for _, channel := range []string{event.UserChannel(user), event.Sessions} {
		select {
		case got := <-heard:
			if want := (bell{channel, event.Kick, user, sessions, data}); !got.equal(want) {
				t.Errorf("heard %+v, want %+v", got, want)
			}
		case <-end.C:
			t.Fatalf("nothing heard on %s", channel)
		}
	}
}

// silent fails if anything was said before a mark that is said now.
func (w *world) silent(t *testing.T, heard <-chan bell, user uint64) {
	t.Helper()
	e, err := event.New("mark", map[string]any{}, user)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Bus.Publish(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-heard:
		if got.name != "mark" {
			t.Errorf("heard %+v", got)
		}
	case <-time.After(soon):
		t.Fatal("the bus is dead")
	}
}
