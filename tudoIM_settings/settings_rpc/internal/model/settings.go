package model

import (
	"errors"
	"fmt"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// SettingsModel is one setting that differs from its default.
type SettingsModel struct {
	Name      string `gorm:"primaryKey"`
	Value     string
	Ver       uint64
	UpdatedAt int64 `gorm:"autoUpdateTime:milli"`
}

// Site is all settings, each within its bounds.
type Site struct {
	Title               string
	Abstract            string
	RegisterOpen        bool
	RecallWindowSeconds int32
	MaxTextLength       int32
	ImageMaxBytes       int64
	FileMaxBytes        int64
	MultiLogin          string
	// InviteCode lets those register who have it while RegisterOpen is false;
	// empty is nobody.
	InviteCode string
	// Ver is the highest of the rows.
	Ver uint64
}

// Default is the site of which no setting was changed.
func Default() Site {
	return Site{
		Title:               "Tudo IM",
		RegisterOpen:        true,
		RecallWindowSeconds: 120,
		MaxTextLength:       4000,
		ImageMaxBytes:       10 << 20,
		FileMaxBytes:        50 << 20,
		MultiLogin:          LoginAll,
	}
}

// Values of MultiLogin: every device may be logged in, one of each class of
// platforms, or one alone.
const (
	LoginAll    = "all"
	LoginClass  = "class"
	LoginSingle = "single"
)

// Parse returns the default site changed by rows. A row that cannot be used
// keeps its default and a number out of bounds is moved to the nearest; err
// names all such rows and the site is good all the same.
func Parse(rows []SettingsModel) (site Site, err error) {
	site = Default()
	for _, row := range rows {
		site.Ver = max(site.Ver, row.Ver)
		if bad := site.apply(row); bad != nil {
			err = errors.Join(err, fmt.Errorf("setting %q: %w", row.Name, bad))
		}
	}
	return site, err
}

// apply changes s by row. Rows with a name this binary does not know are
// another version's business.
func (s *Site) apply(row SettingsModel) (err error) {
	switch row.Name {
	case "title":
		err = text(&s.Title, row.Value, 1, 64)
	case "abstract":
		err = text(&s.Abstract, row.Value, 0, 512)
	case "registerOpen":
		err = boolean(&s.RegisterOpen, row.Value)
	case "recallWindowSeconds":
		err = number(&s.RecallWindowSeconds, row.Value, 0, 7*24*3600)
	case "maxTextLength":
		err = number(&s.MaxTextLength, row.Value, 1, 4000)
	case "imageMaxBytes":
		err = number(&s.ImageMaxBytes, row.Value, 1<<10, 10<<20)
	case "fileMaxBytes":
		err = number(&s.FileMaxBytes, row.Value, 1<<10, 50<<20)
	case "multiLogin":
		err = oneOf(&s.MultiLogin, row.Value, LoginAll, LoginClass, LoginSingle)
	case "inviteCode":
		err = code(&s.InviteCode, row.Value)
	}
	return err
}

func text(to *string, value string, least, most int) error {
	n := utf8.RuneCountInString(value)
	if n < least || n > most || !utf8.ValidString(value) {
		return fmt.Errorf("not a text of %d to %d characters", least, most)
	}
	for _, r := range value {
		if unicode.IsControl(r) && r != '\n' || r == '<' || r == '>' {
			return errors.New("has control characters or markup")
		}
	}
	*to = value
	return nil
}

// leastCode is the shortest invite code: a shorter one could be guessed.
const leastCode = 8

func code(to *string, value string) error {
	if value != "" && len(value) < leastCode {
		return fmt.Errorf("a code of fewer than %d characters", leastCode)
	}
	for _, c := range []byte(value) {
		if c <= ' ' || c > '~' {
			return errors.New("not visible ASCII")
		}
	}
	return text(to, value, 0, 64)
}

func boolean(to *bool, value string) error {
	switch value {
	case "true":
		*to = true
	case "false":
		*to = false
	default:
		return fmt.Errorf("%q is neither true nor false", value)
	}
	return nil
}

func number[N int32 | int64](to *N, value string, least, most N) error {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return fmt.Errorf("%q is not a number", value)
	}
	*to = N(min(max(n, int64(least)), int64(most)))
	if int64(*to) != n || err != nil {
		return fmt.Errorf("%q is not within %d and %d", value, least, most)
	}
	return nil
}

func oneOf(to *string, value string, choices ...string) error {
	for _, c := range choices {
		if c == value {
			*to = value
			return nil
		}
	}
	return fmt.Errorf("%q is none of %q", value, choices)
}
