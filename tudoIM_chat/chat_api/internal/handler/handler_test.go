package handler

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/zeromicro/go-zero/rest/pathvar"
	"google.golang.org/grpc"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_auth/auth_rpc/auth"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_chat/chat_api/internal/people"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/talk"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
	"tudoIM/tudoIM_user/user_rpc/user"
)

const me = 2

// fakeRPC is auth_rpc, chat_rpc and user_rpc; asked is the last request that
// one of them got beside that for profiles.
type fakeRPC struct {
	wire.MessagesClient
	asked    any
	err      error
	noPeople bool
}

func answer[T any](f *fakeRPC, in any, out *T) (*T, error) {
	f.asked = in
	if f.err != nil {
		return nil, f.err
	}
	return out, nil
}

func said(from, to, seq uint64) *wire.Message {
	return &wire.Message{
		Id: 2 * seq, Type: 1, SendUserId: from, TargetId: to, Seq: seq, Ver: seq, ClientMsgId: "c", MsgType: 1,
		Msg: []byte(`{"type":1,"textMsg":{"content":"<x>"}}`), MsgPreview: "<x>", CreatedAt: 1000,
	}
}

// fakeAuth is the part of fakeRPC that is auth_rpc.
type fakeAuth struct {
	auth.Auth
	rpc *fakeRPC
}

func (f fakeAuth) IssueTicket(_ context.Context, in *auth_rpc.IssueTicketRequest, _ ...grpc.CallOption) (*auth_rpc.IssueTicketResponse, error) {
	return answer(f.rpc, in, &auth_rpc.IssueTicketResponse{Ticket: "t", ExpiresIn: 30})
}

func (f *fakeRPC) Send(_ context.Context, in *wire.SendRequest, _ ...grpc.CallOption) (*wire.SendResponse, error) {
	result := &wire.SendResult{Message: said(in.List[0].UserId, in.List[0].TargetId, 1)}
	if in.List[0].TargetId == 9 {
		result = &wire.SendResult{Code: 40002}
	}
	return answer(f, in, &wire.SendResponse{List: []*wire.SendResult{result}})
}

func (f *fakeRPC) History(_ context.Context, in *wire.HistoryRequest, _ ...grpc.CallOption) (*wire.HistoryResponse, error) {
	return answer(f, in, &wire.HistoryResponse{
		List: []*wire.Message{said(1, me, 1), said(me, 1, 2)}, HasMore: true, MinSeq: 1, MaxSeq: 9,
	})
}

func (f *fakeRPC) Sessions(_ context.Context, in *wire.SessionsRequest, _ ...grpc.CallOption) (*wire.SessionsResponse, error) {
	return answer(f, in, &wire.SessionsResponse{
		List: []*wire.Conversation{{Type: 1, TargetId: 1, Last: said(1, me, 1), MaxSeq: 1, Unread: 1}, {Type: 1, TargetId: 3, Cursor: "n"}}, HasMore: true, TotalUnread: 1,
	})
}

func (f *fakeRPC) Read(_ context.Context, in *wire.ReadRequest, _ ...grpc.CallOption) (*wire.ReadResponse, error) {
	return answer(f, in, &wire.ReadResponse{ReadSeq: 1})
}

func (f *fakeRPC) Unread(context.Context, *wire.UnreadRequest, ...grpc.CallOption) (*wire.UnreadResponse, error) {
	return &wire.UnreadResponse{TotalUnread: 4}, nil
}

// fakeGroups is a group_rpc whose users are in group 5 alone, where Bob, an
// admin, has put user 7 out.
type fakeGroups struct {
	wire.MessagesClient
	rpc *fakeRPC
}

// kicked is what group 5's log has.
var kicked = &wire.Message{
	Id: 3, Type: 2, SendUserId: 3, TargetId: 5, Seq: 1, Ver: 1, MsgType: ctype.TypeTip, CreatedAt: 1000, MemberNickname: "Bob", Role: 2,
	Msg: []byte(`{"type":12,"tipMsg":{"status":4,"content":"","operatorId":3,"userIds":[7,2]}}`),
}

