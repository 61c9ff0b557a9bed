package e2e

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

const mib = 1 << 20

// random is what comes of a seed: so large contents need not be kept.
func random(seed byte, size int64) io.Reader {
	return io.LimitReader(rand.NewChaCha8([32]byte{seed}), size)
}

func hashOf(t *testing.T, r io.Reader) string {
	t.Helper()
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// completed is the file that the upload id becomes; while it is put together
// the client asks again.
func completed(t *testing.T, c *client.Client, id string) (f client.File) {
	t.Helper()
	eventually(t, "complete", func(ctx context.Context) (err error) {
		f, err = c.CompleteUpload(ctx, id)
		return err
	})
	return f
}

func TestAFileComesInParts(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := register(t, s, 0), register(t, s, 1)
		content, err := io.ReadAll(random(1, 2*mib+5))
		if err != nil {
			t.Fatal(err)
		}
		copy(content, "%PDF-1.4\n")
		hash := hashOf(t, bytes.NewReader(content))
		u, err := ann.OpenUpload(ctx(t), "plan.pdf", int64(len(content)), hash, mib)
		if err != nil || u.Parts != 3 || u.PartSize != mib || len(u.UploadID) != 22 || u.Done == nil {
			t.Fatalf("%+v, %v", u, err)
		}
		put := func(c *client.Client, n int, part []byte, header http.Header) error {
			p, err := c.PutPart(ctx(t), u.UploadID, n, bytes.NewReader(part), header)
			if err == nil && (p.N != n || p.Size != int64(len(part)) || p.Hash != hashOf(t, bytes.NewReader(part))) {
				t.Errorf("part %d: %+v", n, p)
			}
			return err
		}
		part := func(n int) []byte { return content[(n-1)*mib : min(n*mib, len(content))] }
		must(t, "the last", put(ann, 3, part(3), nil))
		must(t, "the first, wrong", put(ann, 1, append([]byte("%PDF-1.4 x"), part(1)[10:]...), nil))
		for what, err := range map[string]error{
			"too short":    put(ann, 2, part(2)[1:], nil),
			"too long":     put(ann, 1, append(bytes.Clone(part(1)), 'x'), nil),
			"too high":     put(ann, 4, part(3), nil),
			"another hash": put(ann, 2, part(2), http.Header{"X-Part-Hash": {hash}}),
			"incomplete":   second(ann.CompleteUpload(ctx(t), u.UploadID)),
		} {
			wantCode(t, what, err, 60008)
		}
		wantCode(t, "a page", put(ann, 1, append([]byte("<!DOCTYPE html>"), part(1)[15:]...), nil), 60001)
		wantCode(t, "a form", put(ann, 1, part(1), http.Header{"Content-Type": {"multipart/form-data; boundary=x"}}), 10012)
		wantCode(t, "far too long", put(ann, 1, make([]byte, 17*mib), nil), 10008)
		wantCode(t, "bob sends a part", put(bob, 2, part(2), nil), 10006)
		wantCode(t, "bob asks", second(bob.GetUpload(ctx(t), u.UploadID)), 10006)
		wantCode(t, "bob completes", second(bob.CompleteUpload(ctx(t), u.UploadID)), 10006)
		must(t, "bob cancels what he does not have", bob.CancelUpload(ctx(t), u.UploadID))
		must(t, "the middle", put(ann, 2, part(2), http.Header{"X-Part-Hash": {hashOf(t, bytes.NewReader(part(2)))}}))
		wantCode(t, "with a wrong part", second(ann.CompleteUpload(ctx(t), u.UploadID)), 60010)
		must(t, "the first, again", put(ann, 1, part(1), nil))
		if u, err = ann.GetUpload(ctx(t), u.UploadID); err != nil || !slices.Equal(u.Done, []int{1, 2, 3}) || u.UID != "" {
			t.Fatalf("%+v, %v", u, err)
		}
		files := make([]client.File, 3)
		var wg sync.WaitGroup
		for n := range files {
			wg.Go(func() { files[n] = completed(t, ann, u.UploadID) })
		}
		wg.Wait()
		f := files[0]
		if f != files[1] || f != files[2] || f.Hash != hash || f.FileType != "application/pdf" || f.FileName != "plan.pdf" || f.Size != int64(len(content)) {
			t.Fatalf("%+v", files)
		}
		got, _, err := ann.Download(ctx(t), f.Src, nil)
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		if u, err = ann.GetUpload(ctx(t), u.UploadID); err != nil || u.UID != f.UID {
			t.Errorf("%+v, %v", u, err)
		}
		wantCode(t, "cancelled when it is a file", ann.CancelUpload(ctx(t), u.UploadID), 10006)
		mine, err := ann.MyFiles(ctx(t), "", 1, 10)
		if err != nil || mine.UsedFiles != 1 || mine.UsedBytes != f.Size {
			t.Errorf("%+v, %v", mine, err)
		}
	})
}

