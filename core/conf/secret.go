package conf

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tudoIM/utils/rand"
)

// minSecret is the least length of a secret in bytes: 256 bits as characters.
const minSecret = 32

// minKinds is how many different bytes a secret has at least: of 32 random
// hex digits fewer are there once in ten million times.
const minKinds = 8

// examples are in secrets that were never meant to be one.
var examples = []string{"example", "change", "secret", "password", "replace"}

// Secret returns configured if it is set, else the secret called name in
// dataDir, which the first process that needs it makes at random. Processes
// that start at the same time agree on one.
func Secret(dataDir, name, configured string) ([]byte, error) {
	if configured != "" {
		if err := strong(configured); err != nil {
			return nil, fmt.Errorf("secret %s: %w", name, err)
		}
		return []byte(configured), nil
	}
	dir, err := Dir(dataDir)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, name)
	b, err := os.ReadFile(file) // #nosec G304 -- name is one of our constants
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(dir, file); err != nil {
			return nil, fmt.Errorf("secret %s: %w", name, err)
		}
		b, err = os.ReadFile(file) // #nosec G304
	}
	if err != nil {
		return nil, fmt.Errorf("secret %s: %w", name, err)
	}
	s := strings.TrimSpace(string(b))
	if err := strong(s); err != nil {
		return nil, fmt.Errorf("secret file %s: %w", file, err)
	}
	return []byte(s), nil
}

// strong refuses what somebody might guess who has read our documents, or
// has tried all short ones. Its error does not tell the secret.
func strong(secret string) error {
	if len(secret) < minSecret {
		return fmt.Errorf("shorter than %d bytes", minSecret)
	}
	kinds := map[byte]bool{}
	for i := range len(secret) {
		kinds[secret[i]] = true
	}
	low := strings.ToLower(secret)
	isExample := slices.ContainsFunc(examples, func(word string) bool { return strings.Contains(low, word) })
	if len(kinds) < minKinds || isExample {
		return errors.New("easy to guess: take a random one, for example of `openssl rand -hex 32`")
	}
	return nil
}

// create writes a new secret to a temporary file and links it into place:
// the link fails if another process was first, and no reader ever sees half
// a secret.
func create(dir, file string) error {
	tmp, err := os.CreateTemp(dir, ".secret-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }()
	if _, err := tmp.WriteString(rand.Hex(minSecret) + "\n"); err != nil {
		_ = tmp.Close()
		return err
	}
	if err := errors.Join(tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
