package crm

import (
	"slices"
	"strings"
	"unicode"

	"kartoteka/crm/spell"
)

// figure is what begins with a digit in a text: a number, a phone, a date. It ends where all that belongs to it ends: its thousands, its
// cents, what multiplies it.
type figure struct {
	end   int    // behind it, in runes
	whole string // the digits of a number, without its cents; "" of what is none
	times bool   // it is multiplied: «18 тыс», "3M"
}

// withoutFigures is withoutSums of a text that tells what was bought: each number is hidden that may be a sum.
func withoutFigures(text string) string {
	r := []rune(withoutSums(text))
	var out strings.Builder
	for at := 0; at < len(r); {
		if !digitAt(r, at) {
			out.WriteRune(r[at])
			at++
			continue
		}
		f := readFigure(r, at)
		if f.maySum() {
			out.WriteString(hiddenSum)
		} else {
			out.WriteString(string(r[at:f.end]))
		}
		at = f.end
	}
	return out.String()
}

// maySum reports whether a figure may be a sum.
func (f figure) maySum() bool {
	return f.times || hundredths(f.whole, "", "") >= leastSum
}

// readFigure reads what begins at a digit.
func readFigure(r []rune, at int) figure {
	for _, read := range []func([]rune, int) int{phoneEnd, dateEnd, yearEnd} {
		if end := read(r, at); end > at {
			return figure{end: end}
		}
	}
	f := figure{end: digitsEnd(r, at)}
	if f.end-at <= 3 {
		for markAt(r, f.end, thousandMarks) && digitsEnd(r, f.end+1) == f.end+4 { // 18 400, 18.400.000
			f.end += 4
		}
	}
	f.whole = string(r[at:f.end])
	if markAt(r, f.end, ".,") {
		if cents := digitsEnd(r, f.end+1); cents-f.end == 2 || cents-f.end == 3 {
			f.end = cents
		}
	}
	if end := timesEnd(r, f.end); end > f.end {
		f.end, f.times = end, true
	}
	if letterAt(r, f.end) { // «2000шт»
		return figure{end: f.end}
	}
	return f
}

// thousandMarks stand between the thousands of a number.
const thousandMarks = " \u00a0\u202f.,"

func digitAt(r []rune, at int) bool  { return at < len(r) && r[at] >= '0' && r[at] <= '9' }
func letterAt(r []rune, at int) bool { return at >= 0 && at < len(r) && unicode.IsLetter(r[at]) }

func markAt(r []rune, at int, of string) bool {
	return at >= 0 && at < len(r) && strings.ContainsRune(of, r[at])
}

// digitsEnd is behind the digits that begin at a place; the place if none do.
func digitsEnd(r []rune, at int) int {
	for digitAt(r, at) {
		at++
	}
	return at
}

// phoneEnd is behind a phone, or another number too long for a sum: the longest run of groups that is one.
func phoneEnd(r []rune, at int) int {
	var groups []int // their lengths
	found, total, dashed := at, 0, 0
	for begin := at; total <= 15; {
		end := digitsEnd(r, begin)
		groups, total = append(groups, end-begin), total+end-begin
		n := len(groups)
		tail := n >= 3 && slices.Equal(groups[n-3:], []int{3, 2, 2}) && dashed >= 2 // 123-45-67
		switch {
		case groups[0] > sumDigits, markAt(r, at-1, "+") && total > sumDigits && total <= 15, groups[0] == 1 && (r[at] == '7' || r[at] == '8') && total == 11,
			tail && (total == 7 || total == 10):
			found = end
		}
		next := end
		for next < end+2 && markAt(r, next, " \u00a0()-‑–") {
			next++
		}
		if next == end || !digitAt(r, next) {
			break
		}
		if dashed++; r[next-1] == ' ' || r[next-1] == '\u00a0' {
			dashed = 0
		}
		begin = next
	}
	return found
}

// dateEnd is behind a date with its year: 12.05.2026, 2026-05-12.
func dateEnd(r []rune, at int) int {
	one := digitsEnd(r, at)
	two := digitsEnd(r, one+1)
	three := digitsEnd(r, two+1)
	switch {
	case markAt(r, one, "./") && markAt(r, two, "./") && one-at <= 2 && two-one-1 >= 1 && two-one-1 <= 2 && year(string(r[two+1:three])):
		return three
	case markAt(r, one, "-") && markAt(r, two, "-") && year(string(r[at:one])) && two-one == 3 && three-two == 3:
		return three
	}
	return at
}

// yearEnd is behind a year that the words beside it say to be one. «В 2026» and "in 2026" do, but not in 2000, which is a price rather, nor
// where something came to that.
func yearEnd(r []rune, at int) int {
	end := digitsEnd(r, at)
	if !year(string(r[at:end])) {
		return at
	}
	after, _ := wordAt(r, end)
	if strings.HasPrefix(after, "год") || after == "г" {
		return end
	}
	before := wordsBefore(r, at, 4)
	if len(before) == 0 {
		return at
	}
	costs := slices.ContainsFunc(before[1:], func(w string) bool {
		return slices.ContainsFunc(costWords, func(begins string) bool { return strings.HasPrefix(w, begins) })
	})
	switch {
	case slices.ContainsFunc(monthWords, func(begins string) bool { return strings.HasPrefix(before[0], begins) }):
		return end
	case yearPrepositions[before[0]] && !costs && string(r[end-2:end]) != "00":
		return end
	}
	return at
}

var (
	yearPrepositions = spell.Set("в с in since")
	monthWords       = []string{"январ", "феврал", "март", "апрел", "май", "мая", "мае", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр"}
	// costWords begin the words that something came to a sum.
	costWords = []string{"обош", "обход", "влете", "встал", "стал", "вышл", "выше", "выход", "оцен", "улож", "стои", "cost", "came", "valued", "priced"}
)

// wordAt is the word, small, that begins at a place or a space behind it, and where it ends.
func wordAt(r []rune, at int) (word string, end int) {
	if markAt(r, at, " \u00a0") {
		at++
	}
	for end = at; letterAt(r, end); {
		end++
	}
	return strings.ToLower(string(r[at:end])), end
}

// wordsBefore are the last words before a place, small, the nearest first; what is no space ends them.
func wordsBefore(r []rune, at, most int) (words []string) {
	for at > 0 && len(words) < most && markAt(r, at-1, " \u00a0") {
		end := at - 1
		for at = end; letterAt(r, at-1); {
			at--
		}
		if at == end {
			break
		}
		words = append(words, strings.ToLower(string(r[at:end])))
	}
	return words
}

// timesEnd is behind what multiplies the number before it: a word, or one letter that touches it or ends what is said.
func timesEnd(r []rune, at int) int {
	next := at
	for markAt(r, next, " \u00a0\u202f") {
		next++
	}
	word, end := wordAt(r, next)
	if next != at && next < len(r) && markAt(r, next, " \u00a0") {
		return at
	}
	for _, begins := range []string{"тыс", "тыщ", "млн", "миллион", "thousand", "mln", "million"} {
		if strings.HasPrefix(word, begins) {
			if markAt(r, end, ".") {
				end++
			}
			return end
		}
	}
	letter := word == "k" || word == "к" || word == "m"
	if letter && !digitAt(r, end) && (next == at || next == at+1 && (end == len(r) || markAt(r, end, "\n,;.!)+"))) {
		return end
	}
	return at
}
