package model

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"tudoIM/utils/text"
)

// Limits are how many wrong passwords and how many registrations there may be.
type Limits struct {
	// In each Window: for an account from one address, for an account from
	// everywhere, for an account from a device that it was logged in on before.
	AccountIP, Account, Device int64
	Window                     time.Duration
	// In an hour: wrong passwords and registrations from one address.
	IP, Register int64
}

// maxTyped bounds what is read of a name that is typed, in bytes: no account
// has a longer one.
const maxTyped = 512

// Password returns the rules for a password of who was typed as the account.
// A device that was logged in on user before is judged by a count of its own:
// so whoever guesses elsewhere does not lock the owner out
// (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
// The account counts as it was typed, whether there is one or not: so a limit
// does not tell.
func (l Limits) Password(typed, ip string, user uint64, device string, known bool) []Rule {
	if known {
		return []Rule{{"device " + strconv.FormatUint(user, 10) + " " + device, l.Device, l.Window}}
	}
	account, from := strconv.Quote(accountKey(typed)), network(ip) // quoted: what is typed ends where it ends
	return []Rule{
		{"account " + account + " from " + from, l.AccountIP, l.Window},
		{"account " + account, l.Account, l.Window},
		{"from " + from, l.IP, time.Hour},
	}
}

// OpenLogin returns the rules for what a provider is asked for ip.
func (l Limits) OpenLogin(ip string) []Rule { return []Rule{{"from " + network(ip), l.IP, time.Hour}} }

// Registration returns the rules for making accounts from ip.
func (l Limits) Registration(ip string) []Rule {
	return []Rule{{"register from " + network(ip), l.Register, time.Hour}}
}

// accountKey is the same for all that opens one account when it is typed, as
// far as spelling goes. Digits are an id, and zeros before it say nothing.
func accountKey(typed string) string {
	if typed != "" && strings.Trim(typed, "0123456789") == "" {
		typed = strings.TrimLeft(typed, "0")
	}
	if len(typed) > maxTyped {
		typed = typed[:maxTyped]
	}
	return text.Skeleton(strings.TrimSpace(typed))
}

// network is what counts as one address: of IPv6 the 64 bits that one
// customer has at least.
func network(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return "nowhere"
	}
	if a = a.Unmap().WithZone(""); a.Is4() {
		return a.String()
	}
	p, err := a.Prefix(64)
	if err != nil {
		return fmt.Sprint(a)
	}
	return p.String()
}
