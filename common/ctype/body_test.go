package ctype

import (
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"tudoIM/common/errs"
)

const (
	uid   = "AAAAAAAAAAAAAAAAAAAA-_"
	other = "0123456789abcdefghijkl"
	tooID = "9007199254740992" // 2^53
	lastI = "9007199254740991"
)

// body writes a body of msgType whose part is under key.
func body(msgType int32, key, part string) string {
	return `{"type":` + strconv.Itoa(int(msgType)) + `,"` + key + `":` + part + `}`
}

func quoted(s string) string {
	raw, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// verdict is what Parse is to say of a body: err nil for good, else the error
// and the field it names.
type verdict struct {
	name, raw string
	err       error
	field     string
}

func good(name, raw string) verdict           { return verdict{name: name, raw: raw} }
func long(name, raw string) verdict           { return verdict{name, raw, errs.BadLength, ""} }
func refused(name, field, raw string) verdict { return verdict{name, raw, errs.BadMessage, field} }
func list(n int, f func(i int) string) string { return "[" + strings.Join(times(n, f), ",") + "]" }
func nested(n int) string                     { return strings.Repeat("[", n) + strings.Repeat("]", n) }
func times(n int, f func(i int) string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = f(i)
	}
	return out
}

// texts are the verdicts on the words of a body, which build puts into one.
func texts(name string, build func(content string) string) []verdict {
	of := func(s string) string { return build(quoted(s)) }
	return []verdict{
		good(name+": hello", of("hello")),
		good(name+": the limit", of(strings.Repeat("好", MaxText))),
		long(name+": one past the limit", of(strings.Repeat("好", MaxText+1))),
		good(name+": the limit of the longest code points", of(strings.Repeat("😀", MaxText))),
		long(name+": over the bytes", of(strings.Repeat("😀", MaxTextBytes/4+1))),
		long(name+": empty", of("")),
		long(name+": blank", of(" \n\t　")),
		long(name+": zero width", of("\u200b\u200d\ufeff")),
		long(name+": controls", of("\x00\x1b")),
		good(name+": a control in it", of("a\x00b\u202ec")),
		refused(name+": a number", "content", build(`1`)),
		refused(name+": an object", "content", build(`{}`)),
		long(name+": null", build(`null`)),
	}
}

// medias are the verdicts on a part with a file.
func medias(msgType int32, key string) []verdict {
	of := func(fields string) string { return body(msgType, key, `{`+fields+`}`) }
	with := func(fields string) string { return of(`"uid":"` + uid + `",` + fields) }
	n := func(s string) string { return key + ": " + s }
	return []verdict{
		good(n("uid"), of(`"uid":"`+uid+`"`)),
		good(n("src"), of(`"src":"/api/file/`+uid+`"`)),
		refused(n("neither"), "uid", of(``)),
		refused(n("both empty"), "uid", of(`"uid":"","src":""`)),
		refused(n("short uid"), "uid", of(`"uid":"`+uid[1:]+`"`)),
		refused(n("long uid"), "uid", of(`"uid":"`+uid+`A"`)),
		refused(n("uid with a slash"), "uid", of(`"uid":"AAAAAAAAAAAAAAAAAAAA/."`)),
		refused(n("bad uid, good src"), "uid", of(`"uid":"x","src":"/api/file/`+uid+`"`)),
		refused(n("foreign src"), "uid", of(`"src":"https://example.com/`+uid+`"`)),
		refused(n("bare src"), "uid", of(`"src":"`+uid+`"`)),
		refused(n("src that goes on"), "uid", of(`"src":"/api/file/`+uid+`/../x"`)),
		refused(n("uid that is a number"), "uid", of(`"uid":1`)),
		good(n("title at the limit"), with(`"title":"`+strings.Repeat("好", MaxTitle)+`"`)),
		refused(n("title past the limit"), "title", with(`"title":"`+strings.Repeat("好", MaxTitle+1)+`"`)),
		refused(n("title of two lines"), "title", with(`"title":"a\nb"`)),
		refused(n("title with a line separator"), "title", with(`"title":"a\u2028b"`)),
		good(n("sides at the limit"), with(`"width":20000,"height":20000`)),
		refused(n("too wide"), "width", with(`"width":20001`)),
		refused(n("too high"), "height", with(`"height":20001`)),
		refused(n("negative width"), "width", with(`"width":-1`)),
		refused(n("negative height"), "height", with(`"height":-1`)),
		refused(n("half a pixel"), "width", with(`"width":1.5`)),
		good(n("a day"), with(`"time":86400,"duration":86400`)),
		refused(n("more than a day"), "time", with(`"time":86401`)),
		refused(n("lasts more than a day"), "duration", with(`"duration":86400.1`)),
		refused(n("negative time"), "time", with(`"time":-1`)),
		refused(n("negative duration"), "duration", with(`"duration":-0.1`)),
		refused(n("endless"), "duration", with(`"duration":1e400`)),
		good(n("thumb uid"), with(`"thumb":"`+other+`"`)),
		good(n("thumb src"), with(`"thumb":"/api/file/`+other+`"`)),
		refused(n("bad thumb"), "thumb", with(`"thumb":"x"`)),
		refused(n("bad thumb src"), "thumb", with(`"thumb":"/api/file/x"`)),
		refused(n("doubled thumb src"), "thumb", with(`"thumb":"/api/file//api/file/`+other+`"`)),
		refused(n("size of text"), "size", with(`"size":"1"`)),
	}
}

