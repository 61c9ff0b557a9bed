package embedded

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

func TestRedisExpiresKeysByRealTime(t *testing.T) {
	t.Parallel()
	_, client := startTestRedis(t)
	ctx := t.Context()
	start := time.Now()
	const ttl = 500 * time.Millisecond
	if err := client.Set(ctx, "k", "v", ttl).Err(); err != nil {
		t.Fatal(err)
	}
	for client.Exists(ctx, "k").Val() == 1 {
		if time.Since(start) > 10*time.Second {
			t.Fatal("still there")
		}
	}
	if lived := time.Since(start); lived < ttl-2*tick {
		t.Errorf("lived %v of %v", lived, ttl)
	}
}

func TestRedisDeliversWhatIsPublished(t *testing.T) {
	t.Parallel()
	_, client := startTestRedis(t)
	sub := client.Subscribe(t.Context(), "c")
	defer sub.Close()
	if _, err := sub.Receive(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := client.Publish(t.Context(), "c", "hello").Result(); n != 1 || err != nil {
		t.Fatalf("reached %d, %v", n, err)
	}
	if m, err := sub.ReceiveMessage(t.Context()); err != nil || m.Payload != "hello" {
		t.Errorf("got %v, %v", m, err)
	}
}

func TestRedisRefusesWhoHasNotThePassword(t *testing.T) {
	t.Parallel()
	r, _ := startTestRedis(t)
	for _, password := range []string{"", "guess"} {
		o, err := redis.ParseURL(r.URL())
		if err != nil {
			t.Fatal(err)
		}
		o.Password = password
		client := redis.NewClient(o)
		err = client.Get(t.Context(), "k").Err()
		client.Close()
		if err == nil || errors.Is(err, redis.Nil) {
			t.Errorf("password %q was let in", password)
		}
	}
	if !strings.Contains(r.URL(), "@127.0.0.1:") {
		t.Errorf("%s is not on the loopback", r.URL())
	}
}

func TestRedisIsGoneAfterClose(t *testing.T) {
	t.Parallel()
	r, err := StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	o, err := redis.ParseURL(r.URL())
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	client := redis.NewClient(o)
	defer client.Close()
	if err := client.Ping(t.Context()).Err(); err == nil {
		t.Error("still answers")
	}
}

func startTestRedis(t *testing.T) (*Redis, *redis.Client) {
	t.Helper()
	r, err := StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	o, err := redis.ParseURL(r.URL())
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(o)
	t.Cleanup(func() { client.Close() })
	return r, client
}
