package e2e

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tudoIM/common/token"
	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// Rows A1, A2, A5, A7 and A8: whatever is no token of ours lets nobody in.
func TestTokensThatAreNone(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := register(t, s, 0), register(t, s, 1)
		before := photograph(t, s, ann, bob)
		b64 := base64.RawURLEncoding.EncodeToString
		parts := strings.Split(ann.AccessToken, ".")
		claims, err := base64.RawURLEncoding.DecodeString(parts[1])
		must(t, "claims", err)
		edited := strings.Replace(string(claims), fmt.Sprintf(`"uid":%d`, ann.UserID), fmt.Sprintf(`"uid":%d`, bob.UserID), 1)
		admin := strings.Replace(string(claims), `"role":2`, `"role":1`, 1)
		if edited == string(claims) || admin == string(claims) {
			t.Fatalf("claims %s", claims)
		}
		none := func(alg, end string) string {
			return b64([]byte(`{"alg":"`+alg+`","typ":"JWT"}`)) + "." + parts[1] + end
		}
		late := func(by time.Duration) string {
			raw, err := token.Issue(secretOf(t, s, "jwt.secret"), token.Identity{UserID: ann.UserID, SessionID: 1 << 40, Role: 2}, time.Now().Add(-by), time.Minute)
			must(t, "issue", err)
			return raw
		}
		for what, c := range map[string]struct {
			header http.Header
			code   int
		}{
			"none":                 {http.Header{}, 10002},
			"empty":                {http.Header{"Token": {""}}, 10002},
			"Bearer alone":         {http.Header{"Authorization": {"Bearer"}}, 10002},
			"Bearer and a blank":   {http.Header{"Authorization": {"Bearer  "}}, 10002},
			"two that differ":      {http.Header{"Authorization": {"Bearer " + ann.AccessToken}, "Token": {bob.AccessToken}}, 10002},
			"two in one header":    {http.Header{"Authorization": {"Bearer " + ann.AccessToken + " " + bob.AccessToken}}, 10002},
			"a blank inside":       {http.Header{"Authorization": {"Bearer " + parts[0] + ". " + parts[1] + "." + parts[2]}}, 10002},
			"another scheme":       {http.Header{"Authorization": {"Basic " + ann.AccessToken}}, 10002},
			"alg none":             {http.Header{"Token": {none("none", "")}}, 10002},
			"alg none, a dot":      {http.Header{"Token": {none("none", ".")}}, 10002},
			"alg None":             {http.Header{"Token": {none("None", ".")}}, 10002},
			"alg nOnE, signed":     {http.Header{"Token": {none("nOnE", "."+parts[2])}}, 10002},
			"alg HS512":            {http.Header{"Token": {none("HS512", "."+parts[2])}}, 10002},
			"another user":         {http.Header{"Token": {parts[0] + "." + b64([]byte(edited)) + "." + parts[2]}}, 10002},
			"another role":         {http.Header{"Token": {parts[0] + "." + b64([]byte(admin)) + "." + parts[2]}}, 10002},
			"a cut signature":      {http.Header{"Token": {ann.AccessToken[:len(ann.AccessToken)-2]}}, 10002},
			"a refresh token":      {http.Header{"Token": {ann.RefreshToken}}, 10002},
			"ended past leeway":    {http.Header{"Token": {late(time.Minute + 31*time.Second)}}, 10003},
			"somebody's session":   {http.Header{"Token": {late(0)}}, 10004},
			"dots as far as we go": {http.Header{"Token": {strings.Repeat(".", 8<<10)}}, 10002},
		} {
			resp, err := client.New(ann.Base).Do(ctx(t), http.MethodGet, "/api/user/user_info", nil, c.header)
			must(t, what, err)
			body, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			if resp.StatusCode != http.StatusUnauthorized || !strings.Contains(string(body), fmt.Sprintf(`"code":%d`, c.code)) {
				t.Errorf("%s: %d %s", what, resp.StatusCode, body)
			}
		}
		for _, query := range []string{"token=" + ann.AccessToken, "access_token=" + ann.AccessToken} {
			wantCode(t, "in the query", client.New(ann.Base).Call(ctx(t), http.MethodGet, "/api/user/user_info?"+query, nil, nil), 10002)
		}
		resp, err := client.New(ann.Base).Do(ctx(t), http.MethodGet, "/api/user/user_info", nil, http.Header{"Token": {strings.Repeat(".", 1<<20)}})
		if err == nil { // the server may close before all of it has come
			resp.Body.Close()
			if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge && resp.StatusCode != http.StatusUnauthorized {
				t.Errorf("a megabyte of dots: %d", resp.StatusCode)
			}
		}
		unchanged(t, "what was refused", before, photograph(t, s, ann, bob))
		must(t, "ann goes on", ann.Refresh(ctx(t)))
	})
}

