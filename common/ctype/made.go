package ctype

import "fmt"

// Limits of the parts that the server makes.
const (
	maxMergedLines = 4
	maxMergedLine  = 128 // code points
)

// CallMsg is the record of a call: when it was, in Unix milliseconds, and what
// ended it. One that nobody took has no StartTime.
type CallMsg struct {
	served
	StartTime int64 `json:"startTime"`
	EndTime   int64 `json:"endTime"`
	EndReason int32 `json:"endReason"`
}

// Call returns the record of a voice or video call.
func Call(video bool, start, end int64, reason int32) *Body {
	c := &CallMsg{StartTime: start, EndTime: end, EndReason: reason}
	if video {
		return &Body{Type: TypeVideoCall, VideoCallMsg: c}
	}
	return &Body{Type: TypeVoiceCall, VoiceCallMsg: c}
}

// detail is how long people talked.
func (c *CallMsg) detail() string {
	if c.StartTime <= 0 || c.EndTime <= c.StartTime {
		return ""
	}
	s := (c.EndTime - c.StartTime) / 1000
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

// WithdrawMsg says that a message was recalled, and by whom.
type WithdrawMsg struct {
	served
	Content string `json:"content"`
	MsgID   uint64 `json:"msgId"`
	UserID  uint64 `json:"userId"`
}

// Withdraw returns what stands in place of the message that by recalled.
func Withdraw(msgID, by uint64, content string) *Body {
	return &Body{Type: TypeWithdraw, WithdrawMsg: &WithdrawMsg{Content: content, MsgID: msgID, UserID: by}}
}

// What a tip in a group says. The numbers are stored and part of the protocol.
const (
	TipInvited   int32 = 1  // the operator brought the users in
	TipJoined    int32 = 2  // the operator came by himself
	TipLeft      int32 = 3  // the operator left
	TipKicked    int32 = 4  // the operator put the users out
	TipTitle     int32 = 5  // the value is the group's title now
	TipOwner     int32 = 6  // the first user is the owner now
	TipAdmin     int32 = 7  // the users are admins now
	TipNoAdmin   int32 = 8  // the users are admins no more
	TipMuted     int32 = 9  // the users may not send for the value in minutes
	TipUnmuted   int32 = 10 // the users may send again
	TipAllMuted  int32 = 11 // members may not send
	TipAllSpeak  int32 = 12 // members may send again
	TipNotice    int32 = 13 // the operator announced the value
	TipSuspended int32 = 14 // the site has suspended the group
	TipResumed   int32 = 15 // the group may be used again
)

// TipMsg is a line of the server's in a conversation. What happens to a group
// is stored without words, which whoever shows it puts into Content in the
// reader's language.
type TipMsg struct {
	served
	Status  int32  `json:"status"`
	Content string `json:"content"`
	// OperatorID did it, with UserIDs; 0 is the site.
	OperatorID uint64   `json:"operatorId,omitempty"`
	UserIDs    []uint64 `json:"userIds,omitempty"`
	Value      string   `json:"value,omitempty"`
}

// Tip returns a line that the server puts into a conversation.
func Tip(status int32, content string) *Body {
	return &Body{Type: TypeTip, TipMsg: &TipMsg{Status: status, Content: content}}
}

// GroupTip returns what operator has done to a group, with users and value as
// the status says.
func GroupTip(status int32, operator uint64, users []uint64, value string) *Body {
	return &Body{Type: TypeTip, TipMsg: &TipMsg{Status: status, OperatorID: operator, UserIDs: users, Value: value}}
}

func (t *TipMsg) detail() string { return t.Content }

// MergedMsg stands for messages that were forwarded together. They are stored
// elsewhere; here are their number and the first of them, a line each.
type MergedMsg struct {
	served
	Title string   `json:"title"`
	Lines []string `json:"lines"`
	Count int      `json:"count"`
}

// Merged returns the bundle of count messages; of lines, "name: preview", it
// shows the first four.
func Merged(title string, lines []string, count int) *Body {
	shown := make([]string, 0, maxMergedLines)
	for _, line := range lines[:min(len(lines), maxMergedLines)] {
		shown = append(shown, Shorten(line, maxMergedLine))
	}
	return &Body{Type: TypeMerged, MergedMsg: &MergedMsg{Title: Shorten(title, MaxTitle), Lines: shown, Count: count}}
}

func (m *MergedMsg) detail() string { return m.Title }
