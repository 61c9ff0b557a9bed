package outgo

import (
	"testing"

	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

func TestLaneIsTheConversationsInBothDirections(t *testing.T) {
	t.Parallel()
	used := map[uint64]int{}
	const pairs = 800
	for i := range uint64(pairs) {
		there := laneOf(&chat_rpc.SendItem{SendUserId: 2*i + 1, RevUserId: 2*i + 2})
		back := laneOf(&chat_rpc.SendItem{SendUserId: 2*i + 2, RevUserId: 2*i + 1})
		if there != back {
			t.Errorf("pair %d: lane %d there, %d back", i, there, back)
		}
		used[there]++
	}
	for lane := range uint64(lanes) {
		if n := used[lane]; n < pairs/lanes/2 || n > pairs/lanes*2 {
			t.Errorf("lane %d has %d of %d pairs", lane, n, pairs)
		}
	}
}
