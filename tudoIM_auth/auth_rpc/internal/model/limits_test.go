package model

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestSpellingsOfOneAccountCountTogether(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"ann", "Ann", "ＡＮＮ", " ann", "ann\n"},
		{"anna", "ɑnnɑ", "аnnа"},
		{"7", "07", "00000007", strings.Repeat("0", 10_000) + "7"},
		{"straße", "STRASSE"},
		{"", " ", "0"},
		{strings.Repeat("x", maxTyped), strings.Repeat("x", 10_000)},
	} {
		for _, s := range same {
			if accountKey(s) != accountKey(same[0]) {
				t.Errorf("%.40q counts as %.40q, %.40q as %.40q", s, accountKey(s), same[0], accountKey(same[0]))
			}
		}
	}
	if accountKey("7") == accountKey("70") || accountKey("ann") == accountKey("anne") {
		t.Error("others count together")
	}
}

func TestWhatCountsAsOneAddress(t *testing.T) {
	t.Parallel()
	for ip, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "192.0.2.1", "2001:db8:1:2:3::1": "2001:db8:1:2::/64", "2001:db8:1:2:ffff:ffff:ffff:ffff": "2001:db8:1:2::/64",
		"2001:db8:1:3::1": "2001:db8:1:3::/64", "fe80::1%eth0": "fe80::/64", "::1": "::/64", "": "nowhere", "evil": "nowhere", "192.0.2.1:80": "nowhere",
	} {
		if got := network(ip); got != want {
			t.Errorf("%q is %q, want %q", ip, got, want)
		}
	}
}

func TestAKnownDeviceIsCountedByItself(t *testing.T) {
	t.Parallel()
	l := Limits{AccountIP: 1, Account: 2, Device: 3, IP: 4, Register: 5, Window: time.Minute}
	for what, c := range map[string]struct {
		rules []Rule
		want  string
	}{
		"unknown":      {l.Password("Ann", "192.0.2.1", 7, "d1", false), "[{account \"ann\" from 192.0.2.1 1 1m0s} {account \"ann\" 2 1m0s} {from 192.0.2.1 4 1h0m0s}]"},
		"nobody's":     {l.Password("bob", "192.0.2.1", 0, "d1", false), "[{account \"bob\" from 192.0.2.1 1 1m0s} {account \"bob\" 2 1m0s} {from 192.0.2.1 4 1h0m0s}]"},
		"known":        {l.Password("Ann", "192.0.2.1", 7, "d1", true), "[{device 7 d1 3 1m0s}]"},
		"registration": {l.Registration("192.0.2.1"), "[{register from 192.0.2.1 5 1h0m0s}]"},
		"a provider":   {l.OpenLogin("192.0.2.1"), "[{from 192.0.2.1 4 1h0m0s}]"},
	} {
		if got := fmt.Sprint(c.rules); got != c.want {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
	}
}

// Nobody uses up what another is counted by with a name that looks like it.
func TestNoNameIsTakenForAnotherCount(t *testing.T) {
	t.Parallel()
	l := Limits{AccountIP: 1, Account: 1, Device: 1, IP: 1, Register: 1, Window: time.Minute}
	taken := map[string]bool{}
	for _, r := range append(l.Password("ann", "192.0.2.1", 7, "d1", false), l.Password("ann", "192.0.2.1", 7, "d1", true)...) {
		taken[r.Key] = true
	}
	for _, typed := range []string{`ann from 192.0.2.1`, `ann" from 192.0.2.1`, `"ann"`, `ann\`, "7 d1"} {
		for _, r := range l.Password(typed, "192.0.2.9", 0, "d1", false) {
			if taken[r.Key] {
				t.Errorf("%q counts as %s", typed, r.Key)
			}
		}
	}
}
