package picture

import (
	"bytes"
	"context"
	"errors"
	"image"
	"testing"
)

// TestTwoAreDecodedAtATime does not run beside others: it takes the turns.
func TestTwoAreDecodedAtATime(t *testing.T) {
	b := aPNG(t, scene())
	ctx, cancel := context.WithCancel(t.Context())
	view := func(ctx context.Context, b []byte, use func(image.Image) error) error {
		return View(ctx, bytes.NewReader(b), use)
	}
	cancel()
	none := func(image.Image) error {
		t.Error("decoded without a turn")
		return nil
	}
	errDone := errors.New("done")
	err := view(t.Context(), b, func(image.Image) error {
		// A large one needs both, and one of them is taken.
		if err := view(ctx, bare(t, 5000, 4000), none); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		return view(t.Context(), b, func(image.Image) error {
			if err := view(ctx, b, none); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			return errDone
		})
	})
	if !errors.Is(err, errDone) {
		t.Error(err)
	}
	// All turns are back.
	if err := view(t.Context(), bare(t, 5000, 4000), func(m image.Image) error {
		if m.Bounds().Size() != image.Pt(5000, 4000) {
			t.Error(m.Bounds())
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func TestDecodingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, b := range wholes(t) {
		if _, err := Decode(ctx, bytes.NewReader(b)); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
