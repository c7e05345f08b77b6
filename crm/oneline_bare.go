package crm

import "strings"

// BareKind is what a text consists of and nothing else.
type BareKind string

const (
	BareNone     BareKind = "" // anything else: a search
	BarePhone    BareKind = "phone"
	BareEmail    BareKind = "email"
	BareUsername BareKind = "username"
)

// Unfinished tells of a text in which somebody stopped too soon: ErrInvalid on "username" for an @ with too little
// behind it, on "phone.short" for a phone that lacks digits; nil for any other.
func Unfinished(text string) error {
	text = cleanLine(text)
	if name, ok := strings.CutPrefix(text, "@"); ok && !strings.ContainsAny(name, " .") {
		_, err := ParseUsername(text)
		return err
	}
	if s, ok := shortPhone(plainPhones(text)); ok {
		return &Error{Kind: ErrInvalid, Field: "phone.short", Err: s}
	}
	return nil
}

// IsBare tells a text that is nothing but one whole phone, e-mail or @username (somebody to be written down)
// from a search. Pieces of phones ("900 123", "4567") are searches, and so are bare digits that may be an
// ИНН: those that FindPhones does not take for a phone.
func IsBare(text, region string) BareKind {
	text = cleanLine(text)
	if strings.ContainsAny(text, "@/") && !strings.Contains(text, " ") {
		if _, err := ParseUsername(text); err == nil {
			return BareUsername
		}
		if _, err := ParseEmail(text); err == nil {
			return BareEmail
		}
	}
	if p, err := ParsePhone(text, region); err == nil && p.Raw == "" && len(FindPhones(text, region)) == 1 {
		return BarePhone
	}
	return BareNone
}
