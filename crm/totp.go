package crm

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// One-time codes by time, RFC 6238, as every authenticator program makes them: SHA-1, six digits, a new one each half minute.
const (
	codeStep   = 30 * time.Second
	codeDigits = 6
	// codeSkew is how many steps a phone's clock may be off, to either side (RFC 6238, section 5.2, recommends one).
	codeSkew = 1
)

// newSecret is 160 random bits in base32 (RFC 4226, section 4, R6): 32 characters.
func newSecret() string {
	var b [20]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic("crm: no randomness: " + err.Error())
	}
	return base32.StdEncoding.EncodeToString(b[:])
}

// CodeAddress is what an authenticator program reads out of the picture: otpauth://totp/…, the way all of them know.
func CodeAddress(secret, account string) string {
	const issuer = "Kartoteka"
	query := url.Values{"secret": {secret}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	address := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + account, RawQuery: query.Encode()}
	return address.String()
}

// CodeAt is the code that a secret makes at a time.
func CodeAt(secret string, at time.Time) (string, error) { return codeOfStep(secret, stepOf(at)) }

func stepOf(at time.Time) int64 { return at.Unix() / int64(codeStep/time.Second) }

func codeOfStep(secret string, step int64) (string, error) {
	return hotp.GenerateCodeCustom(secret, uint64(step), hotp.ValidateOpts{Digits: codeDigits, Algorithm: otp.AlgorithmSHA1})
}

// stepOfCode is the step, about now, whose code it is; ok is false if it is none's.
func stepOfCode(secret, code string, now time.Time) (step int64, ok bool, err error) {
	at := stepOf(now)
	for s := at - codeSkew; s <= at+codeSkew; s++ {
		want, err := codeOfStep(secret, s)
		if err != nil {
			return 0, false, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = s, true // the latest of them: what is taken once is taken for good
		}
	}
	return step, ok, nil
}

// CodeIn is the code that a message is; ok is false if it is none: six digits, perhaps in two groups.
func CodeIn(text string) (code string, ok bool) {
	code = ungrouped(text)
	if len(code) != codeDigits || strings.Trim(code, "0123456789") != "" {
		return "", false
	}
	return code, true
}

// NearlyCode reports whether a message is a code with a slip: a digit too many or too few, or a letter or two among six. The last
// four digits of a phone are no code.
func NearlyCode(text string) bool {
	var digits, letters int
	for _, r := range ungrouped(text) {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case unicode.IsLetter(r):
			letters++
		default:
			return false
		}
	}
	switch letters {
	case 0:
		return digits == codeDigits-1 || digits == codeDigits+1
	case 1, 2:
		return digits+letters == codeDigits
	}
	return false
}

// ungrouped is a text without the spaces that a phone or a person puts between groups of digits.
func ungrouped(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}
