package handler

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/zeromicro/go-zero/rest/pathvar"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// users is a user_rpc that takes everything and counts it.
type users struct {
	user.User
	calls     int
	updated   *user_rpc.UpdateInfoRequest
	curtailed *user_rpc.CurtailRequest
	conf      *user_rpc.SetConfRequest
}

func (u *users) SetConf(_ context.Context, in *user_rpc.SetConfRequest, _ ...grpc.CallOption) (*user_rpc.SetConfResponse, error) {
	u.calls++
	u.conf = in
	return &user_rpc.SetConfResponse{Conf: &user_rpc.Conf{}}, nil
}

func (u *users) Verification(context.Context, *user_rpc.CardRequest, ...grpc.CallOption) (*user_rpc.VerificationResponse, error) {
	u.calls++
	return &user_rpc.VerificationResponse{}, nil
}

func (u *users) Online(context.Context, *user_rpc.OnlineRequest, ...grpc.CallOption) (*user_rpc.OnlineResponse, error) {
	u.calls++
	return &user_rpc.OnlineResponse{}, nil
}

func (u *users) FriendOf(context.Context, *user_rpc.PairRequest, ...grpc.CallOption) (*user_rpc.Friend, error) {
	u.calls++
	return &user_rpc.Friend{Profile: &user_rpc.Profile{}}, nil
}

func (u *users) UpdateInfo(_ context.Context, in *user_rpc.UpdateInfoRequest, _ ...grpc.CallOption) (*user_rpc.UpdateInfoResponse, error) {
	u.calls++
	u.updated = in
	return &user_rpc.UpdateInfoResponse{}, nil
}

func (u *users) Card(context.Context, *user_rpc.CardRequest, ...grpc.CallOption) (*user_rpc.CardResponse, error) {
	u.calls++
	return &user_rpc.CardResponse{Profile: &user_rpc.Profile{}}, nil
}

func (u *users) Search(context.Context, *user_rpc.SearchRequest, ...grpc.CallOption) (*user_rpc.SearchResponse, error) {
	u.calls++
	return &user_rpc.SearchResponse{}, nil
}

func (u *users) AddFriend(context.Context, *user_rpc.AddFriendRequest, ...grpc.CallOption) (*user_rpc.AddFriendResponse, error) {
	u.calls++
	return &user_rpc.AddFriendResponse{}, nil
}

func (u *users) Requests(context.Context, *user_rpc.RequestsRequest, ...grpc.CallOption) (*user_rpc.RequestsResponse, error) {
	u.calls++
	return &user_rpc.RequestsResponse{}, nil
}

func (u *users) HandleRequest(context.Context, *user_rpc.HandleRequestRequest, ...grpc.CallOption) (*user_rpc.HandleRequestResponse, error) {
	u.calls++
	return &user_rpc.HandleRequestResponse{}, nil
}

func (u *users) Friends(context.Context, *user_rpc.FriendsRequest, ...grpc.CallOption) (*user_rpc.FriendsResponse, error) {
	u.calls++
	return &user_rpc.FriendsResponse{}, nil
}

func (u *users) Unfriend(context.Context, *user_rpc.PairRequest, ...grpc.CallOption) (*user_rpc.PairResponse, error) {
	u.calls++
	return &user_rpc.PairResponse{}, nil
}

func (u *users) Remark(context.Context, *user_rpc.RemarkRequest, ...grpc.CallOption) (*user_rpc.RemarkResponse, error) {
	u.calls++
	return &user_rpc.RemarkResponse{}, nil
}

func (u *users) Block(context.Context, *user_rpc.PairRequest, ...grpc.CallOption) (*user_rpc.PairResponse, error) {
	u.calls++
	return &user_rpc.PairResponse{}, nil
}

func (u *users) Unblock(context.Context, *user_rpc.PairRequest, ...grpc.CallOption) (*user_rpc.PairResponse, error) {
	u.calls++
	return &user_rpc.PairResponse{}, nil
}

func (u *users) Blacks(context.Context, *user_rpc.BlacksRequest, ...grpc.CallOption) (*user_rpc.BlacksResponse, error) {
	u.calls++
	return &user_rpc.BlacksResponse{}, nil
}

