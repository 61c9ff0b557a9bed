package suite

import "testing"

// Need leaves a test out of a short run, which has nothing installed, and
// fails it in any other when something it runs on is missing.
func Need(t testing.TB, required ...func() error) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: what needs servers or generators installed is left out")
	}
	for _, missing := range required {
		if err := missing(); err != nil {
			t.Fatal(err)
		}
	}
}
