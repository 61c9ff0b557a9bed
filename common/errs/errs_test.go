package errs

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"testing"
	"time"
	"unicode"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// statuses are those the contract names.
var statuses = map[int]bool{400: true, 401: true, 403: true, 404: true, 405: true, 409: true, 413: true, 415: true, 429: true, 500: true, 503: true}

// faults are the gRPC codes go-zero's breaker counts against the callee.
var faults = map[codes.Code]bool{
	codes.DeadlineExceeded: true, codes.Internal: true, codes.Unavailable: true,
	codes.DataLoss: true, codes.Unimplemented: true, codes.ResourceExhausted: true,
}

func TestEveryCodeIsComplete(t *testing.T) {
	t.Parallel()
	words := map[string]int{}
	for code, e := range table {
		if e.Code != code || code < 10000 || code > 69999 {
			t.Errorf("%d: declared as %d", code, e.Code)
		}
		if !statuses[e.Status] {
			t.Errorf("%d: status %d is not of the contract", code, e.Status)
		}
		if e.Zh == "" || e.En == "" || e.Text("zh") != e.Zh || e.Text("en") != e.En || e.Text("") != e.En {
			t.Errorf("%d: words %q and %q", code, e.Zh, e.En)
		}
		for _, r := range e.En {
			if unicode.Is(unicode.Han, r) {
				t.Errorf("%d: %q is not English", code, e.En)
				break
			}
		}
		if other, twice := words[e.En]; twice && table[other].Status == e.Status {
			t.Errorf("%d and %d say the same: %q", code, other, e.En)
		}
		words[e.En] = code
		if e.Data != nil {
			t.Errorf("%d: has data in the table", code)
		}
	}
}

func TestACodeIsDeclaredOnce(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("declared again")
		}
		if table[Bad.Code] != Bad {
			t.Error("the first declaration is gone")
		}
	}()
	_ = New(Bad.Code, http.StatusBadRequest, "x", "x")
}

func TestEveryCodeTravelsOverGRPC(t *testing.T) {
	t.Parallel()
	for code, e := range table {
		for name, sent := range map[string]*Error{
			"plain": e, "with data": e.With("field", "用户名").With("n", 7), "with a time to come back": e.Retry(1500 * time.Millisecond),
			"with what is no text": e.With("field", "a\xff"),
		} {
			over := sent.GRPC()
			var got *Error
			if !errors.As(FromGRPC(over), &got) {
				t.Errorf("%d %s: came back as %v", code, name, FromGRPC(over))
				continue
			}
			if got.Code != code || got.Status != e.Status || got.Zh != e.Zh || got.En != e.En || !maps.Equal(got.Data, sent.Data) {
				t.Errorf("%d %s: came back as %+v", code, name, got)
			}
			if wrapped := FromGRPC(fmt.Errorf("call: %w", over)); !errors.Is(wrapped, e) {
				t.Errorf("%d %s: wrapped it came back as %v", code, name, wrapped)
			}
			if fault := faults[status.Code(over)]; fault != (e.Status >= 500) {
				t.Errorf("%d %s travels as %v: a fault to the breaker: %v", code, name, status.Code(over), fault)
			}
		}
		if e.Data != nil {
			t.Errorf("%d: the table got data", code)
		}
	}
}

func TestFromGRPC(t *testing.T) {
	t.Parallel()
	other := errors.New("other")
	foreign := status.Error(codes.InvalidArgument, "not ours")
	for _, c := range []struct {
		name     string
		in, want error
	}{
		{"nothing", nil, nil},
		{"no connection", status.Error(codes.Unavailable, "refused"), Unavailable},
		{"late", status.Error(codes.DeadlineExceeded, "late"), Unavailable},
		{"cut off", status.Error(codes.Canceled, "cut"), Unavailable},
		{"late, plain", context.DeadlineExceeded, Unavailable},
		{"cut off, plain", fmt.Errorf("x: %w", context.Canceled), Unavailable},
		{"one of ours", BadArgument("x"), Bad},
		{"not ours", other, other},
		{"a status of somebody else", foreign, foreign},
	} {
		if got := FromGRPC(c.in); !errors.Is(got, c.want) || (got == nil) != (c.want == nil) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	unknown := (&Error{Code: 99999, Status: 400, En: "from a newer half"}).GRPC()
	if got := FromGRPC(unknown); !errors.Is(got, Internal) {
		t.Errorf("an unknown code is %v", got)
	}
}

func TestWithAndRetryCopy(t *testing.T) {
	t.Parallel()
	one := Bad.With("a", 1)
	two := one.With("b", "2")
	if Bad.Data != nil || len(one.Data) != 1 || len(two.Data) != 2 || two.Data["a"] != "1" {
		t.Errorf("%v, %v, %v", Bad.Data, one.Data, two.Data)
	}
	if !errors.Is(two, Bad) || errors.Is(two, NotFound) || errors.Is(two, errors.New("x")) {
		t.Error("Is does not go by the code alone")
	}
	for after, want := range map[time.Duration]string{0: "0", 1: "1", time.Second: "1", time.Second + 1: "2", time.Hour: "3600"} {
		if got := TooMany.Retry(after).Data[RetryAfter]; got != want {
			t.Errorf("Retry(%v) says %s, want %s", after, got, want)
		}
	}
}

func TestFromAndByCode(t *testing.T) {
	t.Parallel()
	if From(fmt.Errorf("x: %w", NotFound)) != NotFound || From(errors.New("x")) != Internal || From(nil) != Internal {
		t.Error("From")
	}
	if ByCode(NotFound.Code) != NotFound || ByCode(1) != Internal {
		t.Error("ByCode")
	}
	if got := BadArgument("f"); !errors.Is(got, Bad) || got.Data["field"] != "f" || got.Error() != "10001 bad argument" {
		t.Errorf("%v %v", got, got.Data)
	}
}
