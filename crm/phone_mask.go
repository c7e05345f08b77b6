package crm

import "regexp"

// PhoneLike finds the phones in a text and what may be one, for eyes that are to see none: a number of seven to fifteen digits
// may be, though no numbering plan knows it, unless it is a date, a time, a sum, or says which document it is of. The values
// of what no plan knows are empty.
func PhoneLike(text, region string) []Span[Phone] {
	t := plainPhones(text)
	s := newPhoneScan(t, region, false)
	rest := []byte(s.n)
	for _, f := range s.found {
		blank(rest, f.Start, f.End)
	}
	for _, m := range writtenPhone.FindAllStringIndex(t.n, -1) { // "договор 8 900 123-45-67": what the word names ends before it
		if !overlaps(s.found, m) {
			s.found = append(s.found, Span[Phone]{Start: m[0], End: m[1]})
			blank(rest, m[0], m[1])
		}
	}
	s.n = string(rest)
	for _, groups := range digitChains(s.n) {
		if span, ok := s.phoneLike(groups); ok {
			s.found = append(s.found, span)
		}
	}
	sortSpans(s.found)
	for i := range s.found {
		s.found[i].Start, s.found[i].End = t.at[s.found[i].Start], t.at[s.found[i].End]
	}
	return s.found
}

func overlaps(found []Span[Phone], m []int) bool {
	for _, f := range found {
		if f.Start < m[1] && m[0] < f.End {
			return true
		}
	}
	return false
}

// phoneLike judges groups of digits that no plan knows.
func (s *phoneScan) phoneLike(groups [][2]int) (Span[Phone], bool) {
	start, end := groups[0][0], groups[len(groups)-1][1]
	all := s.n[start:end]
	if len(onlyDigits(all)) < 7 {
		return Span[Phone]{}, false
	}
	for _, g := range groups {
		if g[1]-g[0] > 15 { // E.164: no phone has more
			return Span[Phone]{}, false
		}
	}
	plus := start > 0 && s.n[start-1] == '+'
	start = s.openBracket(start, end)
	labelled := s.labelled(start) || plus
	if !labelled && noPhone.MatchString(all) || !s.bounded(start, end, labelled) {
		return Span[Phone]{}, false
	}
	if plus {
		start--
	}
	return Span[Phone]{Start: start, End: end}, true
}

var (
	// writtenPhone is a number with its separators where those of a Russian phone are.
	writtenPhone = regexp.MustCompile(`(?:\+7|\b[78])[ -]?(?:\(\d{3}\) ?|[ -]\d{3}[ -])\d{3}[ -]?\d{2}[ -]?\d{2}\b`)
	// noPhone is a sum in thousands, or days, or years, from one to another if need be.
	noPhone = regexp.MustCompile(`^(?:` + fromTo(`\d{1,3}(?: \d{3})+`) + `|` + fromTo(`(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])(?:\.\d{2}|\.\d{4})?`) +
		`|` + fromTo(`(?:19|20)\d\d`) + `)$`)
)

// fromTo is a shape, or two of it with a dash or a stroke between.
func fromTo(shape string) string { return shape + `(?: ?[-/] ?` + shape + `)?` }
