package picture

import (
	"bytes"
	"context"
	"errors"
	"image"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_file/file_api/internal/turn"
)

// TestTwoAreDecodedAtATime does not run beside others: it takes the turns.
func TestTwoAreDecodedAtATime(t *testing.T) {
	b, large := aPNG(t, scene()), deep(t, 6000, 4000)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	view := func(ctx context.Context, user uint64, b []byte, use func(image.Image) error) error {
		return View(ctx, Order{user, time.Minute}, bytes.NewReader(b), use)
	}
	none := func(image.Image) error {
		t.Error("decoded without a turn")
		return nil
	}
	errDone := errors.New("done")
	err := view(t.Context(), 1, b, func(image.Image) error {
		for name, err := range map[string]error{
			"a large one beside a small one": view(ctx, 2, large, none),
			"another of the same user":       view(ctx, 1, b, none),
		} {
			if !errors.Is(err, turn.ErrLate) || !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", name, err)
			}
		}
		return view(t.Context(), 2, b, func(image.Image) error {
			if err := view(ctx, 3, b, none); !errors.Is(err, turn.ErrLate) {
				t.Error(err)
			}
			return errDone
		})
	})
	if !errors.Is(err, errDone) {
		t.Error(err)
	}
	// All turns are back.
	if err := view(t.Context(), 1, large, func(m image.Image) error {
		if m.Bounds().Size() != image.Pt(6000, 4000) {
			t.Error(m.Bounds())
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func TestWhatTakesTooLongIsBeyondTheLimits(t *testing.T) {
	t.Parallel()
	for name, b := range wholes(t) {
		err := View(t.Context(), Order{users.Add(1), 0}, bytes.NewReader(b), func(image.Image) error { return nil })
		if !errors.Is(err, errs.FileLarge) || errs.From(err).Data["maxSeconds"] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDecodingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, b := range wholes(t) {
		if _, err := first(ctx, bytes.NewReader(b)); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