func TestUploadsThatComeToNothing(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		wantCode(t, "a program", second(ann.OpenUpload(ctx(t), "setup.exe", 1, "", 0)), 60001)
		wantCode(t, "a byte too large", second(ann.OpenUpload(ctx(t), "a.bin", 2<<30+1, "", 0)), 60002)
		wantCode(t, "small parts", second(ann.OpenUpload(ctx(t), "a.bin", 1, "", mib-1)), 10001)
		all, err := ann.OpenUpload(ctx(t), "a.bin", 2<<30, "", 0)
		must(t, "all there is", err)
		wantCode(t, "a byte more", second(ann.OpenUpload(ctx(t), "a.bin", 1, "", 0)), 60005)
		_, err = ann.Upload(ctx(t), "a.txt", []byte("a"))
		wantCode(t, "a byte more at once", err, 60005)
		for range 2 {
			must(t, "cancel", ann.CancelUpload(ctx(t), all.UploadID))
		}
		wantCode(t, "cancelled", second(ann.GetUpload(ctx(t), all.UploadID)), 10006)
		var u client.PartedUpload
		for n := range 10 {
			u, err = ann.OpenUpload(ctx(t), "a.txt", 5, "", 0)
			must(t, fmt.Sprint("open ", n), err)
		}
		wantCode(t, "one too many", second(ann.OpenUpload(ctx(t), "a.txt", 5, "", 0)), 10007)
		_, err = ann.PutPart(ctx(t), u.UploadID, 1, strings.NewReader("hello"), nil)
		must(t, "a part", err)
		_, err = database(t, s).ExecContext(ctx(t), "UPDATE upload_models SET expires_at = 1 WHERE uid = ?", u.UploadID)
		must(t, "let time pass", err)
		// Once it is ended its row says so as well.
		wantCode(t, "asked when it has expired", second(ann.GetUpload(ctx(t), u.UploadID)), 60009)
		_, err = ann.PutPart(ctx(t), u.UploadID, 1, strings.NewReader("hello"), nil)
		wantCode(t, "a part when it has expired", err, 60009)
		wantCode(t, "completed when it has expired", second(ann.CompleteUpload(ctx(t), u.UploadID)), 60009)
		must(t, "cancel what has expired", ann.CancelUpload(ctx(t), u.UploadID))
	})
}

