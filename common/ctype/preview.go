package ctype

import "unicode"

// previewLen is the length of a preview's detail in code points.
const previewLen = 64

// Detail returns what a preview of b shows in any language: its text, or the
// name of the thing it shows; at most 64 code points on one line.
func (b *Body) Detail() string {
	if p := b.part(); p != nil {
		return Shorten(p.detail(), previewLen)
	}
	return ""
}

// Preview returns the line that a list shows of a message with that detail, in
// lang, "zh" or anything else for English. Of a message that is not as it was
// sent it says only that.
func Preview(msgType, status int32, detail, lang string) string {
	switch status {
	case statusRecalled:
		return label("消息已撤回", "Message recalled", lang)
	case statusBlocked:
		return label("消息已屏蔽", "Message blocked", lang)
	case statusBurned:
		return label("消息已销毁", "Message expired", lang)
	case statusDeleted:
		return label("消息已删除", "Message deleted", lang)
	}
	k, ok := kinds[msgType]
	switch {
	case !ok:
		return label("不支持的消息", "Unsupported message", lang)
	case detail == "":
		return label(k.zh, k.en, lang)
	case k.bare:
		return detail
	}
	return label(k.zh, k.en, lang) + " " + detail
}

func label(zh, en, lang string) string {
	if lang == "zh" {
		return "[" + zh + "]"
	}
	return "[" + en + "]"
}

// Shorten returns s on one line of at most n code points: white space and
// controls become one blank, what is cut off an ellipsis.
func Shorten(s string, n int) string {
	out := make([]rune, 0, min(len(s), n+2))
	gap := false
	for _, r := range s {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			gap = len(out) > 0
			continue
		}
		if gap {
			out = append(out, ' ')
			gap = false
		}
		if out = append(out, r); len(out) > n {
			out = append(out[:n-1], '…')
			break
		}
	}
	return string(out)
}
