package preview

import (
	"errors"
	"fmt"
	"os"

	"github.com/zeromicro/go-zero/core/logx"
	"golang.org/x/sys/unix"
)

// confine bounds the memory of the process pid that has just been started, and
// of all that it starts, and has it killed before anybody else when the
// machine has none left. One that has ended needs neither.
func confine(pid int) error {
	most := &unix.Rlimit{Cur: maxMemory, Max: maxMemory}
	if err := unix.Prlimit(pid, unix.RLIMIT_AS, most, nil); err != nil && !errors.Is(err, unix.ESRCH) {
		return fmt.Errorf("memory: %w", err)
	}
	err := os.WriteFile(fmt.Sprintf("/proc/%d/oom_score_adj", pid), []byte("1000"), 0)
	if err != nil && !errors.Is(err, os.ErrNotExist) && !errors.Is(err, unix.ESRCH) {
		logx.Errorf("ffmpeg: who goes first: %v", err) // its memory is bounded anyway
	}
	return nil
}
