package backup

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"filippo.io/age"
)

// PublicKey is what backups are encrypted to, SecretKey what opens them.
type (
	PublicKey = age.Recipient
	SecretKey = age.Identity
)

// errKey is a public key that is none. Its words do not quote it: somebody may have set the secret one.
var errKey = errors.New("must be a public key of age, which begins with age1")

// ParseKey reads a public key of age.
func ParseKey(text string) (PublicKey, error) {
	keys, err := age.ParseRecipients(strings.NewReader(text))
	if err != nil || len(keys) != 1 {
		return nil, errKey
	}
	return keys[0], nil
}

// ReadSecretKeys reads a file of secret keys, as age-keygen and NewKey write it.
func ReadSecretKeys(path string) ([]SecretKey, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // was only read
	keys, err := age.ParseIdentities(f)
	if err != nil {
		return nil, fmt.Errorf("%s holds no secret key of age: a line that begins with AGE-SECRET-KEY-1", path)
	}
	return keys, nil
}

// NewKey makes a pair of keys.
func NewKey() (public, secret string, err error) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", fmt.Errorf("make a key: %w", err)
	}
	return key.Recipient().String(), key.String(), nil
}

// passing makes the key to which one file is encrypted too, so that it can be read back, of the kind of the owner's: age
// does not mix kinds.
func passing(owner PublicKey) (PublicKey, SecretKey, error) {
	if _, hybrid := owner.(*age.HybridRecipient); hybrid {
		key, err := age.GenerateHybridIdentity()
		if err != nil {
			return nil, nil, err
		}
		return key.Recipient(), key, nil
	}
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, nil, err
	}
	return key.Recipient(), key, nil
}
