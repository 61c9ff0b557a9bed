// Package version says what this build is.
package version

const (
	// Version of the suite, as in CHANGELOG.md.
	Version = "0.1.0"
	// API is the version of the contract with clients: it rises only when a
	// client of the version before would break.
	API = 1
)