func (u *users) CheckFriend(context.Context, *user_rpc.PairRequest, ...grpc.CallOption) (*user_rpc.CheckFriendResponse, error) {
	u.calls++
	return &user_rpc.CheckFriendResponse{}, nil
}

func (u *users) Curtail(_ context.Context, in *user_rpc.CurtailRequest, _ ...grpc.CallOption) (*user_rpc.CurtailResponse, error) {
	u.calls++
	u.curtailed = in
	return &user_rpc.CurtailResponse{}, nil
}

func (u *users) SetStatus(context.Context, *user_rpc.SetStatusRequest, ...grpc.CallOption) (*user_rpc.SetStatusResponse, error) {
	u.calls++
	return &user_rpc.SetStatusResponse{}, nil
}

// Judge lets everybody act; it is no call of the route's own.
func (u *users) Judge(context.Context, *user_rpc.JudgeRequest, ...grpc.CallOption) (*user_rpc.JudgeResponse, error) {
	return &user_rpc.JudgeResponse{AuditId: 1}, nil
}

func (u *users) SetRole(context.Context, *user_rpc.SetRoleRequest, ...grpc.CallOption) (*user_rpc.SetRoleResponse, error) {
	u.calls++
	return &user_rpc.SetRoleResponse{}, nil
}

func (u *users) Accounts(context.Context, *user_rpc.AccountsRequest, ...grpc.CallOption) (*user_rpc.AccountsResponse, error) {
	u.calls++
	return &user_rpc.AccountsResponse{}, nil
}

func (u *users) Audits(context.Context, *user_rpc.AuditsRequest, ...grpc.CallOption) (*user_rpc.AuditsResponse, error) {
	u.calls++
	return &user_rpc.AuditsResponse{}, nil
}

func (u *users) Profiles(context.Context, *user_rpc.ProfilesRequest, ...grpc.CallOption) (*user_rpc.ProfilesResponse, error) {
	return &user_rpc.ProfilesResponse{}, nil
}

func (u *users) Delete(context.Context, *user_rpc.DeleteRequest, ...grpc.CallOption) (*user_rpc.DeleteResponse, error) {
	u.calls++
	return &user_rpc.DeleteResponse{}, nil
}

