package handler

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/core/conf"
	"tudoIM/core/run"
	"tudoIM/tudoIM_auth/auth_rpc/auth"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_file/file_api/internal/access"
	"tudoIM/tudoIM_file/file_api/internal/config"
	"tudoIM/tudoIM_file/file_api/internal/conn"
	"tudoIM/tudoIM_file/file_api/internal/join"
	"tudoIM/tudoIM_file/file_api/internal/preview"
	"tudoIM/tudoIM_file/file_api/internal/receive"
	"tudoIM/tudoIM_file/file_api/internal/store"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/files"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
	"tudoIM/tudoIM_group/group_rpc/groups"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_settings/settings_rpc/settings"
	"tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
	"tudoIM/tudoIM_user/user_rpc/user"
)

var secret = strings.Repeat("0123456789abcdef", 2)

// maxBytes is the size limit of the tests' site, maxAvatar that of its faces.
const (
	maxBytes  = 256 << 10
	maxAvatar = 128 << 10
)

// records is file_rpc, in memory.
type records struct {
	files.Files
	mu    sync.Mutex
	files map[string]*file_rpc.File
	left  int64
	// uploads are those in parts; partErr is what PutPart answers.
	uploads map[string]*file_rpc.Upload
	partErr error
	// known is how many times Known was asked, knownErr what it answers.
	known    int
	knownErr error
	// err is what Put answers, roomErr Room and expectErr Expect.
	err, roomErr, expectErr error
	// mine and all are what Mine and All were asked.
	mine *file_rpc.MineRequest
	all  *file_rpc.AllRequest
}

func (q *records) Put(_ context.Context, in *file_rpc.PutRequest, _ ...grpc.CallOption) (*file_rpc.File, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.err != nil {
		return nil, q.err
	}
	f := &file_rpc.File{
		Uid: fmt.Sprintf("uid-%d", len(q.files)), UserId: in.UserId, FileName: in.FileName, Size: in.Size, Hash: in.Hash,
		Mime: in.Mime, Kind: in.Kind, CreatedAt: 1700000000000, Key: in.Key,
		Width: in.Width, Height: in.Height, IsPublic: in.IsPublic,
	}
	q.files[f.Uid] = f
	return f, nil
}

func (q *records) Get(_ context.Context, in *file_rpc.GetRequest, _ ...grpc.CallOption) (*file_rpc.File, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if f := q.files[in.Uid]; f != nil && (f.UserId == in.UserId || !in.Owned && (in.Held || f.IsPublic)) {
		return f, nil
	}
	return nil, errs.FileAccess
}

func (q *records) Room(context.Context, *file_rpc.RoomRequest, ...grpc.CallOption) (*file_rpc.RoomResponse, error) {
	return &file_rpc.RoomResponse{Bytes: q.left, Files: min(q.left, 1)}, q.roomErr
}

// Expect puts bytes where their hash says, so that tests know where they are.
func (q *records) Expect(_ context.Context, in *file_rpc.ExpectRequest, _ ...grpc.CallOption) (*file_rpc.ExpectResponse, error) {
	return &file_rpc.ExpectResponse{Key: in.Hash}, q.expectErr
}

func (q *records) Mine(_ context.Context, in *file_rpc.MineRequest, _ ...grpc.CallOption) (*file_rpc.MineResponse, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.mine = in
	resp := &file_rpc.MineResponse{Count: 7, UsedBytes: 1, MaxBytes: 2, UsedFiles: 3, MaxFiles: 4}
	for _, f := range q.files {
		if f.UserId == in.UserId {
			resp.List = append(resp.List, f)
		}
	}
	return resp, nil
}

func (q *records) All(_ context.Context, in *file_rpc.AllRequest, _ ...grpc.CallOption) (*file_rpc.AllResponse, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.all = in
	resp := &file_rpc.AllResponse{Count: 9}
	for _, f := range q.files {
		if in.Uid == "" || in.Uid == f.Uid {
			resp.List = append(resp.List, f)
		}
	}
	return resp, nil
}

func (q *records) Delete(_ context.Context, in *file_rpc.DeleteRequest, _ ...grpc.CallOption) (*file_rpc.DeleteResponse, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if f := q.files[in.Uid]; f == nil || f.UserId != in.UserId {
		return nil, errs.FileAccess
	}
	delete(q.files, in.Uid)
	return &file_rpc.DeleteResponse{}, nil
}

func (q *records) AdminDelete(_ context.Context, in *file_rpc.AdminDeleteRequest, _ ...grpc.CallOption) (*file_rpc.DeleteResponse, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.files[in.Uid] == nil {
		return nil, errs.FileAccess
	}
	delete(q.files, in.Uid)
	return &file_rpc.DeleteResponse{}, nil
}

