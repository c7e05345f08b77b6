package crm

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kartoteka/crm/civil"
	"kartoteka/crm/moment"
	"kartoteka/crm/spell"
)

// How often a date comes, as joinDates writes it; people write it in many ways.
const (
	dateYearly = "yearly"
	dateOnce   = "once"
)

var (
	dateInText = regexp.MustCompile(`(?i)(?:` + dateNamed + `|` + dateDigits + `)` + birthdayYear)
	yearlySaid = regexp.MustCompile(`(?i)(?:кажд(?:ый|ого) год[а]?|ежегодно|раз в год|every year|each year|yearly|annually)`)
	onceSaid   = regexp.MustCompile(`(?i)(?:один раз|однократно|разово|once)`)
	dateLinks  = regexp.MustCompile(`(?i)(?:^|[\s,;:(–—-])(?:до|по|на|с|со|от|к|ко|в|во|until|till|by|on|from|since|at|the)[\s,;:(–—-]*$`)

	// A date that is the end of something comes once, and one that is a feast each year, whatever year is written with it.
	endWords = []string{"до", "конец", "конца", "окончан", "заканч", "истек", "истеч", "срок", "срока", "продлен", "оплат", "until", "till", "end", "ends",
		"expir", "renew", "due", "deadline"}
	feastWords = []string{"день", "праздник", "годовщин", "юбиле", "свадьб", "именин", "рожден", "day", "anniversary", "wedding",
		"holiday", "birthday"}

	// contractLine is a part of a line that is nothing but the end of a contract, with its year.
	contractLine = regexp.MustCompile(`(?i)^(?:(?:конец|окончание|end\s+of(?:\s+the)?)\s+)?(?:договор|контракт|подписк|аренд|страховк|полис|лицензи|абонемент|` +
		`гаранти|contract|subscription|lease|insurance|licen[cs]e|warranty)[а-яёa-z]*(?:\s+(?:до|по|until|till|ends?|expires?|истекает|заканчивается))?\s+` +
		`(?:` + dateDigits + `|` + dateNamed + `)` + birthdayYear + `$`)
)

// ReadOtherDate reads a date with what it is, in either order: «конец договора 31.12.2026», «День строителя 10 августа»,
// "wedding 12 June 2015". Without a year it comes each year, in a year ahead once; where the words say otherwise, or the
// year is past, doubt is true and one has to ask. A day such as «через месяц» counts from now, at the member's place. «За 10
// дней» beside it is how early to remind of it.
//
// It fails with ErrInvalid on "dates" if it finds no date (the label is in o then), on "dates.day" if there is no such day,
// on "dates.label" if it finds nothing but a date, on "dates.long" and the rest that OtherDate.clean refuses.
func ReadOtherDate(text string, now time.Time) (o OtherDate, doubt bool, err error) {
	today := civil.DateOf(now)
	lead, text, led := CutLead(cleanLine(text))
	bare, yearly := cutWords(text, yearlySaid)
	bare, once := cutWords(bare, onceSaid)
	day, label, err := findDate(bare, today)
	if errors.Is(err, errNoDate) {
		m, err := ReadMoment(bare, now)
		if err != nil || m.Repeat != moment.RepeatNever {
			return OtherDate{Label: cleanLine(bare)}, false, invalid("dates")
		}
		day, label, once = civil.DateOf(m.At.In(now.Location())), m.Rest, true
	} else if err != nil {
		return OtherDate{}, false, err
	}
	o = OtherDate{Label: label, Day: day, Lead: UsualLead}
	switch past, ends, feast := day.String() < today.String(), hasStem(bare, endWords), hasStem(bare, feastWords); {
	case yearly:
	case once:
		o = o.Only(today)
	case day.Year == 0:
		doubt = ends
	case past:
		doubt = !feast
	default:
		o, doubt = o.Only(today), feast && !ends
	}
	if led {
		o = o.Ahead(lead, today)
	}
	o, err = o.clean()
	return o, doubt && err == nil, err
}

// cutWords takes what a pattern finds out of a text, and reports whether it found something.
func cutWords(text string, words *regexp.Regexp) (string, bool) {
	m := words.FindStringIndex(text)
	if m == nil || !wordStarts(text, m[0]) || !wordEnds(text, m[1]) {
		return text, false
	}
	return strings.Trim(text[:m[0]]+" "+text[m[1]:], " ,;()"), true
}

// wordEnds reports whether no word goes on behind a place.
func wordEnds(s string, at int) bool {
	after, _ := utf8.DecodeRuneInString(s[at:])
	return at == len(s) || !unicode.IsLetter(after) && !unicode.IsDigit(after)
}

// errNoDate: nothing that looks like a date.
var errNoDate = errors.New("no date")

// findDate finds the date of a text, one with its year before one without, and what else is written. ErrInvalid on
// "dates.day" if there is no such day.
func findDate(text string, today civil.Date) (day civil.Date, label string, err error) {
	century := civil.Date{Year: today.Year/100*100 + 99, Month: 12, Day: 31}
	err = errNoDate
	for at := 0; at < len(text); {
		m := dateInText.FindStringIndex(text[at:])
		if m == nil {
			break
		}
		start, end := at+m[0], at+m[1]
		at = end
		written := strings.TrimRight(text[start:end], " ,;.!)(—–-")
		d, ok := parseDay(strings.TrimRight(birthdayTail.ReplaceAllString(written, ""), " ,.;!"), century)
		switch {
		case !wordStarts(text, start) || startsDigit(text[end:]):
		case !ok || !d.Valid():
			if err == errNoDate {
				err = invalid("dates.day")
			}
		case err != nil || d.Year != 0 && day.Year == 0:
			day, label, err = d, joinLabel(text[:start], text[start+len(written):]), nil
		}
	}
	return day, label, err
}

func joinLabel(before, after string) string {
	const marks = " ,;:=.–—-()"
	before = strings.Trim(dateLinks.ReplaceAllString(strings.TrimRight(before, marks), ""), marks)
	return cleanLine(strings.Trim(before+" "+strings.Trim(after, marks), " "))
}

// hasStem reports whether a word of a text begins with one of the stems; short stems are whole words.
func hasStem(text string, stems []string) bool {
	return slices.ContainsFunc(spell.Words(spell.Fold(text)), func(w string) bool {
		return slices.ContainsFunc(stems, func(stem string) bool {
			return w == stem || utf8.RuneCountInString(stem) > 4 && strings.HasPrefix(w, stem)
		})
	})
}

// splitDates cuts a list of dates at semicolons and line ends, and at commas where both sides have a date of their own.
func splitDates(text string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == '\n' }) {
		pieces := strings.Split(part, ",")
		if !slices.ContainsFunc(pieces, func(s string) bool { return !dateInText.MatchString(s) }) {
			out = append(out, pieces...)
			continue
		}
		out = append(out, part)
	}
	return slices.DeleteFunc(out, func(s string) bool { return strings.TrimSpace(s) == "" })
}

// dates takes the parts of a line that are the end of a contract and nothing else; anything less clear stays in the note.
func (p *line) dates() {
	for _, s := range p.segments() {
		part := strings.TrimSpace(p.text()[s.start:s.end])
		if !contractLine.MatchString(part) {
			continue
		}
		o, doubt, err := ReadOtherDate(part, p.today.UTC())
		if err != nil || doubt || !o.Once || o.Day.String() < p.today.String() {
			continue
		}
		if list, room := addDate(p.d.Profile.Dates, o); room {
			p.d.Profile.Dates = list
			p.take(s.start, s.end)
		}
	}
}
