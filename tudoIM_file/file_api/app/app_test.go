package app

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"tudoIM/common/token"
	"tudoIM/core/conf"
	"tudoIM/core/run"
	"tudoIM/tudoIM_file/file_api/internal/config"
)

var secret = strings.Repeat("0123456789abcdef", 2)

// TestBodiesHaveNoTimeoutOfTheWhole asks the half as it is built, of which
// all neighbours are away: 503 says that the request got as far as them.
// go-zero's timeout would hide the connection, which is 500.
func TestBodiesHaveNoTimeoutOfTheWhole(t *testing.T) {
	t.Parallel()
	built, err := New(Config{API: conf.API{Half: conf.Half{
		Name: "file_api", Listen: "127.0.0.1:1", Etcd: "127.0.0.1:1", InternalSecret: secret, Networks: "127.0.0.0/8", DataDir: t.TempDir(), Timeout: 3000,
	}}, UploadsAtOnce: 4})
	if err != nil {
		t.Fatal(err)
	}
	api, ok := built.(*run.API)
	if !ok {
		t.Fatalf("%T", built)
	}
	handler := make(chan http.Handler, 1)
	go api.Server.StartWithOpts(func(s *http.Server) {
		handler <- s.Handler
		runtime.Goexit() // before it listens
	})
	server := httptest.NewServer(<-handler)
	t.Cleanup(server.Close)

	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("file", "a.txt")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write([]byte(strings.Repeat("hello", 1000))); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/api/file/file", &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	token.Identity{UserID: 1}.Sign(r.Header, token.Key([]byte(secret), "identity"), r.Method, r.URL.Path)
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Error(err)
	}
	if resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("%d", resp.StatusCode)
	}
}

func TestTheStoreMustBeUsable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	half := conf.Half{Name: "file_api", Listen: "127.0.0.1:1", Etcd: "127.0.0.1:1", InternalSecret: secret, Networks: "127.0.0.0/8", DataDir: dir + "/\x00"}
	if _, err := New(config.Config{API: conf.API{Half: half}, UploadsAtOnce: 4}); err == nil {
		t.Error("built")
	}
}