// messages is chat_rpc or group_rpc: readers are who may read a message with a
// file, by its uid.
type messages struct {
	wire.MessagesClient
	mu      sync.Mutex
	readers map[string]uint64
	err     error
	// carries are whether it says of a file that a message carries it, one answer
	// a question, and no from then on; bars is how many times it was to bar one.
	carries []bool
	bars    int
}

func (m *messages) Carried(_ context.Context, in *wire.CarriedRequest, _ ...grpc.CallOption) (*wire.CarriedResponse, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return nil, m.err
	}
	if in.Bar {
		m.bars++
	}
	resp := &wire.CarriedResponse{}
	if len(m.carries) > 0 {
		resp.Carried, m.carries = m.carries[0], m.carries[1:]
	}
	return resp, nil
}

func (m *messages) Holds(_ context.Context, in *wire.HoldsRequest, _ ...grpc.CallOption) (*wire.HoldsResponse, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return nil, m.err
	}
	return &wire.HoldsResponse{Holds: m.readers[in.Uid] == in.UserId && in.UserId != 0}, nil
}

// set says who may read a message with the file uid, or that the half is away.
func (m *messages) set(uid string, reader uint64, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.readers, m.err = map[string]uint64{uid: reader}, err
}

// site is settings_rpc.
type site struct {
	settings.Settings
	err error
}

func (s site) Get(context.Context, *settings_rpc.GetRequest, ...grpc.CallOption) (*settings_rpc.Site, error) {
	return &settings_rpc.Site{FileMaxBytes: maxBytes, ImageMaxBytes: maxBytes}, s.err
}

// people is user_rpc: 1 is an administrator, avatar everybody's.
type people struct {
	user.User
	avatar string
	err    error

	mu    sync.Mutex
	judge []*user_rpc.JudgeRequest
	codes []int32
}

func (p *people) Info(context.Context, *user_rpc.UserIdRequest, ...grpc.CallOption) (*user_rpc.UserInfoResponse, error) {
	return &user_rpc.UserInfoResponse{Profile: &user_rpc.Profile{Avatar: p.avatar}}, p.err
}

func (p *people) Judge(_ context.Context, in *user_rpc.JudgeRequest, _ ...grpc.CallOption) (*user_rpc.JudgeResponse, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.judge = append(p.judge, in); in.OperatorId != 1 {
		return nil, errs.Forbidden
	}
	return &user_rpc.JudgeResponse{AuditId: 5}, p.err
}

func (p *people) Judged(_ context.Context, in *user_rpc.JudgedRequest, _ ...grpc.CallOption) (*user_rpc.JudgedResponse, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.codes = append(p.codes, in.Code)
	return &user_rpc.JudgedResponse{}, nil
}

// circles is group_rpc, of which one group has avatar.
type circles struct {
	groups.Groups
	avatar string
	err    error
}

func (c *circles) Shows(_ context.Context, in *group_rpc.ShowsRequest, _ ...grpc.CallOption) (*group_rpc.ShowsResponse, error) {
	return &group_rpc.ShowsResponse{Shows: in.Avatar == c.avatar}, c.err
}

// sessions is auth_rpc: all live, or err.
type sessions struct {
	auth.Auth
	mu  sync.Mutex
	err error
}

func (s *sessions) Check(context.Context, *auth_rpc.CheckRequest, ...grpc.CallOption) (*auth_rpc.CheckResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &auth_rpc.CheckResponse{}, s.err
}

// end makes Check answer err.
func (s *sessions) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

// half is the half, served as in production, with its neighbours in memory.
type half struct {
	*svc.ServiceContext
	url     string
	dir     string
	records *records
	// private and group are chat_rpc and group_rpc.
	private, group *messages
	people         *people
	circles        *circles
	sessions       *sessions
}

