// Package web holds what the gateway serves at /.
package web

import _ "embed"

// Index is the start page.
//
//go:embed index.html
var Index []byte
