package client

import (
	"context"
	"fmt"
	"net/http"
)

// SignedLink is a signed link to a file.
type SignedLink struct {
	UID      string `json:"uid"`
	URL      string `json:"url"`
	ThumbURL string `json:"thumbUrl"`
}

// SignedLinks are signed links and when they end.
type SignedLinks struct {
	List      []SignedLink `json:"list"`
	ExpiresAt int64        `json:"expiresAt"`
}

// Sign returns links to files for ttl seconds.
func (c *Client) Sign(ctx context.Context, ttl int, uids ...string) (SignedLinks, error) {
	var out SignedLinks
	err := c.Call(ctx, http.MethodPost, "/api/file/sign", Fields{"uids": uids, "ttl": ttl}, &out)
	return out, err
}

// OwnFile is a file in a list, UserID whose it is in an administrator's.
type OwnFile struct {
	File
	UserID    uint64 `json:"userId"`
	CreatedAt int64  `json:"createdAt"`
}

// OwnFiles is a page of files, and what all of mine hold together.
type OwnFiles struct {
	List      []OwnFile `json:"list"`
	Count     int64     `json:"count"`
	UsedBytes int64     `json:"usedBytes"`
	MaxBytes  int64     `json:"maxBytes"`
	UsedFiles int64     `json:"usedFiles"`
	MaxFiles  int64     `json:"maxFiles"`
}

// MyFiles returns a page of my files of kind; empty is all.
func (c *Client) MyFiles(ctx context.Context, kind string, page, limit int) (OwnFiles, error) {
	var out OwnFiles
	err := c.Call(ctx, http.MethodGet, fmt.Sprintf("/api/file/mine?kind=%s&page=%d&limit=%d", escape(kind), page, limit), nil, &out)
	return out, err
}

// DeleteFile deletes a file of mine.
func (c *Client) DeleteFile(ctx context.Context, uid string) error {
	return c.Call(ctx, http.MethodDelete, "/api/file/"+uid, nil, nil)
}
