package conf

import (
	"errors"
	"fmt"
	"reflect"
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
	fields := map[string]reflect.Type{}
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
			low, of = name, t.Elem()
		}
		if of == nil {
			return fmt.Errorf("line %d: unknown key %s", n.Content[i].Line, path)
		}
		if given[low] {
			return fmt.Errorf("line %d: key %s is there twice", n.Content[i].Line, path)
		}
		given[low] = true
		if err := known(n.Content[i+1], of, path); err != nil {
			return err
		}
	}
	return nil
}

// collect finds the keys of a struct, those of embedded ones with them.
func collect(t reflect.Type, fields map[string]reflect.Type) {
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
		fields[strings.ToLower(name)] = f.Type
	}
}
