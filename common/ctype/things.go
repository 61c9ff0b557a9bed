package ctype

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Limits of the parts that show a thing.
const (
	MaxPlace       = 128 // code points
	MaxAddress     = 256 // code points
	MaxCustomKind  = 32
	MaxCustomBytes = 8 << 10
	MaxCustomDepth = 16
)

// LocationMsg is a place on the earth.
type LocationMsg struct {
	silent
	Title   string   `json:"title"`
	Address string   `json:"address"`
	Lat     *float64 `json:"lat"`
	Lng     *float64 `json:"lng"`
}

func (p *LocationMsg) check(Limits) error {
	switch {
	case !isLine(p.Title, MaxPlace):
		return bad("title")
	case !isLine(p.Address, MaxAddress):
		return bad("address")
	case !within(p.Lat, 90):
		return bad("lat")
	case !within(p.Lng, 180):
		return bad("lng")
	}
	return nil
}

func (p *LocationMsg) detail() string {
	if p.Title != "" {
		return p.Title
	}
	return p.Address
}

// within reports whether v is there and at most limit from 0; NaN is not.
func within(v *float64, limit float64) bool {
	return v != nil && -limit <= *v && *v <= limit
}

// CardMsg recommends a user or a group.
type CardMsg struct {
	silent
	UserID  uint64 `json:"userId,omitempty"`
	GroupID uint64 `json:"groupId,omitempty"`
}

func (c *CardMsg) check(Limits) error {
	switch {
	case c.GroupID == 0 && !isID(c.UserID):
		return bad("userId")
	case c.GroupID != 0 && (c.UserID != 0 || !isID(c.GroupID)):
		return bad("groupId")
	}
	return nil
}

// CustomMsg carries what only the clients understand.
type CustomMsg struct {
	silent
	Kind string          `json:"kind"`
	Data json.RawMessage `json:"data"`
}

func (c *CustomMsg) check(Limits) error {
	if c.Kind == "" || len(c.Kind) > MaxCustomKind || strings.Trim(c.Kind, "abcdefghijklmnopqrstuvwxyz0123456789._-") != "" {
		return bad("kind")
	}
	var data bytes.Buffer
	if err := json.Compact(&data, c.Data); err != nil {
		return bad("data")
	}
	if data.Len() > MaxCustomBytes || depth(data.Bytes()) > MaxCustomDepth {
		return bad("data")
	}
	c.Data = data.Bytes()
	return nil
}

// depth returns how many arrays and objects of the JSON value doc are within
// each other.
func depth(doc []byte) int {
	deepest, now, text := 0, 0, false
	for i := 0; i < len(doc); i++ {
		switch c := doc[i]; {
		case text && c == '\\':
			i++ // what is escaped ends nothing
		case c == '"':
			text = !text
		case text:
		case c == '[' || c == '{':
			now++
			deepest = max(deepest, now)
		case c == ']' || c == '}':
			now--
		}
	}
	return deepest
}
