package talk

import (
	"errors"
	"strings"
	"testing"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/common/wire"
)

func TestWhereASendGoes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, data string
		want       wire.Place
		err        error
	}{
		{"to a user", `{"revUserId":2}`, wire.Place{Type: wire.Private, Target: 2}, nil},
		{"to a group", `{"groupId":5}`, wire.Place{Type: wire.Group, Target: 5}, nil},
		{"into a conversation", `{"conversationId":"p_2_7"}`, wire.Place{Type: wire.Private, Target: 2}, nil},
		{"into a group's", `{"conversationId":"g_5"}`, wire.Place{Type: wire.Group, Target: 5}, nil},
		{"notes to self", `{"conversationId":"p_7_7"}`, wire.Place{Type: wire.Private, Target: 7}, nil},
		{"the conversation before all", `{"conversationId":"p_2_7","groupId":5,"revUserId":9}`, wire.Place{Type: wire.Private, Target: 2}, nil},
		{"into another's", `{"conversationId":"p_2_3"}`, wire.Place{}, errs.NoConversation},
		{"nowhere", `{}`, wire.Place{}, errs.Bad},
		{"no object", `[]`, wire.Place{}, errs.Bad},
		{"null", `null`, wire.Place{}, errs.Bad},
		{"nothing", ``, wire.Place{}, errs.Bad},
		{"a text for a number", `{"revUserId":"2"}`, wire.Place{}, errs.Bad},
	} {
		p, i, err := (&Talk{}).item(token.Identity{UserID: 7}, []byte(c.data))
		if p != c.want || !errors.Is(err, c.err) || (err == nil) != (c.err == nil) || (err == nil && (i.UserId != 7 || i.TargetId != c.want.Target || i.Made)) {
			t.Errorf("%s: %v, %v, %v", c.name, p, i, err)
		}
	}
}

// The sender is who the gateway says, and what only a server may say is not
// taken from a client.
func TestAClientCannotSayWhoItIs(t *testing.T) {
	t.Parallel()
	_, i, err := (&Talk{}).item(token.Identity{UserID: 7}, []byte(`{"revUserId":2,"userId":1,"user_id":1,"sendUserId":1,"made":true,"bundle":"AAAA","clientMsgId":"c","msg":{"type":1}}`))
	if err != nil || i.UserId != 7 || i.Made || len(i.Bundle) > 0 || i.ClientMsgId != "c" {
		t.Errorf("%v, %v", i, err)
	}
}

func TestAnswersThatAHalfMustNotGive(t *testing.T) {
	t.Parallel()
	if r, err := sent(&wire.SendResult{}, nil, "en"); err == nil {
		t.Errorf("got %v", r)
	}
	r, err := sent(&wire.SendResult{Code: 40002, Data: map[string]string{"a": "b"}}, nil, "en")
	if err == nil || r != nil || !strings.Contains(err.Error(), "40002") || errs.From(err).Data["a"] != "b" || errs.SendNotFriends.Data != nil {
		t.Errorf("got %v, %v", r, err)
	}
}

func TestUserVer(t *testing.T) {
	t.Parallel()
	good := formatVer([2]int64{1700000000000, 1700000000001})
	for _, c := range []struct {
		name, ver string
		want      [2]int64
		err       error
	}{
		{"none is a snapshot", "", [2]int64{}, nil},
		{"ours", good, [2]int64{1700000000000, 1700000000001}, nil},
		{"cut", good[:10], [2]int64{}, errs.SnapshotNeeded},
		{"with a tail", good + "AAAA", [2]int64{}, errs.SnapshotNeeded},
		{"not base64", "!", [2]int64{}, errs.SnapshotNeeded},
		{"negative", formatVer([2]int64{-1, 1}), [2]int64{}, errs.SnapshotNeeded},
		{"zero", formatVer([2]int64{0, 0}), [2]int64{}, errs.SnapshotNeeded},
		{"long", strings.Repeat("A", 4096), [2]int64{}, errs.SnapshotNeeded},
	} {
		got, err := parseVer(c.ver)
		if !errors.Is(err, c.err) || (err == nil) != (c.err == nil) || err == nil && got != c.want {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
}
