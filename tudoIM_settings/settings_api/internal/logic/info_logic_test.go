package logic

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"google.golang.org/grpc"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_settings/settings_api/internal/svc"
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

func TestInfoIsWhatTheContractSays(t *testing.T) {
	t.Parallel()
	l := NewInfoLogic(t.Context(), &svc.ServiceContext{Settings: settings{site: &settings_rpc.Site{
		Title: "T", Abstract: "A", RegisterOpen: true, RecallWindowSeconds: 1, MaxTextLength: 2,
		ImageMaxBytes: 3, FileMaxBytes: 4, MultiLogin: "all", Ver: 5,
	}}})
	resp, err := l.Info()
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(resp)
	want := `{"site":{"title":"T","abstract":"A"},"version":"0.1.0","apiVersion":1,"registerOpen":true,` +
		`"loginMethods":["password"],"recallWindowSeconds":1,"maxTextLength":2,"imageMaxBytes":3,"fileMaxBytes":4,` +
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
