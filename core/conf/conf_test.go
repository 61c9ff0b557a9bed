package conf

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// sample has every shape a half's configuration uses.
type sample struct {
	Name   string
	Number int    `json:",default=7"`
	Flag   bool   `json:",optional"`
	Quoted string `json:",optional"`
	Other  string `json:",default=untouched"`
	Nested struct {
		List  []string          `json:",optional"`
		Items []item            `json:",optional"`
		Words map[string]string `json:",optional"`
	} `json:",optional"`
	Ref *item `json:",optional"`
	Embedded
	Renamed string `json:"other_name,optional"`
}

type Embedded struct {
	Inner string `json:",optional"`
}

type item struct {
	Route string
	Path  string `json:",optional"`
}

func env(pairs ...string) Lookup {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return func(name string) (string, bool) {
		v, ok := m[name]
		return v, ok
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		vars       []string
		got        func(s *sample) any
		want       any
	}{
		{"set", `Name: "${A}"`, []string{"A", "x"}, func(s *sample) any { return s.Name }, "x"},
		{"not set, with default", `Name: "${A:-d}"`, nil, func(s *sample) any { return s.Name }, "d"},
		{"empty counts as not set", `Name: "${A:-d}"`, []string{"A", ""}, func(s *sample) any { return s.Name }, "d"},
		{"not set, without default", `Name: "${A}"`, nil, func(s *sample) any { return s.Name }, ""},
		{"empty default", `Name: "${A:-}"`, nil, func(s *sample) any { return s.Name }, ""},
		{"default with colons, dashes and slashes", `Name: "${A:-http://[::1]:-1/~}"`, nil, func(s *sample) any { return s.Name }, "http://[::1]:-1/~"},
		{"two in one value", `Name: "${A:-a}-${B:-b}!"`, []string{"B", "x"}, func(s *sample) any { return s.Name }, "a-x!"},
		{"a value is not expanded again", `Name: "${A}"`, []string{"A", "${B}", "B", "no"}, func(s *sample) any { return s.Name }, "${B}"},
		{"a dollar sign alone", `Name: "a$b$"`, nil, func(s *sample) any { return s.Name }, "a$b$"},
		{"unquoted number", "Name: x\nNumber: ${N:-1}", []string{"N", "42"}, func(s *sample) any { return s.Number }, 42},
		{"unquoted default number", "Name: x\nNumber: ${N:-41}", nil, func(s *sample) any { return s.Number }, 41},
		{"unquoted bool", "Name: x\nFlag: ${F:-false}", []string{"F", "true"}, func(s *sample) any { return s.Flag }, true},
		{"quoted digits stay text", `Name: "${A}"`, []string{"A", "0123"}, func(s *sample) any { return s.Name }, "0123"},
		{"quoted off stays text", `Name: "${A}"`, []string{"A", "off"}, func(s *sample) any { return s.Name }, "off"},
		{"in a list", "Name: x\nNested:\n  List: [\"${A:-a}\", b]", []string{"A", "x,y"}, func(s *sample) any { return strings.Join(s.Nested.List, "|") }, "x,y|b"},
		{"in a struct of a list", "Name: x\nNested:\n  Items:\n    - {Route: \"${A:-r}\", Path: p}", nil, func(s *sample) any { return s.Nested.Items[0] }, item{"r", "p"}},
		{"in a map", "Name: x\nNested:\n  Words:\n    k: \"${A:-v}\"", nil, func(s *sample) any { return s.Nested.Words["k"] }, "v"},
		{"behind a pointer", "Name: x\nRef: {Route: \"${A:-r}\"}", nil, func(s *sample) any { return s.Ref.Route }, "r"},
		{"of an embedded struct", "Name: x\nInner: \"${A:-in}\"", nil, func(s *sample) any { return s.Inner }, "in"},
		{"of a renamed field", "Name: x\nother_name: \"${A:-on}\"", nil, func(s *sample) any { return s.Renamed }, "on"},
		{"keys in another case", "NAME: x\nnumber: 5", nil, func(s *sample) any { return s.Number }, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var s sample
			if err := Parse([]byte(c.text), &s, env(c.vars...)); err != nil {
				t.Fatal(err)
			}
			if got := c.got(&s); got != c.want {
				t.Errorf("got %#v, want %#v", got, c.want)
			}
		})
	}
}

