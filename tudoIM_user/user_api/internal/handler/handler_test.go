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

	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// users is a user_rpc that takes everything and counts it.
type users struct {
	user.User
	calls   int
	updated *user_rpc.UpdateInfoRequest
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

// call sends body, or none, to h; id is the path's. It returns status and code.
func call(t *testing.T, h http.HandlerFunc, method, target, id, body string) (status, code int) {
	t.Helper()
	r := httptest.NewRequestWithContext(token.With(t.Context(), token.Identity{UserID: 1}), method, target, strings.NewReader(body))
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
