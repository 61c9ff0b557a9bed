package model

import (
	"math"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

func TestSchema(t *testing.T) {
	t.Parallel()
	dbtest.Schema(t, Migration, &SettingsModel{})
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		key, value string
		want       func(*Site)
		isBad      bool
	}{
		{"title", "title", "图多", func(s *Site) { s.Title = "图多" }, false},
		{"title at the limit", "title", strings.Repeat("图", 64), func(s *Site) { s.Title = strings.Repeat("图", 64) }, false},
		{"title too long", "title", strings.Repeat("图", 65), nil, true},
		{"title empty", "title", "", nil, true},
		{"title with a control character", "title", "a\x00", nil, true},
		{"title not UTF-8", "title", "a\xff", nil, true},
		{"abstract empty", "abstract", "", nil, false},
		{"abstract of two lines", "abstract", "a\nb", func(s *Site) { s.Abstract = "a\nb" }, false},
		{"register closed", "registerOpen", "false", func(s *Site) { s.RegisterOpen = false }, false},
		{"register in other words", "registerOpen", "no", nil, true},
		{"no recall", "recallWindowSeconds", "0", func(s *Site) { s.RecallWindowSeconds = 0 }, false},
		{"recall below its bound", "recallWindowSeconds", "-1", func(s *Site) { s.RecallWindowSeconds = 0 }, true},
		{"recall above its bound", "recallWindowSeconds", "604801", func(s *Site) { s.RecallWindowSeconds = 604800 }, true},
		{"recall that would wrap", "recallWindowSeconds", strconv.Itoa(math.MaxUint32 + 61), func(s *Site) { s.RecallWindowSeconds = 604800 }, true},
		{"recall beyond every number", "recallWindowSeconds", strings.Repeat("9", 30), func(s *Site) { s.RecallWindowSeconds = 604800 }, true},
		{"recall not a number", "recallWindowSeconds", "2m", nil, true},
		{"text length", "maxTextLength", "100", func(s *Site) { s.MaxTextLength = 100 }, false},
		{"text length none", "maxTextLength", "0", func(s *Site) { s.MaxTextLength = 1 }, true},
		{"text length above what is stored", "maxTextLength", "4001", nil, true},
		{"image", "imageMaxBytes", "1048576", func(s *Site) { s.ImageMaxBytes = 1 << 20 }, false},
		{"file", "fileMaxBytes", "1048576", func(s *Site) { s.FileMaxBytes = 1 << 20 }, false},
		{"file above what is taken", "fileMaxBytes", "52428801", nil, true},
		{"one login", "multiLogin", "single", func(s *Site) { s.MultiLogin = LoginSingle }, false},
		{"unknown login", "multiLogin", "some", nil, true},
		{"another version's name", "someday", "x", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			want := Default()
			want.Ver = 7
			if c.want != nil {
				c.want(&want)
			}
			got, err := Parse([]SettingsModel{{Name: c.key, Value: c.value, Ver: 7}})
			if got != want || (err != nil) != c.isBad {
				t.Errorf("%+v, error %v, want %+v", got, err, want)
			}
		})
	}
}

func TestOneBadRowDoesNotSpoilTheOthers(t *testing.T) {
	t.Parallel()
	got, err := Parse([]SettingsModel{
		{Name: "title", Value: "A", Ver: 3}, {Name: "registerOpen", Value: "?", Ver: 5}, {Name: "multiLogin", Value: "class", Ver: 4},
	})
	want := Default()
	want.Title, want.MultiLogin, want.Ver = "A", LoginClass, 5
	if got != want || err == nil || !strings.Contains(err.Error(), "registerOpen") {
		t.Errorf("%+v, error %v", got, err)
	}
}

func TestSitesFollowTheTable(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q, now := NewSites(d), time.Now()
		get := func(now time.Time, want string, ver uint64) {
			t.Helper()
			s, err := q.Get(t.Context(), now)
			if err != nil || s.Title != want || s.Ver != ver {
				t.Errorf("%q version %d, error %v, want %q version %d", s.Title, s.Ver, err, want, ver)
			}
		}
		get(now, "Tudo IM", 0)
		if err := d.Create(&SettingsModel{Name: "title", Value: "图多 🎉", Ver: 1}).Error; err != nil {
			t.Fatal(err)
		}
		get(now.Add(fresh-1), "Tudo IM", 0)
		get(now.Add(fresh), "图多 🎉", 1)
		if err := d.Create(&SettingsModel{Name: "TITLE", Value: "no such name", Ver: 2}).Error; err != nil {
			t.Fatalf("names are not byte-exact: %v", err)
		}
		get(now.Add(2*fresh), "图多 🎉", 2)
		if err := d.Model(&SettingsModel{}).Where("name = ?", "title").UpdateColumns(map[string]any{"value": "at once", "ver": 3}).Error; err != nil {
			t.Fatal(err)
		}
		get(now.Add(2*fresh), "图多 🎉", 2)
		if s, err := q.Now(t.Context(), now.Add(2*fresh)); err != nil || s.Title != "at once" {
			t.Errorf("now: %+v, error %v", s, err)
		}
		get(now.Add(2*fresh), "at once", 3)
	}, Migration)
}

func TestSitesWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	d, now := dbtest.SQLite(t, Migration), time.Now()
	q := NewSites(d)
	if _, err := q.Get(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	pool, err := d.DB.DB()
	if err != nil {
		t.Fatal(err)
	}
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		age  time.Duration
		isOK bool
	}{
		{"fresh", fresh - 1, true},
		{"stale", fresh, true},
		{"left alone after a failure", fresh + pause/2, true},
		{"at the end", stale - 1, true},
		{"too old", stale, false},
	} {
		if s, err := q.Get(t.Context(), now.Add(c.age)); (err == nil) != c.isOK || c.isOK && s != Default() {
			t.Errorf("%s: %+v, error %v", c.name, s, err)
		}
	}
	if s, err := q.Now(t.Context(), now); err == nil {
		t.Errorf("as they are now: %+v", s)
	}
	if _, err := NewSites(d).Get(t.Context(), now); err == nil {
		t.Error("answered without ever having read")
	}
}

func TestSitesAreReadByManyAtOnce(t *testing.T) {
	t.Parallel()
	q, now := NewSites(dbtest.SQLite(t, Migration)), time.Now()
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if s, err := q.Get(t.Context(), now.Add(time.Duration(i)*time.Second)); err != nil || s != Default() {
				t.Errorf("%+v, error %v", s, err)
			}
		})
	}
	wg.Wait()
}