// hostile are values that would change the document if they were pasted into it.
var hostile = []string{
	"a: b", "x\nOther: stolen", "\"\nOther: stolen\n#", "'", "''", "\\", "\"", "# no comment", " x", "x ", "- a", "[a, b]", "{a: b}",
	"*a", "&a", "!!int 3", "|", ">", "%", "@", "`", "? x", ": ", "---", "...\nOther: stolen", "\n", "\r\nOther: stolen", "\ttab", "a\tb",
	"null", "~", "yes", "0x10", "1e3", "2001-01-01", "<<", "=", "\u2028Other: stolen", "\u0085Other: stolen", "\ufeff", "\x00", "\x1b[0m", "日本", "🙂",
	" \n  Other: stolen\n", "\n\n x\n", "${B}", "p@ss:w0rd#1{}[],&*!|>'\"%`\\$",
}

func checkText(t *testing.T, value string) {
	t.Helper()
	for _, form := range []string{"\"${A}\"", "'${A}'"} {
		var s sample
		if err := Parse([]byte("Name: first\nQuoted: "+form+"\nNested: {List: ["+form+"]}\n"), &s, env("A", value)); err != nil {
			t.Errorf("%s of %q: %v", form, value, err)
			continue
		}
		if s.Quoted != value || len(s.Nested.List) != 1 || s.Nested.List[0] != value {
			t.Errorf("%s of %q gave %q and %q", form, value, s.Quoted, s.Nested.List)
		}
		if s.Name != "first" || s.Other != "untouched" || s.Number != 7 {
			t.Errorf("%s of %q changed other keys: %+v", form, value, s)
		}
	}
	// Unquoted it may be no text at all, but never more than one value.
	var s sample
	if err := Parse([]byte("Name: first\nQuoted: ${A}\n"), &s, env("A", value)); err != nil {
		return
	}
	if s.Name != "first" || s.Other != "untouched" || s.Number != 7 {
		t.Errorf("unquoted %q changed other keys: %+v", value, s)
	}
}

func TestAValueNeverBecomesStructure(t *testing.T) {
	t.Parallel()
	for _, v := range hostile {
		checkText(t, v)
	}
}

func FuzzValue(f *testing.F) {
	for _, v := range hostile {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v string) {
		if v == "" {
			return // counts as not set
		}
		if !utf8.ValidString(v) {
			var s sample
			if err := Parse([]byte(`Name: "${SECRET}"`), &s, env("SECRET", v)); err == nil || !strings.Contains(err.Error(), "SECRET") {
				t.Errorf("%q: error %v, want the name of the variable", v, err)
			}
			return
		}
		checkText(t, v)
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range append([]string{"Name: x", "Name: ${A:-b}\nNumber: 1", "{Name: [}", "a: &a [*a]", "--- x\n--- y"}, refused()...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var s sample
		_ = Parse([]byte(text), &s, env("A", "x: y\nz: 1")) // it must come back, and not panic
	})
}

func refused() []string {
	var all []string
	for _, text := range unwanted {
		all = append(all, text)
	}
	return all
}

var unwanted = map[string]string{
	"nothing":                      "",
	"only a comment":               "# nothing\n",
	"a list":                       "- Name: x",
	"a text":                       "Name",
	"tabs":                         "Name: x\nNested:\n\tList: []",
	"no yaml":                      "Name: [",
	"binary":                       "\x00\x01\x02",
	"a required key missing":       "Number: 1",
	"unknown key":                  "Name: x\nNam: y",
	"unknown nested key":           "Name: x\nNested:\n  Lits: []",
	"unknown key in a list":        "Name: x\nNested:\n  Items:\n    - {Route: r, Paht: p}",
	"unknown key below a pointer":  "Name: x\nRef: {Route: r, Paht: p}",
	"a key twice":                  "Name: x\nName: y",
	"a key twice in another case":  "Name: x\nNAME: y",
	"the name of what is embedded": "Name: x\nEmbedded: {Inner: y}",
	"merge key":                    "Name: x\n<<: {Number: 1}",
	"a number too large":           "Name: x\nNumber: 99999999999999999999",
	"a text for a number":          "Name: x\nNumber: many",
	"two documents":                "Name: x\n---\nName: y",
	"a broken second document":     "Name: x\n---\n[",
	"alias":                        "Name: &n x\nQuoted: *n",
	"alias of itself":              "Name: x\nNested: &n\n  List: [*n]",
	"alias bomb":                   bomb(),
	"unclosed variable":            `Name: "${A"`,
	"wrong default sign":           `Name: "${A-b}"`,
	"a name with a dash":           `Name: "${A-B:-c}"`,
	"an empty name":                `Name: "${:-c}"`,
	"deep nesting":                 "Name: x\nQuoted: " + strings.Repeat("[", 20000),
}

func bomb() string {
	var b strings.Builder
	b.WriteString("Name: x\nNested:\n  List: &a0 [a,a,a,a,a,a,a,a,a]\n")
	for i := range 20 {
		fmt.Fprintf(&b, "  List%d: &a%d [%s*a%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d,", i), 8), i)
	}
	return b.String()
}

