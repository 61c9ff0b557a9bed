package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"tudoIM/test/suite"
)

const root = "../.."

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// blocks returns the fenced blocks of kind in a document.
func blocks(text, kind string) []string {
	var all []string
	for _, m := range regexp.MustCompile("(?ms)^```"+kind+"\n(.*?)^```$").FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	return all
}

// commands returns the lines of a document's shell blocks, without comments.
func commands(text string) []string {
	var all []string
	for _, b := range blocks(text, "bash") {
		for line := range strings.Lines(b) {
			line, _, _ = strings.Cut(strings.TrimSpace(line), "#")
			if line = strings.TrimSpace(line); line != "" {
				all = append(all, line)
			}
		}
	}
	return all
}

func TestBothReadmesHaveTheSameCommands(t *testing.T) {
	t.Parallel()
	zh, en := commands(read(t, "README.md")), commands(read(t, "README.en.md"))
	if !slices.Equal(zh, en) {
		t.Errorf("Chinese: %q\nEnglish: %q", zh, en)
	}
	if len(zh) < 20 {
		t.Errorf("only %d commands found", len(zh))
	}
	heads := regexp.MustCompile(`(?m)^#+ `)
	if z, e := heads.FindAllString(read(t, "README.md"), -1), heads.FindAllString(read(t, "README.en.md"), -1); !slices.Equal(z, e) {
		t.Errorf("chapters: Chinese %q, English %q", z, e)
	}
}

// TestLinksOfTheDocs finds every file that the documents point to.
func TestLinksOfTheDocs(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{"README.md", "README.en.md", "CONTRIBUTING.md", "docs/operations.md", "docs/protocol.md", "docs/design.md", "docs/performance.md", "docs/limits.md"} {
		for _, m := range regexp.MustCompile(`\]\(([^)#]+)\)`).FindAllStringSubmatch(read(t, doc), -1) {
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(doc), m[1])); err != nil && !strings.HasPrefix(m[1], "http") {
				t.Errorf("%s: %v", doc, err)
			}
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^- (tudoIM_\S+\.api)$`).FindAllStringSubmatch(read(t, "README.md"), -1) {
		if _, err := os.Stat(filepath.Join(root, m[1])); err != nil {
			t.Error(err)
		}
	}
}

// TestMakeTargetsOfTheDocs asks make for each target the documents name.
func TestMakeTargetsOfTheDocs(t *testing.T) {
	t.Parallel()
	var named []string
	for _, doc := range []string{"README.md", "CONTRIBUTING.md"} {
		for _, c := range commands(read(t, doc)) {
			if target, ok := strings.CutPrefix(c, "make "); ok {
				named = append(named, target)
			}
		}
	}
	if len(named) < 6 {
		t.Fatalf("only %q", named)
	}
	for _, target := range named {
		cmd := exec.Command("make", "-n", target)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("make %s: %v\n%s", target, err, out)
		}
	}
}

// TestVariablesAreDocumented compares the variables the yaml files read with
// those that operations.md tells of.
func TestVariablesAreDocumented(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(root, "tudoIM_*", "*", "etc", "*.yaml"))
	if err != nil || len(files) != 12 {
		t.Fatalf("%d yaml files, %v", len(files), err)
	}
	files = append(files, filepath.Join(root, "tudoIM_gateway", "etc", "gateway.yaml"))
	// Each half has these three, described once.
	own := regexp.MustCompile(`^TUDO_[A-Z]+_(API|RPC)_(ADDR|ADVERTISE|INNER_ADDR)$|^TUDO_GATEWAY_INNER_ADDR$`)
	used := map[string]string{"TUDO_INNER_ADDR": ""}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\$\{(TUDO_[A-Z_]+):-([^}]*)\}`).FindAllStringSubmatch(string(b), -1) {
			used[m[1]] = m[2]
		}
	}
	text := read(t, "docs/operations.md")
	for name, value := range used {
		if own.MatchString(name) {
			if _, port, ok := strings.Cut(value, ":"); ok && !strings.Contains(text, port) {
				t.Errorf("the default of %s, %s, is not documented", name, value)
			}
			continue
		}
		row := regexp.MustCompile("(?m)^\\| [^|]*`" + name + "`.*$").FindString(text)
		if row == "" {
			t.Errorf("%s is not documented", name)
		} else if value != "" && len(value) < 40 && !strings.Contains(row, value) {
			t.Errorf("the default of %s is %s, documented is %s", name, value, row)
		}
	}
	for _, name := range regexp.MustCompile("`(TUDO_[A-Z_]+)`").FindAllStringSubmatch(text, -1) {
		if _, ok := used[name[1]]; !ok {
			t.Errorf("%s is documented, and read nowhere", name[1])
		}
	}
}

