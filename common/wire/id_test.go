package wire

import (
	"errors"
	"testing"

	"tudoIM/common/errs"
)

func TestParseID(t *testing.T) {
	t.Parallel()
	none := Place{}
	for _, c := range []struct {
		id   string
		me   uint64
		want Place
	}{
		{"p_1_2", 1, Place{Private, 2}}, {"p_1_2", 2, Place{Private, 1}}, {"p_7_7", 7, Place{Private, 7}},
		{"p_1_9007199254740991", 1, Place{Private, 9007199254740991}}, {"p_1_9007199254740992", 1, none},
		{"g_1", 5, Place{Group, 1}}, {"g_9007199254740991", 5, Place{Group, 9007199254740991}},
		{"s_5", 5, Place{System, 0}}, {"s_6", 5, none}, {"s_0", 0, none}, {"s_05", 5, none}, {"s_5_5", 5, none},
		{"p_1_2", 3, none}, {"p_2_1", 1, none}, {"p_1", 1, none}, {"p_", 1, none}, {"p_1_", 1, none}, {"", 1, none}, {"g_x", 1, none}, {"g_0", 1, none},
		{"g_01", 1, none}, {"g_1_2", 1, none}, {"g_-1", 1, none}, {"g_1 ", 1, none}, {"x_1", 1, none},
		{"p_0_1", 1, none}, {"p_0_0", 0, none}, {"p_1_18446744073709551616", 1, none}, {"p_01_2", 1, none}, {"p_+1_2", 1, none},
		{"p_-1_2", 2, none}, {"p_1_2_3", 1, none}, {"p_1_2 ", 1, none}, {" p_1_2", 1, none}, {"P_1_2", 1, none}, {"p_1_2\x00", 1, none},
		{"p_1 _2", 1, none}, {"p_ 1_2", 1, none}, {"p_1_0x2", 1, none}, {"p_1_2\n", 1, none}, {"p_1_1_", 1, none},
	} {
		got, err := ParseID(c.id, c.me)
		if got != c.want || (err == nil) != (c.want != none) || (err != nil && !errors.Is(err, errs.NoConversation)) {
			t.Errorf("%q of %d: %v, %v", c.id, c.me, got, err)
		}
		if err == nil && got.ID(c.me) != c.id {
			t.Errorf("%q of %d becomes %q", c.id, c.me, got.ID(c.me))
		}
	}
}

func TestTheConversationOfAMessage(t *testing.T) {
	t.Parallel()
	for want, m := range map[string]*Message{
		"p_1_2": {Type: Private, SendUserId: 2, TargetId: 1}, "p_3_3": {Type: Private, SendUserId: 3, TargetId: 3},
		"g_4": {Type: Group, SendUserId: 2, TargetId: 4}, "s_5": {Type: Private, TargetId: 5},
	} {
		if got := m.ConversationID(); got != want {
			t.Errorf("%v is in %s, want %s", m, got, want)
		}
	}
}
