package embedded

import "testing"

func TestKindOf(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]kind{
		"":          reads,
		"select 1;": reads,
		"  -- why\n/* ; */ Select 'a; insert' from [t;x]": reads,
		"EXPLAIN QUERY PLAN DELETE FROM t":                reads,
		"pragma table_info(\"a=b\")":                      reads,
		"with a as (select 'delete') select * from a":     reads,
		"with a as (select updated from t) select 1":      reads,
		"select 1; select 2":                              reads,

		"INSERT INTO t VALUES (1) RETURNING id":                  writes,
		"select 1; insert into t values (1)":                     writes,
		"with a as (select 1) insert into t select * from a":     writes,
		"PRAGMA user_version = 3":                                writes,
		"create trigger a after insert on t begin select 1; end": writes,
		"\ufeffselect 1":                                         writes,
		"vacuum":                                                 writes,

		"begin immediate": controls,
		"; COMMIT":        controls,
		"rollback to a":   controls,
		"/**/savepoint a": controls,
	} {
		if got := kindOf(query); got != want {
			t.Errorf("%q: %d, want %d", query, got, want)
		}
	}
}
