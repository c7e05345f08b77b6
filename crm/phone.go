package crm

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// phonenumbers with its metadata adds about 6 MB to the memory of a process and 6 MB to the program; a parse
// takes some 20 µs (measured with v1.8.1 on linux/amd64).

// cisRegions are tried for numbers written with a trunk prefix that the team's own region does not know,
// e.g. 067… and 8 029… in a Russian team: an answer counts only if it is the only one.
var cisRegions = []string{"RU", "KZ", "BY", "UA", "UZ", "KG", "AM", "AZ", "GE", "MD", "TJ", "TM"}

// cisCodes are the calling codes that people write without a plus, with the length of the whole number.
var cisCodes = []struct {
	code   string
	digits int
}{
	{"7", 11}, {"375", 12}, {"380", 12}, {"998", 12}, {"996", 12}, {"992", 12},
	{"993", 11}, {"994", 12}, {"995", 12}, {"374", 11}, {"373", 11},
}

// ParsePhone reads one phone as people write it: 8 (900) 123-45-67, 9001234567, 375291234567, тел. …,
// … доб. 12, … Иван. Region (e.g. RU) is for numbers without a country code. Only numbers that the numbering
// plan knows are accepted. Raw is kept if words stood beside the number.
//
// It fails with ErrInvalid on "phone.area" for a local number without its city code, on "phone.short" with a
// ShortPhone for one that lacks digits behind its country code, and on "phone" for
// anything else, two phones included (FindPhones takes them apart).
func ParsePhone(s, region string) (Phone, error) {
	t := plainPhones(s)
	found := scanPhones(t, region, true)
	if len(found) != 1 {
		return Phone{}, phoneError(t)
	}
	f := found[0]
	before, after := t.n[:f.Start], t.n[f.End:]
	if strings.ContainsAny(phoneTail(after), "0123456789") {
		return Phone{}, phoneError(t)
	}
	p := f.Value
	if p.Raw == "" && (hasLetter(phoneWord.ReplaceAllString(before, "")) || hasLetter(after)) {
		p.Raw = strings.TrimSpace(stripFormat(s))
	}
	return p, nil
}

// phoneTail is what stands between a phone and the first word after it: further digits there mean that
// the number was mistyped, digits behind words are about something else ("до 18:00").
func phoneTail(after string) string {
	for i, r := range after {
		if isLetter(r) {
			return after[:i]
		}
	}
	return after
}

func phoneError(t plainText) error {
	if s, ok := shortPhone(t); ok {
		return &Error{Kind: ErrInvalid, Field: "phone.short", Err: s}
	}
	digits := onlyDigits(t.n)
	if len(digits) >= 5 && len(digits) <= 7 && !strings.Contains(t.n, "+") {
		return invalid("phone.area")
	}
	return invalid("phone")
}

// ShortPhone tells of a number with a country code that it has too few digits.
type ShortPhone struct {
	Code string // the country's, without plus
	Have int    // digits, the code among them
	Want int    // … of a mobile number of that country
}

func (s ShortPhone) Error() string { return fmt.Sprintf("%d digits of %d", s.Have, s.Want) }

// shortPhone judges a text that is nothing but a plus and digits.
func shortPhone(t plainText) (ShortPhone, bool) {
	line, digits := strings.TrimSpace(t.n), onlyDigits(t.n)
	n := countryCode(digits)
	if !strings.HasPrefix(line, "+") || strings.Trim(line, "+()-./ \t0123456789") != "" || len(digits) < n {
		return ShortPhone{}, false
	}
	code, _ := strconv.Atoi(digits[:n])
	example := phonenumbers.GetExampleNumberForType(phonenumbers.GetRegionCodeForCountryCode(code), phonenumbers.MOBILE)
	if example == nil {
		return ShortPhone{}, false
	}
	s := ShortPhone{Code: digits[:n], Have: len(digits), Want: n + len(phonenumbers.GetNationalSignificantNumber(example))}
	number, err := phonenumbers.Parse("+"+digits, "ZZ")
	whole := err == nil && phonenumbers.IsPossibleNumberWithReason(number) == phonenumbers.IS_POSSIBLE
	return s, s.Have < s.Want && !whole
}

