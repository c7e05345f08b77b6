package crm

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is something found in a text, at the bytes [Start, End).
type Span[T any] struct {
	Start, End int
	Value      T
}

// phoneScan walks over the groups of digits in a text.
type phoneScan struct {
	n      string
	region string
	asked  bool // the text is the answer to "which phone?": no need to look like one
	found  []Span[Phone]
	label  map[int]bool // place → a word for a phone stands before it; a place is looked at many times
}

func (s *phoneScan) labelled(at int) bool {
	if at == 0 {
		return false
	}
	is, known := s.label[at]
	if !known {
		is = phoneWord.MatchString(lastBytes(s.n[:at], 60))
		s.label[at] = is
	}
	return is
}

// leastInPhone is how many digits a phone has, written with its area or its country.
const leastInPhone = 7

// scanPhones finds phones in t; offsets are those of t.n. Most of what people type has no digits at all.
func scanPhones(t plainText, region string, asked bool) []Span[Phone] {
	if len(onlyDigits(t.n)) < leastInPhone {
		return nil
	}
	return newPhoneScan(t, region, asked).found
}

// newPhoneScan has scanned t; what is left in its text is what is neither a link nor of a shape that holds no phone.
func newPhoneScan(t plainText, region string, asked bool) *phoneScan {
	s := &phoneScan{n: t.n, region: region, asked: asked, label: map[int]bool{}}
	n := []byte(t.n)
	if !bare(t.n) {
		for _, m := range phoneLink.FindAllStringSubmatchIndex(t.n, -1) {
			s.link(n, m)
		}
		s.n = string(n)
	}
	for _, span := range notPhoneSpans(s.n) {
		blank(n, span[0], span[1])
	}
	s.n = string(n)
	for _, chain := range digitChains(s.n) {
		s.chain(chain)
	}
	sortSpans(s.found)
	return s
}

// link takes a messenger's link with a phone; what else the link says stays in Raw.
func (s *phoneScan) link(n []byte, m []int) {
	e := written{digits: s.n[m[2]:m[3]], plus: true}.e164(s.region)
	if e == "" || !wordStarts(s.n, m[0]) {
		return
	}
	p := Phone{E164: e}
	end := m[3]
	if rest := s.n[m[4]:m[5]]; strings.HasPrefix(rest, ";ext=") && onlyDigits(rest) == rest[5:] {
		p.Ext, end = onlyDigits(rest), m[5]
	} else if strings.ContainsAny(rest, "?&/") {
		p.Raw, end = s.n[m[0]:m[5]], m[5]
	}
	s.found = append(s.found, Span[Phone]{m[0], end, p})
	blank(n, m[0], end)
}

// blank overwrites what is spoken for, so that nothing else is found there.
func blank(b []byte, from, to int) {
	for i := from; i < to; i++ {
		b[i] = '\x1f'
	}
}

// bare reports a text of digits and what may stand between those of a phone: as most cells of a table have. Expressions take
// longer to find nothing in it than all the rest.
func bare(n string) bool { return strings.Trim(n, "0123456789+()- ") == "" }

func notPhoneSpans(n string) [][]int {
	var spans [][]int
	shapes := notPhones
	if bare(n) {
		shapes = digitsAlone
	}
	for _, re := range shapes {
		for _, m := range re.FindAllStringSubmatchIndex(n, -1) {
			spans = append(spans, m[len(m)-2:])
		}
	}
	for _, m := range dottedDate.FindAllStringSubmatchIndex(n, -1) {
		if looksDated(n, m) {
			spans = append(spans, m[:2])
		}
	}
	return spans
}

// looksDated tells 12.05.1985 from the tail of a number such as (8452) 12-05-85.
func looksDated(n string, m []int) bool {
	before, after := strings.TrimRight(n[:m[0]], " "), n[m[1]:]
	if startsDigit(after) || len(after) > 1 && strings.ContainsRune(".-/", rune(after[0])) && isDigit(after[1]) {
		return false
	}
	if strings.HasSuffix(before, ")") || m[0] > 0 && strings.ContainsRune("0123456789.-/+", rune(n[m[0]-1])) {
		return false
	}
	first, sep, month, last := n[m[2]:m[3]], n[m[4]:m[5]], n[m[6]:m[7]], n[m[10]:m[11]]
	if sep != n[m[8]:m[9]] || len(first) == 3 || len(last) == 3 {
		return false
	}
	if len(first) == 4 {
		return len(last) == 2 && atMost(month, 12) && atMost(last, 31)
	}
	return atMost(first, 31) && (atMost(month, 12) || sep == "/" && atMost(month, 31)) && (sep != "-" || len(last) == 4)
}

