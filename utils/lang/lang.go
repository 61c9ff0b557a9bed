// Package lang picks the language of the words shown to people.
package lang

import "strings"

// Of returns "zh" or "en" for an Accept-Language header. Chinese is the
// default; English is chosen when it is named before Chinese.
func Of(accept string) string {
	for _, part := range strings.Split(strings.ToLower(accept), ",") {
		switch part = strings.TrimSpace(part); {
		case strings.HasPrefix(part, "zh"):
			return "zh"
		case strings.HasPrefix(part, "en"):
			return "en"
		}
	}
	return "zh"
}
