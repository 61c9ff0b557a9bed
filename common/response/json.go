package response

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"tudoIM/common/errs"
)

const (
	// maxDepth bounds how deep arrays and objects may nest.
	maxDepth = 32
	// maxElements bounds one array, and the keys of one object.
	maxElements = 1000
)

// checkJSON refuses what costs more than it says (nesting without end, long
// lists) and what decoders disagree about: keys that appear twice, and
// anything behind the first value.
func checkJSON(body []byte) error {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	if err := checkValue(dec, 0); err != nil {
		return errs.Bad
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errs.Bad
	}
	return nil
}

var errShape = errors.New("json: too deep, too long, or a key twice")

func checkValue(dec *json.Decoder, depth int) error {
	tok, err := dec.Token()
	if err != nil {
		return err
	}
	open, ok := tok.(json.Delim)
	if !ok {
		return nil
	}
	if depth >= maxDepth {
		return errShape
	}
	var keys map[string]bool
	if open == '{' {
		keys = map[string]bool{}
	}
	for n := 1; dec.More(); n++ {
		if n > maxElements {
			return errShape
		}
		if keys != nil {
			key, err := dec.Token()
			if err != nil {
				return err
			}
			name, ok := key.(string)
			if !ok || keys[name] {
				return errShape
			}
			keys[name] = true
		}
		if err := checkValue(dec, depth+1); err != nil {
			return err
		}
	}
	_, err = dec.Token()
	return err
}