// Row A12: a logout is one's own, and may be said twice.
func TestALogoutIsOnesOwn(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, eve := register(t, s, 0), register(t, s, 1)
		wantCode(t, "with somebody else's token in the body", eve.Call(ctx(t), http.MethodPost, "/api/auth/logout", map[string]any{
			"token": ann.AccessToken, "accessToken": ann.AccessToken, "refreshToken": ann.RefreshToken, "userId": ann.UserID,
		}, nil), 0)
		_, err := ann.Sessions(ctx(t))
		must(t, "ann goes on", err)
		wantCode(t, "twice", eve.Logout(ctx(t), false), 10004)
		wantCode(t, "by nobody", client.New(ann.Base).Logout(ctx(t), true), 10002)
		late, err := token.Issue(secretOf(t, s, "jwt.secret"), token.Identity{UserID: ann.UserID, SessionID: 1}, time.Now().Add(-time.Hour), time.Minute)
		must(t, "issue", err)
		old := client.New(ann.Base)
		old.AccessToken = late
		wantCode(t, "with a token that ended", old.Logout(ctx(t), true), 10003)
		must(t, "ann goes on", ann.Refresh(ctx(t)))
	})
}

// Rows A17 and A19 to A22, with what the contract says of names and passwords.
func TestBadInputOfAuth(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		before := photograph(t, s, ann)
		c := client.New(s.URLs()[0])
		type body = map[string]any
		with := func(name, pwd any, more ...any) body {
			b := body{"userName": name, "password": pwd, "deviceId": "d", "platform": "web"}
			for i := 0; i < len(more); i += 2 {
				if b[more[i].(string)] = more[i+1]; more[i+1] == nil {
					delete(b, more[i].(string))
				}
			}
			return b
		}
		wide := func(s string) string {
			return strings.Map(func(r rune) rune {
				if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
					return r + 0xfee0
				}
				return r
			}, s)
		}
		for what, tc := range map[string]struct {
			path string
			in   any
			code int
		}{
			"A17 another case":         {"register", with(strings.ToUpper(ann.Name), password), 20001},
			"A17 wide letters":         {"register", with(wide(ann.Name), password), 20001},
			"A17 a blank behind":       {"register", with(ann.Name+" ", password), 20004},
			"A17 a zero width space":   {"register", with(ann.Name[:3]+"\u200b"+ann.Name[3:], password), 20004},
			"A17 a joiner":             {"register", with(ann.Name[:3]+"\u200d"+ann.Name[3:], password), 20004},
			"A17 NUL":                  {"register", with(ann.Name+"\x00", password), 20004},
			"A17 written backwards":    {"register", with("\u202e"+ann.Name, password), 20004},
			"a name of one letter":     {"register", with("a", password), 20004},
			"a name of 33 letters":     {"register", with(strings.Repeat("a", 33), password), 20004},
			"a name of digits":         {"register", with("123456", password), 20004},
			"no name":                  {"register", with("", password), 20004},
			"A19 7 characters":         {"register", with(name(t), "1234567"), 20002},
			"A19 129 characters":       {"register", with(name(t), strings.Repeat("p", 129)), 20002},
			"A19 empty":                {"register", with(name(t), ""), 20002},
			"A19 blanks":               {"register", with(name(t), "            "), 20002},
			"A19 NUL inside":           {"register", with(name(t), "12345678\x009"), 20002},
			"A19 a megabyte":           {"register", with(name(t), strings.Repeat("p", 1<<20)), 10008},
			"A21 an object for a name": {"register", with(body{"$ne": ""}, password), 10001},
			"A21 a list for a name":    {"register", with([]string{ann.Name}, password), 10001},
			"A21 a number for a name":  {"register", with(7, password), 10001},
			"A21 null for a name":      {"register", with(nil, password), 10001},
			"A21 an object to pass":    {"login", with(ann.Name, body{"$ne": ""}), 10001},
			"A21 a list to pass":       {"login", with(ann.Name, []string{password}), 10001},
			"A21 true to pass":         {"login", with(ann.Name, true), 10001},
			"A21 null to pass":         {"login", with(ann.Name, nil), 10001},
			"A21 a list of all":        {"login", []any{with(ann.Name, password)}, 10001},
			"A22 SQL for a name":       {"login", with("' OR 1=1 -- ", password), 20010},
			"A22 SQL to pass":          {"login", with(ann.Name, "' OR 1=1 -- "), 20010},
			"A22 an end of SQL":        {"login", with(`"; DROP TABLE user_models; --`, password), 20010},
			"A22 a pattern":            {"login", with("%", password), 20010},
			"A22 a letter of any kind": {"login", with(strings.Repeat("_", len(ann.Name)), password), 20010},
			"A22 a backslash":          {"login", with(`\`, password), 20010},
			"A22 emoji":                {"login", with("😀", "😀😀😀😀😀😀😀😀"), 20010},
			"A22 rare characters":      {"login", with("𠮷𠮷", "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷"), 20010},
			"the hash of nothing":      {"login", with(ann.Name, ""), 20010},
			"neither name nor id":      {"login", with("", password), 10001},
			"name and id":              {"login", with(ann.Name, password, "userId", ann.UserID), 10001},
			"an id of nobody":          {"login", with("", password, "userName", nil, "userId", uint64(1)<<52), 20010},
			"an id beyond numbers":     {"login", with("", password, "userName", nil, "userId", 1e300), 10001},
			"an avatar of nobody":      {"register", with(name(t), password, "avatar", "/api/file/x"), 30001},
			"a nickname of two lines":  {"register", with(name(t), password, "nickname", "a\nb"), 10001},
			"no device":                {"register", with(name(t), password, "deviceId", nil), 10001},
			"an empty device":          {"login", with(ann.Name, password, "deviceId", ""), 10001},
			"a header in the device":   {"login", with(ann.Name, password, "deviceId", "d\r\nRole: 1"), 10001},
			"a long device":            {"login", with(ann.Name, password, "deviceId", strings.Repeat("d", 129)), 10001},
			"no platform":              {"login", with(ann.Name, password, "platform", nil), 10001},
			"a refresh of nobody":      {"refresh", body{"refreshToken": "1.1.x.y", "deviceId": "d"}, 20020},
			"a refresh elsewhere":      {"refresh", body{"refreshToken": ann.RefreshToken, "deviceId": "elsewhere"}, 20020},
			"an object to refresh":     {"refresh", body{"refreshToken": body{}, "deviceId": "d"}, 10001},
		} {
			err := answered(t, func() error { return c.Call(ctx(t), http.MethodPost, "/api/auth/"+tc.path, tc.in, nil) })
			wantCode(t, what, err, tc.code)
			var e *client.Error
			if errors.As(err, &e) && (len(e.Msg) > 256 || len(e.Data) > 256 || strings.Contains(e.Msg, "SQL") || strings.Contains(e.Msg, "goroutine")) {
				t.Errorf("%s: answered %s %s", what, e.Msg, e.Data)
			}
		}
		unchanged(t, "what was refused", before, photograph(t, s, ann))

		// Row A20: what nobody may ask for is not given.
		who := name(t)
		greedy := with(who, password, "role", 1, "id", 1, "isAdmin", true, "deletedAt", 1, "authVer", 9)
		if err := answered(t, func() error { return c.Call(ctx(t), http.MethodPost, "/api/auth/register", greedy, nil) }); client.Code(err) != nameTaken {
			must(t, "A20 register", err)
		}
		var got opened
		must(t, "A20 login", answered(t, func() (err error) {
			got, err = post(t, c, "/api/auth/login", greedy)
			return err
		}))
		if got.Role != 2 || got.UserID <= ann.UserID {
			t.Errorf("A20: %+v", got)
		}
		for _, pwd := range []string{"12345678", strings.Repeat("密", 128)} {
			who, short := name(t), string([]rune(pwd)[:len([]rune(pwd))-1])
			err := answered(t, func() error { return client.New(c.Base).Register(ctx(t), who, pwd) })
			if client.Code(err) != nameTaken { // an earlier try may have gone through
				must(t, "register at the limit", err)
			}
			for try, code := range map[string]int{pwd: 0, short: 20010, pwd + "x": 20010} {
				wantCode(t, "login", answered(t, func() error { return client.New(c.Base).Login(ctx(t), who, try) }), code)
			}
		}
	})
}

// answered asks again until the answer is not that the suite is too busy.
func answered(t *testing.T, ask func() error) (err error) {
	t.Helper()
	eventually(t, "an answer", func(context.Context) error {
		if err = ask(); client.Code(err) == unavailable {
			return err
		}
		return nil
	})
	return err
}

// Row A18: of registrations of one name at the same time one is made.
func TestOneOfManyRegistrationsIsMade(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		const many = 100
		who, urls := name(t), s.URLs()
		got := make([]error, many)
		var wg sync.WaitGroup
		slots := make(chan struct{}, 6) // more wait longer than a request may
		for i := range many {
			wg.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				got[i] = answered(t, func() error { return client.New(urls[i%len(urls)]).Register(ctx(t), who, password) })
			})
		}
		wg.Wait()
		made, taken := 0, 0
		for _, err := range got {
			switch client.Code(err) {
			case 0:
				made++
			case nameTaken:
				wantStatus(t, "taken", err, http.StatusConflict)
				taken++
			default:
				t.Errorf("%v", err)
			}
		}
		// One that was made may have been answered 503, and tried again.
		if made > 1 || taken < many-1 {
			t.Errorf("%d were made, %d were told that it is taken", made, taken)
		}
		var n int64
		if err := open(t, s).Table("user_models").Where("user_name = ?", who).Count(&n).Error; err != nil || n != 1 {
			t.Errorf("%d accounts, %v", n, err)
		}
	})
}

// Of refreshes of one token at the same time one wins, and the session ends.
func TestOneOfManyRefreshesWins(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		urls := s.URLs()
		const many = 12
		got := make([]int, many)
		var wg sync.WaitGroup
		for i := range many {
			wg.Go(func() {
				c := client.New(urls[i%len(urls)])
				c.Device, c.RefreshToken = ann.Device, ann.RefreshToken
				got[i] = client.Code(c.Refresh(ctx(t)))
			})
		}
		wg.Wait()
		slices.Sort(got)
		if got[0] != 0 || got[1] == 0 || !slices.Contains(got, 20021) {
			t.Errorf("answers by code: %v", got)
		}
		_, err := ann.Sessions(ctx(t))
		wantCode(t, "the session", err, 10004)
	})
}

// A login that races with a disabling or another password leaves no session
// that was opened on the word of before.
func TestNoLoginSurvivesARace(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		boss := administrator(t, s)
		for what, end := range map[string]func(ann *client.Client) error{
			"disabled":       func(ann *client.Client) error { return setDisabled(t, boss, ann.UserID, true) },
			"reset":          func(ann *client.Client) error { return resetPassword(t, boss, ann.UserID, nextPassword) },
			"password":       func(ann *client.Client) error { return setPassword(t, ann, password, nextPassword) },
			"deleted by own": func(ann *client.Client) error { return deleteOwn(t, ann) },
		} {
			ann := register(t, s, 0)
			devices := make([]*client.Client, 6)
			var wg sync.WaitGroup
			for i := range devices {
				devices[i] = elsewhere(ann, fmt.Sprint("d-", i))
				wg.Go(func() { _ = devices[i].Login(ctx(t), ann.Name, password) })
			}
			wg.Go(func() {
				eventually(t, what, func(context.Context) error {
					err := end(ann)
					if client.Code(err) == unavailable { // done, and not told yet; or busy
						return err
					}
					if err != nil && client.Code(err) != 20010 && client.Code(err) != 10004 { // a repeat of what is done
						t.Errorf("%s: %v", what, err)
					}
					return nil
				})
			})
			wg.Wait()
			for i, d := range devices {
				if d.AccessToken == "" {
					continue // refused
				}
				eventually(t, fmt.Sprint(what, ": device ", i), func(c2 context.Context) error {
					if _, err := d.Sessions(c2); client.Code(err) != 10004 {
						return fmt.Errorf("the session of a login before lives: code %d", client.Code(err))
					}
					return nil
				})
			}
		}
	})
}

func deleteOwn(t *testing.T, c *client.Client) error {
	t.Helper()
	confirm, err := confirmed(t, c, map[string]any{"scene": "deleteAccount", "password": password})
	if err != nil {
		return err
	}
	return withToken(t, c, confirm, http.MethodDelete, "/api/auth/account", map[string]any{})
}

// Row A14, on a suite with the limits that a site has by itself: guesses end,
// whatever their headers say, on any gateway, and at the same time; the
// owner's device gets in.
func TestGuessesHaveALimit(t *testing.T) {
	for mode, m := range suite.Modes {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			s := started(t, suite.Config{Mode: m, Copies: 2})
			urls := s.URLs()
			ann, bob := register(t, s, 0), register(t, s, 1)
			guess := func(i int, who string) error {
				header := http.Header{"Content-Type": {"application/json"}}
				for _, name := range []string{"X-Forwarded-For", "X-Real-Ip", "Client-Ip", "Forwarded", "X-Client-Ip", "True-Client-Ip"} {
					header.Set(name, fmt.Sprintf("198.51.100.%d", i))
				}
				c := client.New(urls[i%len(urls)])
				resp, err := c.Do(ctx(t), http.MethodPost, "/api/auth/login", strings.NewReader(fmt.Sprintf(
					`{"userName":%q,"password":"wrong horse %d","deviceId":"x%d","platform":"web"}`, who, i, i)), header)
				if err != nil {
					return err
				}
				defer resp.Body.Close()
				return refusal(resp)
			}
			// What was answered 503 on a busy machine may have been counted, or not.
			all, busy := 0, 0
			for _, who := range []string{ann.Name, "nobody-" + name(t)} {
				got := make([]error, 12)
				var wg sync.WaitGroup
				for i := range got {
					wg.Go(func() { got[i] = guess(i, who) })
				}
				wg.Wait()
				looked := 0
				for _, err := range got {
					var e *client.Error
					switch {
					case client.Code(err) == 20010:
						looked++
					case client.Code(err) == unavailable:
						busy++
					case !errors.As(err, &e) || e.Code != 20011 || e.HTTP != http.StatusTooManyRequests || e.RetryAfter <= 0 || e.RetryAfter > 15*time.Minute:
						t.Errorf("%v, back after %v", err, e)
					}
				}
				if looked > 5 || looked+busy < 5 {
					t.Errorf("%s: %d passwords were looked at, %d tries were one too many for the machine", who, looked, busy)
				}
				all += looked
			}
			if busy == 0 {
				wantCode(t, "the right one on a new device", elsewhere(ann, "new").Login(ctx(t), ann.Name, password), 20011)
			}
			must(t, "on the owner's device", answered(t, func() error { return ann.Login(ctx(t), ann.Name, password) }))
			for i := 0; ; i++ {
				code := client.Code(answered(t, func() error { return setPassword(t, ann, "wrong horse", nextPassword) }))
				if code == 20011 && i > 0 {
					break
				}
				if code != 20010 || i >= 5 {
					t.Fatalf("the old password, guess %d: %d", i, code)
				}
			}
			wantCode(t, "the old password past the limit", setPassword(t, ann, password, nextPassword), 20011)
			_, err := confirmed(t, ann, map[string]any{"scene": "deleteAccount", "password": password})
			wantCode(t, "a confirmation past the limit", err, 20011)

			for i := 0; ; i++ {
				err := guess(i, fmt.Sprint("somebody-", i))
				if client.Code(err) == 20011 {
					break
				}
				switch client.Code(err) {
				case 20010:
					all++
				case unavailable:
					busy++
				default:
					t.Fatalf("account %d: %v", i, err)
				}
			}
			if all > 60 || all+busy < 60 {
				t.Errorf("%d passwords were looked at for one address, %d tries were one too many for the machine", all, busy)
			}
			must(t, "another owner's device", answered(t, func() error { return bob.Login(ctx(t), bob.Name, password) }))

			made := 2 // ann and bob, who may have been tried more than once
			for busy = 0; ; {
				err := client.New(urls[made%len(urls)]).Register(ctx(t), name(t), password)
				var e *client.Error
				if errors.As(err, &e) && e.Code == 10007 {
					if e.HTTP != http.StatusTooManyRequests || e.RetryAfter <= 0 || e.RetryAfter > time.Hour {
						t.Errorf("%v, back after %v", err, e.RetryAfter)
					}
					break
				}
				switch client.Code(err) {
				case 0:
					made++
				case unavailable:
					busy++
				default:
					t.Fatalf("registration %d: %v", made, err)
				}
			}
			if made > 60 || made+busy < 55 {
				t.Errorf("%d registrations from one address, %d tries were one too many for the machine", made, busy)
			}
		})
	}
}

// Row A16: nobody learns by the answer, or the time it takes, who there is.
func TestUnknownUsersAnswerAsWrongPasswords(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		const rounds = 15
		took := map[string][]time.Duration{}
		said := map[string]string{}
		for range rounds {
			for _, who := range []string{ann.Name, "nobody-" + ann.Name} { // in turn: what slows one down slows the other
				begin := time.Now()
				err := elsewhere(ann, "elsewhere").Login(ctx(t), who, "wrong horse")
				took[who] = append(took[who], time.Since(begin))
				var e *client.Error
				if !errors.As(err, &e) {
					t.Fatal(err)
				}
				said[who] = fmt.Sprint(e.HTTP, e.Code, e.Msg, string(e.Data))
			}
		}
		var medians []time.Duration
		var answers []string
		for who, all := range took {
			slices.Sort(all)
			medians, answers = append(medians, all[rounds/2]), append(answers, said[who])
		}
		if answers[0] != answers[1] {
			t.Errorf("answers %q", answers)
		}
		// Without the hash it would be a twentieth.
		if slices.Max(medians) > 2*slices.Min(medians) {
			t.Errorf("medians %v", medians)
		}
	})
}

// refusal is the error that an answer is.
func refusal(resp *http.Response) error {
	var env struct {
		Code int    `json:"code"`
		Msg  string `json:"msg"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&env); err != nil {
		return err
	}
	if env.Code == 0 {
		return nil
	}
	after, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
	return &client.Error{HTTP: resp.StatusCode, Code: env.Code, Msg: env.Msg, RetryAfter: time.Duration(after) * time.Second}
}
