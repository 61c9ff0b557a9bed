//go:build unix

package preview

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/png"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/core/conf"
	"tudoIM/test/suite"
)

// installed is the ffmpeg of this machine.
func installed(t *testing.T) *FFmpeg {
	t.Helper()
	suite.Need(t, suite.RequireFFmpeg)
	f, err := FindFFmpeg("", filepath.Join(t.TempDir(), "tmp"))
	if err != nil || f == nil {
		t.Fatalf("%v, error %v", f, err)
	}
	return f
}

// video is a file of a test picture, made by ffmpeg as args say.
func video(t *testing.T, name string, args ...string) *os.File {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	out, err := exec.Command("ffmpeg", append(append([]string{"-nostdin", "-loglevel", "error"}, args...), file)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return opened(t, file)
}

func opened(t *testing.T, file string) *os.File {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// written is a file with content.
func written(t *testing.T, content string) *os.File {
	t.Helper()
	file := filepath.Join(t.TempDir(), "video")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return opened(t, file)
}

func testSource(size string, seconds float64) []string {
	return []string{"-f", "lavfi", "-i", fmt.Sprintf("testsrc=size=%s:rate=10:duration=%g", size, seconds)}
}

func TestAVideoHasAPicture(t *testing.T) {
	t.Parallel()
	f := installed(t)
	for _, c := range []struct {
		name, file, demuxer string
		size                string
		seconds             float64
		args                []string
		want                image.Point
	}{
		{"mp4", "a.mp4", "mov", "320x240", 2, []string{"-c:v", "mpeg4"}, image.Pt(320, 240)},
		{"wide", "a.mp4", "mov", "1920x1080", 1.5, []string{"-c:v", "mpeg4"}, image.Pt(640, 360)},
		{"tall", "a.mp4", "mov", "200x2560", 1.5, []string{"-c:v", "mpeg4"}, image.Pt(100, 1280)},
		{"shorter than a second", "a.mp4", "mov", "320x240", 0.3, []string{"-c:v", "mpeg4"}, image.Pt(320, 240)},
		{"its index first", "a.mov", "mov", "320x240", 2, []string{"-c:v", "mpeg4", "-movflags", "+faststart"}, image.Pt(320, 240)},
		{"webm", "a.webm", "matroska", "320x240", 2, []string{"-c:v", "libvpx", "-deadline", "realtime"}, image.Pt(320, 240)},
		{"matroska", "a.mkv", "matroska", "320x240", 2, []string{"-c:v", "mpeg4"}, image.Pt(320, 240)},
		{"avi", "a.avi", "avi", "320x240", 2, []string{"-c:v", "mpeg4"}, image.Pt(320, 240)},
		{"flv", "a.flv", "flv", "320x240", 2, []string{"-c:v", "flv"}, image.Pt(320, 240)},
		{"mpeg", "a.mpg", "mpeg", "320x240", 2, []string{"-c:v", "mpeg1video", "-r", "25"}, image.Pt(320, 240)},
		{"asf", "a.wmv", "asf", "320x240", 2, []string{"-c:v", "wmv2"}, image.Pt(320, 240)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := video(t, c.file, append(testSource(c.size, c.seconds), c.args...)...)
			frame, err := f.Frame(t.Context(), Video{1, v, c.demuxer}, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			img, format, err := image.Decode(bytes.NewReader(frame))
			if err != nil || format != "png" || img.Bounds().Size() != c.want {
				t.Errorf("%s %v, error %v", format, img.Bounds().Size(), err)
			}
			if _, ok := img.(interface{ Opaque() bool }); !ok || !img.(interface{ Opaque() bool }).Opaque() {
				t.Error("can be seen through")
			}
		})
	}
}

// TestAVideoOfAnotherStoreIsReadFromATemporaryFile has one whose index comes
// last: nobody could read that as it comes.
func TestAVideoOfAnotherStoreIsReadFromATemporaryFile(t *testing.T) {
	t.Parallel()
	f := installed(t)
	b, err := io.ReadAll(video(t, "a.mp4", append(testSource("320x240", 2), "-c:v", "mpeg4")...))
	if err != nil {
		t.Fatal(err)
	}
	if frame, err := f.Frame(t.Context(), Video{1, bytes.NewReader(b), "mov"}, time.Minute); len(frame) == 0 || err != nil {
		t.Error(err)
	}
	if _, err := f.Frame(t.Context(), Video{1, failing{err: errAway}, "mov"}, time.Minute); !errors.Is(err, errAway) {
		t.Errorf("of a store that fails: %v", err)
	}
	left, err := os.ReadDir(f.dir)
	if err != nil || len(left) > 0 {
		t.Errorf("%d left, error %v", len(left), err)
	}
}

func TestAVideosPicturesAreMadeOfItsPoster(t *testing.T) {
	t.Parallel()
	f := installed(t)
	b, err := io.ReadAll(video(t, "a.mp4", append(testSource("1280x720", 2), "-c:v", "mpeg4")...))
	if err != nil {
		t.Fatal(err)
	}
	s := newShelf()
	v := s.put(b)
	v.Media = "video/mp4"
	m, decoded := maker(t, s, Default)
	m.ffmpeg = f
	for _, c := range []struct {
		width int
		want  image.Point
	}{{96, image.Pt(96, 54)}, {0, image.Pt(640, 360)}, {2048, image.Pt(640, 360)}, {320, image.Pt(320, 180)}} {
		img, err := m.Picture(t.Context(), v, c.width)
		if err != nil {
			t.Fatal(err)
		}
		if got := size(t, img); got != c.want || img.Media != "image/jpeg" {
			t.Errorf("%d: %v %s", c.width, got, img.Media)
		}
	}
	if decoded.Load() != 3 || len(s.bytes) != 4 || len(s.has(hash+".poster")) == 0 {
		t.Errorf("%d decoded, %d stored", decoded.Load(), len(s.bytes))
	}
}

func TestBrokenVideosHaveNone(t *testing.T) {
	t.Parallel()
	f := installed(t)
	noise := make([]byte, 100<<10)
	for i := range noise {
		noise[i] = byte(i * i >> 3)
	}
	sound := video(t, "a.m4a", "-f", "lavfi", "-i", "sine=duration=2", "-c:a", "aac")
	for name, v := range map[string]*os.File{
		"noise behind its type": written(t, "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"+string(noise)),
		"only its type":         written(t, "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"),
		"empty":                 written(t, ""),
		"sound":                 sound,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if frame, err := f.Frame(t.Context(), Video{1, v, "mov"}, time.Minute); !errors.Is(err, ErrNone) {
				t.Errorf("%d bytes, error %v", len(frame), err)
			}
		})
	}
}

