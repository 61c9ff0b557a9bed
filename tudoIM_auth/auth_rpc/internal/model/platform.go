package model

import "strings"

// Values of the site's multiLogin: every device may be logged in, one of each
// class of platforms, or one alone.
const (
	LoginAll    = "all"
	LoginClass  = "class"
	LoginSingle = "single"
)

// classes are the platforms that are of one kind; any other is its own.
var classes = map[string]string{
	"ios": "mobile", "android": "mobile", "harmony": "mobile", "mobile": "mobile",
	"windows": "desktop", "macos": "desktop", "mac": "desktop", "linux": "desktop", "desktop": "desktop", "pc": "desktop",
	"web": "web", "h5": "web",
	"mini": "mini", "wechat": "mini",
}

// class returns the class of a platform, however it is spelt.
func class(platform string) string {
	platform = strings.ToLower(platform)
	if c, ok := classes[platform]; ok {
		return c
	}
	return platform
}

// Replaces reports whether o, of the same user, has to end when s is opened,
// multiLogin being the site's.
func (s *SessionModel) Replaces(o *SessionModel, multiLogin string) bool {
	switch {
	case s.DeviceID == o.DeviceID, multiLogin == LoginSingle:
		return true
	case multiLogin == LoginClass:
		return class(s.Platform) == class(o.Platform)
	}
	return false
}