func start(t *testing.T, change func(*svc.ServiceContext)) *half {
	t.Helper()
	h := &half{dir: filepath.Join(t.TempDir(), "files"), records: &records{files: map[string]*file_rpc.File{}, uploads: map[string]*file_rpc.Upload{}, left: 1 << 30}, private: &messages{}, group: &messages{}, people: &people{}, circles: &circles{}, sessions: &sessions{}}
	disk, err := store.OpenDisk(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	h.ServiceContext = &svc.ServiceContext{
		Files: h.records, Access: &access.Access{Files: h.records, Messages: []wire.MessagesClient{h.private, h.group}, Users: h.people, Groups: h.circles},
		Config: config.Config{AvatarMaxBytes: maxAvatar}, Users: h.people, Auth: h.sessions, LinkKey: token.LinkKey([]byte(secret)),
		Settings: site{}, Store: disk, Turns: receive.NewTurns(4), Patience: conn.Default,
	}
	if change != nil {
		change(h.ServiceContext)
	}
	if h.Joiner == nil {
		h.Joiner = &join.Joiner{Files: h.records, Store: h.Store, Turns: h.Turns, Wait: join.Wait}
	}
	h.ProofKey = []byte(secret)
	if h.Previews == nil {
		if h.Previews, err = preview.New(h.Store, nil, preview.Default); err != nil {
			t.Fatal(err)
		}
	}
	api, err := run.NewAPI(conf.API{Half: conf.Half{
		Name: "file_api", Listen: "127.0.0.1:1", Etcd: "127.0.0.1:1", InternalSecret: secret,
	}})
	if err != nil {
		t.Fatal(err)
	}
	RegisterHandlers(api.Server, h.ServiceContext)
	server := httptest.NewServer(routes(api))
	t.Cleanup(func() {
		server.Close()
		if err := disk.Close(); err != nil {
			t.Error(err)
		}
	})
	h.url = server.URL
	return h
}

// routes returns what api would serve, and all go-zero puts before it.
func routes(api *run.API) http.Handler {
	got := make(chan http.Handler, 1)
	go api.Server.StartWithOpts(func(s *http.Server) {
		got <- s.Handler
		runtime.Goexit() // before it listens
	})
	return <-got
}

// answer is an answer, read.
type answer struct {
	status int
	header http.Header
	body   []byte
	env    struct {
		Code int
		Data map[string]any
	}
}

func (h *half) ask(t *testing.T, user uint64, r *http.Request) *answer {
	t.Helper()
	id := token.Identity{UserID: user, Role: 2, SessionID: 1, RequestID: "r"}
	id.Sign(r.Header, token.Key([]byte(secret), "identity"), r.Method, r.URL.Path)
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, resp)
}

func read(t *testing.T, resp *http.Response) *answer {
	t.Helper()
	defer func() { _ = resp.Body.Close() }()
	a := &answer{status: resp.StatusCode, header: resp.Header}
	var err error
	if a.body, err = io.ReadAll(resp.Body); err != nil {
		t.Fatal(err)
	}
	if len(a.body) > 0 && strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(a.body, &a.env); err != nil {
			t.Fatalf("%q: %v", a.body, err)
		}
	}
	return a
}

func (a *answer) is(t *testing.T, want *errs.Error) {
	t.Helper()
	if a.status != want.Status || a.env.Code != want.Code {
		t.Errorf("%d %s, want %d %d", a.status, a.body, want.Status, want.Code)
	}
	if strings.Contains(string(a.body), "/files") || strings.Contains(string(a.body), "multipart:") {
		t.Errorf("tells of our inside: %s", a.body)
	}
}

func request(t *testing.T, method, url string, body io.Reader) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// part is one part of a form.
type part struct{ field, name, content string }

// form returns the body and its Content-Type.
func form(t *testing.T, parts ...part) (body []byte, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		var to io.Writer
		var err error
		if p.name == "" {
			to, err = w.CreateFormField(p.field)
		} else {
			to, err = w.CreateFormFile(p.field, p.name)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(to, p.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), w.FormDataContentType()
}

func (h *half) upload(t *testing.T, user uint64, parts ...part) *answer {
	t.Helper()
	body, contentType := form(t, parts...)
	r := request(t, http.MethodPost, h.url+"/api/file/file", bytes.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return h.ask(t, user, r)
}

// put uploads a file and returns its uid.
func (h *half) put(t *testing.T, user uint64, name, content string) string {
	t.Helper()
	a := h.upload(t, user, part{"file", name, content})
	uid, _ := a.env.Data["uid"].(string)
	if a.status != http.StatusOK || uid == "" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	return uid
}

func (h *half) get(t *testing.T, user uint64, path string, header ...string) *answer {
	t.Helper()
	return h.read(t, http.MethodGet, user, path, header...)
}

// peek asks for what get would, without the bytes.
func (h *half) peek(t *testing.T, user uint64, path string, header ...string) *answer {
	t.Helper()
	return h.read(t, http.MethodHead, user, path, header...)
}

func (h *half) read(t *testing.T, method string, user uint64, path string, header ...string) *answer {
	t.Helper()
	r := request(t, method, h.url+"/api/file/"+path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	return h.ask(t, user, r)
}

// stored lists all bytes in the store's folder, drafts and all; locks are not
// bytes.
func (h *half) stored(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(h.dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && filepath.Ext(p) != ".lock" {
			found = append(found, filepath.Base(p))
		}
		if os.IsNotExist(err) {
			return nil
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return found
}

// unchanged checks that nothing is stored and nothing recorded but want, once
// what is under way has ended.
func (h *half) unchanged(t *testing.T, want ...string) {
	t.Helper()
	slices.Sort(want)
	for end := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		if slices.Equal(h.stored(t), want) {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("stored %q, want %q", h.stored(t), want)
		}
	}
	h.records.mu.Lock()
	defer h.records.mu.Unlock()
	if len(h.records.files) > len(want) {
		t.Errorf("%d recorded", len(h.records.files))
	}
}
