// Package ws holds every socket of the suite: who is connected here, what
// they ask for, and what they are told.
package ws

import (
	"encoding/binary"
	"encoding/json"
	"unicode/utf8"

	"github.com/gorilla/websocket"
	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/errs"
)

// Close codes, beside those of RFC 6455 §7.4.1. After 4001 and 4003 a client
// must not reconnect by itself; after the others it may, with jitter.
const (
	CloseBadFrame = 4000
	CloseKicked   = 4001
	CloseToken    = 4003
	CloseSlow     = 4008
	CloseSilent   = 4009
	CloseTooMany  = 4013
)

// request is a frame from a client.
type request struct {
	Op   string          `json:"op"`
	ID   string          `json:"id"`
	Data json.RawMessage `json:"data"`
}

// maxID is the longest id of a request, in bytes.
const maxID = 64

// decode reads a client's frame; false says that it is none of this protocol.
func decode(kind int, body []byte) (*request, bool) {
	var req request
	if kind != websocket.TextMessage || !utf8.Valid(body) || json.Unmarshal(body, &req) != nil {
		return nil, false
	}
	return &req, req.Op != "" && len(req.ID) <= maxID
}

// ack answers one request.
type ack struct {
	Op   string `json:"op"`
	ID   string `json:"id"`
	Code int    `json:"code"`
	Msg  string `json:"msg"`
	Data any    `json:"data"`
}

// ackFrame is the frame that answers request id with data, or with err.
func ackFrame(id, lang string, data any, err error) []byte {
	a := ack{Op: "ack", ID: id, Data: data}
	if err != nil {
		e := errs.From(errs.FromGRPC(err))
		if e.Code == errs.Internal.Code {
			logx.Errorf("ws: %v", err)
		}
		a.Code, a.Msg, a.Data = e.Code, e.Text(lang), nil
		if len(e.Data) > 0 {
			a.Data = e.Data
		}
	}
	body, jsonErr := json.Marshal(a)
	if jsonErr != nil {
		body, _ = json.Marshal(ack{Op: "ack", ID: id, Code: errs.Internal.Code, Msg: errs.Internal.Text(lang)})
	}
	return textFrame(body)
}

// textFrame puts the header of an unmasked final text frame (RFC 6455 §5.2)
// before body. Frames are made here, not by gorilla, so that those queued
// together leave in one write.
func textFrame(body []byte) []byte {
	return append(header(websocket.TextMessage, len(body)), body...)
}

func header(opcode byte, n int) []byte { return appendHeader(make([]byte, 0, headerSize+n), opcode, n) }

// headerSize is the most that a header has.
const headerSize = 10

func appendHeader(h []byte, opcode byte, n int) []byte {
	const final = 0x80
	h = append(h, final|opcode)
	switch {
	case n < 126:
		return append(h, byte(n)) // #nosec G115 -- below 126
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(h, 126), uint16(n)) // #nosec G115 -- below 1<<16
	default:
		return binary.BigEndian.AppendUint64(append(h, 127), uint64(n)) // #nosec G115 -- a length
	}
}
