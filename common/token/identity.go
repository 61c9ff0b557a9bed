package token

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tudoIM/common/errs"
	"tudoIM/utils/lang"
)

// Identity is who a request comes from, as the gateway has verified it. The
// zero UserID is nobody: a public path called without a token.
type Identity struct {
	UserID    uint64
	Role      int
	SessionID uint64
	DeviceID  string
	Platform  string
	// ExpiresAt is when the access token ends, in Unix seconds; 0 is the past.
	ExpiresAt int64
	// ClientIP is the address the gateway's own socket saw.
	ClientIP  string
	RequestID string
	// Lang is the language of the words for the user, "zh" or "en". It comes
	// from the request itself and is not signed.
	Lang string
}

// RoleAdmin is the role of administrators.
const RoleAdmin = 1

// Ended reports whether the access token of i has ended at now. A request is
// short and has a leeway for clocks; what lives on, as a socket, ends with it.
func (i Identity) Ended(now time.Time) bool { return now.Unix() >= i.ExpiresAt }

// Headers the gateway sets and signs. From outside they never arrive.
const (
	headerUser      = "User-Id"
	headerRole      = "Role"
	headerSession   = "Session-Id"
	headerDevice    = "Device-Id"
	headerPlatform  = "Platform"
	headerExpires   = "Expires-At"
	headerClientIP  = "Client-Ip"
	headerRequest   = "X-Request-Id"
	headerSignature = "Identity-Signature"
)

// Key derives the key for one purpose from the internal secret, so that a
// signature made for one is worth nothing for another.
func Key(secret []byte, purpose string) []byte {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte(purpose))
	return m.Sum(nil)
}

// Strip removes every header that could be taken for identity, however it is
// spelt: some servers treat '_' as '-' and case never counts.
func Strip(h http.Header) {
	for name := range h {
		plain := strings.ReplaceAll(strings.ToLower(name), "_", "-")
		switch strings.ReplaceAll(strings.TrimPrefix(plain, "x-"), "-", "") {
		case "userid", "role", "sessionid", "deviceid", "platform", "expiresat", "clientip", "realip",
			"forwarded", "forwardedfor", "forwardedhost", "forwardedproto", "requestid", "identitysignature":
			delete(h, name)
		}
	}
}

// Sign sets i and a signature over it, method and path on h.
func (i Identity) Sign(h http.Header, key []byte, method, path string) {
	h.Set(headerUser, strconv.FormatUint(i.UserID, 10))
	h.Set(headerRole, strconv.Itoa(i.Role))
	h.Set(headerSession, strconv.FormatUint(i.SessionID, 10))
	h.Set(headerDevice, i.DeviceID)
	h.Set(headerPlatform, i.Platform)
	h.Set(headerExpires, strconv.FormatInt(i.ExpiresAt, 10))
	h.Set(headerClientIP, i.ClientIP)
	h.Set(headerRequest, i.RequestID)
	h.Set(headerSignature, hex.EncodeToString(i.sum(key, method, path)))
}

func (i Identity) sum(key []byte, method, path string) []byte {
	m := hmac.New(sha256.New, key)
	for _, part := range []string{
		strconv.FormatUint(i.UserID, 10), strconv.Itoa(i.Role), strconv.FormatUint(i.SessionID, 10),
		i.DeviceID, i.Platform, strconv.FormatInt(i.ExpiresAt, 10), i.ClientIP, i.RequestID, method, path,
	} {
		// The length keeps neighbours apart: "ab","c" is not "a","bc".
		m.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	return m.Sum(nil)
}

// Verify returns the identity of r, or errs.Unauthorized if it does not carry
// the gateway's signature for this very method and path.
func Verify(r *http.Request, key []byte) (Identity, error) {
	h := r.Header
	user, err1 := strconv.ParseUint(h.Get(headerUser), 10, 64)
	role, err2 := strconv.Atoi(h.Get(headerRole))
	session, err3 := strconv.ParseUint(h.Get(headerSession), 10, 64)
	expires, err4 := strconv.ParseInt(h.Get(headerExpires), 10, 64)
	sig, err5 := hex.DecodeString(h.Get(headerSignature))
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil || err5 != nil {
		return Identity{}, errs.Unauthorized
	}
	i := Identity{
		UserID: user, Role: role, SessionID: session,
		DeviceID: h.Get(headerDevice), Platform: h.Get(headerPlatform), ExpiresAt: expires,
		ClientIP: h.Get(headerClientIP), RequestID: h.Get(headerRequest),
	}
	if !hmac.Equal(sig, i.sum(key, r.Method, r.URL.Path)) {
		return Identity{}, errs.Unauthorized
	}
	return i, nil
}

type contextKey struct{}

// With returns a context that carries i.
func With(ctx context.Context, i Identity) context.Context {
	return context.WithValue(ctx, contextKey{}, i)
}

// From returns the verified identity of the request ctx belongs to.
func From(ctx context.Context) Identity {
	i, _ := ctx.Value(contextKey{}).(Identity)
	return i
}

// RequestID returns the id the gateway gave r, or "".
func RequestID(r *http.Request) string {
	if id := From(r.Context()).RequestID; id != "" {
		return id
	}
	return r.Header.Get(headerRequest)
}

// Middleware admits only requests that the gateway signed with key, and puts
// their identity into the context.
func Middleware(key []byte, refuse func(w http.ResponseWriter, r *http.Request, err error)) func(http.HandlerFunc) http.HandlerFunc {
	return func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			i, err := Verify(r, key)
			if err != nil {
				refuse(w, r, err)
				return
			}
			i.Lang = lang.Of(r.Header.Get("Accept-Language"))
			next(w, r.WithContext(With(r.Context(), i)))
		}
	}
}
