package ctype

import (
	"encoding/json"
	"fmt"
)

// Bundled is one message of a merged forward's bundle, as it is stored: what
// it was when it was sent on.
type Bundled struct {
	UserID    uint64          `json:"userId"`
	Nickname  string          `json:"nickname"`
	MsgType   int32           `json:"msgType"`
	Msg       json.RawMessage `json:"msg"`
	Detail    string          `json:"detail"`
	CreatedAt int64           `json:"createdAt"`
	// Bundle is what it carries when it is a merged forward itself.
	Bundle []Bundled `json:"bundle,omitempty"`
}

// BundleFiles returns the uids of the files that the messages of a bundle
// carry, those of bundles within it too.
func BundleFiles(doc []byte) ([]string, error) {
	if len(doc) == 0 {
		return nil, nil
	}
	var list []Bundled
	if err := json.Unmarshal(doc, &list); err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	return filesOf(list)
}

func filesOf(list []Bundled) (uids []string, err error) {
	for _, b := range list {
		body, err := Decode(b.Msg)
		if err != nil {
			return nil, fmt.Errorf("message of a bundle: %w", err)
		}
		within, err := filesOf(b.Bundle)
		if err != nil {
			return nil, err
		}
		uids = append(append(uids, body.Refs().Files...), within...)
	}
	return uids, nil
}