func verdicts() []verdict {
	in := func(msgType int32, key, before string) func(string) string {
		return func(content string) string { return body(msgType, key, `{`+before+`"content":`+content+`}`) }
	}
	at := func(users string) string { return body(TypeAt, "atMsg", `{"content":"hi","userIds":`+users+`}`) }
	place := func(fields string) string { return body(TypeLocation, "locationMsg", `{`+fields+`}`) }
	card := func(fields string) string { return body(TypeCard, "cardMsg", `{`+fields+`}`) }
	custom := func(kind, data string) string {
		return body(TypeCustom, "customMsg", `{"kind":"`+kind+`","data":`+data+`}`)
	}
	quote := func(part string) string {
		return body(TypeQuote, "quoteMsg", `{"msgId":1,"content":"x","part":`+part+`}`)
	}
	var all []verdict
	add := func(vs ...verdict) { all = append(all, vs...) }

	add(texts("text", in(TypeText, "textMsg", ""))...)
	add(texts("markdown", in(TypeMarkdown, "markdownMsg", ""))...)
	add(texts("at", in(TypeAt, "atMsg", `"userIds":[1],`))...)
	for msgType, key := range map[int32]string{TypeReply: "replyMsg", TypeQuote: "quoteMsg"} {
		add(texts(key, in(msgType, key, `"msgId":1,`))...)
		of := func(id string) string { return body(msgType, key, `{"content":"x","msgId":`+id+`}`) }
		add(
			good(key+": the last id", of(lastI)),
			refused(key+": one past it", "msgId", of(tooID)),
			refused(key+": 0", "msgId", of(`0`)),
			refused(key+": negative", "msgId", of(`-1`)),
			refused(key+": text", "msgId", of(`"1"`)),
			refused(key+": none", "msgId", body(msgType, key, `{"content":"x"}`)),
		)
	}
	for msgType, key := range map[int32]string{TypeImage: "imageMsg", TypeVideo: "videoMsg", TypeFile: "fileMsg", TypeVoice: "voiceMsg", TypeSticker: "stickerMsg"} {
		add(medias(msgType, key)...)
	}
	for t, k := range kinds {
		raw := strconv.Itoa(int(t))
		if !sendable[t] {
			add(refused(raw+": of the server", "type", body(t, k.key, `{"content":"x","title":"x"}`)))
		}
		add(
			refused(raw+": no part", k.key, `{"type":`+raw+`}`),
			refused(raw+": null", k.key, body(t, k.key, `null`)),
			refused(raw+": a list", k.key, body(t, k.key, `[]`)),
			refused(raw+": a string", k.key, body(t, k.key, `"x"`)),
			refused(raw+": another's part", k.key, body(t, "otherMsg", `{"content":"x"}`)),
		)
	}
	add(
		good("quote: a part", quote(`"some"`)),
		good("quote: a part at the limit", quote(quoted(strings.Repeat("好", MaxPart)))),
		refused("quote: a part past it", "part", quote(quoted(strings.Repeat("好", MaxPart+1)))),
		refused("quote: a part that is a number", "part", quote(`1`)),

		good("at: the limit", at(list(MaxAt, func(i int) string { return strconv.Itoa(i + 1) }))),
		refused("at: one past it", "userIds", at(list(MaxAt+1, func(i int) string { return strconv.Itoa(i + 1) }))),
		good("at: one user often", at(list(500, func(int) string { return "7" }))),
		good("at: the last id", at(`[`+lastI+`]`)),
		refused("at: past the last id", "userIds", at(`[1,`+tooID+`]`)),
		refused("at: nobody", "userIds", at(`[]`)),
		refused("at: null", "userIds", at(`null`)),
		refused("at: user 0", "userIds", at(`[1,0]`)),
		refused("at: a negative user", "userIds", at(`[-1]`)),
		refused("at: a name", "userIds", at(`["1"]`)),

		good("location: a place", place(`"title":"a","address":"b","lat":30.5,"lng":-114.25`)),
		good("location: the corner", place(`"lat":90,"lng":180`)),
		good("location: the other corner", place(`"lat":-90,"lng":-180`)),
		good("location: zero", place(`"lat":0,"lng":0`)),
		refused("location: beyond a pole", "lat", place(`"lat":90.0001,"lng":0`)),
		refused("location: below a pole", "lat", place(`"lat":-90.0001,"lng":0`)),
		refused("location: too far east", "lng", place(`"lat":0,"lng":180.0001`)),
		refused("location: too far west", "lng", place(`"lat":0,"lng":-180.0001`)),
		refused("location: no lat", "lat", place(`"lng":0`)),
		refused("location: no lng", "lng", place(`"lat":0`)),
		refused("location: null", "lat", place(`"lat":null,"lng":0`)),
		refused("location: nowhere", "lat", place(``)),
		refused("location: infinite", "lat", place(`"lat":1e400,"lng":0`)),
		refused("location: not a number", "msg", place(`"lat":NaN,"lng":0`)),
		refused("location: text", "lat", place(`"lat":"0","lng":0`)),
		good("location: title and address at the limit", place(`"lat":0,"lng":0,"title":`+quoted(strings.Repeat("好", MaxPlace))+`,"address":`+quoted(strings.Repeat("好", MaxAddress)))),
		refused("location: title past it", "title", place(`"lat":0,"lng":0,"title":`+quoted(strings.Repeat("好", MaxPlace+1)))),
		refused("location: address past it", "address", place(`"lat":0,"lng":0,"address":`+quoted(strings.Repeat("好", MaxAddress+1)))),
		refused("location: two lines", "address", place(`"lat":0,"lng":0,"address":"a\nb"`)),

		good("card: a user", card(`"userId":1`)),
		good("card: a group", card(`"groupId":`+lastI)),
		good("card: a group and no user", card(`"userId":0,"groupId":5`)),
		refused("card: both", "groupId", card(`"userId":1,"groupId":5`)),
		refused("card: neither", "userId", card(``)),
		refused("card: zero", "userId", card(`"userId":0`)),
		refused("card: past the last user", "userId", card(`"userId":`+tooID)),
		refused("card: past the last group", "groupId", card(`"groupId":`+tooID)),
		refused("card: negative", "userId", card(`"userId":-1`)),

		good("custom: an object", custom("vote.v1_a-b", `{"a":[1,"]]]\"["],"b":null}`)),
		good("custom: null", custom("x", `null`)),
		good("custom: kind at the limit", custom(strings.Repeat("k", MaxCustomKind), `1`)),
		refused("custom: kind past it", "kind", custom(strings.Repeat("k", MaxCustomKind+1), `1`)),
		refused("custom: no kind", "kind", custom("", `1`)),
		refused("custom: upper case", "kind", custom("A", `1`)),
		refused("custom: blank in the kind", "kind", custom("a b", `1`)),
		refused("custom: no data", "data", body(TypeCustom, "customMsg", `{"kind":"x"}`)),
		good("custom: data at the limit", custom("x", quoted(strings.Repeat("a", MaxCustomBytes-2)))),
		refused("custom: data past it", "data", custom("x", quoted(strings.Repeat("a", MaxCustomBytes-1)))),
		good("custom: blanks do not count", custom("x", `[`+strings.Repeat(" ", MaxCustomBytes)+`]`)),
		good("custom: depth at the limit", custom("x", nested(MaxCustomDepth))),
		refused("custom: depth past it", "data", custom("x", nested(MaxCustomDepth+1))),
		good("custom: brackets in a text", custom("x", quoted(`\"`+strings.Repeat("[", 100)))),
		refused("custom: not UTF-8", "msg", custom("x", "\"\xff\"")),

		refused("an unknown type", "type", `{"type":99}`),
		refused("type 0", "type", `{"type":0}`),
		refused("a negative type", "type", `{"type":-1}`),
		refused("no type", "type", `{"textMsg":{"content":"x"}}`),
		refused("a type that is text", "type", `{"type":"1"}`),
		refused("a type of a fraction", "type", `{"type":1.5}`),
		refused("a type too large", "type", `{"type":4294967297}`),
		refused("an array", "msg", `[]`),
		refused("null", "type", `null`),
		refused("nothing", "msg", ``),
		refused("half", "msg", `{"type":1`),
		refused("two", "msg", `{"type":1}{}`),
		refused("a text that is not UTF-8", "msg", body(TypeText, "textMsg", "{\"content\":\"\xff\"}")),
		refused("deep nesting", "msg", `{"type":1,"x":`+strings.Repeat("[", 20000)),
		good("an unknown key", `{"type":1,"x":{"y":[1]},"textMsg":{"content":"a","z":1}}`),
	)
	return all
}

