package client

import (
	"context"
	"encoding/json"
)

// Presence is whether a user is online, as far as it is shown.
type Presence struct {
	UserID     uint64   `json:"userId"`
	IsOnline   bool     `json:"isOnline"`
	Platforms  []string `json:"platforms"`
	LastSeenAt int64    `json:"lastSeenAt"`
}

// Typing is the data of a typing event.
type Typing struct {
	ConversationID string `json:"conversationId"`
	UserID         uint64 `json:"userId"`
	Kind           string `json:"kind"`
	On             bool   `json:"on"`
}

// Subscribe asks to be told of users and returns their states.
func (s *Socket) Subscribe(ctx context.Context, users ...uint64) ([]Presence, error) {
	var out struct {
		List []Presence `json:"list"`
	}
	err := s.Do(ctx, "subscribe", map[string]any{"userIds": users}, &out)
	return out.List, err
}

// NextPresence waits for the next presence event.
func (s *Socket) NextPresence(ctx context.Context) (Presence, error) {
	var p Presence
	e, err := s.Next(ctx, "presence")
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal(e.Data, &p)
}

// Type says that I type in a conversation, or no longer.
func (s *Socket) Type(ctx context.Context, conversation, kind string, on bool) error {
	return s.Do(ctx, "typing", map[string]any{"conversationId": conversation, "kind": kind, "on": on}, nil)
}

// Auth lets the socket live as long as accessToken and returns how many
// seconds that is.
func (s *Socket) Auth(ctx context.Context, accessToken string) (int64, error) {
	var out struct {
		ExpiresIn int64 `json:"expiresIn"`
	}
	err := s.Do(ctx, "auth", map[string]any{"accessToken": accessToken}, &out)
	return out.ExpiresIn, err
}
