package ws

import (
	"strings"
	"testing"

	"tudoIM/common/ctype"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// A tip is the same for all who get it but those it is about: they are "you".
func TestATipIsEncodedForThoseItTells(t *testing.T) {
	t.Parallel()
	doc, err := ctype.GroupTip(ctype.TipInvited, 1, []uint64{2}, "").Encode()
	if err != nil {
		t.Fatal(err)
	}
	who := map[uint64]*user_rpc.Profile{1: {Nickname: "Ann"}, 2: {Nickname: "Bob"}}
	text := texts(&wire.Message{Type: wire.Group, TargetId: 5, MsgType: ctype.TypeTip, Msg: doc}, who)
	session := func(user uint64, lang string) *Session {
		return &Session{who: token.Identity{UserID: user, Lang: lang}}
	}
	for _, c := range []struct {
		user       uint64
		lang, want string
	}{
		{3, "en", "Ann invited Bob to the group"}, {1, "en", "You invited Bob to the group"}, {2, "en", "Ann invited you to the group"},
		{4, "en", "Ann invited Bob to the group"}, {4, "zh", "Ann邀请Bob加入了群聊"}, {2, "zh", "Ann邀请你加入了群聊"},
	} {
		if got := string(text(session(c.user, c.lang))); !strings.Contains(got, c.want) {
			t.Errorf("%d in %s: %s", c.user, c.lang, got)
		}
	}
	if a, b := text(session(3, "en")), text(session(4, "en")); &a[0] != &b[0] {
		t.Error("it was encoded for each of the others")
	}
}
