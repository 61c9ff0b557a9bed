package ctype

import (
	"slices"
	"testing"
)

func TestFilesOfABundle(t *testing.T) {
	t.Parallel()
	image := `{"userId":1,"nickname":"Ann","msgType":2,"msg":` + body(TypeImage, "imageMsg", `{"uid":"`+uid+`","src":"/api/file/`+uid+`","thumb":"/api/file/`+other+`"}`) + `}`
	said := `{"userId":1,"nickname":"Ann","msgType":1,"msg":` + body(TypeText, "textMsg", `{"content":"/api/file/`+other+`"}`) + `}`
	// What a client puts into a message of its own making is no file.
	custom := `{"userId":1,"nickname":"Ann","msgType":18,"msg":` + body(TypeCustom, "customMsg", `{"kind":"x","data":{"imageMsg":{"uid":"`+other+`"}}}`) + `}`
	within := `{"userId":1,"nickname":"Ann","msgType":15,"msg":` + body(TypeMerged, "mergedMsg", `{"title":"t","lines":[],"count":1}`) + `,"bundle":[` + image + `]}`
	for _, c := range []struct {
		name, doc string
		want      []string
		broken    bool
	}{
		{"none", "", nil, false},
		{"no files", "[" + said + "," + custom + "]", nil, false},
		{"an image with its thumb", "[" + said + "," + image + "]", []string{uid, other}, false},
		{"in a bundle within", "[" + within + "," + said + "]", []string{uid, other}, false},
		{"no bundle", `{"userId":1}`, nil, true},
		{"no message", `[{"userId":1}]`, nil, true},
	} {
		got, err := BundleFiles([]byte(c.doc))
		if (err != nil) != c.broken || !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
}
