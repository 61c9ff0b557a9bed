package outgo

import (
	"testing"

	"tudoIM/common/wire"
)

func TestLaneIsTheConversationsInBothDirections(t *testing.T) {
	t.Parallel()
	used := map[int]int{}
	const pairs = 800
	for i := range uint64(pairs) {
		there, back := Lane(wire.Private, 2*i+1, 2*i+2), Lane(wire.Private, 2*i+2, 2*i+1)
		if there != back {
			t.Errorf("pair %d: lane %d there, %d back", i, there, back)
		}
		used[there]++
		if one, other := Lane(wire.Group, i, i/2), Lane(wire.Group, i+7, i/2); one != other {
			t.Errorf("group %d: lane %d of one member, %d of another", i/2, one, other)
		}
	}
	for lane := range lanes {
		if n := used[lane]; n < pairs/lanes/2 || n > pairs/lanes*2 {
			t.Errorf("lane %d has %d of %d pairs", lane, n, pairs)
		}
	}
}
