package e2e

import (
	"slices"
	"strings"
	"testing"

	"tudoIM/core/db"
	"tudoIM/test/client"
	"tudoIM/test/photo"
	"tudoIM/test/suite"
)

// open opens the suite's database behind its back.
func open(t *testing.T, s *suite.Suite) *db.DB {
	t.Helper()
	return photo.Open(t, s)
}

// inDatabase runs a statement behind the suite's back: for what no route does.
func inDatabase(t *testing.T, s *suite.Suite, statement string, args ...any) {
	t.Helper()
	if done := open(t, s).WithContext(ctx(t)).Exec(statement, args...); done.Error != nil || done.RowsAffected != 1 {
		t.Fatalf("%s: %d rows, %v", statement, done.RowsAffected, done.Error)
	}
}

// photograph returns every row of the database that is about users.
func photograph(t *testing.T, s *suite.Suite, users ...*client.Client) []string {
	t.Helper()
	ids := make([]uint64, len(users))
	for i, u := range users {
		ids[i] = u.UserID
	}
	return photo.Of(t, s, ids...)
}

// unchanged fails if the photographs before and after differ.
func unchanged(t *testing.T, what string, before, after []string) {
	t.Helper()
	photo.Unchanged(t, what, before, after)
}

func TestAPhotographShowsEverythingAboutUsers(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		before := photograph(t, s, ann, bob)
		for _, table := range []string{"user_models", "user_conf_models", "friend_models", "friend_verify_models", "session_models", "conversation_models"} {
			if !slices.ContainsFunc(before, func(row string) bool { return strings.HasPrefix(row, table+" ") }) {
				t.Errorf("nothing of %s", table)
			}
		}
		unchanged(t, "nothing", before, photograph(t, s, ann, bob))
		must(t, "remark", remark(t, ann, bob.UserID, "pal"))
		if after := photograph(t, s, ann, bob); slices.Equal(before, after) {
			t.Error("a change is not seen")
		}
	})
}