// sendable are the types that clients may send.
var sendable = map[int32]bool{
	TypeText: true, TypeImage: true, TypeVideo: true, TypeFile: true, TypeVoice: true,
	TypeReply: true, TypeQuote: true, TypeAt: true, TypeLocation: true, TypeCard: true,
	TypeMarkdown: true, TypeSticker: true, TypeCustom: true,
}

// full returns a body of msgType with an empty part.
func full(msgType int32) *Body {
	b, err := Decode([]byte(body(msgType, kinds[msgType].key, `{}`)))
	if err != nil {
		panic(err)
	}
	return b
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range verdicts() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b, err := Parse([]byte(c.raw), Limits{})
			if !errors.Is(err, c.err) || (c.err == nil) != (b != nil) {
				t.Fatalf("got %+v, %v, want %v", b, err, c.err)
			}
			if c.err == nil {
				roundTrip(t, b)
			} else if field := errs.From(err).Data["field"]; field != c.field {
				t.Fatalf("the field at fault is %q, want %q", field, c.field)
			}
		})
	}
}

// roundTrip fails t unless b survives being stored, and being sent again.
func roundTrip(t *testing.T, b *Body) {
	t.Helper()
	doc, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	stored, err := Decode(doc)
	if err != nil || !reflect.DeepEqual(stored, b) {
		t.Fatalf("stored as %s, read as %+v, %v", doc, stored, err)
	}
	again, err := Parse(doc, Limits{})
	if err != nil || !reflect.DeepEqual(again, b) {
		t.Fatalf("%s sent again is %+v, %v", doc, again, err)
	}
}

