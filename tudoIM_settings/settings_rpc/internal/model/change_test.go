package model

import (
	"errors"
	"sync"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

func TestAChangeIsThereAtOnceAndChangesNothingElse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q, now := NewSites(d), time.Now()
		want := Default()
		is := func(name string) {
			t.Helper()
			for _, reader := range []*Sites{q, NewSites(d)} {
				if got, err := reader.Get(t.Context(), now); err != nil || got != want {
					t.Errorf("%s: %+v, error %v, want %+v", name, got, err, want)
				}
			}
		}
		put := func(name string, c Change) {
			t.Helper()
			if err := q.Put(t.Context(), c); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			is(name)
		}
		is("before")
		put("nothing", Change{})
		want.Title, want.RegisterOpen, want.Ver = "图多 🎉", false, 1
		put("two", Change{Title: &want.Title, RegisterOpen: &want.RegisterOpen})
		want = Site{"B", "two\nlines", true, 0, 1, 1 << 10, 50 << 20, LoginSingle, "let-me-in", 2}
		put("all", Change{
			&want.Title, &want.Abstract, &want.RegisterOpen, &want.RecallWindowSeconds, &want.MaxTextLength,
			&want.ImageMaxBytes, &want.FileMaxBytes, &want.MultiLogin, &want.InviteCode,
		})
		want.Ver = 3
		put("the same", Change{Title: &want.Title})

		good, bad, less, more, none := "C", "\x00", int32(-1), int64(50<<20+1), "none"
		for field, c := range map[string]Change{
			"title":               {Title: &bad, MultiLogin: &want.MultiLogin},
			"abstract":            {Title: &good, Abstract: &bad},
			"recallWindowSeconds": {Title: &good, RecallWindowSeconds: &less},
			"maxTextLength":       {Title: &good, MaxTextLength: &less},
			"imageMaxBytes":       {Title: &good, ImageMaxBytes: &more},
			"fileMaxBytes":        {Title: &good, FileMaxBytes: &more},
			"multiLogin":          {Title: &good, MultiLogin: &none},
			"inviteCode":          {Title: &good, InviteCode: &none},
		} {
			err := q.Put(t.Context(), c)
			if !errors.Is(err, errs.Bad) || errs.From(err).Data["field"] != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		is("after what was refused")
	}, Migration)
}

func TestChangesAtTheSameTimeHaveVersionsOfTheirOwn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const changes = 20
		q := NewSites(d)
		seconds := make([]int32, changes)
		var wg sync.WaitGroup
		for i := range seconds {
			wg.Go(func() {
				seconds[i] = int32(i)
				c := Change{RecallWindowSeconds: &seconds[i]}
				if i%2 == 0 {
					c = Change{MaxTextLength: new(int32(i + 1)), Title: new("T")}
				}
				if err := q.Put(t.Context(), c); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if s, err := q.Get(t.Context(), time.Now()); err != nil || s.Ver != changes || s.Title != "T" {
			t.Errorf("%+v, error %v", s, err)
		}
	}, Migration)
}
