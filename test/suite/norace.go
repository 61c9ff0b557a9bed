//go:build !race

package suite

// Race is whether the tests, and so the suite, run under the race detector.
const Race = false