// FindPhones finds the phones in a text, with byte offsets that include the extension. Numbers that only
// look like phones (ИНН, ОГРН, accounts, cards, dates, amounts) are left alone: without a plus a number
// counts if its beginning (8, 7, 9), its separators or a word before it ("тел.") speak for a phone.
func FindPhones(text, region string) []Span[Phone] {
	t := plainPhones(text)
	found := scanPhones(t, region, false)
	for i := range found {
		found[i].Start, found[i].End = t.at[found[i].Start], t.at[found[i].End]
	}
	return found
}

// Display is +7 900 123-45-67 for Russia and Kazakhstan and the country's international format elsewhere,
// without the extension. ParsePhone reads it back.
func (p Phone) Display() string {
	if d := strings.TrimPrefix(p.E164, "+7"); len(d) == 10 && len(p.E164) == 12 {
		return "+7 " + d[:3] + " " + d[3:6] + "-" + d[6:8] + "-" + d[8:]
	}
	n, err := phonenumbers.Parse(p.E164, "ZZ")
	if err != nil {
		return p.E164
	}
	return phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
}

// written is a candidate number before its plan is known.
type written struct {
	digits string
	plus   bool
	alone8 bool // "+8 900…": the 8 stands apart
}

// e164 resolves a written number, "" if it is none.
func (w written) e164(region string) string {
	if w.plus {
		return w.withPlus()
	}
	d := w.digits
	if rest, ok := strings.CutPrefix(d, "00"); ok {
		if e := validE164("+"+rest, "ZZ"); e != "" {
			return e
		}
	}
	if e := validE164(d, region); e != "" {
		return e
	}
	if !slices.Contains(cisRegions, strings.ToUpper(region)) {
		return cisInternational(d)
	}
	if rest, ok := strings.CutPrefix(d, "8"); ok && len(d) == 11 {
		if e := validE164("+7"+rest, "ZZ"); e != "" {
			return e
		}
	}
	if rest, ok := strings.CutPrefix(d, "810"); ok {
		if e := validE164("+"+rest, "ZZ"); e != "" {
			return e
		}
	}
	if e := cisInternational(d); e != "" {
		return e
	}
	return cisNational(d)
}

func (w written) withPlus() string {
	tries := []string{"+" + w.digits}
	if rest, ok := strings.CutPrefix(w.digits, "8"); ok && len(rest) == 10 { // +8 900 123-45-67
		tries = append(tries, "+7"+rest)
		if w.alone8 { // else +84 951… may well be Vietnam
			slices.Reverse(tries)
		}
	}
	if rest, ok := strings.CutPrefix(w.digits, "78"); ok && len(rest) == 10 { // +7 8 900 123-45-67
		tries = append(tries, "+7"+rest)
	}
	for _, try := range tries {
		if e := validE164(try, "ZZ"); e != "" {
			return e
		}
	}
	return ""
}

// cisInternational reads 375291234567: a calling code without its plus.
func cisInternational(d string) string {
	for _, c := range cisCodes {
		if len(d) == c.digits && strings.HasPrefix(d, c.code) {
			return validE164("+"+d, "ZZ")
		}
	}
	return ""
}

// cisNational reads 067 123-45-67 and 8 029 123-45-67: a trunk prefix of some country; of one only.
func cisNational(d string) string {
	if strings.HasPrefix(d, "80") && len(d) > 10 {
		d = d[1:]
	}
	if !strings.HasPrefix(d, "0") || strings.HasPrefix(d, "00") { // 00 would be read as +
		return ""
	}
	only := ""
	for _, region := range cisRegions {
		e := validE164(d, region)
		if e == "" || e == only {
			continue
		}
		if only != "" {
			return ""
		}
		only = e
	}
	return only
}

// validE164 is the canonical form of a number that its country's plan knows, "" of any other. What does
// not read back as itself is refused too, so that the stored form is stable.
func validE164(number, region string) string {
	n, err := phonenumbers.Parse(number, strings.ToUpper(region))
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return ""
	}
	e := phonenumbers.Format(n, phonenumbers.E164)
	if e == number {
		return e // that is how it was read: a parse takes some 20 µs
	}
	again, err := phonenumbers.Parse(e, "ZZ")
	if err != nil || !phonenumbers.IsValidNumber(again) || phonenumbers.Format(again, phonenumbers.E164) != e {
		return ""
	}
	return e
}

// isMobile reports whether a number is known to be a mobile one: those have no extensions.
func isMobile(e164 string) bool {
	n, err := phonenumbers.Parse(e164, "ZZ")
	return err == nil && phonenumbers.GetNumberType(n) == phonenumbers.MOBILE
}
