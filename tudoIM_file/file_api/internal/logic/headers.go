package logic

import (
	"net/http"
	"path"
	"strings"

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

// pdfPolicy lets browsers show a PDF: the sandbox of all other answers would
// stop their viewers, and an object is what some of them make of it. Scripts
// of a PDF never run in a page of ours, but in the viewer, which gives them
// nothing of this origin.
const pdfPolicy = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

// show sets the headers of what is shown of the file called name, as the type
// contentType.
func show(h http.Header, tag, contentType, name string) {
	guard(h, tag)
	h.Set("Content-Type", contentType)
	h.Set("Content-Disposition", media.Disposition(name, true))
}

// named is name with the ending of a picture of this type, for who saves it.
func named(name, contentType string) string {
	ext := ".jpg"
	if contentType == "image/png" {
		ext = ".png"
	}
	return strings.TrimSuffix(name, path.Ext(name)) + ext
}

// knows reports whether who asks has what is known by tag.
func knows(r *http.Request, tag string) bool {
	for _, list := range r.Header.Values("If-None-Match") {
		for one := range strings.SplitSeq(list, ",") {
			one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
			if one == "*" || one == `"`+tag+`"` {
				return true
			}
		}
	}
	return false
}