// TestTheLimitsPageNamesWhatThereIs looks for each test, variable and key of a
// configuration that limits.md names.
func TestTheLimitsPageNamesWhatThereIs(t *testing.T) {
	t.Parallel()
	var tests, keys strings.Builder
	err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		to := &keys
		switch {
		case strings.HasSuffix(p, "_test.go"):
			to = &tests
		case !strings.HasSuffix(p, ".yaml"):
			return nil
		}
		b, err := os.ReadFile(p)
		to.Write(b)
		return err
	})
	must(t, "read all tests", err)
	text, variables := read(t, "docs/limits.md"), read(t, "docs/operations.md")
	named := regexp.MustCompile("`([A-Za-z_.]+)`").FindAllStringSubmatch(text, -1)
	if len(named) < 60 {
		t.Fatalf("only %d names", len(named))
	}
	for _, m := range named {
		name := m[1]
		switch {
		case strings.HasPrefix(name, "Test"):
			if !strings.Contains(tests.String(), "func "+name+"(") {
				t.Errorf("no test is called %s", name)
			}
		case strings.HasPrefix(name, "TUDO_"):
			if !strings.Contains(variables, "`"+strings.TrimRight(name, "._")) {
				t.Errorf("operations.md has no %s", name)
			}
		case name[0] >= 'A' && name[0] <= 'Z' && name != "Content":
			key := name[strings.LastIndexByte(name, '.')+1:]
			if !strings.Contains(keys.String(), key+":") {
				t.Errorf("no configuration has %s", name)
			}
		}
	}
}

// TestReadmeQuickStart runs the commands of the README's quick start as they
// stand there, on servers of its own, and chats.
func TestReadmeQuickStart(t *testing.T) {
	t.Parallel()
	s := own(t, suite.Many, 1)
	for _, m := range s.Members { // only the servers are wanted
		if err := m.Stop(); err != nil {
			t.Fatal(err)
		}
	}
	dsn, err := s.MariaDB.NewDatabase("readme")
	if err != nil {
		t.Fatal(err)
	}
	env := append(s.Environ(), "TUDO_MYSQL_DSN="+dsn, "TUDO_DATA_DIR="+t.TempDir())
	for _, m := range s.Members { // free ports; the README's own may be in use
		env = append(env, "TUDO_"+strings.ToUpper(m.Name)+"_ADDR="+m.Addr, "TUDO_"+strings.ToUpper(m.Name)+"_INNER_ADDR="+m.Inner)
	}
	shell := func(script string) *exec.Cmd {
		cmd := exec.Command("sh", "-c", script)
		cmd.Dir, cmd.Env = root, env
		return cmd
	}
	all := blocks(read(t, "README.md"), "bash")
	find := func(what string) string {
		t.Helper()
		i := slices.IndexFunc(all, func(b string) bool { return strings.Contains(b, what) })
		if i < 0 {
			t.Fatalf("the README does not say %q", what)
		}
		return all[i]
	}
	if out, err := shell(find("main.go -db")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var started []*suite.Process
	for i, script := range strings.Split(strings.TrimSpace(find("go run gateway.go")), "\n\n") {
		p, err := suite.StartProcess(shell(script), filepath.Join(t.TempDir(), fmt.Sprint("log-", i)))
		if err != nil {
			t.Fatal(err)
		}
		started = append(started, p)
		t.Cleanup(func() { _ = syscall.Kill(-p.Pid(), syscall.SIGKILL) }) // go run and what it runs
	}
	if len(started) != 8 {
		t.Fatalf("%d commands start services", len(started))
	}
	long, cancel := context.WithTimeout(t.Context(), 3*time.Minute) // go run links each
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for _, m := range s.Members {
		if strings.HasSuffix(m.Name, "_rpc") {
			m = s.Half("gateway")[0] // -only rpc is one process: the gateway tells of all
		}
		for {
			missing, err := m.Missing(long)
			if err == nil && len(missing) == 0 {
				break
			}
			select {
			case <-tick.C:
			case <-long.Done():
				var logs []string
				for _, p := range started {
					logs = append(logs, p.Tail())
				}
				t.Fatalf("%s: %v, %v\n%s", m.Name, missing, err, strings.Join(logs, "\n"))
			}
		}
	}
	ann, bob := friends(t, s)
	onBob := dial(t, bob)
	if _, err := ann.Send(ctx(t), text(bob, "1", "by the README")); err != nil {
		t.Fatal(err)
	}
	if d, err := onBob.NextMessage(ctx(t)); err != nil || d.Message.Content() != "by the README" {
		t.Errorf("%+v, %v", d, err)
	}
	curl := strings.ReplaceAll(find("curl "), "http://127.0.0.1:8080", ann.Base)
	if _, err := exec.LookPath("curl"); err == nil {
		out, err := shell(curl).Output()
		var answer struct {
			Code *int `json:"code"`
		}
		if err != nil || json.Unmarshal(out, &answer) != nil || answer.Code == nil || *answer.Code != 0 {
			t.Errorf("%s\n%s, %v", curl, out, err)
		}
		if out, err := shell(find("-admin ")).CombinedOutput(); err != nil || !strings.Contains(string(out), "is an administrator") {
			t.Errorf("-admin: %v\n%s", err, out)
		}
	}
	for _, p := range started {
		if err := syscall.Kill(-p.Pid(), syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
			t.Error(err)
		}
	}
	for _, p := range started {
		_ = p.Wait(endOfRun) // go run exits 1 when it is interrupted
		if err := syscall.Kill(-p.Pid(), 0); err == nil {
			t.Errorf("something of pid %d still runs:\n%s", p.Pid(), p.Tail())
		}
	}
}

// endOfRun is how long a service may take to end.
const endOfRun = 20 * time.Second
