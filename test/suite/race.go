//go:build race

package suite

// race is whether the tests, and so the suite, run under the race detector.
const race = true
