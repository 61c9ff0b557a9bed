package suite

import (
	"errors"
	"testing"

	"github.com/redis/go-redis/v9"
)

func TestRedisForgetsWhenKilled(t *testing.T) {
	t.Parallel()
	Need(t, RequireRedis)
	r := timed(t, StartRedis)
	t.Cleanup(r.Close)
	o, err := redis.ParseURL(r.URL())
	if err != nil {
		t.Fatal(err)
	}
	o.MaxRetries, o.DialerRetries = -1, 1
	client := redis.NewClient(o)
	defer client.Close()
	if err := client.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}

	r.Kill()
	if err := client.Get(t.Context(), "k").Err(); err == nil {
		t.Error("answers after it was killed")
	}
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	if err := client.Get(t.Context(), "k").Err(); !errors.Is(err, redis.Nil) {
		t.Errorf("after the restart: %v, want no such key", err)
	}

	o.Password = ""
	stranger := redis.NewClient(o)
	defer stranger.Close()
	if err := stranger.Ping(t.Context()).Err(); err == nil {
		t.Error("lets in who has no password")
	}
}
