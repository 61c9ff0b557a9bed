package logic

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"google.golang.org/grpc"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_auth/auth_rpc/auth"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_settings/settings_api/internal/svc"
	"tudoIM/tudoIM_settings/settings_api/internal/types"
	"tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
)

type settings struct {
	site *settings_rpc.Site
	err  error
	// put is what was put last.
	put **settings_rpc.PutRequest
}

func (s settings) Get(context.Context, *settings_rpc.GetRequest, ...grpc.CallOption) (*settings_rpc.Site, error) {
	return s.site, s.err
}

func (s settings) Put(_ context.Context, in *settings_rpc.PutRequest, _ ...grpc.CallOption) (*settings_rpc.PutResponse, error) {
	*s.put = in
	return &settings_rpc.PutResponse{}, s.err
}

// providers is an auth_rpc with these providers.
type providers struct {
	auth.Auth
	names []string
	err   error
}

func (p providers) OpenLogins(_ context.Context, in *auth_rpc.OpenLoginsRequest, _ ...grpc.CallOption) (*auth_rpc.OpenLoginsResponse, error) {
	resp := &auth_rpc.OpenLoginsResponse{}
	for _, name := range p.names {
		resp.List = append(resp.List, &auth_rpc.OpenLogin{Name: name, Title: "T", Icon: "I", Href: "for " + in.DeviceId})
	}
	return resp, p.err
}

func TestInfoIsWhatTheContractSays(t *testing.T) {
	t.Parallel()
	l := NewInfoLogic(t.Context(), &svc.ServiceContext{Auth: providers{names: []string{"one", "two"}}, Settings: settings{site: &settings_rpc.Site{
		Title: "T", Abstract: "A", RegisterOpen: true, RecallWindowSeconds: 1, MaxTextLength: 2,
		ImageMaxBytes: 3, FileMaxBytes: 4, MultiLogin: "all", Ver: 5,
	}}})
	resp, err := l.Info()
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(resp)
	want := `{"site":{"title":"T","abstract":"A"},"version":"0.1.0","apiVersion":1,"registerOpen":true,` +
		`"loginMethods":["password","one","two"],"recallWindowSeconds":1,"maxTextLength":2,"imageMaxBytes":3,"fileMaxBytes":4,` +
		`"multiLogin":"all","features":{"files":true,"friends":true,"groupChat":true,"privateChat":true}}`
	if err != nil || string(got) != want {
		t.Errorf("%s, error %v", got, err)
	}
}

func TestInfoWithoutTheRPC(t *testing.T) {
	t.Parallel()
	_, err := NewInfoLogic(t.Context(), &svc.ServiceContext{Settings: settings{err: errs.Unavailable}}).Info()
	if !errors.Is(err, errs.Unavailable) {
		t.Error(err)
	}
}

// Without auth_rpc the site still tells of itself.
func TestInfoWithoutTheProviders(t *testing.T) {
	t.Parallel()
	resp, err := NewInfoLogic(t.Context(), &svc.ServiceContext{
		Auth: providers{err: errs.Unavailable}, Settings: settings{site: &settings_rpc.Site{Title: "T"}},
	}).Info()
	if err != nil || len(resp.LoginMethods) != 1 || resp.LoginMethods[0] != "password" || resp.Site.Title != "T" {
		t.Errorf("%+v, %v", resp, err)
	}
}

func TestOpenLoginIsThatOfAuth(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		auth providers
		want string
	}{
		"none": {providers{}, `{"list":[],"count":0}`},
		"one":  {providers{names: []string{"one"}}, `{"list":[{"name":"one","icon":"I","href":"for d1"}],"count":1}`},
		"away": {providers{err: errs.Unavailable}, "null"},
	} {
		resp, err := NewOpenLoginLogic(t.Context(), &svc.ServiceContext{Auth: c.auth}).OpenLogin(&types.OpenLoginRequest{DeviceID: "d1"})
		got, _ := json.Marshal(resp)
		if !errors.Is(err, c.auth.err) || string(got) != c.want {
			t.Errorf("%s: %s, %v", what, got, err)
		}
	}
}
