package presence

import (
	"encoding/json"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"tudoIM/core/cache"
	"tudoIM/core/embedded"
)

func start(t *testing.T) (redis.UniversalClient, string) {
	t.Helper()
	server, err := embedded.StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	rdb, err := cache.Open(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rdb.Close() })
	return rdb, server.URL()
}

func see(t *testing.T, rdb redis.UniversalClient, user uint64) State {
	t.Helper()
	got, err := Read(t.Context(), rdb, user)
	if err != nil {
		t.Fatal(err)
	}
	return got[user]
}

func want(t *testing.T, what string, got, want State) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %+v, want %+v", what, got, want)
	}
}

func TestLeasesOfAllNodesCount(t *testing.T) {
	t.Parallel()
	rdb, _ := start(t)
	now := time.Now().Truncate(time.Millisecond)
	a, b := NewLeases(rdb, "a"), NewLeases(rdb, "b")
	set := func(l *Leases, at time.Time, users map[uint64][]string) {
		t.Helper()
		if err := l.Set(t.Context(), at, users); err != nil {
			t.Fatal(err)
		}
	}
	remove := func(l *Leases, users map[uint64]int64) {
		t.Helper()
		if err := l.Remove(t.Context(), users); err != nil {
			t.Fatal(err)
		}
	}
	want(t, "never seen", see(t, rdb, 7), State{})
	set(a, now.Add(-time.Second), map[uint64][]string{7: {"web"}, 8: {"ios"}})
	set(b, now, map[uint64][]string{7: {"ios", "web"}})
	want(t, "on two nodes", see(t, rdb, 7), State{true, []string{"ios", "web"}, now.UnixMilli()})
	want(t, "on one", see(t, rdb, 8), State{true, []string{"ios"}, now.UnixMilli() - 1000})
	want(t, "another", see(t, rdb, 9), State{})
	remove(b, map[uint64]int64{7: now.UnixMilli() + 5})
	want(t, "one node left", see(t, rdb, 7), State{true, []string{"web"}, now.UnixMilli() - 1000})
	remove(a, map[uint64]int64{7: now.UnixMilli() + 6, 8: 9, 9: 10})
	want(t, "none left", see(t, rdb, 7), State{LastSeenAt: now.UnixMilli() + 6})
	want(t, "the other", see(t, rdb, 8), State{LastSeenAt: 9})
	want(t, "gone without having come", see(t, rdb, 9), State{LastSeenAt: 10})
	set(a, now, map[uint64][]string{7: {"web"}})
	want(t, "back", see(t, rdb, 7), State{true, []string{"web"}, now.UnixMilli()})
	if err := a.Set(t.Context(), now, nil); err != nil {
		t.Errorf("nobody: %v", err)
	}
}

func TestALeaseThatIsNotRenewedIsNobodys(t *testing.T) {
	t.Parallel()
	rdb, _ := start(t)
	a := NewLeases(rdb, "a")
	at := time.Now().Truncate(time.Millisecond)
	if err := a.Set(t.Context(), at, map[uint64][]string{7: {"web"}}); err != nil {
		t.Fatal(err)
	}
	for age, online := range map[time.Duration]bool{0: true, valid: true, valid + time.Millisecond: false, -time.Minute: true} {
		got := map[uint64]State{}
		if err := read(t.Context(), rdb, at.Add(age), []uint64{7}, got); err != nil || got[7].IsOnline != online || got[7].LastSeenAt != at.UnixMilli() {
			t.Errorf("%v old: %+v, error %v", age, got[7], err)
		}
	}
	for key, most := range map[string]time.Duration{onKey(7): kept, seenKey(7): seenKept} {
		if ttl := rdb.TTL(t.Context(), key).Val(); ttl > most || ttl < most-time.Minute {
			t.Errorf("%s lives %v", key, ttl)
		}
	}
}

func TestAFadingLeaseEndsByItself(t *testing.T) {
	t.Parallel()
	rdb, _ := start(t)
	at := time.Now().Truncate(time.Millisecond)
	if err := NewLeases(rdb, "a").Fade(t.Context(), at, 3*time.Second, map[uint64][]string{7: {"web"}}); err != nil {
		t.Fatal(err)
	}
	for age, online := range map[time.Duration]bool{0: true, 3 * time.Second: true, 3*time.Second + time.Millisecond: false} {
		got := map[uint64]State{}
		if err := read(t.Context(), rdb, at.Add(age), []uint64{7}, got); err != nil || got[7].IsOnline != online || !online && got[7].LastSeenAt != at.UnixMilli() {
			t.Errorf("after %v: %+v, error %v", age, got[7], err)
		}
	}
}

func TestWhatIsNoLeaseIsIgnored(t *testing.T) {
	t.Parallel()
	rdb, _ := start(t)
	good, err := json.Marshal(lease{[]string{"web"}, time.Now().UnixMilli()})
	if err != nil {
		t.Fatal(err)
	}
	for field, value := range map[string]string{"a": "", "b": "null", "c": "[]", "d": `{"at":"x"}`, "e": "{}"} {
		if err := rdb.HSet(t.Context(), onKey(7), field, value).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if err := rdb.Set(t.Context(), seenKey(7), "yesterday", 0).Err(); err != nil {
		t.Fatal(err)
	}
	want(t, "nonsense", see(t, rdb, 7), State{})
	if err := rdb.HSet(t.Context(), onKey(7), "f", good).Err(); err != nil {
		t.Fatal(err)
	}
	if got := see(t, rdb, 7); !got.IsOnline || !slices.Equal(got.Platforms, []string{"web"}) {
		t.Errorf("with a good one: %+v", got)
	}
}

func TestManyUsers(t *testing.T) {
	t.Parallel()
	rdb, _ := start(t)
	users := map[uint64][]string{}
	for u := range uint64(2*perTalk + 1) {
		users[u] = []string{"web"}
	}
	if err := NewLeases(rdb, "a").Set(t.Context(), time.Now(), users); err != nil {
		t.Fatal(err)
	}
	got, err := Read(t.Context(), rdb, slices.Collect(maps.Keys(users))...)
	if err != nil || len(got) != len(users) {
		t.Errorf("%d states, error %v", len(got), err)
	}
	for u, s := range got {
		if !s.IsOnline {
			t.Errorf("%d is offline", u)
		}
	}
}

func TestWithoutRedisEverybodyIsOffline(t *testing.T) {
	t.Parallel()
	rdb, err := cache.Open("127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	if got, err := Read(t.Context(), rdb, 7); err == nil || got[7].IsOnline {
		t.Errorf("%+v, error %v", got, err)
	}
	l := NewLeases(rdb, "a")
	if err := l.Set(t.Context(), time.Now(), map[uint64][]string{7: {"web"}}); err == nil {
		t.Error("set")
	}
	if err := l.Remove(t.Context(), map[uint64]int64{7: 1}); err == nil {
		t.Error("removed")
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("that took %v", took)
	}
}

// In a cluster the users of one talk are on several servers.
func TestInACluster(t *testing.T) {
	t.Parallel()
	_, raw := start(t)
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	cluster := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{u.Host}, Password: password})
	t.Cleanup(func() { _ = cluster.Close() })
	if err := NewLeases(cluster, "a").Set(t.Context(), time.Now(), map[uint64][]string{7: {"web"}, 8: {"ios"}}); err != nil {
		t.Fatal(err)
	}
	got, err := Read(t.Context(), cluster, 7, 8, 9)
	if err != nil || !got[7].IsOnline || !got[8].IsOnline || got[9].IsOnline {
		t.Errorf("%+v, error %v", got, err)
	}
}
