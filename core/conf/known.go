package conf

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// known refuses what go-zero's loader would pass over in silence: keys that
// the configuration of type t does not have, and a key given twice.
func known(n *yaml.Node, t reflect.Type, at string) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if n.Kind == yaml.AliasNode {
		return errors.New("yaml aliases are not taken")
	}
	switch {
	case n.Kind == yaml.SequenceNode && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array):
		for i, c := range n.Content {
			if err := known(c, t.Elem(), fmt.Sprintf("%s[%d]", at, i)); err != nil {
				return err
			}
		}
	case n.Kind == yaml.MappingNode && (t.Kind() == reflect.Struct || t.Kind() == reflect.Map):
		return knownKeys(n, t, at)
	}
	return nil // whether the value suits t is the loader's to say
}

func knownKeys(n *yaml.Node, t reflect.Type, at string) error {
	fields := map[string]field{}
	if t.Kind() == reflect.Struct {
		collect(t, fields)
	}
	given := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i].Value
		path := strings.TrimPrefix(at+"."+name, ".")
		low := strings.ToLower(name) // as the loader compares names
		of := fields[low]
		if t.Kind() == reflect.Map {
			low, of = name, field{of: t.Elem()}
		}
		if of.of == nil {
			return fmt.Errorf("line %d: unknown key %s", n.Content[i].Line, path)
		}
		if given[low] {
			return fmt.Errorf("line %d: key %s is there twice", n.Content[i].Line, path)
		}
		given[low] = true
		if err := of.bounds(n.Content[i+1], path); err != nil {
			return err
		}
		if err := known(n.Content[i+1], of.of, path); err != nil {
			return err
		}
	}
	return nil
}

// field is a key that a configuration has.
type field struct {
	of  reflect.Type
	tag string
}

var between = regexp.MustCompile(`range=\[(-?\d+):(-?\d+)\]`)

// bounds refuses a number outside of the field's range. The loader does, too,
// but does not say which key it was.
func (f field) bounds(n *yaml.Node, path string) error {
	is := between.FindStringSubmatch(f.tag)
	if is == nil || n.Kind != yaml.ScalarNode {
		return nil
	}
	v, err := strconv.ParseInt(n.Value, 10, 64)
	if errors.Is(err, strconv.ErrSyntax) {
		return nil // no whole number: the loader says so, with the key
	}
	low, err1 := strconv.ParseInt(is[1], 10, 64)
	high, err2 := strconv.ParseInt(is[2], 10, 64)
	if err1 == nil && err2 == nil && (err != nil || v < low || v > high) {
		return fmt.Errorf("line %d: %s is %s, and has to be from %d to %d", n.Line, path, n.Value, low, high)
	}
	return nil
}

// collect finds the keys of a struct, those of embedded ones with them.
func collect(t reflect.Type, fields map[string]field) {
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			collect(f.Type, fields)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name = strings.TrimSpace(name); name == "" {
			name = f.Name
		}
		fields[strings.ToLower(name)] = field{f.Type, f.Tag.Get("json")}
	}
}
