package crm

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
)

// betweenValues separates the values of one cell in the exports of Google.
const betweenValues = " ::: "

// mangled is a long number as a spreadsheet shows it in a narrow column: 7,90012E+10.
var mangled = regexp.MustCompile(`^\d[.,](\d+)[eE]\+(\d{1,2})$`)

// cleanCell takes off what only keeps a spreadsheet from making something else of a cell, and what stands for nothing.
func cleanCell(s string) string {
	s = strings.TrimSpace(s)
	if inner, ok := strings.CutPrefix(s, `="`); ok && strings.HasSuffix(inner, `"`) {
		s = strings.TrimSpace(strings.TrimSuffix(inner, `"`))
	}
	if inner, ok := strings.CutPrefix(s, "'"); ok && (inner == "" || strings.ContainsRune("=+-@0123456789", rune(inner[0]))) {
		s = inner
	}
	if !holdsWord(s) {
		return "" // a dash
	}
	if len(s) < 32 && noneWords[spell.Fold(s)] {
		return ""
	}
	return s
}

// holdsWord reports that a text is more than signs.
func holdsWord(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || isPicture(r) }) >= 0
}

// wholeNumber is a number written with an exponent or a fraction of nothing, as digits; lost reports one of which a
// spreadsheet has kept only a part.
func wholeNumberOf(s string) (digits string, lost bool) {
	if head, tail, ok := strings.Cut(s, "."); ok && head != "" && strings.Trim(tail, "0") == "" && onlyDigits(strings.TrimPrefix(head, "+")) == strings.TrimPrefix(head, "+") {
		return head, false
	}
	m := mangled.FindStringSubmatch(s)
	if m == nil {
		return s, false
	}
	places, _ := strconv.Atoi(m[2])
	if places > len(m[1]) && places >= 9 {
		return s, true
	}
	n, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	if err != nil || n >= 1e15 {
		return s, false
	}
	return strconv.FormatFloat(n, 'f', 0, 64), false
}

// readPhones reads the phones of a cell. Words beside them are kept in Phone.Raw; problem is "" if all of the cell was
// understood.
func readPhones(cell, region string) (phones []Phone, problem string) {
	cell = strings.ReplaceAll(cell, betweenValues, "\n")
	cell, lost := wholeNumberOf(cell)
	if lost {
		return nil, "phone_lost"
	}
	if p, err := ParsePhone(cell, region); err == nil {
		return []Phone{p}, ""
	}
	if list, err := parsePhones(cell, region); err == nil {
		return list, ""
	}
	rest := []byte(cell)
	for _, f := range FindPhones(cell, region) {
		blank(rest, f.Start, f.End)
		phones = addPhone(phones, f.Value)
	}
	if len(phones) == 0 || len(phones) > maxPhones || countDigits(string(rest)) >= 5 {
		return phones, "phone"
	}
	return phones, ""
}

// readEmails reads the addresses of a cell. Beside reports that it says more than them and whose they are: Name <…>.
func readEmails(cell string) (mails []string, beside bool, problem string) {
	for part := range strings.FieldsFuncSeq(strings.ReplaceAll(cell, betweenValues, "\n"), func(r rune) bool {
		return r == ',' || r == ';' || r == '\n' || r == '|' || r == '\t'
	}) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		mail, err := ParseEmail(part)
		if err == nil {
			mails = unite(mails, []string{mail})
			continue
		}
		found, rest := FindEmails(part), []byte(part)
		for _, f := range found {
			mails = unite(mails, []string{f.Value})
			blank(rest, f.Start, f.End)
		}
		beside = beside || holdsWord(string(rest))
		if len(found) == 0 {
			problem = "email"
		}
	}
	if len(mails) > maxEmails {
		problem = "email"
	}
	return mails, beside, problem
}

// readTags reads the tags of a cell; the groups that Google makes by itself say nothing.
func readTags(cell string, f Field) (tags []string, problem string) {
	cell = strings.NewReplacer(betweenValues, ",", "|", ",").Replace(cell)
	var parts []string
	for _, part := range splitList(cell) {
		if !strings.HasPrefix(part, "* ") {
			parts = append(parts, part)
		}
	}
	tags, err := cleanList(strings.Join(parts, ","), f)
	if err != nil {
		return nil, "tags"
	}
	return tags, ""
}

// readDay reads a date: as people write it, with a time behind it, as vCards leave the year out, as a spreadsheet counts days.
func readDay(cell string, today civil.Date) (civil.Date, bool) {
	if day, ok := serialDay(cell); ok {
		return day, true
	}
	if rest, ok := strings.CutPrefix(cell, "--"); ok && len(rest) >= 4 {
		month, day := rest[:2], strings.TrimPrefix(rest[2:], "-")
		cell = day + "." + month
	}
	head, _, _ := strings.Cut(cell, "T")
	if len(head) == len("2006-01-02") {
		cell = head
	}
	if i := strings.LastIndexByte(cell, ' '); i > 0 && strings.Count(cell[i:], ":") >= 1 {
		cell = strings.TrimRight(cell[:i], ", ")
	}
	return parseDay(strings.Join(strings.Fields(cell), " "), today)
}

// serialDay is the date of a number by which spreadsheets count days, from 1 January 1901 to 2099: fewer digits are a year.
func serialDay(cell string) (civil.Date, bool) {
	if len(cell) < 3 || strings.Trim(cell, "0123456789.,") != "" {
		return civil.Date{}, false
	}
	n, err := strconv.ParseFloat(strings.Replace(cell, ",", ".", 1), 64)
	if err != nil || strings.Count(cell, ".")+strings.Count(cell, ",") > 1 || n < 2200 || n > 73050 {
		return civil.Date{}, false
	}
	if whole, _, _ := strings.Cut(strings.Replace(cell, ",", ".", 1), "."); len(whole) < 4 || len(whole) == 4 && n < 3000 {
		return civil.Date{}, false
	}
	return civil.Date{Year: 1899, Month: time.December, Day: 30}.Plus(int(math.Floor(n))), true
}
