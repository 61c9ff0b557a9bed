package model

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"tudoIM/common/errs"
)

// age makes the row of content's bytes older than the lease.
func age(t *testing.T, q Files, content string) {
	t.Helper()
	old := q.DB.Clock.Milli(t.Context()) - lease.Milliseconds() - 1
	if err := q.DB.Model(&FileBlobModel{}).Where("sha256 = ?", hash(content)).UpdateColumn("updated_at", old).Error; err != nil {
		t.Fatal(err)
	}
}

func expect(t *testing.T, q Files, content string) (key string) {
	t.Helper()
	key, err := q.Expect(t.Context(), hash(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// garbage returns the places that are garbage, and forgets none.
func garbage(t *testing.T, q Files) (keys []string) {
	t.Helper()
	for after := uint64(0); ; {
		list, err := q.Garbage(t.Context(), after)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			slices.Sort(keys)
			return keys
		}
		for _, g := range list {
			after = g.ID
			keys = append(keys, g.BlobKey)
		}
	}
}

// TestMuchGarbageComesInParts has more than one transaction takes, and more
// than one answer.
func TestMuchGarbageComesInParts(t *testing.T) {
	t.Parallel()
	each(t, Quota{1000, 10}, func(t *testing.T, q Files) {
		const many = 2*discardBatch + 50
		blobs := make([]FileBlobModel, many)
		for n := range blobs {
			blobs[n] = FileBlobModel{SHA256: hash(fmt.Sprint(n)), Size: 1, BlobKey: hash(fmt.Sprint(n))[:32]}
			blobs[n].CreatedAt, blobs[n].UpdatedAt = 1, 1
		}
		if err := q.DB.CreateInBatches(&blobs, 100).Error; err != nil {
			t.Fatal(err)
		}
		if got := garbage(t, q); len(got) != many || len(slices.Compact(got)) != many {
			t.Errorf("%d places, want %d", len(got), many)
		}
		if n := rows(t, q, &FileBlobModel{}); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

func TestAPlaceIsExpectedOnce(t *testing.T) {
	t.Parallel()
	each(t, Quota{1000, 10}, func(t *testing.T, q Files) {
		keys := make([]string, 20)
		var wg sync.WaitGroup
		for i := range keys {
			wg.Go(func() { keys[i] = expect(t, q, "the same") })
		}
		wg.Wait()
		if len(slices.Compact(keys)) != 1 || !isKey(keys[0]) || keys[0] == expect(t, q, "another") {
			t.Errorf("%q", keys)
		}
		for name, c := range map[string]struct {
			hash string
			size int64
		}{
			"no hash":      {"x", 1},
			"not hex":      {strings.Repeat("x", 64), 1},
			"no size":      {hash("x"), 0},
			"another size": {hash("another"), 1},
		} {
			if _, err := q.Expect(t.Context(), c.hash, c.size); !errors.Is(err, errs.Bad) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestOnlyBytesThatNobodyNeedsAreGarbage(t *testing.T) {
	t.Parallel()
	each(t, Quota{1000, 10}, func(t *testing.T, q Files) {
		kept, fresh, old := put(t, q, file(1, "kept")).BlobKey, expect(t, q, "fresh"), expect(t, q, "old")
		for _, content := range []string{"kept", "old"} {
			age(t, q, content)
		}
		if got := garbage(t, q); !slices.Equal(got, []string{old}) {
			t.Errorf("%q, want %q; kept %q, fresh %q", got, old, kept, fresh)
		}
		if got := garbage(t, q); !slices.Equal(got, []string{old}) {
			t.Errorf("%q is no more, and nobody has cleared it", got)
		}

		// Who comes again gets another place, whatever becomes of the first.
		again := expect(t, q, "old")
		if again == old {
			t.Error("the place is used again")
		}
		late := file(1, "old")
		late.BlobKey = old
		if err := q.Put(t.Context(), late); !errors.Is(err, errs.Unavailable) {
			t.Errorf("what is garbage is recorded: %v", err)
		}
		if err := store(t, q, file(1, "old")); err != nil {
			t.Error(err)
		}
		if room, err := q.Room(t.Context(), 1); err != nil || room != (Quota{1000 - 4 - 3, 8}) {
			t.Errorf("%+v, %v", room, err)
		}

		list, err := q.Garbage(t.Context(), 0)
		if err != nil || len(list) != 1 {
			t.Fatalf("%+v, %v", list, err)
		}
		for range 2 {
			if err := q.Cleared(t.Context(), []uint64{list[0].ID}); err != nil {
				t.Error(err)
			}
		}
		if got := garbage(t, q); len(got) > 0 {
			t.Errorf("cleared, and still %q", got)
		}
		if err := q.Cleared(t.Context(), make([]uint64, garbageBatch+1)); !errors.Is(err, errs.Bad) {
			t.Errorf("too many: %v", err)
		}
		if err := q.Cleared(t.Context(), nil); err != nil {
			t.Error(err)
		}
	})
}

// TestGarbageAgainstUploads lets many upload what others, over and over, take
// for garbage: what is recorded is never among it.
func TestGarbageAgainstUploads(t *testing.T) {
	t.Parallel()
	each(t, Quota{1 << 20, 1000}, func(t *testing.T, q Files) {
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				for n := range 10 {
					content := fmt.Sprint(n)
					key := expect(t, q, content)
					if i%2 == 0 {
						age(t, q, content)
						garbage(t, q)
					}
					f := file(1, content)
					f.BlobKey = key
					if err := q.Put(t.Context(), f); err != nil && !errors.Is(err, errs.Unavailable) {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		thrown := garbage(t, q)
		var files []FileModel
		if err := q.DB.Find(&files).Error; err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if slices.Contains(thrown, f.BlobKey) {
				t.Errorf("%s is a file's and garbage", f.BlobKey)
			}
		}
		refs(t, q, int64(len(files)))
	})
}
