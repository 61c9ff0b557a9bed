package media

import (
	"errors"
	"mime"
	"strings"
	"testing"
	"unicode/utf8"

	"tudoIM/common/errs"
)

const (
	png  = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
	jpeg = "\xff\xd8\xff\xe0\x00\x10JFIF\x00"
	exe  = "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"
	elf  = "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x3e\x00"
	html = "<!DOCTYPE html><html><script>alert(1)</script></html>"
	svg  = `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`
	zip  = "PK\x03\x04\x14\x00\x00\x00\x00\x00"
	mp4  = "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
	ole  = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
)

func TestDetect(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file, head string
		media, kind      string // "": refused
	}{
		{"png", "a.png", png, "image/png", "image"},
		{"ending in capitals", "a.PNG", png, "image/png", "image"},
		{"jpeg", "a.jpeg", jpeg, "image/jpeg", "image"},
		{"without ending", "a", jpeg, "image/jpeg", "image"},
		{"ending nobody owns", "a.backup", jpeg, "image/jpeg", "image"},
		{"gif", "a.gif", "GIF89a\x01\x00\x01\x00", "image/gif", "image"},
		{"webp", "a.webp", "RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp", "image"},
		{"mp4", "a.mp4", mp4, "video/mp4", "video"},
		{"mp3", "a.mp3", "\xff\xfb\x90\x00\x00\x00\x00\x00\x00\x00", "audio/mpeg", "audio"},
		{"wav", "a.wav", "RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav", "audio"},
		{"pdf", "a.pdf", "%PDF-1.7\n", "application/pdf", "document"},
		{"text", "a.txt", "hello", "text/plain", "document"},
		{"text in Chinese", "笔记.md", "你好", "text/plain", "document"},
		{"json", "a.json", `{"a":1}`, "application/json", "document"},
		{"script as text", "a.py", "#!/usr/bin/env python3\nprint(1)\n", "text/plain", "document"},
		{"zip", "a.zip", zip, "application/zip", "archive"},
		{"office file that does not tell", "a.docx", zip, "application/zip", "archive"},
		{"office file", "a.doc", ole, "application/x-ole-storage", "document"},
		{"gzip", "a.tar.gz", "\x1f\x8b\x08\x00", "application/gzip", "archive"},
		{"unknown bytes", "a.dat", "\x00\x01\x02\xfe\xff\x80", Unknown, "other"},

		{"page as jpeg", "a.jpg", html, "", ""},
		{"page", "a.html", html, "", ""},
		{"page as text", "a.txt", html, "", ""},
		{"program as png", "a.png", exe, "", ""},
		{"program", "a.exe", exe, "", ""},
		{"program without ending", "a", elf, "", ""},
		{"svg as png", "a.png", svg, "", ""},
		{"svg", "a.svg", svg, "", ""},
		{"png as jpeg", "a.jpg", png, "", ""},
		{"png as text", "a.txt", png, "", ""},
		{"text as png", "a.png", "hello", "", ""},
		{"unknown bytes as png", "a.png", "\x00\x01\x02\xfe\xff\x80", "", ""},
		{"zip as png", "a.png", zip, "", ""},
		{"double ending", "a.jpg.html", jpeg, "", ""},
		{"double ending with an escaped zero", "a.jpg%00.html", jpeg, "", ""},
		{"text that would run", "a.bat", "echo hello", "", ""},
		{"text that would open as a page", "a.html", "hello", "", ""},
		{"archive that would run", "a.jar", zip, "", ""},
		{"database", "a.db", "SQLite format 3\x00", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			media, kind, err := Detect([]byte(c.head), c.file)
			if media != c.media || kind != c.kind || (c.media == "") != errors.Is(err, errs.FileType) {
				t.Errorf("%s %s, error %v", media, kind, err)
			}
		})
	}
}

