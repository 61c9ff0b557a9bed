package model

import (
	"unicode/utf8"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/msglog"
)

// maxClientMsgID is the longest clientMsgId in bytes.
const maxClientMsgID = 64

// NewItem judges what a client wants to send to rev and makes it an item of
// the log, whose conversation is still to be found.
func NewItem(sender, rev uint64, clientMsgID string, raw []byte) (*msglog.Item, error) {
	if sender == 0 || rev == 0 {
		return nil, errs.BadArgument("revUserId")
	}
	if clientMsgID == "" || len(clientMsgID) > maxClientMsgID || !utf8.ValidString(clientMsgID) {
		return nil, errs.BadArgument("clientMsgId")
	}
	body, err := ctype.Parse(raw, ctype.Limits{})
	if err != nil {
		return nil, err
	}
	doc, err := body.Encode()
	if err != nil {
		return nil, err
	}
	return &msglog.Item{
		Sender: sender, Target: rev, ClientMsgID: clientMsgID,
		MsgType: body.Type, Body: doc, Preview: body.Detail(),
	}, nil
}