func (g fakeGroups) Send(_ context.Context, in *wire.SendRequest, _ ...grpc.CallOption) (*wire.SendResponse, error) {
	return answer(g.rpc, in, &wire.SendResponse{List: []*wire.SendResult{{Message: &wire.Message{Id: 9, Type: 2, SendUserId: me, TargetId: in.List[0].TargetId, Seq: 2}}}})
}

func (g fakeGroups) History(_ context.Context, in *wire.HistoryRequest, _ ...grpc.CallOption) (*wire.HistoryResponse, error) {
	if in.TargetId != 5 {
		return nil, errs.NoConversation
	}
	return answer(g.rpc, in, &wire.HistoryResponse{List: []*wire.Message{kicked}, MinSeq: 1, MaxSeq: 1})
}

func (g fakeGroups) Set(_ context.Context, in *wire.SetRequest, _ ...grpc.CallOption) (*wire.Conversation, error) {
	return answer(g.rpc, in, &wire.Conversation{Type: 2, TargetId: 5})
}

func (fakeGroups) Sessions(_ context.Context, in *wire.SessionsRequest, _ ...grpc.CallOption) (*wire.SessionsResponse, error) {
	r := &wire.SessionsResponse{}
	if in.Type == wire.Group {
		r.List = []*wire.Conversation{{Type: 2, TargetId: 5, Title: "T", Last: kicked, MaxSeq: 1}}
	}
	return r, nil
}

func (fakeGroups) Unread(context.Context, *wire.UnreadRequest, ...grpc.CallOption) (*wire.UnreadResponse, error) {
	return &wire.UnreadResponse{}, nil
}

func (f *fakeRPC) Sync(_ context.Context, in *wire.SyncRequest, _ ...grpc.CallOption) (*wire.SyncResponse, error) {
	return answer(f, in, &wire.SyncResponse{List: []*wire.SyncItem{{
		Conversation: &wire.Conversation{Type: 1, TargetId: 1, MaxSeq: 1, Ver: 1}, Messages: []*wire.Message{said(1, me, 1)}, HasMore: true, NextSeq: 1,
	}}})
}

func (f fakeUsers) Profiles(_ context.Context, in *user_rpc.ProfilesRequest, _ ...grpc.CallOption) (*user_rpc.ProfilesResponse, error) {
	if f.noPeople {
		return nil, errs.Unavailable
	}
	resp := &user_rpc.ProfilesResponse{}
	for _, id := range in.UserIds {
		resp.List = append(resp.List, &user_rpc.Profile{UserId: id, Nickname: fmt.Sprintf("Nick %d", id)})
	}
	return resp, nil
}

// fakeUsers is the part of fakeRPC that is user_rpc.
type fakeUsers struct {
	user.User
	*fakeRPC
}

// call asks h as user me and returns the status and the envelope.
func call(t *testing.T, f *fakeRPC, h func(*svc.ServiceContext) http.HandlerFunc, method, target, body string) (int, int, string) {
	t.Helper()
	users := fakeUsers{fakeRPC: f}
	ctx := &svc.ServiceContext{Auth: fakeAuth{rpc: f}, Talk: talk.New(t.Context(), talk.Links{Private: f, Group: fakeGroups{rpc: f}, People: people.New(users), Users: users})}
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(token.With(t.Context(), token.Identity{UserID: me, SessionID: 77, ExpiresAt: 99}), method, target, reader)
	r.Header.Set("Content-Type", "application/json")
	if _, id, ok := strings.Cut(r.URL.Path, "/history/"); ok {
		r = pathvar.WithVars(r, map[string]string{"id": id})
	}
	w := httptest.NewRecorder()
	h(ctx)(w, r)
	var env struct {
		Code int
		Data json.RawMessage
	}
	if err := json.Unmarshal(w.Body.Bytes(), &env); err != nil {
		t.Fatalf("%s %s: %q: %v", method, target, w.Body, err)
	}
	return w.Code, env.Code, string(env.Data)
}

