package ctype

import (
	"slices"
	"strings"
	"testing"
)

// people are the users that a Reader of these tests knows.
var people = map[uint64]string{1: "Ann", 2: "Bob", 3: "{u}", 4: "you"}

func reader(id uint64, lang string) Reader {
	return Reader{ID: id, Lang: lang, Name: func(user uint64) string { return people[user] }}
}

func TestEveryTipHasWordsInBothLanguages(t *testing.T) {
	t.Parallel()
	seen := map[string]int32{}
	for status := TipInvited; status <= TipResumed; status++ {
		w, ok := tips[status]
		if !ok {
			t.Errorf("%d has no words", status)
		}
		for _, form := range []string{w.zh, w.en} {
			if form == "" || seen[form] != 0 {
				t.Errorf("%d says %q, as %d does", status, form, seen[form])
			}
			seen[form] = status
		}
		for _, token := range []string{"{o}", "{u}", "{v}"} {
			has := func(form string) bool { return strings.Contains(strings.ToLower(form), token) }
			if has(w.zh) != has(w.en) {
				t.Errorf("%d: only one of %q and %q has %s", status, w.zh, w.en, token)
			}
		}
		for _, lang := range []string{"zh", "en", ""} {
			tip := GroupTip(status, 1, []uint64{2}, "7").TipMsg
			tip.say(reader(9, lang))
			if strings.ContainsAny(tip.Content, "{}") || tip.Content == "" {
				t.Errorf("%d in %q: %q", status, lang, tip.Content)
			}
		}
	}
	if len(tips) != int(TipResumed) {
		t.Errorf("%d tips have words", len(tips))
	}
}

func TestATipIsToldToItsReader(t *testing.T) {
	t.Parallel()
	many := make([]uint64, 25)
	for i := range many {
		many[i] = uint64(i) + 11
	}
	for _, c := range []struct {
		name   string
		tip    *Body
		reader uint64
		zh, en string
	}{
		{"somebody else", GroupTip(TipInvited, 1, []uint64{2}, ""), 9, "Ann邀请Bob加入了群聊", "Ann invited Bob to the group"},
		{"who did it", GroupTip(TipInvited, 1, []uint64{2}, ""), 1, "你邀请Bob加入了群聊", "You invited Bob to the group"},
		{"whom it was done to", GroupTip(TipInvited, 1, []uint64{2, 9}, ""), 9, "Ann邀请你、Bob加入了群聊", "Ann invited you and Bob to the group"},
		{"who begins the sentence", GroupTip(TipOwner, 1, []uint64{9}, ""), 9, "你成为了群主", "You became the owner of the group"},
		{"three", GroupTip(TipKicked, 1, []uint64{2, 8, 9}, ""), 7, "Ann将Bob、用户 8、用户 9移出了群聊", "Ann removed Bob, User 8 and User 9 from the group"},
		{"a name with a slot", GroupTip(TipKicked, 3, []uint64{2}, ""), 7, "{u}将Bob移出了群聊", "{u} removed Bob from the group"},
		{"a name that is a word", GroupTip(TipLeft, 4, nil, ""), 7, "you退出了群聊", "you left the group"},
		{"a title with a slot", GroupTip(TipTitle, 1, nil, "{O} & {u}"), 7, "Ann将群名改为“{O} & {u}”", "Ann named the group “{O} & {u}”"},
		{"minutes", GroupTip(TipMuted, 1, []uint64{2}, "60"), 2, "Ann将你禁言 60 分钟", "Ann muted you for 60 min"},
		{"by the site", GroupTip(TipSuspended, 0, nil, ""), 2, "该群已被管理员停用", "The group was suspended by an administrator of the site"},
		{"words of its own", Tip(TipLeft, "gone"), 2, "gone", "gone"},
		{"ten", GroupTip(TipKicked, 1, many[:10], ""), 2,
			"Ann将用户 11、用户 12、用户 13、用户 14、用户 15、用户 16、用户 17、用户 18、用户 19、用户 20移出了群聊",
			"Ann removed User 11, User 12, User 13, User 14, User 15, User 16, User 17, User 18, User 19 and User 20 from the group"},
		{"many, the last of whom reads", GroupTip(TipKicked, 1, many, ""), 35,
			"Ann将你、用户 11、用户 12、用户 13、用户 14、用户 15、用户 16、用户 17、用户 18、用户 19等 25 人移出了群聊",
			"Ann removed you, User 11, User 12, User 13, User 14, User 15, User 16, User 17, User 18, User 19 and 15 more from the group"},
	} {
		doc, err := c.tip.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if c.tip.TipMsg.Content == "" && c.tip.Detail() != "" {
			t.Errorf("%s: %q is stored of it", c.name, c.tip.Detail())
		}
		for lang, want := range map[string]string{"zh": c.zh, "en": c.en} {
			shown, preview := Show(TypeTip, 0, doc, c.tip.Detail(), reader(c.reader, lang))
			b, err := Decode(shown)
			if err != nil || b.TipMsg.Content != want || preview != Shorten(want, previewLen) {
				t.Errorf("%s in %s: %s, preview %q, %v", c.name, lang, shown, preview, err)
				continue
			}
			was, is := c.tip.TipMsg, b.TipMsg
			if is.Status != was.Status || is.OperatorID != was.OperatorID || !slices.Equal(is.UserIDs, was.UserIDs) || is.Value != was.Value {
				t.Errorf("%s in %s: of %+v is left %+v", c.name, lang, was, is)
			}
		}
	}
}