func TestWhatIsNoConfigurationIsRefused(t *testing.T) {
	t.Parallel()
	for name, text := range unwanted {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var s sample
			if err := Parse([]byte(text), &s, env()); err == nil {
				t.Errorf("taken as %+v", s)
			}
		})
	}
}

func TestARefusalNamesTheKey(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Name: x\nNam: y": "line 2: unknown key Nam",
		"Name: x\nNested:\n  Items:\n    - {Route: r, Paht: p}": "unknown key Nested.Items[0].Paht",
		"Name: x\nname: y":         "key name is there twice",
		"Name: x\nQuoted: \"${A\"": "line 2: a ${",
	} {
		var s sample
		if err := Parse([]byte(text), &s, env()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestLoadNeedsARegularFileOfBoundedSize(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name string, b []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	good := []byte("Name: x\n")
	pad := bytes.Repeat([]byte{'#'}, maxFile-len(good))
	for _, c := range []struct {
		name, file string
		ok         bool
	}{
		{"good", write("good", good), true},
		{"as large as may be", write("full", append(append([]byte{}, good...), pad...)), true},
		{"one byte more", write("big", append(append([]byte{}, good...), append(pad, '#')...)), false},
		{"empty", write("empty", nil), false},
		{"directory", dir, false},
		{"missing", filepath.Join(dir, "none"), false},
		{"device", "/dev/zero", false},
	} {
		var s sample
		err := Load(c.file, &s, env())
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
		if err != nil && !strings.Contains(err.Error(), c.file) {
			t.Errorf("%s: %q does not name the file", c.name, err)
		}
	}
	var s sample
	if err := Load(filepath.Join(dir, "none"), &s, env()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
}

func TestHalfTakesItsLimits(t *testing.T) {
	t.Parallel()
	const base = "Name: x\nListen: :1\nEtcd: e\nNetworks: 10.0.0.0/8\nDataDir: d\nLog: {Level: info}\n"
	for text, ok := range map[string]bool{
		"":                                       true,
		"Timeout: 1":                             true,
		"Timeout: 600000":                        true,
		"Timeout: 0":                             false,
		"Timeout: -1":                            false,
		"Timeout: 600001":                        false,
		"Timeout: 3s":                            false,
		"MaxOpenConns: 0":                        false,
		"MaxOpenConns: 1000":                     true,
		"MaxOpenConns: 1001":                     false,
		"Log: {Levl: debug}":                     false,
		"Telemetry: {Smpl: 1}":                   false,
		"Telemetry: {OtlpHeaders: {any-Key: v}}": true,
	} {
		in := base + text
		if strings.HasPrefix(text, "Log:") {
			in = strings.Replace(in, "Log: {Level: info}\n", "", 1)
		}
		var c RPC
		if err := Parse([]byte(in), &c, env()); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestANumberOutOfRangeIsNamed(t *testing.T) {
	t.Parallel()
	const base = "Name: x\nListen: :1\nEtcd: e\nNetworks: 10.0.0.0/8\nDataDir: d\nLog: {Level: info}\n"
	for value, want := range map[string]string{
		"0": "line 7: MaxOpenConns is 0, and has to be from 1 to 1000", "-1": "MaxOpenConns is -1", "1001": "MaxOpenConns is 1001",
		"99999999999999999999": "MaxOpenConns is 99999999999999999999", "many": "maxopenconns",
	} {
		var c RPC
		if err := Parse([]byte(base+"MaxOpenConns: "+value), &c, env()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", value, err, want)
		}
	}
}

func TestDir(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	abs := filepath.Join(home, "abs", "deep")
	for in, want := range map[string]string{
		"~": home, "~/": home, "~/a/b": filepath.Join(home, "a/b"), abs: abs, abs + "/../x": filepath.Join(home, "abs/x"),
		".": wd,
	} {
		got, err := Dir(in)
		if err != nil || got != want {
			t.Errorf("Dir(%q) = %q, %v; want %q", in, got, err, want)
			continue
		}
		info, err := os.Stat(got)
		if err != nil || !info.IsDir() {
			t.Errorf("Dir(%q) made no directory: %v", in, err)
		}
		if in == abs && info.Mode().Perm() != 0o700 {
			t.Errorf("made with mode %v", info.Mode().Perm())
		}
	}
	file := filepath.Join(home, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Dir(filepath.Join(file, "below")); err == nil {
		t.Error("a directory below a file")
	}
	t.Setenv("HOME", "")
	if _, err := Dir("~/a"); err == nil {
		t.Error("the home of nobody")
	}
}