// TestALargeUploadGoesOnWhereItWasCut sends 300 MB, and loses the line on the
// way.
func TestALargeUploadGoesOnWhereItWasCut(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		const size, partSize = 300_000_000, 16 * mib
		length := func(n int) int64 { return min(partSize, size-int64(n-1)*partSize) }
		part := func(n int) io.Reader { return random(byte(n), length(n)) }
		var all []io.Reader
		for n := 1; int64(n-1)*partSize < size; n++ {
			all = append(all, part(n))
		}
		hash := hashOf(t, io.MultiReader(all...))
		u, err := ann.OpenUpload(ctx(t), "film.bin", size, hash, partSize)
		if err != nil || u.Parts != len(all) {
			t.Fatalf("%+v, %v", u, err)
		}
		cut := u.Parts * 6 / 10
		for n := 1; n < cut; n++ {
			_, err := ann.PutPart(ctx(t), u.UploadID, n, part(n), nil)
			must(t, fmt.Sprint("part ", n), err)
		}
		gone := errors.New("the line is gone")
		_, err = ann.PutPart(ctx(t), u.UploadID, cut, io.MultiReader(random(byte(cut), partSize/2), broken{gone}), nil)
		if !errors.Is(err, gone) {
			t.Fatalf("cut: %v", err)
		}
		u, err = ann.GetUpload(ctx(t), u.UploadID)
		if err != nil || len(u.Done) != cut-1 {
			t.Fatalf("after the cut: %+v, %v", u, err)
		}
		for n := 1; n <= u.Parts; n++ {
			if !slices.Contains(u.Done, n) {
				_, err := ann.PutPart(ctx(t), u.UploadID, n, part(n), nil)
				must(t, fmt.Sprint("part ", n), err)
			}
		}
		f := completed(t, ann, u.UploadID)
		if f.Size != size || f.Hash != hash {
			t.Errorf("%+v", f)
		}
		resp, err := ann.Do(ctx(t), http.MethodGet, f.Src, nil, nil)
		must(t, "download", err)
		defer resp.Body.Close()
		if got := hashOf(t, resp.Body); got != hash {
			t.Errorf("downloaded %s, want %s", got, hash)
		}
	})
}

// broken is where a line breaks.
type broken struct{ error }

func (b broken) Read([]byte) (int, error) { return 0, b.error }

func TestWhatOneHasNeedsNoUpload(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := register(t, s, 0), register(t, s, 1)
		content, err := io.ReadAll(random(3, 400<<10)) // longer than all that is asked for
		must(t, "content", err)
		copy(content, "%PDF-1.4\n")
		hash := hashOf(t, bytes.NewReader(content))
		f, err := ann.Upload(ctx(t), "plan.pdf", content)
		must(t, "upload", err)
		check := func(c *client.Client, content []byte) client.Checked {
			t.Helper()
			asked, err := c.CheckFile(ctx(t), "copy.pdf", int64(len(content)), hash, "", "")
			if err != nil || asked.Exists || asked.Challenge == nil || asked.UID != "" {
				t.Fatalf("%+v, %v", asked, err)
			}
			var places []io.Reader
			for _, r := range asked.Challenge.Ranges {
				places = append(places, io.NewSectionReader(bytes.NewReader(content), r.Offset, r.Length))
			}
			got, err := c.CheckFile(ctx(t), "copy.pdf", int64(len(content)), hash, asked.Challenge.ID, hashOf(t, io.MultiReader(places...)))
			if err != nil || got.Challenge != nil {
				t.Fatalf("%+v, %v", got, err)
			}
			return got
		}
		got := check(ann, content)
		if !got.Exists || got.UID == f.UID || got.UID == "" || got.FileName != "copy.pdf" || got.Hash != hash {
			t.Errorf("her own: %+v", got)
		}
		if b, _, err := ann.Download(ctx(t), got.Src, nil); err != nil || !bytes.Equal(b, content) {
			t.Errorf("%d bytes, %v", len(b), err)
		}
		for what, got := range map[string]client.Checked{
			"who has what others have stored": check(bob, content), "who has the hash alone": check(ann, make([]byte, len(content))),
		} {
			if got != (client.Checked{}) {
				t.Errorf("%s: %+v", what, got)
			}
		}
		asked, err := ann.CheckFile(ctx(t), "a.pdf", int64(len(content)), hash, "", "")
		must(t, "ask", err)
		_, err = bob.CheckFile(ctx(t), "a.pdf", int64(len(content)), hash, asked.Challenge.ID, hash)
		wantCode(t, "bob answers what ann was asked", err, 10001)
	})
}
