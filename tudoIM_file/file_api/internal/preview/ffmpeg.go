package preview

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/core/conf"
	"tudoIM/tudoIM_file/file_api/internal/turn"
)

const (
	// maxFrame bounds what ffmpeg may write; a frame is a PNG of at most
	// posterWidth by posterHeight.
	maxFrame = 8 << 20
	// maxWords bounds what is kept of its complaints.
	maxWords = 1 << 10
	// maxAlloc bounds what it may take of memory at once, and maxMemory all
	// that it maps, programs and all.
	maxAlloc  = 256 << 20
	maxMemory = 768 << 20
	// maxPixels bounds one frame of a video.
	maxPixels = 16_000_000
	// slack is how long is waited for what a killed ffmpeg leaves open.
	slack = time.Second
)

// FFmpeg takes pictures out of videos, one at a time.
type FFmpeg struct {
	path string
	// dir is where videos are written that are no files of this machine.
	dir   string
	turns *turn.Turns
}

// Video is what a picture is to be taken out of.
type Video struct {
	// UserID is who asks for it.
	UserID uint64
	io.Reader
	// Demuxer is what ffmpeg calls the container.
	Demuxer string
}

// FindFFmpeg returns the ffmpeg called name; "" is the one in PATH, if there
// is one, and conf.Off none. It returns nil for none, and an error if one was
// named that is not there. dir is a folder for temporary files.
func FindFFmpeg(name, dir string) (*FFmpeg, error) {
	if name == conf.Off {
		return nil, nil
	}
	named := name != ""
	if !named {
		name = "ffmpeg"
	}
	path, err := exec.LookPath(name)
	if err == nil {
		path, err = filepath.Abs(path)
	}
	switch {
	case err == nil:
		return &FFmpeg{path: path, dir: dir, turns: turn.New(1)}, nil
	case named:
		return nil, fmt.Errorf("ffmpeg: %w", err)
	}
	logx.Info("previews: no ffmpeg in PATH, videos have none")
	return nil, nil
}

// Frame returns a picture out of v as PNG: one second after its beginning or,
// if it is shorter, its first. It waits for the turn of who asks, see
// turn.Take. It answers ErrNone if ffmpeg has not brought one out within limit.
func (f *FFmpeg) Frame(ctx context.Context, v Video, limit time.Duration) ([]byte, error) {
	leave, err := f.turns.Take(ctx, v.UserID, 1)
	if err != nil {
		return nil, late(err)
	}
	defer leave()
	file, ok := v.Reader.(*os.File)
	if !ok {
		if file, err = f.spool(ctx, v.Reader); err != nil {
			return nil, err
		}
		defer func() { _ = file.Close() }()
	}
	run, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for _, at := range []string{"1", "0"} {
		frame, err := f.run(run, file, v.Demuxer, at)
		switch {
		case len(frame) > 0 && err == nil:
			return frame, nil
		case ctx.Err() != nil:
			return nil, late(ctx.Err())
		case errors.Is(err, os.ErrNotExist), errors.Is(err, os.ErrPermission):
			return nil, fmt.Errorf("ffmpeg: %w", err) // it has gone since we found it
		case err != nil:
			logx.WithContext(ctx).Infof("ffmpeg: %v", err)
		}
		if run.Err() != nil {
			break
		}
	}
	return nil, ErrNone
}

// run takes the frame at so many seconds.
func (f *FFmpeg) run(ctx context.Context, video *os.File, demuxer, at string) ([]byte, error) {
	if _, err := video.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	frame, words := &capped{most: maxFrame}, &capped{most: maxWords, cut: true}
	// #nosec G204 -- the operator names the program, and nothing of a client is among the arguments
	cmd := exec.CommandContext(ctx, f.path,
		"-nostdin", "-hide_banner", "-loglevel", "error",
		"-max_alloc", strconv.Itoa(maxAlloc), "-max_pixels", strconv.Itoa(maxPixels), "-threads", "1",
		"-an", "-sn", "-dn",
		// What it reads may name no other place to read from.
		"-protocol_whitelist", "file,pipe", "-f", demuxer, "-ss", at, "-i", "/dev/stdin",
		"-map", "0:v:0", "-frames:v", "1", "-filter_threads", "1",
		"-vf", fmt.Sprintf("scale='min(%d,iw)':'min(%d,ih)':force_original_aspect_ratio=decrease", posterWidth, posterHeight),
		"-threads", "1", "-pix_fmt", "rgb24", "-c:v", "png", "-f", "image2pipe", "pipe:1")
	// None of our secrets; and threads do not reserve memory each on its own.
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "MALLOC_ARENA_MAX=1"}
	// /dev/stdin opens the file anew, so that ffmpeg can move in it.
	cmd.Stdin, cmd.Stdout, cmd.Stderr = video, frame, words
	cmd.WaitDelay = slack
	group(cmd)
	err := cmd.Start()
	if err == nil {
		if err = confine(cmd.Process.Pid); err != nil {
			logx.WithContext(ctx).Errorf("ffmpeg: not confined: %v", err)
			err = errors.Join(err, cmd.Cancel())
		}
		err = errors.Join(err, cmd.Wait())
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, strings.ToValidUTF8(strings.TrimSpace(string(words.bytes)), "?"))
	}
	return frame.bytes, nil
}

// spool writes video to a file without a name, which goes when it is closed.
func (f *FFmpeg) spool(ctx context.Context, video io.Reader) (*os.File, error) {
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return nil, fmt.Errorf("ffmpeg: %w", err)
	}
	file, err := os.CreateTemp(f.dir, "video-")
	if err != nil {
		return nil, fmt.Errorf("ffmpeg: %w", err)
	}
	if err = os.Remove(file.Name()); err == nil {
		_, err = io.Copy(file, &patient{ctx, video})
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("ffmpeg: %w", err), file.Close())
	}
	return file, nil
}

// patient reads until ctx ends.
type patient struct {
	ctx context.Context
	io.Reader
}

func (p *patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.Reader.Read(b)
}

// capped holds most bytes. More is an error, or forgotten if it may be cut.
type capped struct {
	// A field, for what is embedded would be read into past the cap.
	bytes []byte
	most  int
	cut   bool
}

var errCapped = errors.New("more than it should be")

func (c *capped) Write(p []byte) (int, error) {
	room := c.most - len(c.bytes)
	if len(p) > room && !c.cut {
		return 0, errCapped
	}
	c.bytes = append(c.bytes, p[:min(len(p), room)]...)
	return len(p), nil
}
