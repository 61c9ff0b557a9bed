package model

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tudoIM/common/errs"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

func TestSchema(t *testing.T) {
	t.Parallel()
	dbtest.Schema(t, Migration, &FileModel{}, &FileBlobModel{}, &FileQuotaModel{}, &FileGarbageModel{}, &UploadModel{}, &UploadPartModel{})
}

func hash(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// file is one of user's with this content.
func file(user uint64, content string) *FileModel {
	return &FileModel{
		UserID: user, FileName: "a.txt", Size: int64(len(content)), SHA256: hash(content), Mime: "text/plain", Kind: KindDocument,
	}
}

func each(t *testing.T, quota Quota, f func(t *testing.T, q Files)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, Files{DB: d, Quota: quota}) }, Migration)
}

func put(t *testing.T, q Files, f *FileModel) *FileModel {
	t.Helper()
	if err := store(t, q, f); err != nil {
		t.Fatal(err)
	}
	return f
}

// store records f as who has stored its bytes does.
func store(t *testing.T, q Files, f *FileModel) (err error) {
	t.Helper()
	if f.BlobKey, err = q.Expect(t.Context(), f.SHA256, f.Size); err != nil {
		return err
	}
	return q.Put(t.Context(), f)
}

func rows(t *testing.T, q Files, model any) (n int64) {
	t.Helper()
	if err := q.DB.Model(model).Count(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFileIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	each(t, Quota{1000, 10}, func(t *testing.T, q Files) {
		f := put(t, q, file(1, "hello"))
		got, err := q.Get(t.Context(), 1, f.UID, false)
		if err != nil {
			t.Fatal(err)
		}
		if *got != *f || got.CreatedAt == 0 || !isUID(got.UID) {
			t.Errorf("%+v, put %+v", got, f)
		}
		if got, err := q.Get(t.Context(), 2, f.UID, true); err != nil || *got != *f {
			t.Errorf("who holds a message with it gets %+v, %v", got, err)
		}
		gone := put(t, q, file(1, "gone"))
		if err := q.DB.Model(gone).Update("status", StatusLive+1).Error; err != nil {
			t.Fatal(err)
		}
		face := file(1, "a face")
		face.Kind, face.Width, face.Height, face.IsPublic = KindImage, 24, 16, true
		put(t, q, face)
		if got, err := q.Get(t.Context(), 2, face.UID, false); err != nil || *got != *face {
			t.Errorf("who knows a public file gets %+v, %v", got, err)
		}
		for _, c := range []struct {
			name string
			user uint64
			uid  string
			held bool
		}{
			{"nobody, and it is public", 0, face.UID, false},
			{"somebody else", 2, f.UID, false},
			{"nobody", 0, f.UID, false},
			{"nobody, and it is held", 0, f.UID, true},
			{"no such file", 1, newUID(), false},
			{"no such file, and it is held", 2, newUID(), true},
			{"not live", 1, gone.UID, false},
			{"not live, and it is held", 2, gone.UID, true},
			{"empty", 1, "", true},
			{"other case", 1, swapCase(f.UID), true},
			{"hash in place of uid", 1, f.SHA256, true},
			{"wildcard", 1, strings.Repeat("%", 22), true},
		} {
			if _, err := q.Get(t.Context(), c.user, c.uid, c.held); !errors.Is(err, errs.FileAccess) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	})
}

func swapCase(s string) string {
	swapped := strings.ToUpper(s)
	if swapped == s {
		swapped = strings.ToLower(s)
	}
	return swapped
}

func TestPutRefusesWhatCannotBeRecorded(t *testing.T) {
	t.Parallel()
	each(t, Quota{1000, 10}, func(t *testing.T, q Files) {
		for _, c := range []struct {
			field  string
			change func(*FileModel)
		}{
			{"userId", func(f *FileModel) { f.UserID = 0 }},
			{"userId", func(f *FileModel) { f.UserID = maxID + 1 }},
			{"fileName", func(f *FileModel) { f.FileName = "" }},
			{"fileName", func(f *FileModel) { f.FileName = strings.Repeat("a", maxName+1) }},
			{"fileName", func(f *FileModel) { f.FileName = "a\nb" }},
			{"fileName", func(f *FileModel) { f.FileName = "../a" }},
			{"fileName", func(f *FileModel) { f.FileName = `a\b` }},
			{"fileName", func(f *FileModel) { f.FileName = "a\xff" }},
			{"size", func(f *FileModel) { f.Size = 0 }},
			{"size", func(f *FileModel) { f.Size = -1 }},
			{"hash", func(f *FileModel) { f.SHA256 = "" }},
			{"hash", func(f *FileModel) { f.SHA256 = strings.ToUpper(f.SHA256) }},
			{"hash", func(f *FileModel) { f.SHA256 = f.SHA256[2:] }},
			{"key", func(f *FileModel) { f.BlobKey = "" }},
			{"key", func(f *FileModel) { f.BlobKey = "../" + strings.Repeat("0", 29) }},
			{"mime", func(f *FileModel) { f.Mime = "text" }},
			{"mime", func(f *FileModel) { f.Mime = "text/plain; charset=utf-8" }},
			{"mime", func(f *FileModel) { f.Mime = "text/" + strings.Repeat("a", maxMIME) }},
			{"kind", func(f *FileModel) { f.Kind = "program" }},
			{"width", func(f *FileModel) { f.Width, f.Height = -1, 1 }},
			{"width", func(f *FileModel) { f.Height = 1 }},
			{"height", func(f *FileModel) { f.Width, f.Height = 1, -1 }},
			{"isPublic", func(f *FileModel) { f.IsPublic = true }},
		} {
			f := file(1, "hello")
			f.BlobKey = strings.Repeat("0", 32)
			c.change(f)
			err := q.Put(t.Context(), f)
			if !errors.Is(err, errs.Bad) || errs.From(err).Data["field"] != c.field {
				t.Errorf("%s: %v", c.field, err)
			}
		}
		f := put(t, q, file(1, "hello"))
		liar := file(2, "hello")
		liar.Size++
		if err := store(t, q, liar); !errors.Is(err, errs.Bad) {
			t.Errorf("same bytes of another size: %v", err)
		}
		f.FileName = strings.Repeat("图", maxName/3)
		if err := store(t, q, f); err != nil {
			t.Errorf("a name at the limit: %v", err)
		}
		if n := rows(t, q, &FileModel{}); n != 2 {
			t.Errorf("%d files", n)
		}
		if n := rows(t, q, &FileQuotaModel{}); n != 1 {
			t.Errorf("%d quotas", n)
		}
	})
}

func TestTheQuotaHoldsToTheByte(t *testing.T) {
	t.Parallel()
	each(t, Quota{10, 3}, func(t *testing.T, q Files) {
		room := func(user uint64, want Quota) {
			t.Helper()
			if got, err := q.Room(t.Context(), user); err != nil || got != want {
				t.Errorf("room %+v, error %v, want %+v", got, err, want)
			}
		}
		refused := func(f *FileModel) {
			t.Helper()
			if err := store(t, q, f); !errors.Is(err, errs.FileQuota) {
				t.Errorf("put: %v", err)
			}
		}
		room(1, Quota{10, 3})
		refused(file(1, "12345678901"))
		put(t, q, file(1, "123456"))
		refused(file(1, "12345"))
		room(1, Quota{4, 2})
		put(t, q, file(1, "1234"))
		room(1, Quota{0, 1})
		refused(file(1, "1"))

		for range 3 {
			put(t, q, file(2, "1"))
		}
		refused(file(2, "1"))
		room(2, Quota{7, 0})
		room(3, Quota{10, 3})
		q.Quota = Quota{5, 1} // an operator may lower it below what is there
		room(1, Quota{0, 0})
		if _, err := q.Room(t.Context(), 0); !errors.Is(err, errs.Bad) {
			t.Errorf("nobody's room: %v", err)
		}
		refs(t, q, 5) // none for what was refused
	})
}

func TestParallelUploadsNeverPassTheQuota(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		quota Quota
		want  int64
	}{
		"bytes": {Quota{7*5 + 4, 1000}, 7},
		"files": {Quota{1 << 20, 7}, 7},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, c.quota, func(t *testing.T, q Files) {
				var wg sync.WaitGroup
				var done atomic.Int64
				for i := range 50 {
					wg.Go(func() {
						err := store(t, q, file(1, fmt.Sprintf("%05d", i%3)))
						switch {
						case err == nil:
							done.Add(1)
						case !errors.Is(err, errs.FileQuota):
							t.Error(err)
						}
					})
				}
				wg.Wait()
				var used FileQuotaModel
				if err := q.DB.Take(&used, "user_id = 1").Error; err != nil {
					t.Fatal(err)
				}
				n := rows(t, q, &FileModel{})
				if done.Load() != c.want || n != c.want || used.Files != c.want || used.Bytes != 5*c.want {
					t.Errorf("%d answered, %d rows, counted %+v", done.Load(), n, used)
				}
				refs(t, q, c.want)
			})
		})
	}
}