func TestWhatNeedsNames(t *testing.T) {
	t.Parallel()
	users := make([]uint64, 25)
	for i := range users {
		users[i] = uint64(i) + 11
	}
	reply := &Body{Type: TypeReply, ReplyMsg: &ReplyMsg{MsgID: 4, Content: "a", UserID: 2, Preview: "b", OriginType: TypeImage}}
	for _, c := range []struct {
		name string
		b    *Body
		want []uint64
	}{
		{"a tip", GroupTip(TipInvited, 1, []uint64{2, 3}, ""), []uint64{1, 2, 3}},
		{"a tip with many", GroupTip(TipInvited, 1, users, ""), append([]uint64{1}, users[:maxNamed]...)},
		{"a tip of the site", GroupTip(TipResumed, 0, nil, ""), []uint64{}},
		{"a reply", reply, []uint64{2}},
		{"a text", &Body{Type: TypeText, TextMsg: &TextMsg{Content: "a"}}, nil},
		{"a tip that lost its part", &Body{Type: TypeTip}, nil},
	} {
		doc, err := c.b.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if got := Named(c.b.Type, doc); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	for _, c := range []struct {
		name string
		b    *Body
		want []uint64
	}{
		{"a tip with many", GroupTip(TipInvited, 1, users, ""), append([]uint64{1}, users...)},
		{"a tip with words of its own", Tip(TipInvited, "x"), nil},
		{"a reply", reply, nil},
	} {
		doc, err := c.b.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if got := Told(c.b.Type, doc); !slices.Equal(got, c.want) {
			t.Errorf("%s is told %v", c.name, got)
		}
	}
	for msgType := int32(0); msgType <= TypeCustom+1; msgType++ {
		for status := int32(1); status <= 4; status++ {
			if doc, preview := Show(msgType, status, nil, "", reader(1, "en")); len(doc) != 0 || preview != Preview(msgType, status, "", "en") {
				t.Errorf("type %d, status %d: %s, %q", msgType, status, doc, preview)
			}
		}
	}
	doc, err := reply.Encode()
	if err != nil {
		t.Fatal(err)
	}
	shown, preview := Show(TypeReply, 0, doc, reply.Detail(), reader(1, "zh"))
	if want := `{"type":9,"replyMsg":{"msgId":4,"content":"a","userId":2,"userNickname":"Bob","preview":"[图片] b","originType":2,"status":0}}`; string(shown) != want || preview != "a" {
		t.Errorf("%s, %q", shown, preview)
	}
	if doc, preview := Show(TypeText, 0, []byte(`{"x":1}`), "d", reader(1, "zh")); string(doc) != `{"x":1}` || preview != "d" {
		t.Errorf("a text is %s, %q", doc, preview)
	}
}
