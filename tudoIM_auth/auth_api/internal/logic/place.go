package logic

import "net/netip"

// place says in words for people where ip is, as far as the address alone
// tells; "" is anywhere.
func place(ip, lang string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	zh, en := "", ""
	switch a = a.Unmap(); {
	case a.IsLoopback():
		zh, en = "本机", "local"
	case a.IsPrivate(), a.IsLinkLocalUnicast():
		zh, en = "内网", "private network"
	}
	if lang == "zh" {
		return zh
	}
	return en
}
