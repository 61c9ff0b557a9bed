package ws

import (
	"bytes"
	"encoding/json"
	"errors"

	"tudoIM/common/errs"
)

// fields decodes the request's data, an object, into in; what cannot be taken
// is a bad-argument error naming the field.
func fields(req *request, in any) error {
	if !bytes.HasPrefix(req.Data, []byte{'{'}) {
		return errs.BadArgument("data")
	}
	err := json.Unmarshal(req.Data, in)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return errs.BadArgument(wrong.Field)
	}
	if err != nil {
		return errs.BadArgument("data")
	}
	return nil
}

// reply sends the one ack of a request.
func (s *Session) reply(req *request, data any, err error) {
	s.send(ackFrame(req.ID, s.who.Lang, data, err))
}
