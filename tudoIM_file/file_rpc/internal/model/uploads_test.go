package model

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

// day is how long uploads live in these tests.
const day = 24 * time.Hour

func eachUploads(t *testing.T, quota Quota, open int64, f func(t *testing.T, q Uploads)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f(t, Uploads{Files: Files{DB: d, Quota: quota}, Limits: UploadLimits{Bytes: 100 << 20, Open: open, Life: day}})
	}, Migration)
}

// large is a quota that is in nobody's way.
var large = Quota{1 << 40, 10000}

// begin opens an upload of size in parts of 1 MiB.
func begin(t *testing.T, q Uploads, user uint64, size int64) *UploadModel {
	t.Helper()
	u := &UploadModel{UserID: user, FileName: "a.bin", Size: size, PartSize: minPart}
	if err := q.Open(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	return u
}

// part is part n of u with some content: what it says stands for what it is.
func part(t *testing.T, q Uploads, u *UploadModel, n int32, content string) *UploadPartModel {
	t.Helper()
	p := &UploadPartModel{N: n, Size: u.PartBytes(n), SHA256: hash(content + fmt.Sprint(u.PartBytes(n)))}
	var err error
	if p.BlobKey, err = q.Files.Expect(t.Context(), p.SHA256, p.Size); err != nil {
		t.Fatal(err)
	}
	return p
}

func putPart(t *testing.T, q Uploads, u *UploadModel, n int32, content string) *UploadPartModel {
	t.Helper()
	p := part(t, q, u, n, content)
	if err := q.Put(t.Context(), u.UserID, u.UID, p); err != nil {
		t.Fatal(err)
	}
	return p
}

// whole is the file that u is to become.
func whole(t *testing.T, q Uploads, u *UploadModel, content string) *FileModel {
	t.Helper()
	f := file(u.UserID, content)
	f.Size = u.Size
	var err error
	if f.BlobKey, err = q.Files.Expect(t.Context(), f.SHA256, f.Size); err != nil {
		t.Fatal(err)
	}
	return f
}

// now reads u as it is.
func (q Uploads) now(t *testing.T, u *UploadModel) *UploadModel {
	t.Helper()
	got, err := q.Get(t.Context(), u.UserID, u.UID)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// balance checks what holds at all times: each reference to bytes is a file's
// or a part's, bytes of none are garbage, and quotas count files and open
// uploads.
func balance(t *testing.T, q Uploads) {
	t.Helper()
	var blobs []FileBlobModel
	var parts []UploadPartModel
	var files []FileModel
	var uploads []UploadModel
	var quotas []FileQuotaModel
	for _, list := range []any{&blobs, &parts, &files, &uploads, &quotas} {
		if err := q.Files.DB.Find(list).Error; err != nil {
			t.Fatal(err)
		}
	}
	refs, keys := map[uint64]int64{}, map[uint64]string{}
	held := map[uint64]Quota{}
	hold := func(user uint64, size int64) {
		held[user] = Quota{held[user].Bytes + size, held[user].Files + 1}
	}
	for _, p := range parts {
		refs[p.BlobID]++
		keys[p.BlobID] = p.BlobKey
	}
	for _, f := range files {
		refs[f.BlobID]++
		keys[f.BlobID] = f.BlobKey
		hold(f.UserID, f.Size)
	}
	open := map[uint64]bool{}
	for _, u := range uploads {
		if u.Status == UploadOpen {
			open[u.ID] = true
			hold(u.UserID, u.Size)
		}
	}
	for _, p := range parts {
		if !open[p.UploadID] {
			t.Errorf("a part of upload %d, which is not open", p.UploadID)
		}
	}
	for _, b := range blobs {
		if b.Refs != refs[b.ID] || refs[b.ID] > 0 && keys[b.ID] != b.BlobKey {
			t.Errorf("bytes %d have %d references, and are of %d at %q", b.ID, b.Refs, refs[b.ID], keys[b.ID])
		}
		delete(refs, b.ID)
	}
	if len(refs) > 0 {
		t.Errorf("bytes that are gone have %v", refs)
	}
	for _, used := range quotas {
		if (Quota{used.Bytes, used.Files}) != held[used.UserID] {
			t.Errorf("user %d is counted %+v, and holds %+v", used.UserID, used, held[used.UserID])
		}
	}
	thrown := garbage(t, q.Files)
	for _, key := range keys {
		if slices.Contains(thrown, key) {
			t.Errorf("%s is needed and garbage", key)
		}
	}
}

func TestAnUploadBecomesAFile(t *testing.T) {
	t.Parallel()
	eachUploads(t, Quota{3 << 20, 1}, 10, func(t *testing.T, q Uploads) {
		u := begin(t, q, 1, 2<<20+1)
		if u.Parts() != 3 || u.PartBytes(1) != minPart || u.PartBytes(3) != 1 || u.PartBytes(0) != 0 || u.PartBytes(4) != 0 {
			t.Errorf("%+v", u)
		}
		if room, err := q.Files.Room(t.Context(), 1); err != nil || room.Bytes != 1<<20-1 || room.Files != 0 {
			t.Errorf("room %+v, %v", room, err)
		}
		for _, n := range []int32{3, 1, 2} {
			putPart(t, q, u, n, "old")
		}
		putPart(t, q, u, 1, "new")
		balance(t, q)
		is := q.now(t, u)
		done, err := q.Parts(t.Context(), is)
		if err != nil || len(done) != 3 || done[0].N != 1 || done[1].N != 2 || done[2].N != 3 || is.Ver != 4 {
			t.Fatalf("%+v %+v, %v", is, done, err)
		}
		f := whole(t, q, u, "whole")
		if err := q.Complete(t.Context(), 1, u.UID, is.Ver, f); err != nil {
			t.Fatal(err)
		}
		if got, err := q.Files.Get(t.Context(), 1, f.UID, false); err != nil || *got != *f || got.FileName != "a.bin" {
			t.Errorf("%+v, %v, want %+v", got, err, f)
		}
		balance(t, q)
		again := &FileModel{}
		if err := q.Complete(t.Context(), 1, u.UID, 0, again); err != nil || again.UID != f.UID {
			t.Errorf("again: %+v, %v", again, err)
		}
		if is := q.now(t, u); is.Status != UploadDone || is.FileUID != f.UID || is.SHA256 != f.SHA256 {
			t.Errorf("%+v", is)
		}
		if err := q.Put(t.Context(), 1, u.UID, part(t, q, u, 1, "late")); !errors.Is(err, errs.Conflict) {
			t.Errorf("a part afterwards: %v", err)
		}
		if err := q.Cancel(t.Context(), 1, u.UID); !errors.Is(err, errs.NotFound) {
			t.Errorf("cancelled afterwards: %v", err)
		}
		balance(t, q)
	})
}

func TestWhatCannotBeOpened(t *testing.T) {
	t.Parallel()
	eachUploads(t, Quota{99 << 20, 100}, 2, func(t *testing.T, q Uploads) {
		bad := func(field string) *errs.Error { return errs.BadArgument(field) }
		for _, c := range []struct {
			name   string
			want   *errs.Error
			change func(*UploadModel)
		}{
			{"nobody's", bad("userId"), func(u *UploadModel) { u.UserID = 0 }},
			{"no name", bad("fileName"), func(u *UploadModel) { u.FileName = "" }},
			{"a path", bad("fileName"), func(u *UploadModel) { u.FileName = "../a" }},
			{"empty", bad("size"), func(u *UploadModel) { u.Size = 0 }},
			{"less than empty", bad("size"), func(u *UploadModel) { u.Size = -1 }},
			{"a byte too large", errs.FileLarge.With("maxBytes", 100<<20), func(u *UploadModel) { u.Size = 100<<20 + 1 }},
			{"a byte past the quota", errs.FileQuota, func(u *UploadModel) { u.Size = 99<<20 + 1 }},
			{"not a hash", bad("hash"), func(u *UploadModel) { u.SHA256 = strings.Repeat("x", 64) }},
			{"parts a byte too small", bad("partSize"), func(u *UploadModel) { u.PartSize = minPart - 1 }},
			{"parts a byte too large", bad("partSize"), func(u *UploadModel) { u.PartSize = maxPart + 1 }},
			{"parts of less than nothing", bad("partSize"), func(u *UploadModel) { u.PartSize = -1 }},
		} {
			u := &UploadModel{UserID: 1, FileName: "a.bin", Size: 1}
			c.change(u)
			err := q.Open(t.Context(), u)
			if got := errs.From(err); got.Code != c.want.Code || got.Data["field"] != c.want.Data["field"] || got.Data["maxBytes"] != c.want.Data["maxBytes"] {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		if n := rows(t, q.Files, &UploadModel{}); n != 0 {
			t.Errorf("%d are open", n)
		}
		for _, size := range []int64{minPart, maxPart} {
			if err := q.Open(t.Context(), &UploadModel{UserID: 1, FileName: "a", Size: 1, PartSize: size}); err != nil {
				t.Errorf("parts of %d: %v", size, err)
			}
		}
		err := q.Open(t.Context(), &UploadModel{UserID: 1, FileName: "a", Size: 1})
		if !errors.Is(err, errs.TooMany) || errs.From(err).Data["maxUploads"] != "2" {
			t.Errorf("one too many: %v", err)
		}
		u := &UploadModel{UserID: 2, FileName: "a", Size: 99 << 20}
		if err := q.Open(t.Context(), u); err != nil || u.PartSize != defaultPart || u.Parts() != 13 {
			t.Errorf("at the quota: %+v, %v", u, err)
		}
		balance(t, q)

		q.Limits.Bytes, q.Files.Quota.Bytes = 1<<40, 1<<41
		if err := q.Open(t.Context(), &UploadModel{UserID: 3, FileName: "a", Size: maxParts * minPart, PartSize: minPart}); err != nil {
			t.Errorf("ten thousand parts: %v", err)
		}
		err = q.Open(t.Context(), &UploadModel{UserID: 3, FileName: "a", Size: maxParts*minPart + 1, PartSize: minPart})
		if errs.From(err).Data["field"] != "partSize" {
			t.Errorf("and one: %v", err)
		}
	})
}

func TestPartsThatAreWrong(t *testing.T) {
	t.Parallel()
	eachUploads(t, large, 10, func(t *testing.T, q Uploads) {
		u := begin(t, q, 1, 2<<20+5)
		for _, c := range []struct {
			name   string
			want   *errs.Error
			change func(*UploadPartModel)
		}{
			{"number 0", errs.PartWrong, func(p *UploadPartModel) { p.N = 0 }},
			{"less than that", errs.PartWrong, func(p *UploadPartModel) { p.N = -1 }},
			{"a number too high", errs.PartWrong, func(p *UploadPartModel) { p.N = 4 }},
			{"too short", errs.PartWrong, func(p *UploadPartModel) { p.Size-- }},
			{"too long", errs.PartWrong, func(p *UploadPartModel) { p.Size++ }},
			{"as the last", errs.PartWrong, func(p *UploadPartModel) { p.N = 3 }},
			{"no hash", errs.Bad, func(p *UploadPartModel) { p.SHA256 = "" }},
			{"no key", errs.Bad, func(p *UploadPartModel) { p.BlobKey = "../x" }},
			{"bytes that are elsewhere", errs.Unavailable, func(p *UploadPartModel) { p.BlobKey = strings.Repeat("0", 32) }},
		} {
			p := part(t, q, u, 1, "x")
			c.change(p)
			if err := q.Put(t.Context(), 1, u.UID, p); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		for name, c := range map[string]struct {
			user uint64
			uid  string
		}{"somebody else's": {2, u.UID}, "none": {1, newUID()}, "no uid": {1, "%"}, "nobody": {0, u.UID}} {
			if err := q.Put(t.Context(), c.user, c.uid, part(t, q, u, 1, "x")); !errors.Is(err, errs.NotFound) {
				t.Errorf("%s: put %v", name, err)
			}
			if _, err := q.Get(t.Context(), c.user, c.uid); !errors.Is(err, errs.NotFound) {
				t.Errorf("%s: get %v", name, err)
			}
			if err := q.Complete(t.Context(), c.user, c.uid, 0, whole(t, q, u, "w")); !errors.Is(err, errs.NotFound) {
				t.Errorf("%s: complete %v", name, err)
			}
			if err := q.Cancel(t.Context(), c.user, c.uid); err != nil {
				t.Errorf("%s: cancel %v", name, err)
			}
		}
		if is := q.now(t, u); is.Ver != 0 || rows(t, q.Files, &UploadPartModel{}) != 0 {
			t.Errorf("%+v", is)
		}
		balance(t, q)
	})
}

func TestOnlyWhatIsWholeIsCompleted(t *testing.T) {
	t.Parallel()
	eachUploads(t, large, 10, func(t *testing.T, q Uploads) {
		u := begin(t, q, 1, 2<<20)
		u.SHA256 = hash("the whole")
		if err := q.Files.DB.Model(u).Update("sha256", u.SHA256).Error; err != nil {
			t.Fatal(err)
		}
		complete := func(name string, ver int64, content string, want error) {
			t.Helper()
			if err := q.Complete(t.Context(), 1, u.UID, ver, whole(t, q, u, content)); !errors.Is(err, want) {
				t.Errorf("%s: %v", name, err)
			}
			balance(t, q)
		}
		putPart(t, q, u, 2, "b")
		complete("a part is missing", 1, "the whole", errs.PartWrong)
		putPart(t, q, u, 1, "a")
		complete("another hash", 2, "another", errs.HashDiffers)
		complete("a part has come since", 1, "the whole", errs.Conflict)
		f := whole(t, q, u, "the whole")
		f.Mime = ""
		if err := q.Complete(t.Context(), 1, u.UID, 2, f); !errors.Is(err, errs.Bad) {
			t.Errorf("no type: %v", err)
		}
		f = whole(t, q, u, "the whole")
		f.BlobKey = strings.Repeat("0", 32)
		if err := q.Complete(t.Context(), 1, u.UID, 2, f); !errors.Is(err, errs.Unavailable) {
			t.Errorf("bytes that are elsewhere: %v", err)
		}
		if n := rows(t, q.Files, &FileModel{}); n != 0 {
			t.Errorf("%d files", n)
		}
		complete("all is there", 2, "the whole", nil)
	})
}

func TestWhatIsCancelledGivesAllBack(t *testing.T) {
	t.Parallel()
	eachUploads(t, Quota{4 << 20, 2}, 10, func(t *testing.T, q Uploads) {
		u, other := begin(t, q, 1, 2<<20), begin(t, q, 1, 2<<20)
		putPart(t, q, u, 1, "a")
		putPart(t, q, u, 2, "a") // the same bytes
		putPart(t, q, other, 1, "a")
		for range 2 {
			if err := q.Cancel(t.Context(), 1, u.UID); err != nil {
				t.Error(err)
			}
			balance(t, q)
		}
		if _, err := q.Get(t.Context(), 1, u.UID); !errors.Is(err, errs.NotFound) {
			t.Error(err)
		}
		if room, err := q.Files.Room(t.Context(), 1); err != nil || room.Bytes != 2<<20 || room.Files != 1 {
			t.Errorf("%+v, %v", room, err)
		}
		refs(t, q.Files, 1)
	})
}

// pass lets time pass for u.
func pass(t *testing.T, q Uploads, u *UploadModel, d time.Duration) {
	t.Helper()
	if err := q.Files.DB.Exec("UPDATE upload_models SET expires_at = expires_at - ? WHERE uid = ?", d.Milliseconds(), u.UID).Error; err != nil {
		t.Fatal(err)
	}
}

func TestUploadsExpire(t *testing.T) {
	t.Parallel()
	eachUploads(t, large, 3, func(t *testing.T, q Uploads) {
		expire := func(want int) {
			t.Helper()
			if n, err := q.Expire(t.Context()); err != nil || n != want {
				t.Errorf("%d expired, %v; want %d", n, err, want)
			}
			balance(t, q)
		}
		u, alive, done := begin(t, q, 1, 1<<20), begin(t, q, 1, 1<<20), begin(t, q, 1, 1)
		putPart(t, q, u, 1, "a")
		putPart(t, q, done, 1, "b")
		f := whole(t, q, done, "b1")
		if err := q.Complete(t.Context(), 1, done.UID, 1, f); err != nil {
			t.Fatal(err)
		}
		pass(t, q, alive, day-time.Minute)
		if is := q.now(t, alive); is.Status != UploadOpen {
			t.Errorf("%+v", is)
		}
		putPart(t, q, alive, 1, "c")
		pass(t, q, alive, time.Hour) // it lives on with each part
		expire(0)
		pass(t, q, u, day)
		ended := func() {
			t.Helper()
			for name, err := range map[string]error{
				"put":      q.Put(t.Context(), 1, u.UID, part(t, q, u, 1, "late")),
				"complete": q.Complete(t.Context(), 1, u.UID, 1, whole(t, q, u, "late")),
				"get":      second(q.Get(t.Context(), 1, u.UID)),
			} {
				if !errors.Is(err, errs.UploadEnded) {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		ended()
		third := begin(t, q, 1, 1) // what has expired is not in the way, before it is ended
		expire(1)
		ended()
		if err := q.Cancel(t.Context(), 1, u.UID); err != nil {
			t.Error(err)
		}
		expire(0)
		pass(t, q, u, day)
		pass(t, q, done, day)
		if _, err := q.Get(t.Context(), 1, done.UID); !errors.Is(err, errs.UploadEnded) {
			t.Errorf("of an old file: %v", err)
		}
		expire(0)
		for _, gone := range []*UploadModel{u, done} {
			if _, err := q.Get(t.Context(), 1, gone.UID); !errors.Is(err, errs.NotFound) {
				t.Errorf("%+v: %v", gone, err)
			}
		}
		if _, err := q.Files.Get(t.Context(), 1, f.UID, false); err != nil {
			t.Errorf("the file: %v", err)
		}
		if is := q.now(t, third); is.Status != UploadOpen {
			t.Errorf("%+v", is)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestParallelOpensAndFilesNeverPassTheQuota(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		quota Quota
		open  int64
		want  int64
	}{
		"bytes":   {Quota{7*5 + 4, 1000}, 1000, 7},
		"files":   {Quota{1 << 20, 7}, 1000, 7},
		"uploads": {Quota{1 << 20, 1000}, 7, 7},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachUploads(t, c.quota, c.open, func(t *testing.T, q Uploads) {
				var wg sync.WaitGroup
				var opened, put atomic.Int64
				for i := range 50 {
					wg.Go(func() {
						var err error
						if i%2 == 0 || name == "uploads" {
							if err = q.Open(t.Context(), &UploadModel{UserID: 1, FileName: "a", Size: 5}); err == nil {
								opened.Add(1)
							}
						} else if err = store(t, q.Files, file(1, fmt.Sprintf("%05d", i%3))); err == nil {
							put.Add(1)
						}
						if err != nil && !errors.Is(err, errs.FileQuota) && !errors.Is(err, errs.TooMany) {
							t.Error(err)
						}
					})
				}
				wg.Wait()
				if n := opened.Load() + put.Load(); n != c.want || rows(t, q.Files, &UploadModel{}) != opened.Load() {
					t.Errorf("%d opened, %d put", opened.Load(), put.Load())
				}
				balance(t, q)
			})
		})
	}
}

func TestOfTheSamePartOneWinsWhole(t *testing.T) {
	t.Parallel()
	eachUploads(t, large, 10, func(t *testing.T, q Uploads) {
		u := begin(t, q, 1, 2<<20)
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				if err := q.Put(t.Context(), 1, u.UID, part(t, q, u, int32(i%2+1), fmt.Sprint(i))); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		is := q.now(t, u)
		list, err := q.Parts(t.Context(), is)
		if err != nil || len(list) != 2 || is.Ver != 20 {
			t.Fatalf("%+v %+v, %v", is, list, err)
		}
		for _, p := range list {
			var blob FileBlobModel
			if err := q.Files.DB.Take(&blob, p.BlobID).Error; err != nil || blob.SHA256 != p.SHA256 || blob.BlobKey != p.BlobKey {
				t.Errorf("%+v has %+v, %v", p, blob, err)
			}
		}
		balance(t, q)
	})
}

func TestCompletedByManyAtOnceItIsOneFile(t *testing.T) {
	t.Parallel()
	eachUploads(t, large, 10, func(t *testing.T, q Uploads) {
		u := begin(t, q, 1, 1<<20)
		putPart(t, q, u, 1, "a")
		uids := make([]string, 10)
		var wg sync.WaitGroup
		for i := range uids {
			f := whole(t, q, u, "w")
			wg.Go(func() {
				if err := q.Complete(t.Context(), 1, u.UID, 1, f); err != nil {
					t.Error(err)
				}
				uids[i] = f.UID
			})
		}
		wg.Wait()
		if len(slices.Compact(uids)) != 1 || rows(t, q.Files, &FileModel{}) != 1 {
			t.Errorf("%q", uids)
		}
		balance(t, q)
	})
}

// TestAnUploadEndsOnce lets parts, completion, cancellation and expiry meet.
func TestAnUploadEndsOnce(t *testing.T) {
	t.Parallel()
	eachUploads(t, large, 100, func(t *testing.T, q Uploads) {
		var uploads []*UploadModel
		for range 8 {
			u := begin(t, q, 1, 2<<20)
			putPart(t, q, u, 1, "a")
			putPart(t, q, u, 2, "b")
			uploads = append(uploads, u)
		}
		var wg sync.WaitGroup
		for i, u := range uploads {
			f, p := whole(t, q, u, fmt.Sprint("w", i)), part(t, q, u, 1, "c")
			expired := i%2 == 0
			for name, act := range map[string]func(ctx context.Context) error{
				"complete": func(ctx context.Context) error { return q.Complete(ctx, 1, u.UID, 2, f) },
				"cancel":   func(ctx context.Context) error { return q.Cancel(ctx, 1, u.UID) },
				"put":      func(ctx context.Context) error { return q.Put(ctx, 1, u.UID, p) },
				"expire": func(ctx context.Context) error {
					if expired {
						if err := q.Files.DB.WithContext(ctx).Exec("UPDATE upload_models SET expires_at = 1 WHERE uid = ? AND status = ?", u.UID, UploadOpen).Error; err != nil {
							return err
						}
					}
					_, err := q.Expire(ctx)
					return err
				},
			} {
				wg.Go(func() {
					err := act(t.Context())
					if err != nil && !errors.Is(err, errs.UploadEnded) && !errors.Is(err, errs.NotFound) && !errors.Is(err, errs.Conflict) {
						t.Errorf("%s: %v", name, err)
					}
				})
			}
		}
		wg.Wait()
		balance(t, q)
		if n := rows(t, q.Files, &UploadPartModel{}); n != 0 {
			t.Errorf("%d parts of what has ended", n)
		}
	})
}

func TestPartsAreGarbageWhenTheyAreGivenBack(t *testing.T) {
	t.Parallel()
	eachUploads(t, large, 10, func(t *testing.T, q Uploads) {
		u := begin(t, q, 1, 1<<20)
		old := putPart(t, q, u, 1, "old")
		is := putPart(t, q, u, 1, "new")
		if thrown := garbage(t, q.Files); len(thrown) > 0 {
			t.Errorf("%q before the hour", thrown)
		}
		if err := q.Files.DB.Exec("UPDATE file_blob_models SET updated_at = updated_at - ?", (2 * lease).Milliseconds()).Error; err != nil {
			t.Fatal(err)
		}
		if thrown := garbage(t, q.Files); !slices.Equal(thrown, []string{old.BlobKey}) {
			t.Errorf("%q, want %q", thrown, old.BlobKey)
		}
		if err := q.Cancel(t.Context(), 1, u.UID); err != nil {
			t.Fatal(err)
		}
		if thrown := garbage(t, q.Files); slices.Contains(thrown, is.BlobKey) {
			t.Error("the hour does not begin anew")
		}
	})
}

func TestManyPartsAreGivenBack(t *testing.T) {
	t.Parallel()
	eachUploads(t, large, 10, func(t *testing.T, q Uploads) {
		q.Limits.Bytes = 1 << 40
		u := begin(t, q, 1, (blobsAtOnce*2+3)*minPart)
		var parts []UploadPartModel
		var blobs []FileBlobModel
		for n := range u.Parts() {
			p := UploadPartModel{UploadID: u.ID, N: n + 1, Size: minPart, BlobID: uint64(n/2 + 1), SHA256: hash(fmt.Sprint(n / 2)), BlobKey: fmt.Sprintf("%032x", n/2)}
			if n%2 == 0 {
				b := FileBlobModel{SHA256: p.SHA256, Size: p.Size, BlobKey: p.BlobKey}
				b.ID = p.BlobID
				blobs = append(blobs, b)
			}
			blobs[len(blobs)-1].Refs++
			parts = append(parts, p)
		}
		if err := errors.Join(q.Files.DB.CreateInBatches(blobs, 100).Error, q.Files.DB.CreateInBatches(parts, 100).Error); err != nil {
			t.Fatal(err)
		}
		balance(t, q)
		if err := q.Cancel(t.Context(), 1, u.UID); err != nil {
			t.Fatal(err)
		}
		balance(t, q)
		refs(t, q.Files, 0)
	})
}

func TestBytesAreKnownByFilesAlone(t *testing.T) {
	t.Parallel()
	eachUploads(t, large, 10, func(t *testing.T, q Uploads) {
		mine, others := put(t, q.Files, file(1, "mine")), put(t, q.Files, file(2, "others"))
		gone := put(t, q.Files, file(1, "gone"))
		if err := q.Files.DB.Model(gone).Update("status", StatusLive+1).Error; err != nil {
			t.Fatal(err)
		}
		expect(t, q.Files, "on its way")
		u := begin(t, q, 1, 1)
		p := putPart(t, q, u, 1, "part")
		for _, c := range []struct {
			name    string
			hash    string
			size    int64
			anybody bool
			want    *FileModel
		}{
			{"mine", mine.SHA256, mine.Size, false, mine},
			{"mine, or anybody's", mine.SHA256, mine.Size, true, mine},
			{"others'", others.SHA256, others.Size, false, nil},
			{"others', or anybody's", others.SHA256, others.Size, true, others},
			{"another size", mine.SHA256, mine.Size + 1, true, nil},
			{"no file any more", gone.SHA256, gone.Size, true, nil},
			{"not yet a file", hash("on its way"), 10, true, nil},
			{"a part", p.SHA256, p.Size, true, nil},
		} {
			f, err := q.Files.Known(t.Context(), 1, c.hash, c.size, c.anybody)
			if c.want == nil && !errors.Is(err, errs.FileAccess) || c.want != nil && (err != nil || *f != *c.want) {
				t.Errorf("%s: %+v, %v", c.name, f, err)
			}
		}
		for name, err := range map[string]error{
			"nobody":  second(q.Files.Known(t.Context(), 0, mine.SHA256, 4, true)),
			"no hash": second(q.Files.Known(t.Context(), 1, string(bytes.ToUpper([]byte(mine.SHA256))), 4, true)),
			"no size": second(q.Files.Known(t.Context(), 1, mine.SHA256, 0, true)),
		} {
			if !errors.Is(err, errs.Bad) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
