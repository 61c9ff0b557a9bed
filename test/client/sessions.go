package client

import (
	"context"
	"fmt"
	"net/http"
)

// SessionsQuery is which page of the list of conversations is wanted.
type SessionsQuery struct {
	Cursor     string
	Limit      int
	Type       int32
	UnreadOnly bool
}

// SessionsPage returns a page of my conversations.
func (c *Client) SessionsPage(ctx context.Context, q SessionsQuery) (Sessions, error) {
	var out Sessions
	err := c.Call(ctx, http.MethodGet, fmt.Sprintf("/api/chat/session?cursor=%s&limit=%d&type=%d&unreadOnly=%t",
		escape(q.Cursor), q.Limit, q.Type, q.UnreadOnly), nil, &out)
	return out, err
}

// Session returns one of my conversations.
func (c *Client) Session(ctx context.Context, conversation string) (Conversation, error) {
	var out Conversation
	err := c.Call(ctx, http.MethodGet, "/api/chat/session/"+conversation, nil, &out)
	return out, err
}

// Setting is what to change on a conversation; nil stays as it is.
type Setting struct {
	IsTop   *bool   `json:"isTop,omitempty"`
	IsMuted *bool   `json:"isMuted,omitempty"`
	Hidden  *bool   `json:"hidden,omitempty"`
	Draft   *string `json:"draft,omitempty"`
}

// Set changes what I have set on a conversation.
func (c *Client) Set(ctx context.Context, conversation string, s Setting) (Conversation, error) {
	var out Conversation
	err := c.Call(ctx, http.MethodPut, "/api/chat/session/"+conversation, s, &out)
	return out, err
}

// Hide takes a conversation off my list, and clears it if told to.
func (c *Client) Hide(ctx context.Context, conversation string, clear bool) error {
	return c.Call(ctx, http.MethodDelete, fmt.Sprintf("/api/chat/session/%s?clear=%t", conversation, clear), nil, nil)
}

// Top keeps a friend's conversation at the top of my list, or not.
func (c *Client) Top(ctx context.Context, friend uint64, on bool) error {
	return c.Call(ctx, http.MethodPost, "/api/chat/user_top", map[string]any{"friendId": friend, "isTop": on}, nil)
}

// MarkUnread marks a conversation as not read and returns what is unread there.
func (c *Client) MarkUnread(ctx context.Context, conversation string) (unread uint64, err error) {
	var out struct {
		Unread uint64 `json:"unread"`
	}
	err = c.Call(ctx, http.MethodPost, "/api/chat/unread", map[string]any{"conversationId": conversation}, &out)
	return out.Unread, err
}

// SyncRequest is what a device has. A UserVer asks which conversations changed
// since; an empty one asks for a snapshot.
type SyncRequest struct {
	Conversations []Point `json:"conversations,omitempty"`
	UserVer       *string `json:"userVer,omitempty"`
	Limit         int     `json:"limit,omitempty"`
}

// UserChanges is what changed of my conversations as a whole.
type UserChanges struct {
	Conversations []Conversation `json:"conversations"`
	Gone          []string       `json:"gone"`
	Deleted       []struct {
		ConversationID string   `json:"conversationId"`
		Seqs           []uint64 `json:"seqs"`
	} `json:"deleted"`
	TotalUnread uint64 `json:"totalUnread"`
}

// SyncAnswer is what a device lacks. UserChanges are there if it said its
// UserVer.
type SyncAnswer struct {
	Conversations []Synced     `json:"conversations"`
	UserChanges   *UserChanges `json:"userChanges"`
	UserVer       string       `json:"userVer"`
	Snapshot      bool         `json:"snapshot"`
}

// SyncFrom returns what a device lacks.
func (c *Client) SyncFrom(ctx context.Context, r SyncRequest) (SyncAnswer, error) {
	var out SyncAnswer
	err := c.Call(ctx, http.MethodPost, "/api/chat/sync", r, &out)
	return out, err
}
