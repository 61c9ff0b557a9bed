package client

import (
	"context"
	"fmt"
	"io"
	"net/http"
)

// PartedUpload is a file that comes in parts.
type PartedUpload struct {
	UploadID  string `json:"uploadId"`
	FileName  string `json:"fileName"`
	Size      int64  `json:"size"`
	PartSize  int64  `json:"partSize"`
	Parts     int    `json:"parts"`
	Done      []int  `json:"done"`
	ExpiresAt int64  `json:"expiresAt"`
	UID       string `json:"uid"`
}

// Part is the answer to a part.
type Part struct {
	N    int    `json:"n"`
	Size int64  `json:"size"`
	Hash string `json:"hash"`
}

// OpenUpload begins an upload in parts; an empty hash and a partSize of 0 are
// left out.
func (c *Client) OpenUpload(ctx context.Context, name string, size int64, hash string, partSize int64) (PartedUpload, error) {
	in := Fields{"fileName": name, "size": size}
	if hash != "" {
		in["hash"] = hash
	}
	if partSize != 0 {
		in["partSize"] = partSize
	}
	var out PartedUpload
	err := c.Call(ctx, http.MethodPost, "/api/file/multipart", in, &out)
	return out, err
}

// PutPart sends part n; header may be nil.
func (c *Client) PutPart(ctx context.Context, id string, n int, part io.Reader, header http.Header) (Part, error) {
	resp, err := c.Do(ctx, http.MethodPut, fmt.Sprintf("/api/file/multipart/%s/%d", id, n), part, header)
	if err != nil {
		return Part{}, err
	}
	defer resp.Body.Close()
	var out Part
	err = decode(resp, &out)
	return out, err
}

// GetUpload says what has come of an upload in parts.
func (c *Client) GetUpload(ctx context.Context, id string) (PartedUpload, error) {
	var out PartedUpload
	err := c.Call(ctx, http.MethodGet, "/api/file/multipart/"+id, nil, &out)
	return out, err
}

// CompleteUpload makes the parts a file.
func (c *Client) CompleteUpload(ctx context.Context, id string) (File, error) {
	var out File
	err := c.Call(ctx, http.MethodPost, "/api/file/multipart/"+id+"/complete", nil, &out)
	return out, err
}

// CancelUpload gives an upload in parts up.
func (c *Client) CancelUpload(ctx context.Context, id string) error {
	return c.Call(ctx, http.MethodDelete, "/api/file/multipart/"+id, nil, nil)
}

// Checked is the answer to a claim to have the bytes of a file.
type Checked struct {
	File
	Exists    bool `json:"exists"`
	Challenge *struct {
		ID     string `json:"id"`
		Ranges []struct {
			Offset int64 `json:"offset"`
			Length int64 `json:"length"`
		} `json:"ranges"`
	} `json:"challenge"`
}

// CheckFile claims to have the bytes with this hash; challenge and proof are
// empty at first.
func (c *Client) CheckFile(ctx context.Context, name string, size int64, hash, challenge, proof string) (Checked, error) {
	in := Fields{"fileName": name, "size": size, "hash": hash}
	if challenge != "" {
		in["challenge"], in["proof"] = challenge, proof
	}
	var out Checked
	err := c.Call(ctx, http.MethodPost, "/api/file/check", in, &out)
	return out, err
}
