package model

// Set puts value, if there is one, into to and adds name to changed if that
// makes a difference.
func Set[T comparable](to, value *T, name string, changed *[]string) {
	if value != nil && *to != *value {
		*to = *value
		*changed = append(*changed, name)
	}
}
