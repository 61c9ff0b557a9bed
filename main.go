// Tudo IM: the whole suite in one process, some of its halves, or its tables.
package main

import (
	"context"
	"embed"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/zeromicro/go-zero/core/logx"
	"github.com/zeromicro/go-zero/core/proc"

	"tudoIM/common/version"
	"tudoIM/core/cache"
	"tudoIM/core/conf"
	"tudoIM/core/db"
	"tudoIM/core/embedded"
	"tudoIM/core/run"
	auth_api "tudoIM/tudoIM_auth/auth_api/app"
	auth_rpc "tudoIM/tudoIM_auth/auth_rpc/app"
	chat_api "tudoIM/tudoIM_chat/chat_api/app"
	chat_rpc "tudoIM/tudoIM_chat/chat_rpc/app"
	file_api "tudoIM/tudoIM_file/file_api/app"
	file_rpc "tudoIM/tudoIM_file/file_rpc/app"
	gateway "tudoIM/tudoIM_gateway/app"
	group_api "tudoIM/tudoIM_group/group_api/app"
	group_rpc "tudoIM/tudoIM_group/group_rpc/app"
	settings_api "tudoIM/tudoIM_settings/settings_api/app"
	settings_rpc "tudoIM/tudoIM_settings/settings_rpc/app"
	user_api "tudoIM/tudoIM_user/user_api/app"
	user_rpc "tudoIM/tudoIM_user/user_rpc/app"
)

//go:embed tudoIM_*/*/etc/*.yaml tudoIM_gateway/etc/*.yaml
var files embed.FS

const userRPC = "tudoIM_user/user_rpc/etc/user_rpc.yaml"

// halves is all there is; each one's yaml is read with the same lookup.
var halves = []run.Half{
	run.NewHalf("auth_rpc", "tudoIM_auth/auth_rpc/etc/auth_rpc.yaml", auth_rpc.New, auth_rpc.Migrate),
	run.NewHalf("user_rpc", userRPC, user_rpc.New, user_rpc.Migrate),
	run.NewHalf("chat_rpc", "tudoIM_chat/chat_rpc/etc/chat_rpc.yaml", chat_rpc.New, chat_rpc.Migrate),
	run.NewHalf("group_rpc", "tudoIM_group/group_rpc/etc/group_rpc.yaml", group_rpc.New, group_rpc.Migrate),
	run.NewHalf("file_rpc", "tudoIM_file/file_rpc/etc/file_rpc.yaml", file_rpc.New, file_rpc.Migrate),
	run.NewHalf("settings_rpc", "tudoIM_settings/settings_rpc/etc/settings_rpc.yaml", settings_rpc.New, settings_rpc.Migrate),
	run.NewHalf("auth_api", "tudoIM_auth/auth_api/etc/auth.yaml", auth_api.New, nil),
	run.NewHalf("user_api", "tudoIM_user/user_api/etc/users.yaml", user_api.New, nil),
	run.NewHalf("chat_api", "tudoIM_chat/chat_api/etc/chats.yaml", chat_api.New, nil),
	run.NewHalf("group_api", "tudoIM_group/group_api/etc/groups.yaml", group_api.New, nil),
	run.NewHalf("file_api", "tudoIM_file/file_api/etc/file.yaml", file_api.New, nil),
	run.NewHalf("settings_api", "tudoIM_settings/settings_api/etc/settings.yaml", settings_api.New, nil),
	run.NewHalf("gateway", "tudoIM_gateway/etc/gateway.yaml", gateway.New, nil),
}

var (
	tables = flag.Bool("db", false, "create or upgrade all tables, then exit")
	boss   string
	only   = flag.String("only", "", "run only these halves, each as configured: `names` such as auth_rpc,gateway; auth for a pair; api or rpc for all of a kind")
)

func main() {
	flag.Func("admin", "make the user of this `name` or id an administrator, then exit", func(name string) error {
		if boss = strings.TrimSpace(name); boss == "" {
			return errors.New("a name is needed")
		}
		return nil
	})
	flag.Parse()
	argument, _, _ := strings.Cut(flag.Arg(0), "=") // what follows may be a secret
	err := errors.New("unknown argument " + argument)
	switch {
	case flag.NArg() > 0:
	case *tables:
		err = migrate()
	case boss != "":
		err = promote(boss)
	case *only != "":
		err = some(*only)
	default:
		err = whole()
	}
	if err != nil {
		run.Exit("tudoim", err)
	}
}

// some runs the named halves in this process, each as if it had its own.
func some(names string) error {
	chosen, err := choose(names)
	if err != nil {
		return err
	}
	all, err := run.Load(chosen, files, os.LookupEnv)
	if err != nil {
		return err
	}
	services, err := run.Build(all)
	if err != nil {
		return err
	}
	return errors.Join(run.Serve(services...), db.Close())
}

// choose returns the halves that names name: one (auth_rpc), a pair (auth) or
// all of a kind (rpc).
func choose(names string) ([]run.Half, error) {
	chosen := map[string]bool{}
	for name := range strings.SplitSeq(names, ",") {
		name = strings.TrimSpace(name)
		found := false
		for _, h := range halves {
			pair, kind, _ := strings.Cut(h.Name, "_")
			if name != "" && slices.Contains([]string{h.Name, pair, kind}, name) {
				chosen[h.Name], found = true, true
			}
		}
		if !found {
			return nil, fmt.Errorf("-only: there is no half %q; there are gateway, and auth, user, chat, group, file, settings, each as _api and _rpc", name)
		}
	}
	return slices.DeleteFunc(slices.Clone(halves), func(h run.Half) bool { return !chosen[h.Name] }), nil
}

