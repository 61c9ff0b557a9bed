package types

// Strict makes a key that is no setting an error: whoever changes settings is
// to know that one was not changed.
func (*ChangeRequest) Strict() {}
