package crm

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
)

// importLine is a row as it was understood.
type importLine struct {
	n        int
	draft    Draft
	stage    Stage  // "": it says none
	status   Status // likewise
	reason   string // of a status that needs one
	owner    MemberID
	named    string        // the owner, as the file has it
	stranger string        // who it is by the file, where the team knows none of that name
	record   *ExportRecord // what it was read of, in a file of ours
	notes    []string      // what has no field
	problems []string      // why it is not taken: what and the column, "phone-2"
	before   []ClientID    // the cards that the row has made, of a file that was imported before
}

// refuse notes what is wrong with a column's cell, or with the row (-1).
func (l *importLine) refuse(what string, column int) {
	if column >= 0 {
		what += "-" + strconv.Itoa(column)
	}
	if !slices.Contains(l.problems, what) {
		l.problems = append(l.problems, what)
	}
}

// rowReader makes lines of rows. Many may read at once.
type rowReader struct {
	columns []ImportColumn
	labels  map[ImportTarget]string // see Import.Labels
	own     []ImportColumn
	literal bool // a file of ours: what a cell says is what it means
	team    Team
	today   civil.Date
	at      time.Time           // of the notes
	staff   map[string]MemberID // folded names of those who may be responsible
	before  []Import            // of the same file
}

func (r rowReader) read(row ImportRow) importLine {
	l := importLine{n: row.N}
	for _, i := range r.before {
		l.before = append(l.before, i.rowClient(row.N))
	}
	switch {
	case row.Record != nil:
		r.literal = true
		r.record(&l, row.Record)
	case row.Draft != nil:
		l.draft = *row.Draft
	default:
		r.cells(&l, row.Cells)
	}
	if row.Long {
		l.refuse("long", -1)
	}
	if row.Cut {
		l.refuse("cut", -1)
	}
	r.finish(&l)
	return l
}

// heading is that of the column that a field was read of; where it has none, or there are several, what the importer calls it. Of an own
// field it is the name.
func (r rowReader) heading(f Field) string {
	if own, ok := r.team.Field(f.Custom()); ok {
		return own.Name
	}
	var found []string
	for _, c := range r.columns {
		if c.To == target(f) {
			found = append(found, c.Heading)
		}
	}
	if len(found) == 1 && found[0] != "" {
		return found[0]
	}
	return r.labels[target(f)]
}

func (r rowReader) cells(l *importLine, cells []string) {
	var name nameParts
	for i, text := range cells {
		c := ImportColumn{To: ImportNote}
		if i < len(r.columns) {
			c = r.columns[i]
		}
		if text = r.cleanCell(text); text == "" || c.To == ImportSkip {
			continue
		}
		switch c.To {
		case target(FieldName):
			name.whole = text
		case ImportFirst:
			name.first = text
		case ImportMiddle:
			name.middle = text
		case ImportLast:
			name.last = text
		default:
			r.cell(l, i, c, text)
		}
	}
	if r.literal {
		l.draft.Profile.Name, l.draft.Named = name.whole, NamedByContact
		return
	}
	l.setName(name, r.labels[ImportAddress])
}

// cell takes one cell for what its column is.
func (r rowReader) cell(l *importLine, i int, c ImportColumn, text string) {
	p := &l.draft.Profile
	switch c.To {
	case target(FieldPhones):
		phones, problem := r.phones(text)
		for _, ph := range phones {
			if utf8.RuneCountInString(ph.Raw) > maxValue {
				l.leave(c, ph.Raw)
				ph.Raw = firstRunes(ph.Raw, maxValue)
			}
			p.Phones = addPhone(p.Phones, ph)
		}
		if problem != "" {
			l.refuse(problem, i)
		}
	case target(FieldEmails):
		mails, beside, problem := readEmails(text)
		p.Emails = unite(p.Emails, mails)
		if beside {
			l.leave(c, text)
		}
		if problem != "" {
			l.refuse(problem, i)
		}
	case target(FieldTags), target(FieldInterests):
		tags, problem := r.tags(text, Field(c.To))
		if problem != "" {
			l.refuse(problem, i)
		}
		if c.To == target(FieldTags) {
			p.Tags = unite(p.Tags, tags)
		} else {
			p.Interests = unite(p.Interests, tags)
		}
	case target(FieldCompany):
		l.put(&p.Company, c, text)
	case target(FieldPosition):
		l.put(&p.Position, c, text)
	case target(FieldCity):
		l.put(&p.City, c, text)
	case target(FieldAddress):
		l.put(&p.Address, c, text)
	case target(FieldSource):
		l.put(&p.Source, c, text)
	default:
		r.rareCell(l, i, c, text)
	}
}

