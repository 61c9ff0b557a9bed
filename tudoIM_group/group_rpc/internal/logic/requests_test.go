package logic

import (
	"testing"

	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// TestAGroupThatHidesIsNotShownToWhoAsked has one ask a group that then hides:
// the request stays, and says no more than it said then.
func TestAGroupThatHidesIsNotShownToWhoAsked(t *testing.T) {
	t.Parallel()
	inRoom(t, func(t *testing.T, r *room) {
		r.group(t, map[string]any{"is_search": true})
		if _, err := NewJoinLogic(t.Context(), r.ServiceContext).Join(&group_rpc.JoinRequest{UserId: 9, GroupId: r.id, Verify: "hi"}); err != nil {
			t.Fatal(err)
		}
		title := func(user uint64) string {
			t.Helper()
			resp, err := NewRequestsLogic(t.Context(), r.ServiceContext).Requests(&group_rpc.RequestsRequest{UserId: user})
			if err != nil || len(resp.List) != 1 || resp.List[0].UserId != 9 || resp.List[0].GroupId != r.id {
				t.Fatalf("requests of %d: %v, %v", user, resp, err)
			}
			return resp.List[0].Title
		}
		if got := title(9); got != "team" {
			t.Errorf("found, it is called %q", got)
		}
		r.group(t, map[string]any{"is_search": false})
		if got := title(9); got != "" {
			t.Errorf("hidden, it is called %q", got)
		}
		if got := title(2); got != "team" {
			t.Errorf("to an admin it is called %q", got)
		}
	})
}
