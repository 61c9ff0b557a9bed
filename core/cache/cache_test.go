package cache

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"tudoIM/core/embedded"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, addrs, user, password string
		db                        int
		tls                       bool
	}{
		{in: "127.0.0.1:6379", addrs: "127.0.0.1:6379"},
		{in: "a:1,b:2", addrs: "a:1,b:2"},
		{in: "redis://u:hunter2@h:6380/3", addrs: "h:6380", user: "u", password: "hunter2", db: 3},
		{in: "redis://:hunter2@h", addrs: "h:6379", password: "hunter2"},
		{in: "rediss://h:1", addrs: "h:1", tls: true},
	} {
		o, err := parse(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if strings.Join(o.Addrs, ",") != c.addrs || o.Username != c.user || o.Password != c.password || o.DB != c.db || (o.TLSConfig != nil) != c.tls {
			t.Errorf("%s: %+v", c.in, o)
		}
		if name := Name(c.in); name != "redis "+c.addrs {
			t.Errorf("the name of %s is %q", c.in, name)
		}
	}
	for _, in := range []string{"", "http://u:hunter2@h", "redis://u:hunter2@h/x", "redis://u:hunter2@h:%zz"} {
		_, err := Open(in)
		if err == nil || !strings.Contains(err.Error(), "TUDO_REDIS") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", in, err)
		}
		if name := Name(in); strings.Contains(name, "hunter2") {
			t.Errorf("the name of %s is %q", in, name)
		}
	}
}

func TestOpenSharesOneClient(t *testing.T) {
	t.Parallel()
	r, err := embedded.StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	one, err := Open(r.URL())
	if err != nil {
		t.Fatal(err)
	}
	if two, err := Open(r.URL()); err != nil || two != one {
		t.Errorf("two clients, %v", err)
	}
	if err := Ping(t.Context(), one); err != nil {
		t.Error(err)
	}
	o := one.(*redis.Client).Options()
	if o.DialTimeout != timeout || o.ReadTimeout != timeout || o.WriteTimeout != timeout || o.PoolTimeout != timeout || !o.ContextTimeoutEnabled {
		t.Errorf("not bounded: %+v", o)
	}
	gone, err := Open("127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := Ping(ctx, gone); err == nil || ctx.Err() != nil {
		t.Errorf("nobody answers there: %v", err)
	}
}
