package registry

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

// instance is a gRPC server that counts its calls.
type instance struct {
	grpc_health_v1.UnimplementedHealthServer
	addr   string
	server *grpc.Server

	mu    sync.Mutex
	calls int
}

func (i *instance) Check(context.Context, *grpc_health_v1.HealthCheckRequest) (*grpc_health_v1.HealthCheckResponse, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.calls++
	return &grpc_health_v1.HealthCheckResponse{}, nil
}

// taken returns the calls since it was asked last.
func (i *instance) taken() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	n := i.calls
	i.calls = 0
	return n
}

func startInstance(t *testing.T) *instance {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	i := &instance{addr: l.Addr().String(), server: grpc.NewServer()}
	grpc_health_v1.RegisterHealthServer(i.server, i)
	go func() { _ = i.server.Serve(l) }()
	t.Cleanup(i.server.Stop)
	return i
}

func TestCallsThroughTheResolver(t *testing.T) {
	t.Parallel()
	c := client(t, startEtcd(t))
	conn, err := grpc.NewClient(Scheme+":///chat_rpc",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithResolvers(Resolver(c)),
		grpc.WithDefaultServiceConfig(`{"loadBalancingConfig": [{"`+Policy+`":{}}]}`),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: backoff.Config{BaseDelay: 50 * time.Millisecond, Multiplier: 1, MaxDelay: 50 * time.Millisecond}, MinConnectTimeout: time.Second}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	call := func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		_, err := grpc_health_v1.NewHealthClient(conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{})
		return err
	}

	if err := call(t.Context()); status.Code(err) != codes.Unavailable {
		t.Errorf("without an instance: %v", err)
	}

	one, two := startInstance(t), startInstance(t)
	register(t, c, "chat_rpc", one.addr)
	register(t, c, "chat_rpc", two.addr)
	until(t, "both are called", func() bool {
		for range 2 {
			_ = call(t.Context())
		}
		return one.taken() > 0 && two.taken() > 0
	})

	const many = 40
	for range many {
		if err := call(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := one.taken(), two.taken(); a != many/2 || b != many/2 {
		t.Errorf("calls without a lane: %d and %d", a, b)
	}

	owner := map[int]*instance{}
	for lane := range Lanes {
		for range many {
			if err := call(WithLane(t.Context(), lane)); err != nil {
				t.Fatal(err)
			}
		}
		switch a, b := one.taken(), two.taken(); {
		case a == many && b == 0:
			owner[lane] = one
		case a == 0 && b == many:
			owner[lane] = two
		default:
			t.Errorf("lane %d: %d and %d", lane, a, b)
		}
	}
	want := assign([]string{one.addr, two.addr})
	ones := 0
	for lane, i := range owner {
		if i.addr != want[lane] {
			t.Errorf("lane %d is at %s, another process would call %s", lane, i.addr, want[lane])
		}
		if i == one {
			ones++
		}
	}
	if ones != Lanes/2 {
		t.Errorf("one has %d of %d lanes", ones, Lanes)
	}

	// The dead one's address stays registered: nobody has taken it back.
	one.server.Stop()
	for lane := range Lanes {
		until(t, "the lane has moved", func() bool { return call(WithLane(t.Context(), lane)) == nil })
	}
	if one.taken() > 0 || two.taken() < Lanes {
		t.Error("the lanes are not at the one that lives")
	}

	three := startInstance(t)
	register(t, c, "chat_rpc", three.addr)
	until(t, "the new one has its share", func() bool {
		for lane := range Lanes {
			if err := call(WithLane(t.Context(), lane)); err != nil {
				t.Errorf("lane %d while one comes: %v", lane, err)
			}
		}
		a, b := two.taken(), three.taken()
		return a == Lanes/2 && b == Lanes/2
	})
}
