// Package test checks the shape of the whole: who may import whom.
package test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "tudoIM"

// pkg is a package of this module as go list describes it.
type pkg struct {
	ImportPath string
	Imports    []string
	Deps       []string
	Standard   bool
}

// packages lists the packages of this module, without their tests.
func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,Deps,Standard", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("%v\n%s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 50 {
		t.Fatalf("only %d packages", len(all))
	}
	return all
}

// rule says what the packages that match of may not import: anything of this
// module but what matches ours, anything else that matches never.
type rule struct {
	name  string
	of    *regexp.Regexp
	ours  *regexp.Regexp
	never *regexp.Regexp
	// only, if set, is what they may import from outside of this module and
	// the standard library.
	only *regexp.Regexp
	// closure checks what they import in the end, not only by themselves.
	closure bool
}

const (
	pairs = `(auth|user|chat|group|file|settings)`
	// client matches the client package of an rpc half and its generated types.
	client = `tudoIM_` + pairs + `/\w+_rpc/(types/\w+_rpc|auth|user|chat|groups|files|settings|site|refs|admin|avatar)`
	house  = `(core/(conf|db|cache|registry|run)|common/\w+|utils/\w+)`
)

func match(pattern string) *regexp.Regexp {
	return regexp.MustCompile(`^` + module + `/(` + pattern + `)$`)
}

var rules = []rule{
	{
		name: "utils is pure", of: match(`utils/.*`), ours: match(`utils/.*`),
		only: regexp.MustCompile(`^(golang\.org/x/(crypto|text)/|github\.com/golang-jwt/jwt/v4$)`),
	},
	{name: "core and common know no half", of: match(`(core|common)/.*`), ours: match(`(core|common|utils)/.*`), closure: true},
	{
		name: "only rpc halves have a database", closure: true,
		of:    match(`tudoIM_` + pairs + `/\w+_api(/.*)?|tudoIM_gateway(/.*)?`),
		never: regexp.MustCompile(`^(gorm\.io/|database/sql$|` + module + `/(core/db|common/model|common/msglog)(/|$))`),
	},
	{
		name: "an api half knows the house and the clients", of: match(`tudoIM_(` + pairs + `)/\w+_api/.*`),
		ours: regexp.MustCompile(`^` + module + `/(` + house + `|` + client + `|tudoIM_\w+/\w+_api/.*)$`),
	},
	{
		name: "an rpc half knows the house and the clients", of: match(`tudoIM_(` + pairs + `)/\w+_rpc/.*`),
		ours: regexp.MustCompile(`^` + module + `/(` + house + `|` + client + `|tudoIM_\w+/\w+_rpc/.*)$`),
	},
	{
		name: "the gateway knows the house and who is logged in", of: match(`tudoIM_gateway(/.*)?`),
		ours: regexp.MustCompile(`^` + module + `/(core/(conf|cache|registry|run)|common/\w+|utils/\w+|tudoIM_auth/auth_rpc/(auth|types/auth_rpc)|tudoIM_gateway/.*)$`),
	},
	{
		name: "the embedded parts are the single process's own", closure: true,
		of:    regexp.MustCompile(`^` + module + `/(core/(conf|db|cache|registry|run)|common/.*|utils/.*|tudoIM_.*)$`),
		never: regexp.MustCompile(`^(` + module + `/(core/embedded|core/db/dbtest|test)(/|$)|go\.etcd\.io/etcd/server/|github\.com/alicebob/miniredis|modernc\.org/sqlite)`),
	},
}

func TestImports(t *testing.T) {
	t.Parallel()
	all := packages(t)
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			met := 0
			for _, p := range all {
				if !r.of.MatchString(p.ImportPath) || strings.HasSuffix(p.ImportPath, "/dbtest") {
					continue
				}
				met++
				imports := p.Imports
				if r.closure {
					imports = p.Deps
				}
				for _, i := range imports {
					if why := r.refuse(i); why != "" {
						t.Errorf("%s imports %s: %s", p.ImportPath, i, why)
					}
				}
			}
			if met == 0 {
				t.Error("the rule is about no package")
			}
		})
	}
}

func (r rule) refuse(i string) string {
	mine := i == module || strings.HasPrefix(i, module+"/")
	switch {
	case r.never != nil && r.never.MatchString(i):
		return "never"
	case mine && r.ours != nil && !r.ours.MatchString(i):
		return "not of this module"
	case !mine && r.only != nil && strings.Contains(strings.Split(i, "/")[0], ".") && !r.only.MatchString(i):
		return "not from outside"
	}
	return ""
}

// TestPairsLookAlike finds the same rooms in every pair.
func TestPairsLookAlike(t *testing.T) {
	t.Parallel()
	var have []string
	for _, p := range packages(t) {
		have = append(have, p.ImportPath)
	}
	for _, name := range []string{"auth", "user", "chat", "group", "file", "settings"} {
		pair := path.Join(module, "tudoIM_"+name)
		for _, room := range []string{
			"_api", "_api/app", "_api/internal/config", "_api/internal/handler", "_api/internal/logic", "_api/internal/svc", "_api/internal/types",
			"_rpc", "_rpc/app", "_rpc/internal/config", "_rpc/internal/logic", "_rpc/internal/server", "_rpc/internal/svc", "_rpc/internal/model",
			"_rpc/types/" + name + "_rpc",
		} {
			if want := pair + "/" + name + room; !slices.Contains(have, want) {
				t.Errorf("there is no %s", want)
			}
		}
	}
}
