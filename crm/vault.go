package crm

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// Vault seals what nobody is to read in the store, in a backup or in the record of changes: the first of its keys seals, all
// open. So a key is replaced by putting a new one before it. The zero value has none and seals nothing.
type Vault struct{ ring []key }

// key is AES-256-GCM, with a name by which what it has sealed says so.
type key struct {
	name string
	aead cipher.AEAD
}

const (
	// keyBytes: AES-256.
	keyBytes = 32
	// sealMark begins what is sealed; behind it stand the key's name, a dot, and the nonce with the sealed text in base64url.
	sealMark = "sealed1."
)

// errSealed: what was sealed cannot be opened; the key is missing, or it was altered or belongs somewhere else.
var errSealed = errors.New("sealed with a key that is not there, or altered")

// NewVaultKey makes a key as ParseVault reads it.
func NewVaultKey() string {
	var b [keyBytes]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic("crm: no randomness: " + err.Error())
	}
	return base64.StdEncoding.EncodeToString(b[:])
}

// ParseVault reads keys separated by commas, each of 32 bytes in base64. The error never holds one.
func ParseVault(list string) (Vault, error) {
	var v Vault
	for i, text := range strings.Split(list, ",") {
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
		if err != nil || len(raw) != keyBytes {
			return Vault{}, fmt.Errorf("key %d is not %d bytes in base64", i+1, keyBytes)
		}
		block, err := aes.NewCipher(raw)
		if err != nil {
			return Vault{}, err
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return Vault{}, err
		}
		sum := sha256.Sum256(append([]byte("name of key "), raw...))
		v.ring = append(v.ring, key{hex.EncodeToString(sum[:4]), aead})
	}
	return v, nil
}

// None reports whether there is no key.
func (v Vault) None() bool { return len(v.ring) == 0 }

// seal makes a text unreadable. Whose it is and what for is sealed along, so that it opens nowhere else.
func (v Vault) seal(text, whose string) (string, error) {
	if v.None() {
		return "", errSealed
	}
	first := v.ring[0]
	nonce := make([]byte, first.aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", fmt.Errorf("no randomness: %w", err)
	}
	return sealMark + first.name + "." + base64.RawURLEncoding.EncodeToString(first.aead.Seal(nonce, nonce, []byte(text), []byte(whose))), nil
}

// open reads what seal made.
func (v Vault) open(sealed, whose string) (string, error) {
	rest, ok := strings.CutPrefix(sealed, sealMark)
	name, body, dot := strings.Cut(rest, ".")
	raw, err := base64.RawURLEncoding.DecodeString(body)
	if !ok || !dot || err != nil {
		return "", errSealed
	}
	for _, one := range v.ring {
		n := one.aead.NonceSize()
		if one.name != name || len(raw) < n {
			continue
		}
		if text, err := one.aead.Open(nil, raw[:n], raw[n:], []byte(whose)); err == nil {
			return string(text), nil
		}
	}
	return "", errSealed
}
