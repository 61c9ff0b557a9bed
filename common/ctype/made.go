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

// TipMsg is a line of the server's in a conversation.
type TipMsg struct {
	served
	Status  int32  `json:"status"`
	Content string `json:"content"`
}

// Tip returns a line that the server puts into a conversation.
func Tip(status int32, content string) *Body {
	return &Body{Type: TypeTip, TipMsg: &TipMsg{Status: status, Content: content}}
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
