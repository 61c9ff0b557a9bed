package model

import (
	"time"

	"tudoIM/common/errs"
)

// States of a request, for each side its own.
const (
	RequestPending  int32 = 0
	RequestAccepted int32 = 1
	RequestRefused  int32 = 2
	RequestIgnored  int32 = 3
	RequestDeleted  int32 = 4
)

// Request is the part of a row that says how a request stands: one side has
// sent it, the other decides.
type Request struct {
	// OpenKey names who asks what while the request is open: accepted or refused
	// it is nil. It is unique, so nobody has two of the same open. The sender
	// cannot tell one that was ignored or deleted from one that waits.
	OpenKey    *string
	SendStatus int32
	RevStatus  int32
	// HandledAt is when the other side decided, in Unix milliseconds.
	HandledAt int64
}

// Open reports whether the request may still be accepted or refused.
func (r *Request) Open() bool { return r.OpenKey != nil }

// Decide moves the request to status, which is not RequestDeleted, at now, as
// the other side wants, and reports whether that changed anything. Accepting
// twice is allowed; handled is what other repeats are refused with.
func (r *Request) Decide(status int32, now time.Time, handled error) (changed bool, err error) {
	switch {
	case status < RequestAccepted || status >= RequestDeleted:
		return false, errs.BadArgument("status")
	case status == RequestAccepted && r.RevStatus == RequestAccepted:
		return false, nil
	case r.RevStatus != RequestPending:
		return false, handled
	}
	if status == RequestIgnored {
		r.RevStatus, r.HandledAt = status, now.UnixMilli()
		return true, nil
	}
	r.Close(status, now)
	return true, nil
}

// Close ends the request for both sides; who deleted it does not see it again.
func (r *Request) Close(status int32, now time.Time) {
	if r.SendStatus != RequestDeleted {
		r.SendStatus = status
	}
	if r.RevStatus != RequestDeleted {
		r.RevStatus = status
	}
	r.OpenKey, r.HandledAt = nil, now.UnixMilli()
}

// Remove takes the request off the list of a side, of the sender's or the
// other's, and reports whether it was on it.
func (r *Request) Remove(sender bool) bool {
	status := &r.RevStatus
	if sender {
		status = &r.SendStatus
	}
	if *status == RequestDeleted {
		return false
	}
	*status = RequestDeleted
	return true
}

// Renew brings an open request that a side has deleted back, and reports
// whether the other side has to be told.
func (r *Request) Renew() (tell bool) {
	if r.SendStatus == RequestDeleted {
		r.SendStatus = RequestPending
	}
	if r.RevStatus != RequestDeleted {
		return false
	}
	r.RevStatus = RequestPending
	return true
}