func TestEveryTypeIsComplete(t *testing.T) {
	t.Parallel()
	for msgType := TypeText; msgType <= TypeCustom; msgType++ {
		k, ok := kinds[msgType]
		if !ok || k.key == "" || k.zh == "" || k.en == "" {
			t.Errorf("%d: %+v", msgType, k)
			continue
		}
		b := full(msgType)
		if k.get(b) == nil {
			t.Errorf("%d: %s is not its part", msgType, k.key)
		}
		var kept Body
		if k.keep(&kept, b); k.get(&kept) != k.get(b) {
			t.Errorf("%d: the part is not kept", msgType)
		}
	}
	if len(kinds) != int(TypeCustom) {
		t.Errorf("%d types", len(kinds))
	}
}

func TestServerFieldsOfAClientAreDropped(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ raw, want string }{
		"other parts": {
			`{"type":1,"textMsg":{"content":"a"},"tipMsg":{"content":"b"},"fileMsg":{"uid":"x"}}`,
			`{"type":1,"textMsg":{"content":"a"}}`,
		},
		"what the server knows of a file": {
			body(TypeFile, "fileMsg", `{"uid":"`+uid+`","src":"https://example.com","size":7,"hash":"h","type":"text/html"}`),
			body(TypeFile, "fileMsg", `{"src":"/api/file/`+uid+`","uid":"`+uid+`"}`),
		},
		"a thumb": {
			body(TypeVideo, "videoMsg", `{"src":"/api/file/`+uid+`","thumb":"`+other+`","time":9,"duration":1.4}`),
			body(TypeVideo, "videoMsg", `{"src":"/api/file/`+uid+`","uid":"`+uid+`","time":2,"duration":1.4,"thumb":"/api/file/`+other+`"}`),
		},
		"a time of the family": {
			body(TypeVoice, "voiceMsg", `{"src":"/api/file/`+uid+`","time":9}`),
			body(TypeVoice, "voiceMsg", `{"src":"/api/file/`+uid+`","uid":"`+uid+`","time":9,"duration":9}`),
		},
		"the origin of a reply": {
			body(TypeReply, "replyMsg", `{"msgId":3,"content":"a","userId":1,"userNickname":"x","preview":"lie","originType":1,"originMsgDate":5,"status":1,"part":"lie"}`),
			body(TypeReply, "replyMsg", `{"msgId":3,"content":"a","preview":"","status":0}`),
		},
		"the origin of a quote": {
			body(TypeQuote, "quoteMsg", `{"msgId":3,"content":"a","preview":"lie","part":"said"}`),
			body(TypeQuote, "quoteMsg", `{"msgId":3,"content":"a","preview":"","status":0,"part":"said"}`),
		},
		"users named twice": {
			body(TypeAt, "atMsg", `{"content":"a","userIds":[3,1,3,2,1]}`),
			body(TypeAt, "atMsg", `{"content":"a","userIds":[3,1,2]}`),
		},
		"blanks of data": {
			body(TypeCustom, "customMsg", `{"kind":"x","data":{ "a" : [ 1.50, "<" ] }}`),
			body(TypeCustom, "customMsg", `{"kind":"x","data":{"a":[1.50,"<"]}}`),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := Parse([]byte(c.raw), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if got, err := b.Encode(); err != nil || string(got) != c.want {
				t.Fatalf("got  %s, %v\nwant %s", got, err, c.want)
			}
		})
	}
}

