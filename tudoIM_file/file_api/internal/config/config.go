package config

import (
	"tudoIM/core/conf"
	"tudoIM/tudoIM_file/file_api/internal/store"
)

// Config is etc/*.yaml, read.
type Config struct {
	conf.API
	// UploadsAtOnce is how many uploads one user may have under way in one
	// process.
	UploadsAtOnce int `json:",default=4,range=[1:1000]"`
	// AvatarMaxBytes is how large the image of a user or a group may be when
	// it is uploaded.
	AvatarMaxBytes int64 `json:",default=2097152,range=[1024:10485760]"`
	// Instant says whose files with the same bytes spare an upload of them:
	// the own ones, or all.
	Instant string `json:",default=own,options=own|all"`
	// S3 is where the bytes of files are; without an endpoint they are in
	// DataDir.
	S3 store.S3Config `json:",optional"`
	// FFmpeg is the program that takes pictures out of videos; empty looks in
	// PATH, conf.Off does without.
	FFmpeg string `json:",optional"`
}
