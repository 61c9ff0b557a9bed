package ws

import (
	"context"

	"tudoIM/common/errs"
)

// backgroundData is the data of background.
type backgroundData struct {
	On *bool `json:"on"`
}

// opBackground lets a socket rest, or wakes it: one that rests is not told who
// types, comes or goes. Who has come or gone is told when it wakes.
func (h *Hub) opBackground(_ context.Context, s *Session, req *request) {
	var in backgroundData
	err := fields(req, &in)
	if err == nil && in.On == nil {
		err = errs.BadArgument("on")
	}
	if err == nil && *in.On {
		s.rest(true)
	}
	s.reply(req, nil, err)
	if err == nil && !*in.On {
		s.rest(false)
		h.watching.lookFor(s)
	}
}

func (s *Session) rest(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rests = on
}

func (s *Session) resting() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rests
}