func atMost(digits string, limit int) bool {
	n, err := strconv.Atoi(digits)
	return err == nil && n >= 1 && n <= limit
}

// digitChains are the groups of digits that could belong together: nothing but a few separators between.
func digitChains(n string) [][][2]int {
	var chains [][][2]int
	last := -1 // end of the group before
	for i := 0; i < len(n); i++ {
		if !isDigit(n[i]) {
			continue
		}
		start := i
		for i < len(n) && isDigit(n[i]) {
			i++
		}
		group := [2]int{start, i}
		if last >= 0 && joins(n[last:start]) {
			chains[len(chains)-1] = append(chains[len(chains)-1], group)
		} else {
			chains = append(chains, [][2]int{group})
		}
		last = i
	}
	return chains
}

// joins reports whether a separator can stand inside a phone.
func joins(sep string) bool {
	if len(sep) > 4 || strings.Trim(sep, " \t()-./") != "" {
		return sep == "+"
	}
	return strings.Count(sep, ".")+strings.Count(sep, "/") <= 1 && !strings.Contains(sep, ". ")
}

// maxGroups is how many groups of digits a phone is written in at most: 8 10 375 29 123 45 67 has seven.
const maxGroups = 8

// chain takes phones out of a chain of groups, the longest that fits first. A number may not go on behind
// a dash or a dot.
func (s *phoneScan) chain(groups [][2]int) {
	for i := 0; i < len(groups); i++ {
		if s.taken(groups[i][0]) {
			continue
		}
		for j := min(len(groups), i+maxGroups) - 1; j >= i; j-- {
			if j+1 < len(groups) && strings.ContainsAny(s.n[groups[j][1]:groups[j][1]+1], "-.") && startsDigit(s.n[groups[j][1]+1:]) {
				continue
			}
			if span, ok := s.candidate(groups[i : j+1]); ok {
				s.found = append(s.found, span)
				i = j
				break
			}
		}
	}
}

// taken reports whether the place belongs to an extension that was found already.
func (s *phoneScan) taken(at int) bool {
	return len(s.found) > 0 && at >= s.found[len(s.found)-1].Start && at < s.found[len(s.found)-1].End
}

func (s *phoneScan) candidate(groups [][2]int) (Span[Phone], bool) {
	start, end := groups[0][0], groups[len(groups)-1][1]
	w := written{digits: onlyDigits(s.n[start:end])}
	if len(w.digits) < leastInPhone || len(w.digits) > 17 {
		return Span[Phone]{}, false
	}
	sep := ""
	if len(groups) > 1 {
		sep = s.n[groups[0][1]:groups[1][0]]
	}
	w.alone8 = sep != "" && s.n[start:groups[0][1]] == "8"
	start = s.openBracket(start, end)
	switch {
	case start > 0 && s.n[start-1] == '+':
		start, w.plus = start-1, true
	case strings.HasPrefix(s.n[start:], "8+7"):
		w.digits, w.plus = w.digits[1:], true
	}
	if strings.Contains(s.n[start+1:end], "+") && !strings.HasPrefix(s.n[start:], "8+7") {
		return Span[Phone]{}, false
	}
	labelled := s.labelled(start)
	if !s.bounded(start, end, labelled) || !s.asked && !labelled && !w.plus && !s.plausible(groups, w.digits) {
		return Span[Phone]{}, false
	}
	e := w.e164(s.region)
	if e == "" {
		return Span[Phone]{}, false
	}
	p := Phone{E164: e}
	if strings.HasPrefix(s.n[end:], ")") && strings.HasPrefix(s.n[start:], "(") {
		end++
	}
	p.Ext, end = s.extension(e, end)
	return Span[Phone]{start, end, p}, true
}