// ofDates reports whether a column is taken for dates.
func (r rowReader) ofDates(c ImportColumn) bool {
	f, own := r.team.Field(Field(c.To).Custom())
	return c.To == target(FieldBirthday) || c.To == target(FieldDates) || own && f.Kind == FieldDate
}

func (r rowReader) rareCell(l *importLine, i int, c ImportColumn, text string) {
	if nobodysDay.MatchString(text) && r.ofDates(c) {
		return
	}
	p := &l.draft.Profile
	switch c.To {
	case target(FieldBirthday):
		text, ok := c.Order.dayFirst(text)
		if !ok {
			l.refuse("order", i)
			return
		}
		day, ok := r.day(text)
		if !ok {
			var err error
			day, err = ParseBirthday(text, r.today)
			ok = err == nil
		}
		if !ok || CheckBirthday(day, r.today) != nil {
			l.refuse("birthday", i)
			return
		}
		p.Birthday = day
	case target(FieldDates):
		if r.literal {
			r.dates(l, i, text)
			return
		}
		text, ok := c.Order.dayFirst(text)
		if !ok {
			l.refuse("order", i)
			return
		}
		day, ok := readDay(text, r.today)
		o, err := OtherDate{Label: c.Heading, Day: day}.Yearly().clean()
		if !ok || err != nil {
			l.refuse("date", i)
			return
		}
		if p.Dates, ok = addDate(p.Dates, o); !ok {
			l.leave(c, text)
		}
	case ImportUserID:
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id <= 0 {
			l.refuse("telegram_id", i)
		}
		if had := p.TelegramID; had != 0 && had != id { // a number in the column of accounts; a short phone looks like an id too
			l.leave(ImportColumn{Heading: r.heading(Field(accountTarget(messengerTelegram)))}, strconv.FormatInt(had, 10))
		}
		p.TelegramID = max(id, 0)
	case ImportOwner:
		r.ownerCell(l, c, text)
	case target(FieldStage), target(FieldStatus), target(FieldClientKind), target(FieldChannel):
		l.choose(c, text)
	default:
		r.otherCell(l, i, c, text)
	}
}

// otherCell takes accounts, own fields, and whatever has no field.
func (r rowReader) otherCell(l *importLine, i int, c ImportColumn, text string) {
	p := &l.draft.Profile
	if kind, ok := strings.CutPrefix(string(c.To), "at."); ok {
		l.account(kind, c, text)
		return
	}
	if id := Field(c.To).Custom(); id != "" {
		f, there := r.team.Field(id)
		if !there {
			l.leave(c, text) // it was removed since
			return
		}
		if f.Restricted { // it was hidden since: no value of it may stand in the open
			l.refuse("custom", i)
			return
		}
		line, err := cleanText(strings.Join(strings.Fields(text), " "), maxValue, "custom")
		if f.Kind == FieldDate {
			if line, there = c.Order.dayFirst(line); !there {
				l.refuse("order", i)
				return
			}
		}
		day, ok := r.day(line)
		switch {
		case err != nil:
		case f.Kind == FieldDate && ok && r.literal:
			line = day.String()
		case f.Kind == FieldDate && ok:
			line, err = f.parse(day.String(), r.today)
		default:
			line, err = f.parse(line, r.today)
		}
		if err != nil && r.literal {
			l.leave(c, text)
			return
		}
		if err != nil {
			l.refuse("custom", i)
			return
		}
		if had := p.Custom[id]; had != "" && had != line { // of another column that is taken for the same field
			l.leave(c, text)
			return
		}
		if p.Custom == nil {
			p.Custom = map[FieldID]string{}
		}
		p.Custom[id] = line
		return
	}
	l.leave(c, text)
}