// dataDir returns the data directory, which is there then.
func dataDir() (string, error) {
	dir := os.Getenv("TUDO_DATA_DIR")
	if dir == "" {
		dir = "~/.tudoim"
	}
	return conf.Dir(dir)
}

func init() {
	db.RegisterDialect("sqlite", func(file string) (db.Opened, error) {
		d, err := embedded.SQLite(file)
		return db.Opened{Dialector: d, Name: "SQLite " + file}, err
	})
}

// database opens the database that -db and -admin work on, once it answers, for
// f; ctx ends with a signal.
func database(f func(ctx context.Context, d *db.DB, lookup conf.Lookup) error) error {
	dir, err := dataDir()
	if err != nil {
		return err
	}
	logx.Disable() // all there is to say is said here
	dsn := os.Getenv("TUDO_MYSQL_DSN")
	if dsn == "" {
		dsn = embedded.SQLiteDSN(dir)
		fmt.Println("TUDO_MYSQL_DSN is not set: using the SQLite file of the single process.")
		fmt.Println("For MySQL: TUDO_MYSQL_DSN='user:password@tcp(127.0.0.1:3306)/tudo'")
	}
	d, err := db.Open(dsn, 4)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() { <-proc.Done(); stop() }()
	first, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	if err := d.Ready(first); err != nil {
		return fmt.Errorf("the database does not answer: %w", err)
	}
	err = f(ctx, d, run.Lookups(os.LookupEnv, func(name string) (string, bool) { return dsn, name == "TUDO_MYSQL_DSN" }))
	return errors.Join(err, db.Close())
}

// migrate is -db.
func migrate() error {
	return database(func(ctx context.Context, d *db.DB, lookup conf.Lookup) error {
		all, err := run.Load(halves, files, lookup)
		if err != nil {
			return err
		}
		done, err := run.Upgrade(ctx, all)
		for _, line := range done {
			fmt.Println(line)
		}
		if err == nil && len(done) == 0 {
			fmt.Println("All tables are up to date.")
		}
		fmt.Println("Database:", d.Name)
		return err
	})
}

// promote is -admin.
func promote(name string) error {
	return database(func(ctx context.Context, _ *db.DB, lookup conf.Lookup) error {
		c, err := run.Config[user_rpc.Config](userRPC, files, lookup)
		if err != nil {
			return err
		}
		line, err := user_rpc.Promote(ctx, c, name)
		if err == nil {
			fmt.Println(line)
		}
		return err
	})
}

// whole runs everything in this process, and what nobody named beside it.
func whole() error {
	dir, err := dataDir()
	if err != nil {
		return err
	}
	parts, err := embedded.Start(dir, os.LookupEnv)
	if err != nil {
		return err
	}
	err = serve(dir, parts)
	logx.Disable() // from here on only our own parts go away
	if err = errors.Join(err, db.Close()); err == nil {
		parts.Close() // else they end with the process: who waits is to be told why
	}
	return err
}

// serve runs everything until the process ends.
func serve(dir string, parts *embedded.Parts) error {
	var names []string
	for _, h := range halves {
		names = append(names, h.Name)
	}
	alone, err := run.Alone(names)
	if err != nil {
		return err
	}
	lookup := run.Lookups(os.LookupEnv, parts.Lookup, alone)
	all, err := run.Load(halves, files, lookup)
	if err != nil {
		return err
	}
	if _, ours := parts.Lookup("TUDO_MYSQL_DSN"); ours {
		if _, err := run.Upgrade(context.Background(), all); err != nil {
			return err
		}
	}
	services, err := run.Build(all)
	if err != nil {
		return err
	}
	if addr := os.Getenv("TUDO_INNER_ADDR"); addr != "" {
		if err := services.Inner(addr); err != nil {
			return err
		}
	}
	gateway := all[len(all)-1].Conf.Listen
	go services.WhenReady(30*time.Second, func() { banner(gateway, dir, lookup, parts) }, func(missing map[string]string) {
		fmt.Fprintln(os.Stderr, "tudoim: not ready yet, still missing:")
		for name, why := range missing {
			fmt.Fprintf(os.Stderr, "  %s: %s\n", name, why)
		}
	})
	return run.Serve(services...)
}

// banner says where everything is; nothing it prints has a password in it.
func banner(gateway, dir string, lookup conf.Lookup, parts *embedded.Parts) {
	database := func(dsn string) string {
		d, err := db.Open(dsn, 1) // it is open since long
		if err != nil {
			return err.Error()
		}
		return d.Name
	}
	where := func(variable string, name func(value string) string) string {
		value, _ := lookup(variable)
		if _, ours := parts.Lookup(variable); ours {
			return name(value) + " (embedded; set " + variable + " to use another)"
		}
		return name(value)
	}
	scheme := "http"
	if cert, _ := lookup("TUDO_TLS_CERT"); cert != "" {
		scheme = "https"
	}
	fmt.Printf(`Tudo IM %s is running.

  URL       %s://%s
  Data      %s
  Database  %s
  Redis     %s
  etcd      %s

Ctrl-C stops it.
`, version.Version, scheme, gateway, dir,
		where("TUDO_MYSQL_DSN", database), where("TUDO_REDIS", cache.Name), where("TUDO_ETCD", strings.TrimSpace))
}