func TestTheListOfTypes(t *testing.T) {
	t.Parallel()
	for name, l := range types {
		if media, params, err := mime.ParseMediaType(name); media != name || len(params) > 0 || err != nil || len(name) > 128 {
			t.Errorf("%s cannot be recorded", name)
		}
		switch l.kind {
		case image, video, audio, document, archive, other:
		default:
			t.Errorf("%s has the kind %q", name, l.kind)
		}
		// Nothing that a browser runs may open in it.
		if l.inline && !strings.HasPrefix(name, l.kind+"/") && name != plain {
			t.Errorf("%s is inline", name)
		}
	}
	for ext := range strings.FieldsSeq(runs) {
		if len(owners[ext]) > 0 {
			t.Errorf("%s runs, but is listed", ext)
		}
	}
	for _, name := range []string{"text/html", "image/svg+xml", "", "x/y"} {
		if Inline(name) || ContentType(name) != Unknown {
			t.Errorf("%s goes out as it came", name)
		}
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"a.txt":                              "a.txt",
		"../../etc/passwd":                   "passwd",
		`C:\dir\a.txt`:                       "a.txt",
		`/a\b/c\d.txt`:                       "d.txt",
		"":                                   "file",
		".":                                  "file",
		"..":                                 "file",
		"/":                                  "file",
		"a/":                                 "file",
		" a.txt ":                            "a.txt",
		"a.exe. . ":                          "a.exe",
		"a\x00b\r\n\t\x7f.txt":               "ab.txt",
		"a\xffb.txt":                         "ab.txt",
		"a\u202egpj.exe":                     "agpj.exe",
		"a\u2028b\u2066.txt":                 "ab.txt",
		"文件 🎉👩‍💻.txt":                        "文件 🎉👩‍💻.txt",
		".hidden":                            ".hidden",
		strings.Repeat("a", 255):             strings.Repeat("a", 255),
		strings.Repeat("a", 256):             strings.Repeat("a", 255),
		"." + strings.Repeat("a", 300):       "." + strings.Repeat("a", 254),
		strings.Repeat("a", 300) + ".tar.gz": strings.Repeat("a", 252) + ".gz",
		strings.Repeat("图", 100) + ".png":    strings.Repeat("图", 83) + ".png",
		strings.Repeat("a", 300) + "." + strings.Repeat("b", 100): strings.Repeat("a", 255),
	} {
		if got := Name(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}

func TestDisposition(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		inline bool
		want   string
	}{
		{"a.txt", true, `inline; filename="a.txt"; filename*=UTF-8''a.txt`},
		{"a b.txt", false, `attachment; filename="a b.txt"; filename*=UTF-8''a%20b.txt`},
		{`a"b\c.txt`, false, `attachment; filename="c.txt"; filename*=UTF-8''c.txt`},
		{`a"; x="b`, false, `attachment; filename="a_; x=_b"; filename*=UTF-8''a%22%3B%20x%3D%22b`},
		{"a\r\nX: y", false, `attachment; filename="aX: y"; filename*=UTF-8''aX%3A%20y`},
		{"图.png", true, `inline; filename="_.png"; filename*=UTF-8''%E5%9B%BE.png`},
		{"100%41.txt", false, `attachment; filename="100_41.txt"; filename*=UTF-8''100%2541.txt`},
		{"a'b(c)*.txt", false, `attachment; filename="a'b(c)*.txt"; filename*=UTF-8''a%27b%28c%29%2A.txt`},
	} {
		got := Disposition(c.name, c.inline)
		if got != c.want {
			t.Errorf("%q: %s, want %s", c.name, got, c.want)
		}
		if _, params, err := mime.ParseMediaType(got); err != nil || params["filename"] != Name(c.name) {
			t.Errorf("%q is read as %q, error %v", c.name, params["filename"], err)
		}
	}
}

func FuzzName(f *testing.F) {
	for _, s := range []string{"a.txt", "../a", "图.png", strings.Repeat("图", 90) + ".png", "a\r\n\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		name := Name(raw)
		if name == "" || len(name) > MaxName || !utf8.ValidString(name) || strings.ContainsAny(name, "/\\\r\n\x00") || Name(name) != name {
			t.Errorf("%q", name)
		}
		d := Disposition(raw, false)
		if strings.ContainsAny(d, "\r\n") {
			t.Errorf("%q", d)
		}
		if how, params, err := mime.ParseMediaType(d); err != nil || how != "attachment" || params["filename"] != name {
			t.Errorf("%q is read as %q %q, error %v", d, how, params, err)
		}
	})
}
