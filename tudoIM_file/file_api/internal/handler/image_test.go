package handler

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	imagepng "image/png"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_api/internal/receive"
	"tudoIM/tudoIM_file/file_api/internal/svc"
)

// where is what nobody is to know of a picture.
const where = "52.5200N"

// real returns a PNG as it was taken, at least size bytes of it, and what of
// it is to stay.
func real(t *testing.T, width, height, size int) (taken, kept string) {
	t.Helper()
	var b bytes.Buffer
	if err := imagepng.Encode(&b, image.NewNRGBA(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	const head = 33
	chunk := append([]byte("tEXt"), where...)
	if more := size - b.Len() - 12 - len(where); more > 0 {
		chunk = append(chunk, bytes.Repeat([]byte("x"), more)...)
	}
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk))
	chunk = append(binary.BigEndian.AppendUint32(nil, uint32(len(chunk)-8)), chunk...)
	return string(slices.Concat(b.Bytes()[:head], chunk, b.Bytes()[head:])), b.String()
}

func (h *half) image(t *testing.T, user uint64, parts ...part) *answer {
	t.Helper()
	body, contentType := form(t, parts...)
	r := request(t, http.MethodPost, h.url+"/api/file/image", bytes.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return h.ask(t, user, r)
}

func TestAnImageIsStoredWithoutWhatIsNobodysBusiness(t *testing.T) {
	t.Parallel()
	taken, kept := real(t, 24, 16, 0)
	for _, use := range []string{"chat", "avatar", "group_avatar"} {
		for _, last := range []bool{false, true} {
			t.Run(use+" "+strconv.FormatBool(last), func(t *testing.T) {
				t.Parallel()
				h := start(t, nil)
				parts := []part{{"imageType", "", use}, {"image", "我.png", taken}}
				if last {
					slices.Reverse(parts)
				}
				a := h.image(t, 7, parts...)
				want := map[string]any{
					"uid": "uid-0", "url": "/api/file/uid-0", "thumbUrl": "/api/file/uid-0/preview?w=320", "width": 24.0, "height": 16.0,
					"size": float64(len(kept)), "hash": sum(kept), "fileType": "image/png",
				}
				if a.status != http.StatusOK || !equal(a.env.Data, want) {
					t.Fatalf("%d %s", a.status, a.body)
				}
				h.unchanged(t, sum(kept))
				if got := h.get(t, 7, "uid-0"); string(got.body) != kept {
					t.Errorf("%d, %q", got.status, got.body)
				}
				info := h.get(t, 7, "info/uid-0").env.Data
				if info["width"] != 24.0 || info["height"] != 16.0 || info["fileName"] != "我.png" {
					t.Errorf("%v", info)
				}
				// Faces are for everybody, what is said in a chat is not.
				other := h.get(t, 8, "uid-0")
				if use == "chat" {
					other.is(t, errs.FileAccess)
				} else if string(other.body) != kept {
					t.Errorf("another gets %d %s", other.status, other.body)
				}
			})
		}
	}
}

func TestImagesAreRefused(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	good, _ := real(t, 8, 8, 0)
	wide, _ := real(t, 12001, 1, 0)
	long, _ := real(t, 8, 8, maxBytes+1)
	face, _ := real(t, 8, 8, maxAvatar+1)
	heic := "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1" + strings.Repeat("\x00", 100)
	avif := "\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmif1" + strings.Repeat("\x00", 100)
	chat := part{"imageType", "", "chat"}
	for _, c := range []struct {
		name  string
		want  *errs.Error
		parts []part
	}{
		{"a byte past the limit", errs.FileLarge, []part{chat, {"image", "a.png", long}}},
		{"a face past its limit", errs.FileLarge, []part{{"imageType", "", "avatar"}, {"image", "a.png", face}}},
		{"a group's face past its limit, and told late", errs.FileLarge, []part{{"image", "a.png", face}, {"imageType", "", "group_avatar"}}},
		{"a side past the limit", errs.FileLarge, []part{chat, {"image", "a.png", wide}}},
		{"cut", errs.ImageBroken, []part{chat, {"image", "a.png", good[:len(good)-1]}}},
		{"only a head", errs.ImageBroken, []part{chat, {"image", "a.png", png}}},
		{"pixels that are none", errs.ImageBroken, []part{chat, {"image", "a.png", strings.Replace(good, "IDAT", "IDAT\x00", 1)}}},
		{"heic", errs.FileType, []part{chat, {"image", "a.heic", heic}}},
		{"avif", errs.FileType, []part{chat, {"image", "a.avif", avif}}},
		{"text", errs.FileType, []part{chat, {"image", "a.txt", "hello"}}},
		{"text as an image", errs.FileType, []part{chat, {"image", "a.png", "hello"}}},
		{"page", errs.FileType, []part{chat, {"image", "a.png", "<!DOCTYPE html><script>alert(1)</script>"}}},
		{"svg", errs.FileType, []part{chat, {"image", "a.svg", `<svg xmlns="http://www.w3.org/2000/svg"/>`}}},
		{"program", errs.FileType, []part{chat, {"image", "a.png", "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff"}}},
		{"no use", errs.ImageUse, []part{{"image", "a.png", good}}},
		{"an empty use", errs.ImageUse, []part{{"imageType", "", ""}, {"image", "a.png", good}}},
		{"another use", errs.ImageUse, []part{{"image", "a.png", good}, {"imageType", "", "Chat"}}},
		{"a long use", errs.ImageUse, []part{{"imageType", "", strings.Repeat("chat", 1000)}, {"image", "a.png", good}}},
		{"an endless use", errs.TooLarge, []part{{"imageType", "", strings.Repeat("chat", 50000)}, {"image", "a.png", good}}},
		{"two uses", errs.Bad, []part{chat, chat, {"image", "a.png", good}}},
		{"the use as a file", errs.Bad, []part{{"imageType", "a.txt", "chat"}, {"image", "a.png", good}}},
		{"no image", errs.Bad, []part{chat}},
		{"nothing", errs.Bad, nil},
		{"an empty image", errs.Bad, []part{chat, {"image", "a.png", ""}}},
		{"another field", errs.Bad, []part{chat, {"file", "a.png", good}}},
		{"two images", errs.Bad, []part{chat, {"image", "a.png", good}, {"image", "b.png", good}}},
		{"a field too many", errs.Bad, []part{chat, {"image", "a.png", good}, {"width", "", "8"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := h.image(t, 1, c.parts...)
			a.is(t, c.want)
			if c.want == errs.Bad && a.env.Data["field"] != "image" {
				t.Errorf("does not name the field: %s", a.body)
			}
			if strings.Contains(c.name, "limit") && !strings.Contains(string(a.body), "max") {
				t.Errorf("does not tell the limit: %s", a.body)
			}
			h.unchanged(t)
		})
	}
	for use, size := range map[string]int{"chat": maxBytes, "avatar": maxAvatar, "group_avatar": maxAvatar} {
		most, kept := real(t, 9, 9, size)
		if a := h.image(t, 1, part{"image", "a.png", most}, part{"imageType", "", use}); len(most) != size || a.status != http.StatusOK {
			t.Errorf("%s at the limit: %d, %d %s", use, len(most), a.status, a.body)
		}
		h.records.mu.Lock()
		clear(h.records.files)
		h.records.mu.Unlock()
		h.unchanged(t, sum(kept))
	}
}

func TestTheQuotaCountsWhatIsStored(t *testing.T) {
	t.Parallel()
	taken, kept := real(t, 8, 8, 10000)
	for left, want := range map[int64]*errs.Error{0: errs.FileQuota, int64(len(kept)) - 1: errs.FileQuota, int64(len(kept)): nil} {
		h := start(t, nil)
		h.records.left = left
		a := h.image(t, 1, part{"imageType", "", "chat"}, part{"image", "a.png", taken})
		if want != nil {
			a.is(t, want)
			h.unchanged(t)
		} else if a.status != http.StatusOK {
			t.Errorf("%d left: %d %s", left, a.status, a.body)
		}
	}
}

func TestAnImageCutAnywhereLeavesNothing(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	taken, _ := real(t, 8, 8, 3000)
	body, contentType := form(t, part{"image", "a.png", taken}, part{"imageType", "", "chat"})
	for at := 0; at < len(body); at += 97 {
		c := h.dial(t)
		h.headTo(t, c, "/api/file/image", contentType, len(body), false)
		send(t, c, false, body[:at])
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	h.unchanged(t)
}

func TestImagesInParallel(t *testing.T) {
	t.Parallel()
	h := start(t, func(s *svc.ServiceContext) { s.Turns = receive.NewTurns(100) })
	var wg sync.WaitGroup
	var want []string
	for n := range 10 {
		taken, kept := real(t, 100+n, 10, 0)
		want = append(want, sum(kept))
		for user := range uint64(3) {
			wg.Go(func() {
				if a := h.image(t, user+1, part{"image", "a.png", taken}, part{"imageType", "", "chat"}); a.env.Data["hash"] != sum(kept) {
					t.Errorf("%d %s", a.status, a.body)
				}
			})
		}
	}
	wg.Wait()
	slices.Sort(want)
	if got := h.stored(t); !slices.Equal(got, want) {
		t.Errorf("stored %q", got)
	}
}

func TestAnImageWhoseStoreFails(t *testing.T) {
	t.Parallel()
	taken, _ := real(t, 8, 8, 0)
	full := errs.Unavailable
	for name, fail := range map[string]failing{"begin": {begin: full}, "write": {write: full}, "commit": {commit: full}} {
		h := start(t, func(s *svc.ServiceContext) {
			fail.Store = s.Store
			s.Store = fail
		})
		a := h.image(t, 1, part{"imageType", "", "chat"}, part{"image", "a.png", taken})
		if a.is(t, errs.Unavailable); t.Failed() {
			t.Fatal(name)
		}
		h.unchanged(t)
	}
}

func TestAFileThatIsAnImageTellsItsSize(t *testing.T) {
	t.Parallel()
	h := start(t, nil)
	taken, _ := real(t, 24, 16, 0)
	a := h.upload(t, 1, part{"file", "a.png", taken})
	if a.env.Data["width"] != 24.0 || a.env.Data["height"] != 16.0 || a.env.Data["hash"] != sum(taken) {
		t.Errorf("%d %s", a.status, a.body) // and is stored as it is
	}
	broken := h.upload(t, 1, part{"file", "a.png", taken[:len(taken)-1]})
	if broken.status != http.StatusOK || broken.env.Data["width"] != nil {
		t.Errorf("%d %s", broken.status, broken.body)
	}
}
