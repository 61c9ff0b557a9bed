package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"
)

// asyncAPI is docs/asyncapi.yaml.
type asyncAPI struct {
	doc map[string]any
	// schemas are those of the payloads, by message. They are closed: what the
	// document does not name is no part of a frame.
	schemas map[string]*jsonschema.Schema
}

func loadAsyncAPI(t *testing.T) *asyncAPI {
	t.Helper()
	var doc any
	if err := yaml.Unmarshal([]byte(read(t, "docs/asyncapi.yaml")), &doc); err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(doc) // as JSON has it: numbers of one kind, keys that are strings
	if err != nil {
		t.Fatal(err)
	}
	open, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	closed, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	const name = "asyncapi.json"
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft7)
	if err := c.AddResource(name, shut(closed)); err != nil {
		t.Fatal(err)
	}
	a := &asyncAPI{doc: open.(map[string]any), schemas: map[string]*jsonschema.Schema{}}
	for message := range a.at("components", "messages") {
		if a.schemas[message], err = c.Compile(name + "#/components/messages/" + message + "/payload"); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// shut lets the objects of schemas have no other properties than they name.
func shut(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if _, ok := v["properties"].(map[string]any); ok {
			v["additionalProperties"] = false
		}
		for _, sub := range v {
			shut(sub)
		}
	case []any:
		for _, sub := range v {
			shut(sub)
		}
	}
	return v
}

// at returns the object at a path of the document, nil if there is none.
func (a *asyncAPI) at(path ...string) map[string]any {
	v := a.doc
	for _, k := range path {
		v, _ = v[k].(map[string]any)
	}
	return v
}

// check reports why frame is not the message, or nil.
func (a *asyncAPI) check(message string, frame map[string]any) error {
	schema, ok := a.schemas[message]
	if !ok {
		return fmt.Errorf("asyncapi.yaml has no message %q", message)
	}
	return schema.Validate(frame)
}

// messageOf names the message that frame is; asked are the ops of requests by
// id.
func messageOf(frame map[string]any, asked map[any]any) string {
	switch op := fmt.Sprint(frame["op"]); op {
	case "event":
		return fmt.Sprint(frame["event"])
	case "ack":
		if frame["code"] != 0.0 {
			return "refusal"
		}
		return fmt.Sprint(asked[frame["id"]], "Ack")
	default:
		return op + "Request"
	}
}

// operations are what the server does: it receives requests, and sends events.
func (a *asyncAPI) operations(t *testing.T, action string) []string {
	t.Helper()
	var names []string
	for name, o := range a.at("operations") {
		if o.(map[string]any)["action"] == action {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// declared returns what of the declarations in the Go files of dir take takes.
func declared(t *testing.T, dir string, take func(d *ast.GenDecl) []string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if g, ok := d.(*ast.GenDecl); ok {
				names = append(names, take(g)...)
			}
		}
	}
	slices.Sort(names)
	return names
}

// textOf is the value of a string literal.
func textOf(e ast.Expr) string {
	if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		if s, err := strconv.Unquote(lit.Value); err == nil {
			return s
		}
	}
	return ""
}

// keysOf returns the keys of the map that the variable name is.
func keysOf(d *ast.GenDecl, name string) []string {
	var keys []string
	for _, s := range d.Specs {
		v, ok := s.(*ast.ValueSpec)
		if !ok || v.Names[0].Name != name || len(v.Values) == 0 {
			continue
		}
		if m, ok := v.Values[0].(*ast.CompositeLit); ok {
			for _, e := range m.Elts {
				keys = append(keys, textOf(e.(*ast.KeyValueExpr).Key))
			}
		}
	}
	return keys
}

// TestAsyncAPIHasEveryOpAndEvent compares the document with the source.
func TestAsyncAPIHasEveryOpAndEvent(t *testing.T) {
	t.Parallel()
	a := loadAsyncAPI(t)
	ops := declared(t, "tudoIM_chat/chat_api/internal/ws", func(d *ast.GenDecl) []string { return keysOf(d, "ops") })
	for n := range ops {
		ops[n] += "Request"
	}
	if got := a.operations(t, "receive"); len(ops) < 13 || !slices.Equal(got, ops) {
		t.Errorf("ops of the document %q\nof the socket %q", got, ops)
	}
	events := declared(t, "common/event", func(d *ast.GenDecl) []string {
		var names []string
		if !strings.HasPrefix(d.Doc.Text(), "Names of events") {
			return nil
		}
		for _, s := range d.Specs {
			for _, v := range s.(*ast.ValueSpec).Values {
				names = append(names, textOf(v))
			}
		}
		return names
	})
	events = append(events, "hello", "resync") // of one socket, they are on no bus
	slices.Sort(events)
	if got := a.operations(t, "send"); len(events) < 22 || !slices.Equal(got, events) {
		t.Errorf("events of the document %q\nof the suite %q", got, events)
	}
}

