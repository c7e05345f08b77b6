package crm

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
)

const (
	// headingWithin is among how many rows the headings are looked for: exports put a title and a date above them.
	headingWithin = 10
	// maxHeading is how long a heading is kept.
	maxHeading = 60
)

// layout is what the first rows of a file say of its columns.
type layout struct {
	heading int // number of the row with the headings; 0: none
	columns []ImportColumn
	own     []ImportColumn
	program string
}

// shape is the same for files with the same headings; files without any are alike if their columns look alike.
func (l layout) shape() string {
	sum := sha256.New()
	for _, c := range l.columns {
		told := spell.Fold(c.Heading)
		if l.heading == 0 {
			told = string(c.To)
		}
		_, _ = sum.Write([]byte(told + "\n")) // a hash never fails
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// recognise judges columns by their headings, and those whose headings say nothing by what is in them.
func recognise(rows []ImportRow, team Team, today civil.Date) layout {
	if len(rows) == 0 || rows[0].Draft != nil {
		return layout{}
	}
	if rows[0].Record != nil {
		return layout{program: OwnProgram, own: ownFields(rows[0].Record.head, team)}
	}
	at := headingRow(rows)
	var l layout
	width := 0
	for _, r := range rows {
		width = max(width, len(r.Cells))
	}
	body := rows
	headings := make([]string, width)
	if at >= 0 {
		l.heading, body = rows[at].N, rows[at+1:]
		copy(headings, rows[at].Cells)
		l.program = programOf(headings)
	}
	for i, h := range headings {
		h = clip(cleanLine(h), maxHeading)
		to := headingTarget(h)
		switch {
		case l.program == OwnProgram:
			to = ownTarget(h, team)
		case spell.Fold(h) == "title" && slices.ContainsFunc(headings, func(h string) bool { return spell.Fold(h) == "job title" }):
			to = ImportNote // Mr.
		}
		if f, ok := ownField(team, h); ok && to == "" {
			if to = target(CustomKey(f.ID)); f.Restricted {
				to = ImportSkip
			}
		}
		l.columns = append(l.columns, ImportColumn{Heading: h, To: to, Order: orderOf(cellsOf(body, i))})
		if to == ImportNew {
			l.columns[i].Kind = ownKind(cellsOf(body, i))
		}
		if to == "" {
			l.columns[i].To = byContent(cellsOf(body, i), team, today)
		}
	}
	l.settle()
	return l
}

// HoldsClients reports whether the first rows of a file have a column by which a client could be known: what has none is some
// other table.
func HoldsClients(rows []ImportRow, team Team, today civil.Date) bool {
	known := []ImportTarget{target(FieldName), ImportFirst, ImportLast, target(FieldPhones), target(FieldEmails), target(FieldCompany)}
	return len(rows) > 0 && (rows[0].Draft != nil || rows[0].Record != nil || slices.ContainsFunc(recognise(rows, team, today).columns, func(c ImportColumn) bool {
		return slices.Contains(known, c.To)
	}))
}

func ownField(team Team, heading string) (CustomField, bool) {
	for _, f := range team.Fields {
		if !f.Removed && heading != "" && spell.Fold(f.Name) == spell.Fold(heading) {
			return f, true
		}
	}
	return CustomField{}, false
}

// headingRow is the index of the row that names most columns, -1 if none names any. Two words that are headings are needed
// unless there is one column only: "Имя" may be somebody's.
func headingRow(rows []ImportRow) int {
	best, bestKnown := -1, 0
	for i, r := range rows[:min(len(rows), headingWithin)] {
		known, filled := 0, 0
		for _, c := range r.Cells {
			if c != "" {
				filled++
			}
			if utf8.RuneCountInString(c) <= maxHeading && headingTarget(c) != "" {
				known++
			}
		}
		if known > bestKnown && (known >= 2 || filled == 1 && len(rows) > i+1 && len(rows[i+1].Cells) <= 1) {
			best, bestKnown = i, known
		}
	}
	return best
}

func cellsOf(rows []ImportRow, column int) []string {
	var cells []string
	for _, r := range rows {
		if column < len(r.Cells) && r.Cells[column] != "" {
			cells = append(cells, r.Cells[column])
		}
	}
	return cells
}

// byContent judges a column by its cells: what most of them are. A name is last, since nearly everything could be one.
func byContent(cells []string, team Team, today civil.Date) ImportTarget {
	if len(cells) == 0 {
		return ImportNote
	}
	share := func(is func(string) bool) float64 {
		n := 0
		for _, c := range cells {
			if is(c) {
				n++
			}
		}
		return float64(n) / float64(len(cells))
	}
	const most = 0.6
	switch {
	case share(func(c string) bool { _, err := ParseEmail(c); return err == nil }) >= most:
		return target(FieldEmails)
	case share(func(c string) bool { p, _ := readPhones(c, team.Region); return len(p) > 0 }) >= most:
		return target(FieldPhones)
	case share(func(c string) bool { return strings.HasPrefix(c, "@") && len(FindMessengers(c)) == 1 }) >= most:
		return accountTarget("telegram")
	case share(func(c string) bool { return isCompanyName(c) }) >= most:
		return target(FieldCompany)
	case share(func(c string) bool { d, err := ParseBirthday(c, today); return err == nil && pastAge(d, today) }) >= most:
		return target(FieldBirthday)
	case share(looksNamed) >= most:
		return target(FieldName)
	case share(func(c string) bool { return bigCities[strings.ToLower(c)] }) >= most:
		return target(FieldCity)
	}
	return ImportNote
}

// pastAge keeps the dates of orders from being taken for birthdays: a client has come of age, or nearly.
func pastAge(d, today civil.Date) bool { return d.Year != 0 && d.Year <= today.Year-14 }

// looksNamed reports two or three words that begin with capitals and are nothing else, or begin with a given name.
func looksNamed(cell string) bool {
	words := strings.Fields(cell)
	if len(words) < 1 || len(words) > 4 || isCompanyName(cell) {
		return false
	}
	given := false
	for _, w := range words {
		if !isNameForm(w) && strings.ToLower(w) == w && !givenNames[spell.Fold(w)] {
			return false
		}
		given = given || givenNames[spell.Fold(w)] || isPatronymic(spell.Fold(w)) || isSurname(w)
	}
	return given
}

// isCompanyName reports a name with a legal form or in quotes.
func isCompanyName(cell string) bool {
	if strings.ContainsAny(cell, "«»\"“”„") && (quotedAlone.MatchString(cell) || quotedCompany.MatchString(cell)) {
		return true
	}
	words := strings.Fields(cell)
	return slices.ContainsFunc(words, func(w string) bool {
		form := strings.Trim(w, ".,:()")
		return companyForms[form] || latinForms[form] || anyCaseForms[strings.ToLower(form)] && len(words) > 1
	})
}

// onlyOne are targets that one column at most can have; of several the first counts, the others are notes.
var onlyOne = []ImportTarget{target(FieldName), ImportFirst, ImportMiddle, ImportLast, target(FieldBirthday), ImportOwner, target(FieldStage),
	target(FieldStatus), target(FieldClientKind), target(FieldChannel), ImportUserID}

// settle lets each single target have one column. A whole name beside its parts stays: one of them may be empty.
func (l *layout) settle() {
	taken := map[ImportTarget]bool{}
	for i, c := range l.columns {
		if taken[c.To] && slices.Contains(onlyOne, c.To) {
			l.columns[i].To = ImportNote
		}
		taken[c.To] = true
	}
	if taken[ImportFirst] && !taken[ImportLast] && !taken[target(FieldName)] { // «Имя» alone is the whole of it
		for i, c := range l.columns {
			if c.To == ImportFirst {
				l.columns[i].To = target(FieldName)
			}
		}
	}
}
