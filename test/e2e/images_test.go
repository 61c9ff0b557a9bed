package e2e

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/jpeg"
	"testing"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// taken is a photo of 24 x 16 that lies on its side, and says where it was
// taken.
func taken(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 24, 16)), nil); err != nil {
		t.Fatal(err)
	}
	exif, err := base64.StdEncoding.DecodeString("/+EAIkV4aWYAAElJKgAIAAAAAQASAQMAAQAAAAYAAAAAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	place := []byte("\xff\xfe\x00\x0a52.5200N")
	return bytes.Join([][]byte{b.Bytes()[:2], exif, place, b.Bytes()[2:]}, nil)
}

func TestImagesAreShownAndTellNothingElse(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, eve, group := circle(t, s)
		photo := taken(t)
		sent, err := ann.UploadImage(ctx(t), "chat", "cat.jpg", photo)
		if err != nil || sent.Width != 16 || sent.Height != 24 || sent.FileType != "image/jpeg" || sent.Size >= int64(len(photo)) {
			t.Fatalf("%+v, %v", sent, err)
		}
		cid := private(ann, bob)
		put(t, ann, cid, "photo", client.Body{Type: 2, ImageMsg: &client.MediaMsg{UID: sent.UID, Width: 9999, Height: 1}})
		list, err := bob.All(ctx(t), cid)
		if err != nil || len(list) != 1 {
			t.Fatalf("%+v, %v", list, err)
		}
		if m := list[0].Msg.ImageMsg; m == nil || m.Width != 16 || m.Height != 24 || m.Hash != sent.Hash || m.Size != sent.Size {
			t.Errorf("the message says %+v", m)
		}
		got, _, err := bob.Download(ctx(t), sent.URL, nil)
		if err != nil || int64(len(got)) != sent.Size || bytes.Contains(got, []byte("52.52")) || !bytes.Contains(got, []byte("Exif\x00\x00")) {
			t.Errorf("%q, %v", got, err)
		}
		_, _, err = eve.Download(ctx(t), sent.URL, nil)
		wantCode(t, "eve gets what was said to bob", err, 60006)

		wantCode(t, "what was said as a face", setInfo(t, ann, object{"avatar": sent.UID}), 30001)
		for use, set := range map[string]func(uid string) error{
			"avatar": func(uid string) error { return setInfo(t, ann, object{"avatar": uid}) },
			"group_avatar": func(uid string) error {
				return ann.UpdateGroup(ctx(t), groupOf(t, group), client.Fields{"avatar": uid})
			},
		} {
			face, err := ann.UploadImage(ctx(t), use, "me.jpg", photo)
			if err != nil {
				t.Fatal(err)
			}
			must(t, use, set(face.UID))
			for name, c := range map[string]*client.Client{"ann": ann, "bob": bob, "cat": cat, "eve": eve} {
				if b, _, err := c.Download(ctx(t), face.URL, nil); err != nil || !bytes.Equal(b, got) {
					t.Errorf("%s: %s gets %d bytes, %v", use, name, len(b), err)
				}
			}
		}
		for what, c := range map[string]struct {
			use     string
			content []byte
			code    int
		}{
			"for nothing": {"wallpaper", photo, 60004}, "cut": {"chat", photo[:len(photo)-2], 60003}, "no image": {"chat", []byte("hello"), 60001},
			"a large face": {"avatar", append(bytes.Clone(photo), make([]byte, 2<<20)...), 60002},
		} {
			_, err := ann.UploadImage(ctx(t), c.use, "x.jpg", c.content)
			wantCode(t, what, err, c.code)
		}
	})
}

// groupOf is the group of a conversation.
func groupOf(t *testing.T, conversation string) (id uint64) {
	t.Helper()
	if _, err := fmt.Sscanf(conversation, "g_%d", &id); err != nil {
		t.Fatal(err)
	}
	return id
}
