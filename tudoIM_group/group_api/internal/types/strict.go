package types

// Strict makes a key that nobody can change an error: whoever changes a group
// is to know that its owner or its number stayed as they were.
func (*UpdateRequest) Strict() {}
