package embedded

import "strings"

// kind is what a statement does to the database.
type kind int

const (
	reads kind = iota
	writes
	controls // begins or ends a transaction
)

// kindOf reads the text of one or more statements. What it does not know is
// taken to write: such a statement waits for its turn for nothing, at worst.
func kindOf(query string) kind {
	switch verb(query) {
	case "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE":
		return controls
	}
	for query != "" {
		word := verb(query)
		switch word {
		case "", "SELECT", "VALUES", "EXPLAIN", "PRAGMA", "WITH":
		default:
			return writes
		}
		text, more := statement(query)
		if word == "PRAGMA" && strings.Contains(text, "=") || word == "WITH" && changes(text) {
			return writes
		}
		query = more
	}
	return reads
}

// verb returns the first word in upper case, "" if there is no statement and
// "?" if it does not begin with a word.
func verb(query string) string {
	for {
		query = strings.TrimLeft(query, " \t\r\n\f;")
		switch {
		case strings.HasPrefix(query, "--"):
			query = query[after(query, 2, "\n"):]
		case strings.HasPrefix(query, "/*"):
			query = query[after(query, 2, "*/"):]
		case query == "":
			return ""
		default:
			n := 0
			for n < len(query) && (query[n]|0x20 >= 'a' && query[n]|0x20 <= 'z') {
				n++
			}
			if n == 0 {
				return "?"
			}
			return strings.ToUpper(query[:n])
		}
	}
}

// statement splits off the first statement, in upper case and without comments
// and quoted parts.
func statement(query string) (text, more string) {
	var b strings.Builder
	i := 0
	for i < len(query) {
		switch c := query[i]; {
		case c == ';' && strings.TrimSpace(b.String()) == "":
			i++
			continue
		case c == ';':
			return strings.ToUpper(b.String()), query[i+1:]
		case strings.HasPrefix(query[i:], "--"):
			i = after(query, i+2, "\n")
		case strings.HasPrefix(query[i:], "/*"):
			i = after(query, i+2, "*/")
		case c == '\'' || c == '"' || c == '`':
			i = after(query, i+1, string(c))
		case c == '[':
			i = after(query, i+1, "]")
		default:
			b.WriteByte(c)
			i++
			continue
		}
		b.WriteByte(' ')
	}
	return strings.ToUpper(b.String()), ""
}

func after(s string, from int, end string) int {
	if n := strings.Index(s[from:], end); n >= 0 {
		return from + n + len(end)
	}
	return len(s)
}

func changes(text string) bool {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool {
		return r != '_' && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	}) {
		switch word {
		case "INSERT", "UPDATE", "DELETE", "REPLACE":
			return true
		}
	}
	return false
}