// TestAsyncAPIIsWhole finds what every reference points to, and nothing that
// no reference points to.
func TestAsyncAPIIsWhole(t *testing.T) {
	t.Parallel()
	a := loadAsyncAPI(t)
	if a.doc["asyncapi"] != "3.0.0" {
		t.Errorf("it is of AsyncAPI %v", a.doc["asyncapi"])
	}
	used := map[string]bool{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				used[ref] = true
			}
			for _, sub := range v {
				walk(sub)
			}
		case []any:
			for _, sub := range v {
				walk(sub)
			}
		}
	}
	walk(a.doc)
	for ref := range used {
		path, ok := strings.CutPrefix(ref, "#/")
		if !ok || a.at(strings.Split(path, "/")...) == nil {
			t.Errorf("%s points to nothing", ref)
		}
	}
	for _, kind := range []string{"messages", "schemas"} {
		for name := range a.at("components", kind) {
			if !used["#/components/"+kind+"/"+name] {
				t.Errorf("nothing uses %s of %s", name, kind)
			}
		}
	}
	// Every operation is about messages of the channel, and the right ones.
	for name, o := range a.at("operations") {
		o := o.(map[string]any)
		if o["action"] == "receive" {
			wantRefs(t, name+": reply", o["reply"], strings.TrimSuffix(name, "Request")+"Ack", "refusal")
		}
		wantRefs(t, name, o, name)
	}
	if got, want := slices.Sorted(maps.Keys(a.at("channels", "socket", "messages"))), slices.Sorted(maps.Keys(a.at("components", "messages"))); !slices.Equal(got, want) {
		t.Errorf("messages of the channel %q\nof the document %q", got, want)
	}
	for name, m := range a.at("channels", "socket", "messages") {
		if ref := m.(map[string]any)["$ref"]; ref != "#/components/messages/"+name {
			t.Errorf("%s of the channel is %v", name, ref)
		}
	}
}

// wantRefs fails unless the messages of an operation or a reply are names, on
// the socket.
func wantRefs(t *testing.T, what string, v any, names ...string) {
	t.Helper()
	o, _ := v.(map[string]any)
	want := []any{map[string]any{"$ref": "#/channels/socket"}}
	for _, name := range names {
		want = append(want, map[string]any{"$ref": "#/channels/socket/messages/" + name})
	}
	messages, _ := o["messages"].([]any)
	if got := append([]any{o["channel"]}, messages...); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s is of %v, not of %v", what, got, want)
	}
}

// TestExamplesAreAsTheAsyncAPISays checks the frames of protocol.md against
// their schemas, and that there is one of each message. A request that is
// refused for its form must not fit.
func TestExamplesAreAsTheAsyncAPISays(t *testing.T) {
	t.Parallel()
	a := loadAsyncAPI(t)
	text := read(t, "docs/protocol.md")
	seen := map[string]bool{}
	for _, block := range append(blocks(text, "frames"), blocks(text, "unplayed")...) {
		asked, refused := map[any]any{}, map[any]bool{}
		var frames []map[string]any
		for line := range strings.Lines(block) {
			whose, example, _ := strings.Cut(strings.TrimSpace(line), " ")
			frame := sample(example)
			if frame["op"] == nil {
				continue // of REST, or the end of a socket
			}
			if id, ok := frame["id"].(string); ok { // of each client its own
				frame["id"] = fmt.Sprint(len(whose), ".", id)
			}
			if frame["op"] != "ack" && frame["op"] != "event" {
				asked[frame["id"]] = frame["op"]
			}
			if frame["code"] == 10001.0 {
				refused[frame["id"]] = true
			}
			frames = append(frames, frame)
		}
		for _, f := range frames {
			message := messageOf(f, asked)
			err := a.check(message, f)
			switch isRequest := f["op"] != "ack" && f["op"] != "event"; {
			case isRequest && refused[f["id"]]:
				if err == nil {
					t.Errorf("%v fits, and is refused", f)
				}
			case err != nil:
				t.Errorf("%v\n%v", f, err)
			default:
				seen[message] = true
			}
		}
	}
	for message := range a.schemas {
		if !seen[message] {
			t.Errorf("protocol.md has no example of %s", message)
		}
	}
}

// sample is the frame of an example, with 1 for the numbers that it leaves
// open; nil if it is none.
func sample(example string) map[string]any {
	var frame map[string]any
	example = bare.ReplaceAllString(fill(example, map[string]string{"conversation": "p_1_2", "group": "1"}), "${1}1")
	if json.Unmarshal([]byte(example), &frame) != nil {
		return nil
	}
	return frame
}
