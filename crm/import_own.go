package crm

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
)

// A table that an export of ours has made is read as it was written: its cells say what they mean, so nothing is guessed, put in
// order or taken for a word that stands for nothing.

// OwnProgram is the export of Kartoteka itself, as Import.Program.
const OwnProgram = "kartoteka"

// Guard is a cell as it goes into a table: what Excel would run as a formula is kept from it (OWASP, CSV Injection). A book's cells are
// texts, which are not run.
func Guard(cell string, book bool) string {
	if cell == "" {
		return cell
	}
	inner, quoted := strings.CutPrefix(cell, "'")
	if quoted && inner != "" && strings.ContainsRune(guarded, rune(inner[0])) || !book && cell[0] != '\'' && strings.ContainsRune(guarded, rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// guarded are the characters that a cell must not begin with; an apostrophe before one of them is ours.
const guarded = "=+-@\t\r'"

// unguarded is a cell as it was before Guard.
func unguarded(cell string) string {
	if inner, ok := strings.CutPrefix(cell, "'"); ok && inner != "" && strings.ContainsRune(guarded, rune(inner[0])) {
		return inner
	}
	return cell
}

func (r rowReader) cleanCell(text string) string {
	if r.literal {
		return strings.TrimSpace(unguarded(text))
	}
	return cleanCell(text)
}

func (r rowReader) tags(text string, f Field) (tags []string, problem string) {
	if !r.literal {
		return readTags(text, f)
	}
	tags, err := cleanList(text, f)
	if err != nil {
		return nil, "tags"
	}
	return tags, ""
}

// phones reads them as an export writes them, wrong ones too; whatever else somebody has put there since as in any table.
func (r rowReader) phones(text string) (list []Phone, problem string) {
	if !r.literal {
		return readPhones(text, r.team.Region)
	}
	for part := range strings.SplitSeq(text, ", ") {
		number, ext, _ := strings.Cut(part, " #")
		if !storedPhone.MatchString(number) || onlyDigits(ext) != ext {
			return readPhones(text, r.team.Region)
		}
		list = append(list, Phone{E164: number, Ext: ext})
	}
	return list, ""
}

func (r rowReader) day(text string) (civil.Date, bool) {
	if r.literal {
		if day, err := civil.ParseDate(text); err == nil {
			return day, !day.IsZero()
		}
	}
	return readDay(text, r.today)
}

// ownDates are other dates as an export writes them: "Свадьба: 2010-06-12; Договор: 2027-01-15 (один раз)".
var ownDates = regexp.MustCompile(`(.+?): (\d{4}-\d\d-\d\d)( \((?:` + onceWords + `)\))?(?:; |$)`)

// WriteDates writes other dates for one cell of a table. How early one is reminded of them is not in it.
func WriteDates(list []OtherDate, once string) string {
	parts := make([]string, len(list))
	for i, o := range list {
		if parts[i] = o.Label + ": " + o.Day.String(); o.Once {
			parts[i] += " (" + once + ")"
		}
	}
	return strings.Join(parts, "; ")
}

func (r rowReader) dates(l *importLine, column int, text string) {
	for _, m := range ownDates.FindAllStringSubmatch(text, -1) {
		day, err := civil.ParseDate(m[2])
		o := OtherDate{Label: m[1], Day: day}.Yearly()
		if m[3] != "" {
			o = OtherDate{Label: m[1], Day: day}.Only(r.today)
		}
		if err == nil {
			o, err = o.clean()
		}
		room := err == nil
		if room {
			l.draft.Profile.Dates, room = addDate(l.draft.Profile.Dates, o)
		}
		if !room {
			l.refuse("date", column)
		}
	}
}

// ownTarget is what a column of our own export is. What it does not know is a field of the team's own, which is made where there is none
// of that name.
func ownTarget(heading string, team Team) ImportTarget {
	folded := spell.Fold(heading)
	if to, ok := ownHeadings[folded]; ok {
		return to
	}
	if f, ok := ownField(team, heading); ok {
		if f.Restricted {
			return ImportSkip
		}
		return target(CustomKey(f.ID))
	}
	return ImportNew
}

// ownKind is the kind of field that is made for a column of ours whose cells are these: numbers, where all are written as ours are.
func ownKind(cells []string) FieldKind {
	for _, c := range cells {
		plain := strings.Replace(unguarded(c), ",", ".", 1)
		n, err := strconv.ParseFloat(plain, 64)
		if err != nil || strconv.FormatFloat(n, 'f', -1, 64) != plain {
			return FieldText
		}
	}
	if len(cells) == 0 {
		return FieldText
	}
	return FieldNumber
}

// OwnHeading reports whether the tables that an export makes have a column of that name: an own field cannot have one likewise.
func OwnHeading(name string) bool {
	_, ok := ownHeadings[spell.Fold(name)]
	return ok || slices.Contains(ownCard, spell.Fold(name))
}

// ChoiceOf is the value that a word in a table stands for, of a field that has choices.
func ChoiceOf(f Field, word string) (string, bool) {
	value, ok := fieldWords[f][spell.Fold(word)]
	return value, ok
}
