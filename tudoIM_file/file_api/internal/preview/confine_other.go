//go:build !linux

package preview

// confine does nothing: the memory of others cannot be bounded here.
func confine(int) error { return nil }