func TestTextIsKeptVerbatim(t *testing.T) {
	t.Parallel()
	for _, s := range verbatim {
		b := &Body{Type: TypeText, TextMsg: &TextMsg{Content: s}}
		raw, err := b.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := Parse(raw, Limits{})
		if err != nil || back.Text() != s {
			t.Fatalf("%q came back as %+v, %v", s, back, err)
		}
	}
}

var verbatim = []string{"<img onerror=x>", "a\x1b[31mb", "\u202eabc", "x\x00y", "😀 & 你好", " padded ", "\u2028x", `"\`, "\ufffd"}

func TestASiteMayAskForShorterTexts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		limit, length int
		want          error
	}{
		"at the limit":        {10, 10, nil},
		"one past it":         {10, 11, errs.BadLength},
		"a limit above ours":  {MaxText * 2, MaxText + 1, errs.BadLength},
		"no limit":            {0, MaxText, nil},
		"a limit that is off": {-1, MaxText, nil},
	} {
		text := strings.Repeat("好", c.length)
		if _, err := Parse([]byte(body(TypeText, "textMsg", `{"content":"`+text+`"}`)), Limits{Text: c.limit}); !errors.Is(err, c.want) {
			t.Errorf("%s: sent: %v, want %v", name, err, c.want)
		}
		b := &Body{Type: TypeMarkdown, MarkdownMsg: &TextMsg{Content: "x"}}
		if err := b.SetText(text, Limits{Text: c.limit}); !errors.Is(err, c.want) || (b.Text() == text) != (err == nil) {
			t.Errorf("%s: edited: %v, want %v", name, err, c.want)
		}
	}
}

func TestOnlyTextsAreEdited(t *testing.T) {
	t.Parallel()
	for msgType := int32(0); msgType <= TypeCustom+1; msgType++ {
		b := &Body{Type: msgType}
		if _, ok := kinds[msgType]; ok {
			b = full(msgType)
		}
		want := error(errs.NotEditable)
		if msgType == TypeText || msgType == TypeMarkdown {
			want = nil
		}
		if err := b.SetText("new", Limits{}); !errors.Is(err, want) || (err == nil) != (b.Text() == "new") {
			t.Errorf("%d: %v, text %q", msgType, err, b.Text())
		}
		if Editable(msgType) != (want == nil) {
			t.Errorf("%d: editable %v", msgType, Editable(msgType))
		}
	}
	if err := (&Body{Type: TypeText}).SetText("x", Limits{}); !errors.Is(err, errs.NotEditable) {
		t.Errorf("a body without its part: %v", err)
	}
}

func TestOfAStoredBodyNothingIsAsked(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{`{"type":1}`, `{"type":10,"quoteMsg":null}`, `{"type":19,"envelopeMsg":{}}`, `{}`, `{"type":4}`} {
		b, err := Decode([]byte(doc))
		if err != nil {
			t.Fatal(err)
		}
		b.Resolve(nil)
		if b.Text() != "" || b.Detail() != "" || !reflect.DeepEqual(b.Refs(), Refs{}) || b.Attach(nil) != nil {
			t.Errorf("%s: %+v", doc, b)
		}
	}
	for _, doc := range []string{``, `{`, `{"type":"1"}`} {
		if _, err := Decode([]byte(doc)); err == nil {
			t.Errorf("%q was read", doc)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range verdicts() {
		if len(c.raw) < 512 {
			f.Add([]byte(c.raw))
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := Parse(raw, Limits{})
		if err != nil {
			if code := errs.From(err).Code; code != errs.BadMessage.Code && code != errs.BadLength.Code {
				t.Fatalf("%q: %v", raw, err)
			}
			return
		}
		roundTrip(t, b)
		if !sendable[b.Type] || Preview(b.Type, 0, b.Detail(), "zh") == "" {
			t.Fatalf("%q was taken as %+v", raw, b)
		}
		b.Refs()
		b.Resolve(nil)
		if out, err := b.Forwarded().Encode(); err != nil || len(out) == 0 {
			t.Fatalf("%q is not forwarded: %v", raw, err)
		}
	})
}
