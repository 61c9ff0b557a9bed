package logic

import "testing"

func TestPlaces(t *testing.T) {
	t.Parallel()
	for ip, want := range map[string][2]string{
		"127.0.0.1": {"本机", "local"}, "::1": {"本机", "local"}, "::ffff:127.0.0.1": {"本机", "local"},
		"10.0.0.1": {"内网", "private network"}, "192.168.1.1": {"内网", "private network"}, "fd00::1": {"内网", "private network"},
		"169.254.1.1": {"内网", "private network"}, "8.8.8.8": {}, "2001:db8::1": {}, "": {}, "x": {},
	} {
		if zh, en := place(ip, "zh"), place(ip, "en"); zh != want[0] || en != want[1] {
			t.Errorf("%q: %q and %q", ip, zh, en)
		}
	}
}