// TestAVideoMakesNothingElseBeRead passes off as videos what tells ffmpeg to
// read from elsewhere.
func TestAVideoMakesNothingElseBeRead(t *testing.T) {
	t.Parallel()
	f := installed(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	came := make(chan struct{})
	go func() {
		defer close(came)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Errorf("asked from %v", c.RemoteAddr())
			c.Close()
		}
	}()
	good := video(t, "good.mkv", append(testSource("320x240", 2), "-c:v", "mpeg4")...).Name()
	url := "http://" + l.Addr().String() + "/a.ts"
	for _, c := range []struct{ name, demuxer, list string }{
		{"playlist", "mov", "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n" + url + "\n#EXT-X-ENDLIST\n"},
		{"playlist of a file", "matroska", "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://" + good + "\n#EXT-X-ENDLIST\n"},
		{"list of parts", "mpeg", "ffconcat version 1.0\nfile '" + url + "'\n"},
		{"list of parts, a file", "mov", "ffconcat version 1.0\nfile '" + good + "'\n"},
		{"film elsewhere", "mov", reference(url)},
		{"film in a file", "mov", reference("file://" + good)},
		{"stream elsewhere", "asf", "[Reference]\nRef1=" + url + "\n"},
	} {
		if frame, err := f.Frame(t.Context(), Video{1, written(t, c.list), c.demuxer}, time.Minute); !errors.Is(err, ErrNone) {
			t.Errorf("%s as %s: %d bytes, error %v", c.name, c.demuxer, len(frame), err)
		}
	}
	l.Close()
	<-came
}

