package ctype

import (
	"strings"
	"testing"
)

func TestPreview(t *testing.T) {
	t.Parallel()
	media := &MediaMsg{Title: "a.bin"}
	for name, c := range map[string]struct {
		b      *Body
		zh, en string
	}{
		"text":       {&Body{Type: TypeText, TextMsg: &TextMsg{"hi\nyou"}}, "hi you", "hi you"},
		"image":      {&Body{Type: TypeImage, ImageMsg: media}, "[图片]", "[Image]"},
		"video":      {&Body{Type: TypeVideo, VideoMsg: media}, "[视频]", "[Video]"},
		"file":       {&Body{Type: TypeFile, FileMsg: &FileMsg{MediaMsg{Title: "report.pdf"}}}, "[文件] report.pdf", "[File] report.pdf"},
		"voice":      {&Body{Type: TypeVoice, VoiceMsg: media}, "[语音]", "[Voice]"},
		"voice call": {Call(false, 1000, 66_999, 0), "[语音通话] 1:05", "[Voice call] 1:05"},
		"video call": {Call(true, 1000, 1000+3661_000, 0), "[视频通话] 1:01:01", "[Video call] 1:01:01"},
		"lost call":  {Call(true, 0, 9000, 3), "[视频通话]", "[Video call]"},
		"withdraw":   {Withdraw(9, 2, "Ann recalled it"), "[消息已撤回]", "[Message recalled]"},
		"reply":      {&Body{Type: TypeReply, ReplyMsg: &ReplyMsg{Content: "yes", Preview: "no"}}, "yes", "yes"},
		"quote":      {&Body{Type: TypeQuote, QuoteMsg: &QuoteMsg{ReplyMsg{Content: "yes"}, "no"}}, "yes", "yes"},
		"at":         {&Body{Type: TypeAt, AtMsg: &AtMsg{Content: "@Ann hi"}}, "@Ann hi", "@Ann hi"},
		"tip":        {Tip(0, "Ann joined"), "Ann joined", "Ann joined"},
		"location":   {&Body{Type: TypeLocation, LocationMsg: &LocationMsg{Title: "cafe", Address: "street"}}, "[位置] cafe", "[Location] cafe"},
		"address":    {&Body{Type: TypeLocation, LocationMsg: &LocationMsg{Address: "street"}}, "[位置] street", "[Location] street"},
		"nowhere":    {&Body{Type: TypeLocation, LocationMsg: &LocationMsg{}}, "[位置]", "[Location]"},
		"card":       {&Body{Type: TypeCard, CardMsg: &CardMsg{UserID: 1}}, "[名片]", "[Card]"},
		"merged":     {Merged("Ann and Bob", nil, 3), "[聊天记录] Ann and Bob", "[Chat history] Ann and Bob"},
		"markdown":   {&Body{Type: TypeMarkdown, MarkdownMsg: &TextMsg{"# a"}}, "# a", "# a"},
		"sticker":    {&Body{Type: TypeSticker, StickerMsg: media}, "[表情]", "[Sticker]"},
		"custom":     {&Body{Type: TypeCustom, CustomMsg: &CustomMsg{Kind: "vote"}}, "[自定义消息]", "[Custom message]"},
		"of later":   {&Body{Type: 19}, "[不支持的消息]", "[Unsupported message]"},
		"no part":    {&Body{Type: TypeText}, "[文本]", "[Text]"},
	} {
		for lang, want := range map[string]string{"zh": c.zh, "en": c.en, "": c.en, "fr": c.en} {
			if got := Preview(c.b.Type, 0, c.b.Detail(), lang); got != want {
				t.Errorf("%s in %q: %q, want %q", name, lang, got, want)
			}
		}
	}
}

func TestPreviewOfWhatIsHiddenTellsNothing(t *testing.T) {
	t.Parallel()
	for status, want := range map[int32][2]string{
		1: {"[消息已撤回]", "[Message recalled]"},
		2: {"[消息已屏蔽]", "[Message blocked]"},
		3: {"[消息已销毁]", "[Message expired]"},
		4: {"[消息已删除]", "[Message deleted]"},
	} {
		for msgType := int32(0); msgType <= TypeCustom+1; msgType++ {
			if zh, en := Preview(msgType, status, "secret", "zh"), Preview(msgType, status, "secret", "en"); zh != want[0] || en != want[1] {
				t.Errorf("%d, status %d: %q, %q", msgType, status, zh, en)
			}
		}
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		s    string
		n    int
		want string
	}{
		"nothing":               {"", 3, ""},
		"the length":            {"好好好", 3, "好好好"},
		"one past it":           {"好好好好", 3, "好好…"},
		"blanks are one":        {"a \r\n\t　b", 9, "a b"},
		"blanks around":         {"\n a \n", 9, "a"},
		"controls":              {"a\x00\x1bb", 9, "a b"},
		"cut in a blank":        {"ab cd", 3, "ab…"},
		"a blank then the end":  {"abc   ", 3, "abc"},
		"cut after a blank":     {"a b c", 2, "a…"},
		"broken text":           {"a\xffb", 9, "a\ufffdb"},
		"much white before one": {strings.Repeat(" ", 999) + "x", 3, "x"},
	} {
		if got := Shorten(c.s, c.n); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	b := &Body{Type: TypeText, TextMsg: &TextMsg{Content: "a\nb" + strings.Repeat("好", 100)}}
	if got := []rune(b.Detail()); len(got) != previewLen {
		t.Errorf("a detail of %d code points", len(got))
	}
}
