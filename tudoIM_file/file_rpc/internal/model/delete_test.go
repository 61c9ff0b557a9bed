package model

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tudoIM/common/errs"
)

func uids(list []*FileModel) (all []string) {
	for _, f := range list {
		all = append(all, f.UID)
	}
	return all
}

// TestToReadIsNotToOwn has a file that everybody may read.
func TestToReadIsNotToOwn(t *testing.T) {
	t.Parallel()
	each(t, Quota{1000, 10}, func(t *testing.T, q Files) {
		f := file(1, "a face")
		f.Mime, f.Kind, f.Width, f.Height = "image/png", KindImage, 8, 8
		f.IsPublic = true
		put(t, q, f)
		if _, err := q.Get(t.Context(), 2, f.UID, false); err != nil {
			t.Fatal(err)
		}
		for _, user := range []uint64{0, 2} {
			if _, err := q.Own(t.Context(), user, f.UID); !errors.Is(err, errs.FileAccess) {
				t.Errorf("%d owns it: %v", user, err)
			}
			if err := q.Delete(t.Context(), user, f.UID); !errors.Is(err, errs.FileAccess) {
				t.Errorf("%d deletes it: %v", user, err)
			}
		}
		if got, err := q.Own(t.Context(), 1, f.UID); err != nil || got.UID != f.UID {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestADeletedFileGivesItsRoomBack(t *testing.T) {
	t.Parallel()
	each(t, Quota{1000, 10}, func(t *testing.T, q Files) {
		mine, also, others := put(t, q, file(1, "hello")), put(t, q, file(1, "hello")), put(t, q, file(2, "hello"))
		for _, c := range []struct {
			name string
			user uint64
			uid  string
		}{
			{"somebody else's", 1, others.UID}, {"mine, by somebody else", 2, mine.UID}, {"nobody", 0, mine.UID},
			{"no such file", 1, newUID()}, {"no uid", 1, "x"}, {"empty", 1, ""}, {"other case", 1, swapCase(mine.UID)},
		} {
			if err := q.Delete(t.Context(), c.user, c.uid); !errors.Is(err, errs.FileAccess) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		refs(t, q, 3)
		if err := q.DB.Exec("UPDATE file_blob_models SET updated_at = 1").Error; err != nil {
			t.Fatal(err)
		}
		if err := q.Delete(t.Context(), 1, mine.UID); err != nil {
			t.Fatal(err)
		}
		if err := q.Delete(t.Context(), 1, mine.UID); !errors.Is(err, errs.FileAccess) {
			t.Errorf("once more: %v", err)
		}
		if _, err := q.Get(t.Context(), 1, mine.UID, true); !errors.Is(err, errs.FileAccess) {
			t.Errorf("it is still there: %v", err)
		}
		list, count, used, err := q.Mine(t.Context(), 1, "", 1, 20)
		if err != nil || count != 1 || !slices.Equal(uids(list), []string{also.UID}) || used != (Quota{5, 1}) {
			t.Errorf("%v of %d, used %+v, %v", uids(list), count, used, err)
		}
		refs(t, q, 2)

		if err := q.DeleteAny(t.Context(), others.UID); err != nil {
			t.Fatal(err)
		}
		if err := q.DeleteAny(t.Context(), others.UID); !errors.Is(err, errs.FileAccess) {
			t.Errorf("once more: %v", err)
		}
		if room, err := q.Room(t.Context(), 2); err != nil || room != (Quota{1000, 10}) {
			t.Errorf("room %+v, %v", room, err)
		}
		refs(t, q, 1)
		if err := q.Delete(t.Context(), 1, also.UID); err != nil {
			t.Fatal(err)
		}
		var blob FileBlobModel
		if err := q.DB.Take(&blob).Error; err != nil || blob.Refs != 0 || blob.UpdatedAt < mine.CreatedAt {
			t.Errorf("bytes nobody has: %+v, %v", blob, err)
		}
		if got, err := q.Garbage(t.Context(), 0); err != nil || len(got) != 0 {
			t.Errorf("cleared away at once: %v, %v", got, err)
		}
		age := 2 * lease.Milliseconds()
		if err := q.DB.Exec("UPDATE file_blob_models SET updated_at = updated_at - ?", age).Error; err != nil {
			t.Fatal(err)
		}
		if got, err := q.Garbage(t.Context(), 0); err != nil || len(got) != 1 || got[0].BlobKey != blob.BlobKey {
			t.Errorf("an hour later: %v, %v", got, err)
		}
		put(t, q, file(3, "hello"))
		refs(t, q, 1)
	})
}

func TestParallelDeletesGiveBackOnce(t *testing.T) {
	t.Parallel()
	each(t, Quota{1 << 20, 1000}, func(t *testing.T, q Files) {
		const files, times = 20, 3
		var all []*FileModel
		for n := range files {
			all = append(all, put(t, q, file(1, fmt.Sprintf("%05d", n%4))))
		}
		kept := put(t, q, file(1, "00000"))
		var wg sync.WaitGroup
		var done, added atomic.Int64
		for range times {
			for n, f := range all {
				wg.Go(func() {
					del := func() error { return q.Delete(t.Context(), 1, f.UID) }
					if n%2 == 0 {
						del = func() error { return q.DeleteAny(t.Context(), f.UID) }
					}
					switch err := del(); {
					case err == nil:
						done.Add(1)
					case !errors.Is(err, errs.FileAccess):
						t.Error(err)
					}
				})
			}
			wg.Go(func() { // and uploads of the same bytes beside them
				if err := store(t, q, file(1, "00001")); err != nil {
					t.Error(err)
				}
				added.Add(1)
			})
		}
		wg.Wait()
		list, count, used, err := q.Mine(t.Context(), 1, "", 1, 100)
		left := 1 + added.Load()
		if err != nil || done.Load() != files || count != left || used != (Quota{5 * left, left}) || !slices.Contains(uids(list), kept.UID) {
			t.Errorf("%d deleted; %v of %d left, used %+v, %v", done.Load(), uids(list), count, used, err)
		}
		refs(t, q, left)
	})
}

func TestListsOfFiles(t *testing.T) {
	t.Parallel()
	each(t, Quota{1000, 10}, func(t *testing.T, q Files) {
		var all []*FileModel
		for n, kind := range []string{KindDocument, KindImage, KindDocument} {
			f := file(uint64(n%2+1), fmt.Sprint(n))
			f.Kind, f.FileName = kind, fmt.Sprintf("plan_%d%%.txt", n)
			all = append(all, put(t, q, f))
		}
		gone := put(t, q, file(1, "gone"))
		if err := q.DB.Model(gone).Update("status", StatusLive+1).Error; err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name  string
			find  Find
			want  []int
			count int64
		}{
			{"all, the newest first", Find{}, []int{2, 1, 0}, 3},
			{"a page", Find{Page: 2, Limit: 2}, []int{0}, 3},
			{"behind the last", Find{Page: 3, Limit: 2}, nil, 3},
			{"of a user", Find{UserID: 1}, []int{2, 0}, 2},
			{"of nobody", Find{UserID: 9}, nil, 0},
			{"of a kind", Find{Kind: KindImage}, []int{1}, 1},
			{"of a user and a kind", Find{UserID: 1, Kind: KindImage}, nil, 0},
			{"by a part of the name", Find{Key: " n_1 "}, []int{1}, 1},
			{"by a wildcard", Find{Key: "%.txt"}, []int{2, 1, 0}, 3},
			{"where % stands for itself", Find{Key: "pl%n"}, nil, 0},
			{"by uid", Find{Key: all[2].UID}, []int{2}, 1},
			{"by hash", Find{Key: all[0].SHA256}, []int{0}, 1},
		} {
			var want []string
			for _, n := range c.want {
				want = append(want, all[n].UID)
			}
			if got, count, err := q.All(t.Context(), c.find); err != nil || count != c.count || !slices.Equal(uids(got), want) {
				t.Errorf("%s: %v of %d, %v", c.name, uids(got), count, err)
			}
		}
		for field, f := range map[string]Find{
			"kind": {Kind: "program"}, "key": {Key: strings.Repeat("a", maxKey+1)}, "userId": {UserID: maxID + 1},
		} {
			if _, _, err := q.All(t.Context(), f); !errors.Is(err, errs.Bad) || errs.From(err).Data["field"] != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		if list, count, used, err := q.Mine(t.Context(), 2, KindImage, 1, 20); err != nil || count != 1 || len(list) != 1 || used != (Quota{1, 1}) {
			t.Errorf("mine: %v of %d, %+v, %v", uids(list), count, used, err)
		}
		if _, _, _, err := q.Mine(t.Context(), 0, "", 1, 20); !errors.Is(err, errs.Bad) {
			t.Errorf("nobody's: %v", err)
		}
	})
}
