package model

import (
	"math"
	"testing"
)

func TestPage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		page, limit  int32
		offset, size int
	}{
		{1, 20, 0, 20}, {2, 20, 20, 20}, {0, 0, 0, DefaultLimit}, {-5, -1, 0, DefaultLimit}, {3, 1, 2, 1},
		{1, MaxLimit, 0, MaxLimit}, {1, MaxLimit + 1, 0, MaxLimit}, {2, math.MaxInt32, MaxLimit, MaxLimit},
		{math.MaxInt32, MaxLimit, (math.MaxInt32 - 1) * MaxLimit, MaxLimit}, {math.MinInt32, math.MinInt32, 0, DefaultLimit},
	} {
		if offset, size := Page(c.page, c.limit); offset != c.offset || size != c.size {
			t.Errorf("Page(%d, %d) = %d, %d; want %d, %d", c.page, c.limit, offset, size, c.offset, c.size)
		}
	}
}