// reference is a QuickTime film that says it is at url.
func reference(url string) string {
	atom := func(name, content string) string {
		n := len(content) + 8
		return string([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) + name + content
	}
	n := len(url) + 1
	rdrf := atom("rdrf", "\x00\x00\x00\x00url "+string([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})+url+"\x00")
	return atom("ftyp", "qt  \x00\x00\x00\x00qt  ") + atom("moov", atom("rmra", atom("rmda", rdrf)))
}

// script is an ffmpeg that does what lines say.
func script(t *testing.T, lines string) *FFmpeg {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ffmpeg")
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+lines+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := FindFFmpeg(file, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestAStuckFFmpegIsKilled has one that has started another process, which
// goes with it.
func TestAStuckFFmpegIsKilled(t *testing.T) {
	t.Parallel()
	pids := filepath.Join(t.TempDir(), "pids")
	f := script(t, "sleep 1000 &\necho $$ $! >>"+pids+"\nwait")
	v := written(t, "video")
	ended := func() {
		t.Helper()
		b, err := os.ReadFile(pids)
		if err != nil || len(b) == 0 {
			t.Fatalf("nothing was started: %v", err)
		}
		for field := range strings.FieldsSeq(string(b)) {
			pid, err := strconv.Atoi(field)
			if err != nil {
				t.Fatal(err)
			}
			wait(t, "process "+field+" runs on", func() bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) || dead(pid) })
		}
	}
	if _, err := f.Frame(t.Context(), Video{1, v, "mov"}, 300*time.Millisecond); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
	ended()
	ctx, leave := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer leave()
	if _, err := f.Frame(ctx, Video{1, v, "mov"}, time.Hour); !errors.Is(err, errs.Unavailable) {
		t.Errorf("whoever asked has no more time: %v", err)
	}
	ended()
}

// dead reports whether a process has ended and only waits to be counted by a
// parent that does not care.
func dead(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && strings.Contains(string(b), ") Z ")
}

func TestFFmpegRunsOneAtATime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := script(t, "mkdir "+dir+"/lock || echo twice >"+dir+"/failed\ncat /dev/stdin >/dev/null\nrmdir "+dir+"/lock\nprintf frame")
	v := written(t, "video")
	done := make(chan error)
	for user := range uint64(5) {
		go func() {
			_, err := f.Frame(t.Context(), Video{user, v, "mov"}, time.Minute)
			done <- err
		}()
	}
	for range 5 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(dir + "/failed"); err == nil {
		t.Error("two at once")
	}
	leaveTurn, err := f.turns.Take(t.Context(), 7, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer leaveTurn()
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, err := f.Frame(ctx, Video{1, v, "mov"}, time.Minute); !errors.Is(err, errs.Unavailable) {
		t.Errorf("whoever has left waits on: %v", err)
	}
}

func TestWhatFFmpegIsTrustedWith(t *testing.T) {
	for _, c := range []struct {
		name, script string
		want         string // "": none
	}{
		{"our environment", "env | grep -v '^PATH=\\|^PWD=\\|^_=\\|^SHLVL=\\|^OLDPWD=\\|^MALLOC_ARENA_MAX=' ; printf .", "."},
		{"the video", "cat /dev/stdin", "video"},
		{"the beginning of the video, again", "case \"$*\" in *'-ss 1 '*) cat /dev/stdin >/dev/null;; *) cat /dev/stdin;; esac", "video"},
		{"nothing at a second", "case \"$*\" in *'-ss 0 '*) printf first;; esac", "first"},
		{"nothing at all", "exit 0", ""},
		{"an error", "printf frame; echo Invalid data >&2; exit 1", ""},
		{"more than a picture", "head -c 9000000 /dev/zero", ""},
		{"very many words", "head -c 9000000 /dev/zero >&2; printf frame", "frame"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("TUDO_INTERNAL_SECRET", "a secret")
			f := script(t, c.script)
			frame, err := f.Frame(t.Context(), Video{1, written(t, "video"), "mov"}, time.Minute)
			if string(frame) != c.want || (c.want == "") != errors.Is(err, ErrNone) {
				t.Errorf("%.100q, error %v", frame, err)
			}
		})
	}
}

