package registry

import (
	"fmt"
	"slices"
	"testing"
)

func TestEveryInstanceHasItsShareOfLanes(t *testing.T) {
	t.Parallel()
	for n := 1; n <= Lanes+2; n++ {
		var addrs []string
		for i := range n {
			addrs = append(addrs, fmt.Sprintf("10.0.0.%d:20032", i))
		}
		lanes := assign(slices.Clone(addrs))
		share := (Lanes + n - 1) / n
		given := map[string]int{}
		for lane, addr := range lanes {
			if !slices.Contains(addrs, addr) {
				t.Fatalf("%d instances: lane %d has %q", n, lane, addr)
			}
			given[addr]++
		}
		for addr, got := range given {
			if got > share {
				t.Errorf("%d instances: %s has %d lanes, share is %d", n, addr, got, share)
			}
		}
		slices.Reverse(addrs)
		if again := assign(addrs); again != lanes {
			t.Errorf("%d instances: another order of the list gives %v, not %v", n, again, lanes)
		}
	}
}

func TestFewLanesMoveWhenAnInstanceComes(t *testing.T) {
	t.Parallel()
	two := assign([]string{"10.0.0.1:1", "10.0.0.2:1"})
	three := assign([]string{"10.0.0.1:1", "10.0.0.2:1", "10.0.0.3:1"})
	moved := 0
	for lane := range two {
		if two[lane] != three[lane] {
			moved++
		}
	}
	if moved > Lanes/2 {
		t.Errorf("%d of %d lanes moved: %v, then %v", moved, Lanes, two, three)
	}
}
