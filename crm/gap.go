package crm

import "strings"

// Gap is something that a card lacks, or that is wrong with it.
type Gap string

const (
	GapPhone    Gap = "phone"
	GapEmail    Gap = "email"
	GapSource   Gap = "source"
	GapCity     Gap = "city"
	GapBirthday Gap = "birthday"    // of a person
	GapWrong    Gap = "wrong_phone" // there is one that nobody can call
)

// Wanted are the gaps that count towards how complete a base is.
var Wanted = []Gap{GapPhone, GapEmail, GapSource, GapCity, GapBirthday}

// Gaps are all of them, in the order in which they are shown.
var Gaps = []Gap{GapPhone, GapWrong, GapEmail, GapSource, GapCity, GapBirthday}

// gapsOf is what a card lacks.
func gapsOf(p Profile) []Gap {
	var gaps []Gap
	add := func(lacks bool, g Gap) {
		if lacks {
			gaps = append(gaps, g)
		}
	}
	add(len(p.Phones) == 0, GapPhone)
	for _, phone := range p.Phones {
		if !phone.callable() {
			add(true, GapWrong)
			break
		}
	}
	add(len(p.Emails) == 0, GapEmail)
	add(p.Source == "", GapSource)
	add(p.City == "", GapCity)
	add(p.Birthday.IsZero() && !isFirm(p), GapBirthday)
	return gaps
}

// Lengths of international numbers, in digits (ITU-T E.164); of +7 all have eleven.
const (
	leastDigits = 8
	mostDigits  = 15
	sevenDigits = 11
)

// callable reports whether a number has the length of one.
func (p Phone) callable() bool {
	digits, ok := strings.CutPrefix(p.E164, "+")
	switch n := len(digits); {
	case !ok:
		return false
	case digits[:min(n, 1)] == "7":
		return n == sevenDigits
	default:
		return n >= leastDigits && n <= mostDigits
	}
}
