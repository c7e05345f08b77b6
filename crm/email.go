package crm

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits of RFC 5321, 4.5.3.1, in bytes.
const (
	maxEmail      = 254
	maxEmailLocal = 64
	maxHostLabel  = 63
)

var emailShape = regexp.MustCompile(`[\pL\pN][\pL\pM\pN._%+'-]*@[\pL\pN][\pL\pM\pN.-]*[\pL\pN]|[\pL\pN_.%+-]+@[\pL\pN][\pL\pM\pN.-]*[\pL\pN]`)

// ParseEmail reads one e-mail address, also as mailto:… or Name <…>, in lower case. Names of domains may be in
// any script. It fails with ErrInvalid on "email".
func ParseEmail(s string) (string, error) {
	s = strings.TrimSpace(stripFormat(s))
	if i := strings.LastIndexByte(s, '<'); i >= 0 && strings.HasSuffix(s, ">") {
		s = s[i+1 : len(s)-1]
	}
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s, _, _ = strings.Cut(s[7:], "?")
		if plain, err := url.PathUnescape(s); err == nil {
			s = plain
		}
	}
	mail := norm.NFC.String(strings.ToLower(norm.NFC.String(strings.TrimRight(s, ".,;"))))
	local, domain, ok := strings.Cut(mail, "@")
	if !ok || len(mail) > maxEmail || !utf8.ValidString(mail) || !goodLocal(local) || !goodDomain(domain) {
		return "", invalid("email")
	}
	return mail, nil
}

func goodLocal(local string) bool {
	if local == "" || len(local) > maxEmailLocal || strings.Contains(local, "..") || local[0] == '.' || local[len(local)-1] == '.' {
		return false
	}
	for _, r := range local {
		if !unicode.In(r, unicode.L, unicode.M, unicode.Nd) && !strings.ContainsRune("!#$%&'*+/=?^_`{|}~.-", r) {
			return false
		}
	}
	return true
}

func goodDomain(domain string) bool {
	labels := strings.Split(domain, ".")
	if len(labels) < 2 {
		return false
	}
	for _, label := range labels {
		if label == "" || len(label) > maxHostLabel || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, r := range label {
			if !unicode.In(r, unicode.L, unicode.M, unicode.Nd) && r != '-' {
				return false
			}
		}
	}
	top := labels[len(labels)-1]
	return utf8.RuneCountInString(top) >= 2 && strings.IndexFunc(top, unicode.IsDigit) != 0
}

// FindEmails finds the e-mail addresses in a text, with byte offsets.
func FindEmails(text string) []Span[string] {
	var found []Span[string]
	for _, m := range emailShape.FindAllStringIndex(text, -1) {
		start, end := m[0], m[1]
		if strings.HasPrefix(text[end:], "@") {
			continue
		}
		for start < end && strings.IndexByte("._%+-", text[start]) >= 0 {
			start++
		}
		if mail, err := ParseEmail(text[start:end]); err == nil {
			found = append(found, Span[string]{start, end, mail})
		}
	}
	return found
}