// openBracket moves the start over a bracket that closes inside the number, and over the plus's bracket.
func (s *phoneScan) openBracket(start, end int) int {
	if start > 0 && s.n[start-1] == '(' && strings.Contains(s.n[start:min(len(s.n), end+1)], ")") {
		return start - 1
	}
	if strings.HasSuffix(s.n[:start], "+(") {
		return start - 1
	}
	return start
}

// bounded reports whether what stands around a number allows for a phone: no word of Latin letters that goes
// on, no address, no sum.
func (s *phoneScan) bounded(start, end int, labelled bool) bool {
	before, _ := utf8.DecodeLastRuneInString(s.n[:start])
	if !labelled && start > 0 {
		beyond, _ := utf8.DecodeLastRuneInString(s.n[:start-utf8.RuneLen(before)])
		switch {
		case isLatin(before) || strings.ContainsRune("_@=№#&?%+", before):
			return false
		case strings.ContainsRune("/-.", before) && (isLetter(beyond) || before != '/' && unicode.IsDigit(beyond)):
			return false
		case !s.asked && amountBefore.MatchString(lastBytes(s.n[:start], 8)):
			return false
		}
	}
	if end == len(s.n) || phoneExt.MatchString(s.n[end:]) {
		return true
	}
	after, _ := utf8.DecodeRuneInString(s.n[end:])
	if isLatin(after) || strings.ContainsRune("_@%", after) {
		return false
	}
	return labelled || s.n[start] == '+' || !amountAfter.MatchString(s.n[end:])
}

// lastBytes is the end of s, cut between characters: the labels before a number are short, and looking for
// them from the beginning of a long text for each number would take too long.
func lastBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	i := len(s) - n
	for i < len(s) && !utf8.RuneStart(s[i]) {
		i++
	}
	return s[i:]
}

func isLatin(r rune) bool { return unicode.Is(unicode.Latin, r) }

// plausible reports whether digits without a plus and without a word for them look like a phone.
func (s *phoneScan) plausible(groups [][2]int, digits string) bool {
	if len(groups) > 1 {
		all := s.n[groups[0][0]:groups[len(groups)-1][1]]
		first := all[:groups[0][1]-groups[0][0]]
		return !thousands.MatchString(all) || (first == "8" || first == "7") && len(digits) == 11
	}
	switch {
	case len(digits) == 10:
		return digits[0] == '9' || !s.cis() && digits[0] != '0'
	case len(digits) == 11:
		return digits[0] == '8' || digits[0] == '7' || !s.cis()
	case len(digits) == 12 && isINN12(digits):
		return false
	}
	for _, c := range cisCodes {
		if len(digits) == c.digits && strings.HasPrefix(digits, c.code) {
			return true
		}
	}
	return strings.HasPrefix(digits, "00") || !s.cis() && len(digits) <= 12
}

func (s *phoneScan) cis() bool {
	return s.region == "" || slices.Contains(cisRegions, strings.ToUpper(s.region))
}

// isINN12 checks the two check digits of a Russian person's tax number (ФНС order ММВ-7-6/435).
func isINN12(d string) bool {
	sum := func(weights ...int) byte {
		n := 0
		for i, w := range weights {
			n += w * int(d[i]-'0')
		}
		return byte(n%11%10) + '0'
	}
	return d[10] == sum(7, 2, 4, 10, 3, 5, 9, 4, 6, 8) && d[11] == sum(3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
}

// extension reads what follows the number at end; a mere comma makes an extension only behind a landline,
// or where a phone was asked for.
func (s *phoneScan) extension(e164 string, end int) (string, int) {
	rest := s.n[end:]
	if m := phoneExt.FindStringSubmatchIndex(rest); m != nil && !startsDigit(rest[m[3]:]) {
		return rest[m[2]:m[3]], end + m[1]
	}
	m := phoneCommaExt.FindStringSubmatchIndex(rest)
	if m == nil {
		return "", end
	}
	if m[2] >= 0 {
		return rest[m[2]:m[3]], end + m[3]
	}
	if s.asked || !isMobile(e164) {
		return rest[m[4]:m[5]], end + m[5]
	}
	return "", end
}

func sortSpans[T any](spans []Span[T]) {
	slices.SortFunc(spans, func(a, b Span[T]) int { return a.Start - b.Start })
}
