// Package conf reads a half's configuration: one yaml in every mode, with
// ${NAME:-default} answered by the lookup function the process passes in.
package conf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/zeromicro/go-zero/core/conf"
	"github.com/zeromicro/go-zero/core/logx"
	"github.com/zeromicro/go-zero/core/trace"
	"gopkg.in/yaml.v3"
)

// maxFile bounds a configuration file.
const maxFile = 1 << 20

// Lookup answers for a variable; os.LookupEnv is the usual one.
type Lookup func(name string) (string, bool)

// Off is the value of an address that is not wanted: a variable set to the
// empty string counts as not set and takes the default.
const Off = "off"

// Half is the configuration every half of the suite has.
type Half struct {
	// Name is the folder name, and the etcd key the half registers under.
	Name string
	// Listen is the address to listen on, host:port.
	Listen string
	// Advertise is the address other processes reach Listen at; empty means
	// Listen itself, or this machine's address if Listen is on all interfaces.
	Advertise string `json:",optional"`
	// Inner is the address of /healthz, /readyz and /metrics; empty or Off means none.
	Inner string `json:",optional"`
	// Etcd is the comma separated list of etcd endpoints.
	Etcd string
	// Redis is one address, several separated by commas (a cluster), or a redis:// URL.
	Redis string `json:",optional"`
	// DataDir holds secrets and, for those who have any, files. A leading ~ is the home.
	DataDir string
	// InternalSecret signs what halves say to each other; empty means the
	// generated one in DataDir.
	InternalSecret string `json:",optional"`
	// Networks is the comma separated list of networks instances may be in; an
	// address in etcd outside of them is not connected to.
	Networks  string
	Log       logx.LogConf
	Telemetry trace.Config `json:",optional"`
	// Timeout of one request in milliseconds.
	Timeout int64 `json:",default=3000,range=[1:600000]"`
}

// Common returns the part every half has.
func (h Half) Common() Half { return h }

// API is the configuration of an api half: it has no database.
type API struct {
	Half
}

// RPC is the configuration of an rpc half.
type RPC struct {
	Half
	// DSN names the database: a go-sql-driver DSN for MySQL and its kin.
	DSN string `json:",optional"`
	// MaxOpenConns bounds the connections of this process to the database.
	MaxOpenConns int `json:",default=32,range=[1:1000]"`
}

// Load reads the yaml in file into v, which must be a pointer to a struct.
// Unknown variables without a default are the empty string. A key that v does
// not have is refused: it is most likely misspelt.
func Load(file string, v any, lookup Lookup) error {
	info, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("config: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return fmt.Errorf("config %s: not a regular file of at most %d bytes", file, maxFile)
	}
	text, err := os.ReadFile(file) // #nosec G304 -- the operator names the file
	if err != nil {
		return fmt.Errorf("config: %w", err)
	}
	if err := Parse(text, v, lookup); err != nil {
		return fmt.Errorf("config %s: %w", file, err)
	}
	return nil
}

// Parse is Load for a text already read.
func Parse(text []byte, v any, lookup Lookup) error {
	var root, more yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(text))
	if err := dec.Decode(&root); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if root.Kind != yaml.DocumentNode || len(root.Content) != 1 || root.Content[0].Kind != yaml.MappingNode {
		return errors.New("not a yaml mapping")
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return errors.New("more than one yaml document")
	}
	if err := expand(&root, lookup); err != nil {
		return err
	}
	if err := known(root.Content[0], reflect.TypeOf(v), ""); err != nil {
		return err
	}
	var out bytes.Buffer
	if err := yaml.NewEncoder(&out).Encode(&root); err != nil {
		return err
	}
	return conf.LoadFromYamlBytes(out.Bytes(), v)
}

var variable = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?\}`)

// expand replaces variables in scalar values. It works on the parsed tree, so
// no value of a variable can add a line or a key to the configuration.
func expand(n *yaml.Node, lookup Lookup) error {
	if n.Kind == yaml.ScalarNode && strings.Contains(n.Value, "${") {
		if strings.Contains(variable.ReplaceAllString(n.Value, ""), "${") {
			return fmt.Errorf("line %d: a ${ that begins no ${NAME} or ${NAME:-default}", n.Line)
		}
		var bad string
		n.Value = variable.ReplaceAllStringFunc(n.Value, func(m string) string {
			g := variable.FindStringSubmatch(m)
			v, ok := lookup(g[1])
			if !ok || v == "" {
				v = g[3]
			}
			if !utf8.ValidString(v) {
				bad = g[1]
			}
			return v
		})
		if bad != "" {
			return fmt.Errorf("%s is not valid UTF-8", bad)
		}
		if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 {
			n.Tag = "" // an unquoted value may become a number or a bool
		}
	}
	for _, c := range n.Content {
		if err := expand(c, lookup); err != nil {
			return err
		}
	}
	return nil
}

// Dir returns dir as an absolute path, a leading ~ being the home directory,
// and makes it (mode 0700) if it is not there.
func Dir(dir string) (string, error) {
	if dir == "~" || strings.HasPrefix(dir, "~/") {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("data directory: %w", err)
		}
		dir = filepath.Join(home, strings.TrimPrefix(dir, "~"))
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("data directory: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("data directory: %w", err)
	}
	return dir, nil
}