// TestAVideoTakesNoMoreMemoryThanItMay has one that asks for too much, little
// by little, in a process that it starts.
func TestAVideoTakesNoMoreMemoryThanItMay(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("memory is bounded on Linux alone")
	}
	said := filepath.Join(t.TempDir(), "said")
	f := script(t, "sh -c 'ulimit -v; cat /proc/self/oom_score_adj' >"+said+"; cat /dev/stdin")
	// It is confined once it has started: the script reads what it may only then.
	var got string
	for end := time.Now().Add(30 * time.Second); got != "786432 1000" && time.Now().Before(end); {
		if frame, err := f.Frame(t.Context(), Video{1, written(t, "video"), "mov"}, time.Minute); string(frame) != "video" || err != nil {
			t.Fatalf("%q, error %v", frame, err)
		}
		b, err := os.ReadFile(said)
		if err != nil {
			t.Fatal(err)
		}
		got = strings.Join(strings.Fields(string(b)), " ")
	}
	if got != "786432 1000" {
		t.Error(got)
	}
}

// TestAVideoThatNeedsTooMuchMemoryHasNoPicture has ffmpeg itself come to its
// limits.
func TestAVideoThatNeedsTooMuchMemoryHasNoPicture(t *testing.T) {
	t.Parallel()
	f := installed(t)
	for name, v := range map[string]*os.File{
		"large": video(t, "a.mkv", append(testSource("7936x4960", 0.3), "-c:v", "mpeg4")...),
		"wide":  video(t, "b.mkv", append(testSource("16000x1100", 0.3), "-c:v", "ffv1")...),
	} {
		if frame, err := f.Frame(t.Context(), Video{1, v, "matroska"}, time.Minute); !errors.Is(err, ErrNone) {
			t.Errorf("%s: %d bytes, error %v", name, len(frame), err)
		}
	}
	v := video(t, "c.mkv", append(testSource("3840x2160", 0.3), "-c:v", "mpeg4")...)
	if frame, err := f.Frame(t.Context(), Video{1, v, "matroska"}, time.Minute); len(frame) == 0 || err != nil {
		t.Errorf("the usual: %v", err)
	}
}

func TestFFmpegThatHasGoneIsNoBrokenVideo(t *testing.T) {
	t.Parallel()
	f := script(t, "printf frame")
	if err := os.Remove(f.path); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Frame(t.Context(), Video{1, written(t, "video"), "mov"}, time.Minute); err == nil || errors.Is(err, ErrNone) {
		t.Error(err)
	}
}

func TestWhichFFmpeg(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	if f, err := FindFFmpeg("", dir); f != nil || err != nil {
		t.Errorf("none in PATH: %v, error %v", f, err)
	}
	for _, name := range []string{"ffmpeg", filepath.Join(dir, "other")} {
		if f, err := FindFFmpeg(name, dir); f != nil || err == nil {
			t.Errorf("%s is not there: %v, error %v", name, f, err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "ffmpeg"), []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "ffmpeg", filepath.Join(dir, "ffmpeg")} {
		if f, err := FindFFmpeg(name, dir); err != nil || f == nil || f.path != filepath.Join(dir, "ffmpeg") {
			t.Errorf("%q: %v, error %v", name, f, err)
		}
	}
	if f, err := FindFFmpeg(conf.Off, dir); f != nil || err != nil {
		t.Errorf("off: %v, error %v", f, err)
	}
	if f, err := FindFFmpeg(dir, dir); f != nil || err == nil {
		t.Errorf("a folder: %v, error %v", f, err)
	}
}
