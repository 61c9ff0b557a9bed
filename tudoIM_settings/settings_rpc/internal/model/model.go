// Package model holds the tables of settings_rpc, their rules and their queries.
package model

import (
	"embed"
	"io/fs"

	"tudoIM/core/db"
)

//go:embed migrations
var files embed.FS

// Migration is the schema of this half.
var Migration = db.Migration{Half: "settings_rpc", Files: sub()}

func sub() fs.FS {
	f, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // the folder is part of the binary
	}
	return f
}
