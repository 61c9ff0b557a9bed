package run

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/zeromicro/go-zero/core/service"

	"tudoIM/core/conf"
)

// Half is one half, or the gateway, as a process of several knows it.
type Half struct {
	// Name is the folder name.
	Name string

	load func(files fs.FS, lookup conf.Lookup) (*Loaded, error)
}

// Loaded is a half with its configuration.
type Loaded struct {
	Conf conf.Half
	// Migrate creates or upgrades its tables; nil if it has none.
	Migrate func(ctx context.Context) ([]string, error)

	build func() (service.Service, error)
}

// NewHalf describes the half configured by file and built by build. migrate
// is nil for one without tables.
func NewHalf[C HalfConf](name, file string, build func(C) (service.Service, error), migrate func(context.Context, C) ([]string, error)) Half {
	return Half{name, func(files fs.FS, lookup conf.Lookup) (*Loaded, error) {
		c, err := Config[C](file, files, lookup)
		if err != nil {
			return nil, err
		}
		l := &Loaded{Conf: c.Common(), build: func() (service.Service, error) { return build(c) }}
		if migrate != nil {
			l.Migrate = func(ctx context.Context) ([]string, error) { return migrate(ctx, c) }
		}
		return l, nil
	}}
}

// Config reads the configuration of a half from file.
func Config[C HalfConf](file string, files fs.FS, lookup conf.Lookup) (c C, err error) {
	text, err := fs.ReadFile(files, file)
	if err != nil {
		return c, fmt.Errorf("config: %w", err)
	}
	if err := conf.Parse(text, &c, lookup); err != nil {
		return c, fmt.Errorf("config %s: %w", file, err)
	}
	return c, nil
}

// Load reads the configurations of halves from files.
func Load(halves []Half, files fs.FS, lookup conf.Lookup) ([]*Loaded, error) {
	all := make([]*Loaded, 0, len(halves))
	for _, h := range halves {
		l, err := h.load(files, lookup)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

// Build builds all halves, for one process.
func Build(all []*Loaded) (Together, error) {
	if err := Setup("tudoim", all[0].Conf); err != nil {
		return nil, err
	}
	services := make(Together, 0, len(all))
	for _, l := range all {
		s, err := l.build()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.Conf.Name, err)
		}
		services = append(services, s)
	}
	return services, nil
}

// Upgrade creates or upgrades the tables of all and returns what it did, a
// line each.
func Upgrade(ctx context.Context, all []*Loaded) (done []string, err error) {
	for _, l := range all {
		if l.Migrate == nil {
			continue
		}
		lines, err := l.Migrate(ctx)
		if done = append(done, lines...); err != nil {
			return done, err
		}
	}
	return done, nil
}
