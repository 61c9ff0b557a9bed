package logic

import (
	"net/http"

	"tudoIM/tudoIM_file/file_api/internal/media"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
)

// describe sets what a browser needs to know of f, which it saves or, if that
// is safe, opens.
func describe(h http.Header, f *file_rpc.File, save bool) {
	guard(h, f.Hash)
	h.Set("Content-Type", media.ContentType(f.Mime))
	h.Set("Content-Disposition", media.Disposition(f.FileName, media.Inline(f.Mime) && !save))
}

// guard sets what keeps a browser from taking bytes for anything else or
// running them, and from showing a copy, known by tag, to who may no longer
// read the file.
func guard(h http.Header, tag string) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	h.Set("ETag", `"`+tag+`"`)
	// A copy may be kept, but not shown without asking: access can end.
	h.Set("Cache-Control", "private, no-cache")
}
