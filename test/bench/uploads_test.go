package bench

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// BenchmarkUploads sends 20 files of 50 MiB at once, four of each of five
// users, and reports by how much the memory of each process that they go
// through grows over what it was before (VmHWM of /proc less VmRSS before).
func BenchmarkUploads(b *testing.B) {
	suite.Need(b, suite.RequireMariaDB, suite.RequireRedis, suite.RequireEtcd, suite.RequireS3)
	for name, mode := range suite.Modes {
		b.Run(name, func(b *testing.B) {
			s, err := suite.Start(suite.Config{Mode: mode, Copies: 1, Env: suite.Unlimited})
			if err != nil {
				b.Fatal(err)
			}
			defer func() {
				if err := s.Close(); err != nil {
					b.Error(err)
				}
			}()
			uploads(b, s)
		})
	}
}

func uploads(b *testing.B, s *suite.Suite) {
	const users, each, size = 5, 4, 50 << 20
	content := bytes.Repeat([]byte("0123456789abcde\n"), size/16)
	people := make([]*client.Client, users)
	for n := range people {
		people[n] = client.New(s.URLs()[0])
		if err := people[n].Register(b.Context(), fmt.Sprint("uploads", n), "correct horse battery staple"); err != nil {
			b.Fatal(err)
		}
		if _, err := people[n].Upload(b.Context(), "first.txt", content[:1<<20]); err != nil {
			b.Fatal(err)
		}
	}
	before := map[string]int{}
	for _, m := range s.Members {
		if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", m.Pid()), []byte("5"), 0); err != nil {
			b.Fatal(err) // what was the most so far counts no more
		}
		before[m.Name] = memory(b, m, "VmRSS")
	}
	b.SetBytes(users * each * size)
	for n := 0; b.Loop(); n++ {
		var wg sync.WaitGroup
		for u, c := range people {
			for f := range each {
				wg.Go(func() {
					ctx, cancel := context.WithTimeout(b.Context(), patience)
					defer cancel()
					own := bytes.Clone(content)
					copy(own, fmt.Sprintf("%d %d %d", n, u, f))
					if _, err := c.Upload(ctx, "long.txt", own); err != nil {
						b.Error(err)
					}
				})
			}
		}
		wg.Wait()
	}
	for _, m := range s.Members {
		switch m.Name {
		case "tudoim", "gateway", "file_api":
			b.ReportMetric(float64(memory(b, m, "VmHWM")-before[m.Name])/1024, m.Name+"-MiB")
			b.ReportMetric(float64(before[m.Name])/1024, m.Name+"-MiB-before")
		}
	}
}

// memory is a figure of /proc/PID/status in KiB.
func memory(b *testing.B, m *suite.Member, name string) int {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", m.Pid()))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			n, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				b.Fatal(err)
			}
			return n
		}
	}
	b.Fatalf("no %s of %s", name, m.Name)
	return 0
}