// account takes an account in a messenger, or several; a phone in its place is one too, and an id of Telegram.
func (l *importLine) account(kind string, c ImportColumn, text string) {
	p := &l.draft.Profile
	for _, part := range splitList(strings.ReplaceAll(text, betweenValues, "\n")) {
		if id, err := strconv.ParseInt(part, 10, 64); err == nil && kind == messengerTelegram && len(part) <= 10 && p.TelegramID == 0 && id > 0 {
			p.TelegramID = id
			continue
		}
		m, err := messengerOf(kind, part)
		if err != nil || len(p.Messengers) >= maxPhones || len(m.Handle) > maxHandle {
			l.leave(c, part)
			continue
		}
		p.Messengers = addMessenger(p.Messengers, m)
	}
}

// choose takes one of a field's choices; a word that means none of them is kept as a note.
func (l *importLine) choose(c ImportColumn, text string) {
	value, known := ChoiceOf(Field(c.To), text)
	if head, reason, ok := strings.Cut(text, ": "); ok && Field(c.To) == FieldStatus && blockedWords[spell.Fold(head)] {
		value, known, l.reason = string(StatusBlocked), true, firstRunes(cleanLine(reason), maxReason)
	}
	if !known {
		l.leave(c, text)
		return
	}
	switch Field(c.To) {
	case FieldStage:
		l.stage = Stage(value)
	case FieldStatus:
		l.status = Status(value)
	case FieldClientKind:
		l.draft.Profile.Kind = Kind(value)
	case FieldChannel:
		l.draft.Profile.Channel = Channel(value)
	}
}

// put fills a field of one line; a second value, or all of one that is too long, goes to the note.
func (l *importLine) put(field *string, c ImportColumn, text string) {
	text = cleanLine(strings.ReplaceAll(text, betweenValues, ", "))
	switch {
	case *field != "" && spell.Fold(text) == spell.Fold(*field):
	case *field != "":
		l.leave(c, text)
	default:
		if *field = strings.TrimSpace(firstRunes(text, maxValue)); utf8.RuneCountInString(text) > maxValue {
			l.leave(c, text)
		}
	}
}

// leave puts a cell into the note, with its heading unless that says only that it is one.
func (l *importLine) leave(c ImportColumn, text string) {
	if text = strings.TrimSpace(text); c.Heading != "" && !commentHeadings[spell.Fold(c.Heading)] {
		text = c.Heading + ": " + text
	}
	if !slices.Contains(l.notes, text) {
		l.notes = append(l.notes, text)
	}
}

// finish makes a whole of what the cells have said.
func (r rowReader) finish(l *importLine) {
	p := &l.draft.Profile
	if isCompanyName(p.Name) && p.Kind == "" {
		p.Kind = KindCorporate
		if isForm(firstWord(p.Name), soleTrader) {
			p.Kind = KindBusiness
		}
	}
	switch {
	case len(p.Phones) > maxPhones:
		l.refuse("phones", -1)
	case len(p.Emails) > maxEmails:
		l.refuse("emails", -1)
	case len(p.Tags) > maxTags, len(p.Interests) > maxTags:
		l.refuse("tags", -1)
	}
	if l.draft.Title() == "" && len(l.problems) == 0 {
		l.refuse("nobody", -1)
	}
	l.addNotes(r.at)
}

// addNotes makes notes of what has no field, each as long as one may be.
func (l *importLine) addNotes(at time.Time) {
	for i := range l.draft.Notes {
		l.draft.Notes[i].At = at
	}
	rest := []rune(strings.TrimSpace(strings.Join(l.notes, "\n")))
	for ; len(rest) > 0; rest = rest[min(len(rest), maxNote):] {
		if part := strings.TrimSpace(string(rest[:min(len(rest), maxNote)])); part != "" {
			l.draft.Notes = append(l.draft.Notes, DraftNote{Kind: TouchNote, Text: part, At: at})
		}
	}
}
