package run

import (
	"context"
	"strings"
	"time"

	"github.com/zeromicro/go-zero/core/proc"

	"tudoIM/core/conf"
	"tudoIM/utils/ports"
)

// Alone answers for halves that nobody outside of this process has to find:
// addresses of their own on the loopback, none for what each would tell of
// itself, and a log for who started it by hand. The gateway keeps its own.
func Alone(halves []string) (conf.Lookup, error) {
	addrs, err := ports.Loopback(len(halves))
	if err != nil {
		return nil, err
	}
	answers := map[string]string{"TUDO_LOG_LEVEL": "error", "TUDO_LOG_ENCODING": "plain"}
	for i, name := range halves {
		prefix := "TUDO_" + strings.ToUpper(name)
		answers[prefix+"_INNER_ADDR"] = conf.Off
		if name != "gateway" {
			answers[prefix+"_ADDR"] = addrs[i]
		}
	}
	return func(name string) (string, bool) {
		v, ok := answers[name]
		return v, ok
	}, nil
}

// Lookups asks each in turn; the first that has a value answers.
func Lookups(all ...conf.Lookup) conf.Lookup {
	return func(name string) (string, bool) {
		for _, lookup := range all {
			if v, ok := lookup(name); ok && v != "" {
				return v, true
			}
		}
		return "", false
	}
}

// WhenReady calls ready once nothing is missing any more, or late if that
// takes longer than patience. It returns without either if the process ends.
func (t Together) WhenReady(patience time.Duration, ready func(), late func(missing map[string]string)) {
	end := time.Now().Add(patience)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-proc.Done():
			return
		case <-tick.C:
		}
		missing := t.Missing(context.Background())
		if len(missing) == 0 {
			ready()
			return
		}
		if time.Now().After(end) {
			late(missing)
			return
		}
	}
}