// call sends body, or none, to h; id is the path's. It returns status and code.
func call(t *testing.T, h http.HandlerFunc, method, target, id, body string) (status, code int) {
	t.Helper()
	r := httptest.NewRequestWithContext(token.With(t.Context(), token.Identity{UserID: 1, Role: 1}), method, target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h(w, pathvar.WithVars(r, map[string]string{"id": id}))
	var env struct {
		Code *int `json:"code"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &env); err != nil || env.Code == nil {
		t.Fatalf("%q is no envelope: %v", w.Body, err)
	}
	return w.Code, *env.Code
}

func TestInput(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		handler      func(*svc.ServiceContext) http.HandlerFunc
		method       string
		target       string
		id           string
		body         string
		status, code int
	}{
		{"card", cardHandler, "GET", "/", "7", "", 200, 0},
		{"card of -1", cardHandler, "GET", "/", "-1", "", 400, 10001},
		{"card of 2^64", cardHandler, "GET", "/", "18446744073709551616", "", 400, 10001},
		{"card of SQL", cardHandler, "GET", "/", "1 or 1=1", "", 400, 10001},
		{"search", searchHandler, "GET", "/?key=%25&page=1&limit=20", "", "", 200, 0},
		{"search without a key", searchHandler, "GET", "/", "", "", 400, 10001},
		{"search, page beyond numbers", searchHandler, "GET", "/?key=a&page=1000000000000000000", "", "", 400, 10001},
		{"search, limit no number", searchHandler, "GET", "/?key=a&limit=all", "", "", 400, 10001},
		{"search for bytes", searchHandler, "GET", "/?key=%ff", "", "", 400, 10001},
		{"online", onlineHandler, "POST", "/", "", `{"userIds":[2,3]}`, 200, 0},
		{"online, nobody said", onlineHandler, "POST", "/", "", `{}`, 400, 10001},
		{"online, -1", onlineHandler, "POST", "/", "", `{"userIds":[-1]}`, 400, 10001},
		{"online, 2^64", onlineHandler, "POST", "/", "", `{"userIds":[18446744073709551616]}`, 400, 10001},
		{"online, a text", onlineHandler, "POST", "/", "", `{"userIds":["all"]}`, 400, 10001},
		{"online, an object", onlineHandler, "POST", "/", "", `{"userIds":{"$gt":0}}`, 400, 10001},
		{"conf", setConfHandler, "PUT", "/", "", `{"sound":false,"curtailChat":false,"userId":9}`, 200, 0},
		{"conf, nothing", setConfHandler, "PUT", "/", "", `{}`, 200, 0},
		{"conf, a number for a switch", setConfHandler, "PUT", "/", "", `{"sound":1}`, 400, 10001},
		{"conf, a text for a number", setConfHandler, "PUT", "/", "", `{"searchUser":"2"}`, 400, 10001},
		{"conf, beyond numbers", setConfHandler, "PUT", "/", "", `{"verification":4294967296}`, 400, 10001},
		{"conf, a list for a question", setConfHandler, "PUT", "/", "", `{"verificationQuestion":["?"]}`, 400, 10001},
		{"conf, a key twice", setConfHandler, "PUT", "/", "", `{"sound":true,"sound":false}`, 400, 10001},
		{"friend", friendHandler, "GET", "/", "7", "", 200, 0},
		{"friend of SQL", friendHandler, "GET", "/", "1 or 1=1", "", 400, 10001},
		{"verification", verificationHandler, "GET", "/", "7", "", 200, 0},
		{"verification of -1", verificationHandler, "GET", "/", "-1", "", 400, 10001},
		{"search, who is online", searchHandler, "GET", "/?key=a&online=true", "", "", 200, 0},
		{"search, online by a text", searchHandler, "GET", "/?key=a&online=yes", "", "", 400, 10001},
		{"friends since", friendsHandler, "GET", "/?sinceVer=1700000000000", "", "", 200, 0},
		{"friends since -1", friendsHandler, "GET", "/?sinceVer=-1", "", "", 400, 10001},
		{"friends since 2^64", friendsHandler, "GET", "/?sinceVer=18446744073709551616", "", "", 400, 10001},
		{"friends, sorted by SQL", friendsHandler, "GET", "/?sort=created_at%20desc;drop%20table", "", "", 400, 10001},
		{"friends", friendsHandler, "GET", "/", "", "", 200, 0},
		{"requests", requestsHandler, "GET", "/?flag=rev&status=0", "", "", 200, 0},
		{"requests, status no number", requestsHandler, "GET", "/?status=x", "", "", 400, 10001},
		{"requests, no such flag", requestsHandler, "GET", "/?flag=x", "", "", 400, 10001},
		{"add", addFriendHandler, "POST", "/", "", `{"friendId":2,"verify":"hi"}`, 200, 0},
		{"add nobody", addFriendHandler, "POST", "/", "", `{}`, 400, 10001},
		{"add a text", addFriendHandler, "POST", "/", "", `{"friendId":"2"}`, 400, 10001},
		{"add an object", addFriendHandler, "POST", "/", "", `{"friendId":{"$ne":0}}`, 400, 10001},
		{"add twice in one", addFriendHandler, "POST", "/", "", `{"friendId":2,"friendId":3}`, 400, 10001},
		{"add, not JSON", addFriendHandler, "POST", "/", "", `friendId=2`, 400, 10001},
		{"handle", handleRequestHandler, "PUT", "/", "", `{"verifyId":7,"status":1}`, 200, 0},
		{"handle without a status", handleRequestHandler, "PUT", "/", "", `{"verifyId":7}`, 400, 10001},
		{"update", updateInfoHandler, "PUT", "/", "", `{"nickname":"x","id":9,"role":1,"pwd":"x","userId":9}`, 200, 0},
		{"unfriend", unfriendHandler, "DELETE", "/", "7", "", 200, 0},
		{"unfriend, keep what was said", unfriendHandler, "DELETE", "/?clearChat=false", "7", "", 200, 0},
		{"unfriend, clear a text", unfriendHandler, "DELETE", "/?clearChat=maybe", "7", "", 400, 10001},
		{"unfriend of a text", unfriendHandler, "DELETE", "/", "seven", "", 400, 10001},
		{"unfriend of 2^64", unfriendHandler, "DELETE", "/", "18446744073709551616", "", 400, 10001},
		{"remark", remarkHandler, "PUT", "/", "", `{"friendId":2,"notice":"pal"}`, 200, 0},
		{"remark, none", remarkHandler, "PUT", "/", "", `{"friendId":2,"notice":""}`, 200, 0},
		{"remark, nothing", remarkHandler, "PUT", "/", "", `{"friendId":2}`, 200, 0},
		{"remark, on top", remarkHandler, "PUT", "/", "", `{"friendId":2,"isTop":true}`, 200, 0},
		{"remark, on top by a text", remarkHandler, "PUT", "/", "", `{"friendId":2,"isTop":"true"}`, 400, 10001},
		{"remark on nobody", remarkHandler, "PUT", "/", "", `{"notice":"pal"}`, 400, 10001},
		{"remark of a number", remarkHandler, "PUT", "/", "", `{"friendId":2,"notice":1}`, 400, 10001},
		{"check", checkFriendHandler, "GET", "/?userId=2", "", "", 200, 0},
		{"check nobody", checkFriendHandler, "GET", "/", "", "", 400, 10001},
		{"check SQL", checkFriendHandler, "GET", "/?userId=1%20or%201=1", "", "", 400, 10001},
		{"blacks", blacksHandler, "GET", "/?page=2&limit=1", "", "", 200, 0},
		{"blacks, page beyond numbers", blacksHandler, "GET", "/?page=9999999999", "", "", 400, 10001},
		{"block", blockHandler, "POST", "/", "", `{"userId":2}`, 200, 0},
		{"block nobody", blockHandler, "POST", "/", "", `{}`, 400, 10001},
		{"block a list", blockHandler, "POST", "/", "", `{"userId":[2]}`, 400, 10001},
		{"unblock", unblockHandler, "DELETE", "/", "7", "", 200, 0},
		{"unblock -1", unblockHandler, "DELETE", "/", "-1", "", 400, 10001},
		{"curtail", curtailHandler, "PUT", "/", "7", `{"curtailChat":true,"until":1700000000000}`, 200, 0},
		{"curtail nothing", curtailHandler, "PUT", "/", "7", `{}`, 200, 0},
		{"curtail by a text", curtailHandler, "PUT", "/", "7", `{"curtailChat":"true"}`, 400, 10001},
		{"curtail until a text", curtailHandler, "PUT", "/", "7", `{"until":"tomorrow"}`, 400, 10001},
		{"curtail nobody", curtailHandler, "PUT", "/", "x", `{"curtailChat":true}`, 400, 10001},
		{"status", setStatusHandler, "PUT", "/", "7", `{"disabled":false}`, 200, 0},
		{"status of none", setStatusHandler, "PUT", "/", "7", `{}`, 400, 10001},
		{"status of a number", setStatusHandler, "PUT", "/", "7", `{"disabled":1}`, 400, 10001},
		{"role", setRoleHandler, "PUT", "/", "7", `{"role":1}`, 200, 0},
		{"role of a text", setRoleHandler, "PUT", "/", "7", `{"role":"admin"}`, 400, 10001},
		{"role of none", setRoleHandler, "PUT", "/", "7", `{}`, 400, 10001},
		{"a password that is none", resetPasswordHandler, "PUT", "/", "7", `{"password":null}`, 400, 10001},
		{"no password", resetPasswordHandler, "PUT", "/", "7", `{}`, 400, 10001},
		{"accounts", accountsHandler, "GET", "/?key=a&status=2&role=1&page=1&limit=5", "", "", 200, 0},
		{"accounts sorted by SQL", accountsHandler, "GET", "/?status=0%20or%201", "", "", 400, 10001},
		{"account of SQL", accountHandler, "GET", "/", "1 or 1=1", "", 400, 10001},
		{"audit", auditHandler, "GET", "/?operatorId=1&refusedOnly=true&cursor=7", "", "", 200, 0},
		{"audit, cursor no number", auditHandler, "GET", "/?cursor=x", "", "", 400, 10001},
		{"delete", deleteUsersHandler, "DELETE", "/", "", `{"idList":[2]}`, 200, 0},
		{"delete nobody", deleteUsersHandler, "DELETE", "/", "", `{"idList":[]}`, 400, 10001},
		{"delete an object", deleteUsersHandler, "DELETE", "/", "", `{"idList":{"$ne":0}}`, 400, 10001},
		{"update with a number", updateInfoHandler, "PUT", "/", "", `{"nickname":1}`, 400, 10001},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			u := &users{}
			status, code := call(t, c.handler(&svc.ServiceContext{Users: u}), c.method, c.target, c.id, c.body)
			if status != c.status || code != c.code || (u.calls == 1) != (c.status == 200) {
				t.Errorf("%d %d, %d calls, want %d %d", status, code, u.calls, c.status, c.code)
			}
		})
	}
}

// Only the keys present change, and only those that are the user's to change.
func TestUpdateKeepsWhatIsAbsent(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][2]string{
		`{}`:                            {"-", "-"},
		`{"nickname":"x"}`:              {"x", "-"},
		`{"abstract":""}`:               {"-", ""},
		`{"userId":9,"abstract":"a"}`:   {"-", "a"},
		`{"nickname":"","abstract":""}`: {"", ""},
	} {
		u := &users{}
		if status, code := call(t, updateInfoHandler(&svc.ServiceContext{Users: u}), "PUT", "/", "", body); status != 200 || code != 0 {
			t.Errorf("%s: %d %d", body, status, code)
			continue
		}
		got := [2]string{"-", "-"}
		if u.updated.Nickname != nil {
			got[0] = *u.updated.Nickname
		}
		if u.updated.Abstract != nil {
			got[1] = *u.updated.Abstract
		}
		if got != want || u.updated.UserId != 1 {
			t.Errorf("%s: %v of user %d", body, got, u.updated.UserId)
		}
	}
}

// Only the keys present change, and only settings.
func TestConfKeepsWhatIsAbsent(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]*user_rpc.SetConfRequest{
		`{}`:              {UserId: 1},
		`{"sound":false}`: {UserId: 1, Sound: new(false)},
		`{"sound":null}`:  {UserId: 1},
		`{"userId":9,"searchUser":0,"recallMessage":""}`:    {UserId: 1, SearchUser: new(int32(0)), RecallMessage: new("")},
		`{"verificationQuestion":{}}`:                       {UserId: 1, Question: &user_rpc.QuestionChange{}},
		`{"verificationQuestion":{"problem1":"","id":"9"}}`: {UserId: 1, Question: &user_rpc.QuestionChange{Problem1: new("")}},
	} {
		u := &users{}
		if status, code := call(t, setConfHandler(&svc.ServiceContext{Users: u}), "PUT", "/", "", body); status != 200 || code != 0 || !proto.Equal(u.conf, want) {
			t.Errorf("%s: %d %d, asked %v, want %v", body, status, code, u.conf, want)
		}
	}
}

// Only the keys present are curtailed or lifted.
func TestCurtailKeepsWhatIsAbsent(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]*user_rpc.CurtailRequest{
		`{}`: {},
		`{"curtailChat":false,"curtailInGroupChat":true}`:  {CurtailChat: new(false), CurtailInGroupChat: new(true)},
		`{"curtailAddUser":true,"until":0,"operatorId":9}`: {CurtailAddUser: new(true), Until: new(int64(0))},
		`{"curtailCreateGroup":true,"until":null}`:         {CurtailCreateGroup: new(true)},
	} {
		u := &users{}
		want.OperatorId, want.UserId = 1, 7
		if status, code := call(t, curtailHandler(&svc.ServiceContext{Users: u}), "PUT", "/", "7", body); status != 200 || code != 0 || !proto.Equal(u.curtailed, want) {
			t.Errorf("%s: %d %d, asked %v, want %v", body, status, code, u.curtailed, want)
		}
	}
}