// refs checks that the references are as many as the files.
func refs(t *testing.T, q Files, want int64) {
	t.Helper()
	var sum int64
	if err := q.DB.Raw("SELECT COALESCE(SUM(refs), 0) FROM file_blob_models").Row().Scan(&sum); err != nil || sum != want {
		t.Errorf("%d references, error %v, want %d", sum, err, want)
	}
}

func TestManyUsersShareBytes(t *testing.T) {
	t.Parallel()
	each(t, Quota{1000, 1000}, func(t *testing.T, q Files) {
		const users = 20
		files := make([]*FileModel, users)
		var wg sync.WaitGroup
		for i := range users {
			wg.Go(func() {
				files[i] = file(uint64(i+1), "the same")
				if err := store(t, q, files[i]); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		uids := map[string]bool{}
		for _, f := range files {
			uids[f.UID] = true
			if f.BlobID != files[0].BlobID {
				t.Errorf("blob %d and %d", f.BlobID, files[0].BlobID)
			}
		}
		if len(uids) != users || rows(t, q, &FileBlobModel{}) != 1 {
			t.Errorf("%d uids, %d blobs", len(uids), rows(t, q, &FileBlobModel{}))
		}
		refs(t, q, users)
		if room, err := q.Room(t.Context(), 1); err != nil || room.Bytes != 1000-8 {
			t.Errorf("shared bytes are not counted in full: %+v, error %v", room, err)
		}
	})
}
