// Package ctype holds the bodies of messages: one struct a type, one validator
// for all, and the short text a list shows of each.
package ctype

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"tudoIM/common/errs"
)

// Body is a message's body as clients send and get it: its type, and the part
// of that type under its own key.
type Body struct {
	Type         int32        `json:"type"`
	TextMsg      *TextMsg     `json:"textMsg,omitempty"`
	ImageMsg     *MediaMsg    `json:"imageMsg,omitempty"`
	VideoMsg     *MediaMsg    `json:"videoMsg,omitempty"`
	FileMsg      *FileMsg     `json:"fileMsg,omitempty"`
	VoiceMsg     *MediaMsg    `json:"voiceMsg,omitempty"`
	VoiceCallMsg *CallMsg     `json:"voiceCallMsg,omitempty"`
	VideoCallMsg *CallMsg     `json:"videoCallMsg,omitempty"`
	WithdrawMsg  *WithdrawMsg `json:"withdrawMsg,omitempty"`
	ReplyMsg     *ReplyMsg    `json:"replyMsg,omitempty"`
	QuoteMsg     *QuoteMsg    `json:"quoteMsg,omitempty"`
	AtMsg        *AtMsg       `json:"atMsg,omitempty"`
	TipMsg       *TipMsg      `json:"tipMsg,omitempty"`
	LocationMsg  *LocationMsg `json:"locationMsg,omitempty"`
	CardMsg      *CardMsg     `json:"cardMsg,omitempty"`
	MergedMsg    *MergedMsg   `json:"mergedMsg,omitempty"`
	MarkdownMsg  *TextMsg     `json:"markdownMsg,omitempty"`
	StickerMsg   *MediaMsg    `json:"stickerMsg,omitempty"`
	CustomMsg    *CustomMsg   `json:"customMsg,omitempty"`
}

// Limits are those of a site; what they leave out is the package's own limit.
type Limits struct {
	// Text is the longest text in code points, at most MaxText; 0 means MaxText.
	Text int
}

// part is what a message of one type consists of.
type part interface {
	// check judges the part as a client sent it, and drops what is not the
	// client's to say.
	check(l Limits) error
	// text is what people wrote in the part, detail what a preview shows of it.
	text() string
	detail() string
}

// silent is embedded by parts that have no words to show.
type silent struct{}

func (silent) text() string   { return "" }
func (silent) detail() string { return "" }

// served is embedded by parts that only the server makes.
type served struct{ silent }

func (served) check(Limits) error { return errs.BadMessage.With("field", "type") }

// Parse reads and judges a body that a client sent: errs.BadMessage, naming
// the field, for a type that clients may not send and for what is missing or
// bad in its part; errs.BadLength for a text that is empty or too long. Of the
// body only the part of its own type is kept, of that only what clients may
// say; keys it does not know are dropped.
func Parse(raw []byte, l Limits) (*Body, error) {
	if !utf8.Valid(raw) {
		return nil, bad("msg")
	}
	var sent Body
	if err := json.Unmarshal(raw, &sent); err != nil {
		return nil, bad(fieldOf(err))
	}
	k, ok := kinds[sent.Type]
	if !ok {
		return nil, bad("type")
	}
	p := k.get(&sent)
	if p == nil {
		return nil, bad(k.key)
	}
	if err := p.check(l); err != nil {
		return nil, err
	}
	b := &Body{Type: sent.Type}
	k.keep(b, &sent)
	return b, nil
}

// Decode reads a stored document. It was judged when it was sent and is not
// again: it may be of a type that this version does not know.
func Decode(doc []byte) (*Body, error) {
	var b Body
	if err := json.Unmarshal(doc, &b); err != nil {
		return nil, err
	}
	return &b, nil
}

// Encode returns b as the document that is stored and shown, with its text
// verbatim: '<' stays '<', for bodies are never put into HTML as they are.
func (b *Body) Encode() ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(b); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte{'\n'}), nil
}

// Text returns what people wrote in b, "" for a type that has no such text.
func (b *Body) Text() string {
	if p := b.part(); p != nil {
		return p.text()
	}
	return ""
}

// SetText replaces the text of a body that is Editable, errs.NotEditable when
// it is not, errs.BadLength when the text is empty or too long.
func (b *Body) SetText(s string, l Limits) error {
	t, ok := b.part().(*TextMsg)
	if !ok {
		return errs.NotEditable
	}
	next := TextMsg{Content: s}
	if err := next.check(l); err != nil {
		return err
	}
	*t = next
	return nil
}

// part returns the part of b's own type, nil when it has none.
func (b *Body) part() part {
	if k, ok := kinds[b.Type]; ok {
		return k.get(b)
	}
	return nil
}

// bad is the refusal of a body for one of its fields.
func bad(field string) error { return errs.BadMessage.With("field", field) }

// fieldOf names the field that did not decode, "msg" when it is not just one.
func fieldOf(err error) string {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) || wrong.Field == "" {
		return "msg"
	}
	return wrong.Field[strings.LastIndexByte(wrong.Field, '.')+1:]
}
