package config

import "tudoIM/core/conf"

// Config is etc/*.yaml, read.
type Config struct {
	conf.RPC
	// QuotaBytes is how much one user's files may hold together.
	QuotaBytes int64 `json:",default=2147483648,range=[1:1099511627776]"`
	// QuotaFiles is how many files one user may have.
	QuotaFiles int64 `json:",default=10000,range=[1:10000000]"`
	// PartedMaxBytes is how large a file may be that comes in parts.
	PartedMaxBytes int64 `json:",default=2147483648,range=[1:10737418240]"`
	// OpenUploads is how many uploads in parts a user may have open.
	OpenUploads int64 `json:",default=10,range=[1:1000]"`
	// UploadHours is how long an upload in parts stays after its last part.
	UploadHours int `json:",default=24,range=[1:720]"`
}