func TestShapes(t *testing.T) {
	t.Parallel()
	const message1 = `{"id":2,"conversationId":"p_1_2","seq":1,"ver":1,"clientMsgId":"c","sendUser":{"userId":1,"nickname":"Nick 1","avatar":""},` +
		`"revUserId":2,"msgType":1,"msg":{"type":1,"textMsg":{"content":"<x>"}},"msgPreview":"<x>","status":0,"createdAt":1000,"isMe":false}`
	const message2 = `{"id":4,"conversationId":"p_1_2","seq":2,"ver":2,"clientMsgId":"c","sendUser":{"userId":2,"nickname":"Nick 2","avatar":""},` +
		`"revUserId":1,"msgType":1,"msg":{"type":1,"textMsg":{"content":"<x>"}},"msgPreview":"<x>","status":0,"createdAt":1000,"isMe":true}`
	const conversation = `"maxSeq":%d,"ver":0,"readSeq":0,"peerReadSeq":0,"unread":%d,"atMe":false,"isTop":false,"isMuted":false,"isHidden":false,"draft":"","clearSeq":0,"updatedAt":0}`
	for _, c := range []struct {
		name           string
		h              func(*svc.ServiceContext) http.HandlerFunc
		method, target string
		body           string
		asked, data    string
	}{
		{"send", sendHandler, "POST", "/send", `{"revUserId":1,"clientMsgId":"c","msg":{"type":1,"textMsg":{"content":"<x>"}}}`,
			`user_id:2 target_id:1 client_msg_id:"c"`,
			`{"msgId":2,"conversationId":"p_1_2","seq":1,"ver":1,"createdAt":1000,"dup":false,"msgPreview":"<x>"}`},
		{"send into a conversation", sendHandler, "POST", "/send", `{"conversationId":"p_1_2","clientMsgId":"c","msg":{}}`,
			`user_id:2 target_id:1 client_msg_id:"c"`,
			`{"msgId":2,"conversationId":"p_1_2","seq":1,"ver":1,"createdAt":1000,"dup":false,"msgPreview":"<x>"}`},
		{"history", historyHandler, "GET", "/history?conversationId=p_1_2", "", `user_id:2 target_id:1`,
			`{"list":[` + message1 + `,` + message2 + `],"hasMore":true,"minSeq":1,"maxSeq":9}`},
		{"history with a friend", historyHandler, "GET", "/history?friendId=1&beforeSeq=0&limit=5", "", `user_id:2 target_id:1 before_seq:0 limit:5`, ""},
		{"history after 0", historyHandler, "GET", "/history?friendId=1&afterSeq=0", "", `user_id:2 target_id:1 after_seq:0`, ""},
		{"history around", historyHandler, "GET", "/history?friendId=1&aroundSeq=7", "", `user_id:2 target_id:1 around_seq:7`, ""},
		{"history, two of them", historyHandler, "GET", "/history?friendId=1&beforeSeq=1&afterSeq=0", "", `user_id:2 target_id:1 before_seq:1 after_seq:0`, ""},
		{"sessions", sessionHandler, "GET", "/session?cursor=x&limit=3", "", `user_id:2 cursor:"x" limit:3`,
			`{"list":[{"conversationId":"p_1_2","type":1,"target":{"userId":1,"title":"Nick 1","avatar":""},` +
				`"lastMsg":{"msgId":2,"seq":1,"msgPreview":"<x>","msgType":1,"sendUserId":1,"createdAt":1000},` + fmt.Sprintf(conversation, 1, 1) +
				`,{"conversationId":"p_2_3","type":1,"target":{"userId":3,"title":"Nick 3","avatar":""},"lastMsg":null,` + fmt.Sprintf(conversation, 0, 0) +
				`],"next":"n","hasMore":true,"totalUnread":1,"totalUnreadAll":0}`},
		{"read", readHandler, "POST", "/read", `{"conversationId":"p_1_2","readSeq":1}`, `user_id:2 target_id:1 read_seq:1`,
			`{"readSeq":1,"unread":0,"totalUnread":4}`},
		{"sync", syncHandler, "POST", "/sync", `{"conversations":[{"id":"p_1_2","seq":4,"ver":5}],"limit":6}`,
			`user_id:2 list:{target_id:1 seq:4 ver:5} limit:6 bytes:393216`,
			`{"conversations":[{"id":"p_1_2","messages":[` + message1 + `],"changed":[],"maxSeq":1,"ver":1,"readSeq":0,"peerReadSeq":0,` +
				`"unread":0,"clearSeq":0,"hasMore":true,"nextSeq":1,"nextVer":0}]}`},
		{"send to a group", groupSendHandler, "POST", "/send", `{"groupId":5,"clientMsgId":"c","msg":{},"atUserIds":[3],"atAll":true,"revUserId":1,"conversationId":"p_1_2"}`,
			`user_id:2 target_id:5 client_msg_id:"c" msg:"{}" at_user_ids:3 at_all:true`,
			`{"msgId":9,"conversationId":"g_5","seq":2,"ver":0,"createdAt":0,"dup":false,"msgPreview":"[Unsupported message]"}`},
		{"history of a group", groupHistoryHandler, "GET", "/history/5?beforeSeq=4&limit=7&msgType=12", "",
			`user_id:2 target_id:5 before_seq:4 limit:7 msg_types:12`,
			`{"list":[{"id":3,"conversationId":"g_5","seq":1,"ver":1,"clientMsgId":"","sendUser":{"userId":3,"nickname":"Nick 3","avatar":"","memberNickname":"Bob","role":2},` +
				`"groupId":5,"msgType":12,"msg":{"type":12,"tipMsg":{"status":4,"content":"Nick 3 removed you and Nick 7 from the group","operatorId":3,"userIds":[7,2]}},` +
				`"msgPreview":"Nick 3 removed you and Nick 7 from the group","status":0,"createdAt":1000,"isMe":false}],"hasMore":false,"minSeq":1,"maxSeq":1}`},
		{"history of a group, around", groupHistoryHandler, "GET", "/history/5?aroundSeq=4", "", `user_id:2 target_id:5 around_seq:4`, ""},
		{"history of a group, after", groupHistoryHandler, "GET", "/history/5?afterSeq=0", "", `user_id:2 target_id:5 after_seq:0`, ""},
		{"clear a group", clearGroupHandler, "DELETE", "/history/5", "", `user_id:2 target_id:5 clear:true`, `null`},
		{"sessions that are groups", groupSessionHandler, "GET", "/session?cursor=x&limit=3&unreadOnly=true", "", `user_id:2 cursor:"x" limit:3 unread_only:true type:2`, ""},
		{"a group on top", groupTopHandler, "PUT", "/top", `{"groupId":5,"isTop":true}`, `user_id:2 target_id:5 is_top:true`, `null`},
		{"a group on top, by id", groupTopHandler, "PUT", "/top", `{"id":5,"isTop":false}`, `user_id:2 target_id:5 is_top:false`, `null`},
		{"a group on top, by both", groupTopHandler, "PUT", "/top", `{"id":5,"groupId":5,"isTop":true}`, `user_id:2 target_id:5 is_top:true`, `null`},
		{"ticket", ticketHandler, "POST", "/ws/ticket", "", `user_id:2 session_id:77 expires_at:99`, `{"ticket":"t","expiresIn":30}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := &fakeRPC{}
			status, code, data := call(t, f, c.h, c.method, c.target, c.body)
			if status != http.StatusOK || code != 0 {
				t.Errorf("%d, code %d", status, code)
			}
			if c.data != "" && !same(t, data, c.data) {
				t.Errorf("data\n%s\nwant\n%s", data, c.data)
			}
			// How a proto message prints its blanks is not fixed.
			if got := strings.Join(strings.Fields(fmt.Sprint(f.asked)), " "); !strings.Contains(got, c.asked) {
				t.Errorf("asked %s, want %s", got, c.asked)
			}
		})
	}
}

// same reports whether two documents are equal; '<' may be spelt \u003c.
func same(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y map[string]any
	if err := json.Unmarshal([]byte(a), &x); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(b), &y); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(slices.Sorted(maps.Keys(x)), slices.Sorted(maps.Keys(y))) {
		return false
	}
	return fmt.Sprint(x) == fmt.Sprint(y)
}

func TestBadRequestsAreRefusedWithoutAskingAnybody(t *testing.T) {
	t.Parallel()
	type half = func(*svc.ServiceContext) http.HandlerFunc
	msg := `"clientMsgId":"c","msg":{"type":1,"textMsg":{"content":"x"}}`
	cases := []struct {
		h              half
		method, target string
		body           string
		status, code   int
	}{
		{sendHandler, "POST", "/send", "", 400, 10001},
		{sendHandler, "POST", "/send", "null", 400, 10001},
		{sendHandler, "POST", "/send", "[]", 400, 10001},
		{sendHandler, "POST", "/send", `"x"`, 400, 10001},
		{sendHandler, "POST", "/send", "{}", 400, 10001},
		{sendHandler, "POST", "/send", `{"revUserId":1,"msg":{}}`, 400, 10001},
		{sendHandler, "POST", "/send", `{"revUserId":1,"clientMsgId":"c","msg":[]}`, 400, 10001},
		{sendHandler, "POST", "/send", `{"revUserId":-1,` + msg + `}`, 400, 10001},
		{sendHandler, "POST", "/send", `{"revUserId":18446744073709551616,` + msg + `}`, 400, 10001},
		{sendHandler, "POST", "/send", `{` + msg + `}`, 400, 10001},
		{historyHandler, "GET", "/history", "", 404, 40001},
		{historyHandler, "GET", "/history?friendId=x", "", 400, 10001},
		{historyHandler, "GET", "/history?friendId=1&afterSeq=-1", "", 400, 10001},
		{historyHandler, "GET", "/history?friendId=1&afterSeq=x", "", 400, 10001},
		{historyHandler, "GET", "/history?friendId=1&beforeSeq=1e18", "", 400, 10001},
		{historyHandler, "GET", "/history?friendId=1&limit=99999999999", "", 400, 10001},
		{sessionHandler, "GET", "/session?limit=x", "", 400, 10001},
		{readHandler, "POST", "/read", "{}", 400, 10001},
		{readHandler, "POST", "/read", `{"conversationId":"p_1_2","readSeq":-1}`, 400, 10001},
		{readHandler, "POST", "/read", `{"conversationId":"p_1_2","readSeq":"x"}`, 400, 10001},
		{groupSendHandler, "POST", "/send", `{` + msg + `}`, 400, 10001},
		{groupSendHandler, "POST", "/send", `{"revUserId":1,` + msg + `}`, 400, 10001},
		{groupSendHandler, "POST", "/send", `{"groupId":0,` + msg + `}`, 404, 40001},
		{groupHistoryHandler, "GET", "/history/0", "", 404, 40001},
		{groupHistoryHandler, "GET", "/history/6", "", 404, 40001},
		{groupHistoryHandler, "GET", "/history/18446744073709551615", "", 404, 40001},
		{groupHistoryHandler, "GET", "/history/x", "", 400, 10001},
		{groupHistoryHandler, "GET", "/history/5?afterSeq=-1", "", 400, 10001},
		{clearGroupHandler, "DELETE", "/history/0", "", 404, 40001},
		{clearGroupHandler, "DELETE", "/history/-5", "", 400, 10001},
		{groupTopHandler, "PUT", "/top", `{"groupId":5}`, 400, 10001},
		{userTopHandler, "POST", "/user_top", `{"friendId":0,"isTop":true}`, 404, 40001},
		{groupTopHandler, "PUT", "/top", `{"isTop":true}`, 404, 40001},
		{groupTopHandler, "PUT", "/top", `{"groupId":5,"id":6,"isTop":true}`, 400, 10001},
		{groupTopHandler, "PUT", "/top", `{"groupId":5,"isTop":"yes"}`, 400, 10001},
		{syncHandler, "POST", "/sync", `{"conversations":{}}`, 400, 10001},
		{syncHandler, "POST", "/sync", `{"conversations":[{"id":"p_1_2"},{"id":"p_1_3"}]}`, 404, 40001},
	}
	for _, id := range []string{"p_2_1", "p_2", "p_x_2", "g_x", "g_0", "s_1", "p_0_2", "p_1_3", "p_2_18446744073709551616", "p_02_3"} {
		cases = append(cases, []struct {
			h              half
			method, target string
			body           string
			status, code   int
		}{
			{sendHandler, "POST", "/send", fmt.Sprintf(`{"conversationId":%q,%s}`, id, msg), 404, 40001},
			{historyHandler, "GET", "/history?conversationId=" + id, "", 404, 40001},
			{readHandler, "POST", "/read", fmt.Sprintf(`{"conversationId":%q,"readSeq":1}`, id), 404, 40001},
			{syncHandler, "POST", "/sync", fmt.Sprintf(`{"conversations":[{"id":%q}]}`, id), 404, 40001},
		}...)
	}
	for _, c := range cases {
		f := &fakeRPC{}
		status, code, data := call(t, f, c.h, c.method, c.target, c.body)
		if status != c.status || code != c.code {
			t.Errorf("%s %s %s: %d, code %d, %s", c.method, c.target, c.body, status, code, data)
		}
		if f.asked != nil {
			t.Errorf("%s %s %s: asked %v", c.method, c.target, c.body, f.asked)
		}
	}
}

func TestRefusalsAndFaultsOfOthersArePassedOn(t *testing.T) {
	t.Parallel()
	status, code, _ := call(t, &fakeRPC{}, sendHandler, "POST", "/send", `{"revUserId":9,"clientMsgId":"c","msg":{}}`)
	if status != http.StatusForbidden || code != 40002 {
		t.Errorf("a refused send: %d, code %d", status, code)
	}
	for _, c := range []struct {
		err          error
		status, code int
	}{
		{errs.NoConversation.GRPC(), 404, 40001}, {errs.Bad.GRPC(), 400, 10001}, {errs.ReadBeyond.GRPC(), 400, 40015},
		{errs.Unavailable, 503, 10010}, {context.DeadlineExceeded, 503, 10010}, {io.ErrUnexpectedEOF, 500, 10500},
	} {
		for name, h := range map[string]struct {
			h                    func(*svc.ServiceContext) http.HandlerFunc
			method, target, body string
		}{
			"send":    {sendHandler, "POST", "/send", `{"revUserId":1,"clientMsgId":"c","msg":{}}`},
			"history": {historyHandler, "GET", "/history?friendId=1", ""},
			"session": {sessionHandler, "GET", "/session", ""},
			"read":    {readHandler, "POST", "/read", `{"conversationId":"p_1_2","readSeq":1}`},
			"sync":    {syncHandler, "POST", "/sync", `{"conversations":[{"id":"p_1_2"}]}`},
			"ticket":  {ticketHandler, "POST", "/ws/ticket", ""},
		} {
			status, code, data := call(t, &fakeRPC{err: c.err}, h.h, h.method, h.target, h.body)
			if status != c.status || code != c.code || strings.Contains(data, "EOF") {
				t.Errorf("%s with %v: %d, code %d, %s", name, c.err, status, code, data)
			}
		}
	}
	status, code, _ = call(t, &fakeRPC{noPeople: true}, historyHandler, "GET", "/history?friendId=1", "")
	if status != 503 || code != 10010 {
		t.Errorf("history without user_rpc: %d, code %d", status, code)
	}
}
