package ctype

import (
	"errors"
	"reflect"
	"testing"

	"tudoIM/common/errs"
)

func parsed(t *testing.T, raw string) *Body {
	t.Helper()
	b, err := Parse([]byte(raw), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRefs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		raw  string
		want Refs
	}{
		"a text":          {body(TypeText, "textMsg", `{"content":"a"}`), Refs{}},
		"a file":          {body(TypeFile, "fileMsg", `{"uid":"`+uid+`"}`), Refs{Files: []string{uid}}},
		"a sticker":       {body(TypeSticker, "stickerMsg", `{"src":"/api/file/`+uid+`"}`), Refs{Files: []string{uid}}},
		"a video, poster": {body(TypeVideo, "videoMsg", `{"uid":"`+uid+`","thumb":"`+other+`"}`), Refs{Files: []string{uid, other}}},
		"its own thumb":   {body(TypeImage, "imageMsg", `{"uid":"`+uid+`","thumb":"`+uid+`"}`), Refs{Files: []string{uid}}},
		"a reply":         {body(TypeReply, "replyMsg", `{"msgId":8,"content":"a"}`), Refs{Origin: 8}},
		"a quote":         {body(TypeQuote, "quoteMsg", `{"msgId":9,"content":"a"}`), Refs{Origin: 9}},
		"a user":          {body(TypeCard, "cardMsg", `{"userId":3}`), Refs{Users: []uint64{3}}},
		"a group":         {body(TypeCard, "cardMsg", `{"groupId":4}`), Refs{Groups: []uint64{4}}},
	} {
		if got := parsed(t, c.raw).Refs(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	origin := func(status int32) *Origin {
		return &Origin{MsgID: 9, UserID: 2, MsgType: TypeText, Detail: "what was said", CreatedAt: 5, Status: status, Text: "what\nwas said"}
	}
	for name, c := range map[string]struct {
		part string
		o    *Origin
		want ReplyMsg // without its MsgID and Content
		left string
	}{
		"as it was sent":            {"was", origin(0), ReplyMsg{UserID: 2, Preview: "what was said", OriginType: 1, OriginMsgDate: 5}, "was"},
		"a part nobody said":        {"lie", origin(0), ReplyMsg{UserID: 2, Preview: "what was said", OriginType: 1, OriginMsgDate: 5}, ""},
		"recalled":                  {"was", origin(1), ReplyMsg{UserID: 2, OriginType: 1, OriginMsgDate: 5, Status: 1}, ""},
		"deleted":                   {"was", origin(4), ReplyMsg{UserID: 2, OriginType: 1, OriginMsgDate: 5, Status: 4}, ""},
		"gone":                      {"was", nil, ReplyMsg{Status: 4}, ""},
		"an image has nothing said": {"x", &Origin{UserID: 2, MsgType: TypeImage}, ReplyMsg{UserID: 2, OriginType: 2}, ""},
	} {
		c.want.MsgID, c.want.Content = 9, "yes"
		q := &Body{Type: TypeQuote, QuoteMsg: &QuoteMsg{ReplyMsg{MsgID: 9, Content: "yes"}, c.part}}
		r := &Body{Type: TypeReply, ReplyMsg: &ReplyMsg{MsgID: 9, Content: "yes"}}
		// It was shown once; then the other message changed.
		q.Resolve(&Origin{UserID: 7, Detail: "old", Text: c.part})
		r.Resolve(&Origin{UserID: 7, Detail: "old"})
		q.Resolve(c.o)
		r.Resolve(c.o)
		if q.QuoteMsg.ReplyMsg != c.want || q.QuoteMsg.Part != c.left {
			t.Errorf("%s: a quote shows %+v", name, q.QuoteMsg)
		}
		if *r.ReplyMsg != c.want {
			t.Errorf("%s: a reply shows %+v", name, r.ReplyMsg)
		}
	}
	text := &Body{Type: TypeText, TextMsg: &TextMsg{Content: "x"}}
	if text.Resolve(nil); text.Text() != "x" {
		t.Error("a text was changed")
	}
}

func TestForwarded(t *testing.T) {
	t.Parallel()
	for msgType := int32(0); msgType <= TypeCustom+1; msgType++ {
		want := sendable[msgType] || msgType == TypeMerged
		if Forwardable(msgType) != want {
			t.Errorf("%d: forwardable %v", msgType, !want)
		}
		if !want {
			continue
		}
		b := full(msgType)
		switch msgType {
		case TypeReply:
			b.ReplyMsg.Content = "a"
		case TypeQuote:
			b.QuoteMsg.Content = "a"
		case TypeAt:
			b.AtMsg.Content = "a"
		default:
			if b.Forwarded() != b {
				t.Errorf("%d: does not go on as it is", msgType)
			}
			continue
		}
		if got, want := b.Forwarded(), (&Body{Type: TypeText, TextMsg: &TextMsg{Content: "a"}}); !reflect.DeepEqual(got, want) {
			t.Errorf("%d: goes on as %+v", msgType, got)
		}
	}
}

func TestAttach(t *testing.T) {
	t.Parallel()
	files := func(kind, thumb string) map[string]File {
		return map[string]File{
			uid:   {UID: uid, Name: "a\nb.bin", Mime: "x/y", Kind: kind, Hash: "h", Size: 7},
			other: {UID: other, Kind: thumb},
		}
	}
	every := []string{"image", "video", "audio", "document", "archive", "other"}
	suits := map[int32]map[string]bool{
		TypeImage:   {"image": true},
		TypeVideo:   {"video": true},
		TypeVoice:   {"audio": true, "video": true},
		TypeSticker: {"image": true},
		TypeFile:    {"image": true, "video": true, "audio": true, "document": true, "archive": true, "other": true},
	}
	for msgType, fits := range suits {
		raw := func(more string) string { return body(msgType, kinds[msgType].key, `{"uid":"`+uid+`"`+more+`}`) }
		var kind string
		for _, kind = range every {
			b := parsed(t, raw(""))
			err := b.Attach(files(kind, ""))
			want := MediaMsg{Title: "a b.bin", Src: "/api/file/" + uid, UID: uid, Size: 7, Type: "x/y", Hash: "h"}
			switch {
			case !fits[kind] && (!errors.Is(err, errs.BadMessage) || errs.From(err).Data["field"] != "uid"):
				t.Errorf("%d made of %s: %v", msgType, kind, err)
			case fits[kind] && (err != nil || *b.media() != want):
				t.Errorf("%d made of %s: %+v, %v", msgType, kind, b.media(), err)
			}
		}
		for kind := range fits {
			named := parsed(t, raw(`,"title":"mine","thumb":"`+other+`"`))
			if err := named.Attach(files(kind, "image")); err != nil || named.media().Title != "mine" || named.media().Thumb != "/api/file/"+other {
				t.Errorf("%d with title and thumb: %+v, %v", msgType, named.media(), err)
			}
			if err := named.Attach(files(kind, "video")); !errors.Is(err, errs.BadMessage) || errs.From(err).Data["field"] != "thumb" {
				t.Errorf("%d with a film for a thumb: %v", msgType, err)
			}
			lost := files(kind, "image")
			delete(lost, other)
			if err := named.Attach(lost); !errors.Is(err, errs.FileUnknown) || errs.From(err).Data["uid"] != other {
				t.Errorf("%d without its thumb: %v", msgType, err)
			}
		}
		if err := parsed(t, raw("")).Attach(nil); !errors.Is(err, errs.FileUnknown) {
			t.Errorf("%d without its file: %v", msgType, err)
		}
	}
}
