package errs

import (
	"context"
	"errors"
	"strconv"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const domain = "tudoIM"

// grpcCodes maps a status to the gRPC code it travels under. The codes that
// go-zero's breaker counts as faults (ResourceExhausted, Unimplemented,
// Internal, Unavailable, DeadlineExceeded, DataLoss) are kept from every refusal a user can cause:
// bad input must not cut honest callers off.
var grpcCodes = map[int]codes.Code{
	400: codes.InvalidArgument,
	401: codes.Unauthenticated,
	403: codes.PermissionDenied,
	404: codes.NotFound,
	405: codes.FailedPrecondition,
	409: codes.AlreadyExists,
	413: codes.FailedPrecondition,
	415: codes.FailedPrecondition,
	429: codes.FailedPrecondition,
	503: codes.Unavailable,
}

// GRPC turns e into a gRPC status that carries code and data.
func (e *Error) GRPC() error {
	code, ok := grpcCodes[e.Status]
	if !ok {
		code = codes.Internal
	}
	s, err := status.New(code, e.En).WithDetails(&errdetails.ErrorInfo{
		Reason: strconv.Itoa(e.Code), Domain: domain, Metadata: e.Data,
	})
	if err != nil {
		return status.Error(code, e.En)
	}
	return s.Err()
}

// FromGRPC gives back the *Error that GRPC sent. Transport failures and
// missed deadlines become Unavailable; anything else is returned as it is.
func FromGRPC(err error) error {
	if err == nil {
		return nil
	}
	s, ok := status.FromError(err)
	if !ok {
		if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
			return Unavailable
		}
		return err
	}
	for _, d := range s.Details() {
		info, ok := d.(*errdetails.ErrorInfo)
		if !ok || info.Domain != domain {
			continue
		}
		code, convErr := strconv.Atoi(info.Reason)
		if convErr != nil {
			continue
		}
		e := *ByCode(code)
		e.Data = info.Metadata
		return &e
	}
	switch s.Code() {
	case codes.Unavailable, codes.DeadlineExceeded, codes.Canceled:
		return Unavailable
	}
	return err
}
