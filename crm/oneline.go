package crm

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kartoteka/crm/civil"
)

// ParseLine takes apart what a member typed about a client in one message:
//
//	Иванов Иван Петрович, ООО «Ромашка», +7 900 123-45-67, ivan@romashka.ru, #опт, др 12.05.1985, закупщик, любит чай
//
// Commas, semicolons and line ends separate; none are needed. What finds no field of its own becomes one
// note, so that nothing typed is lost; its At and Key are the caller's. A company alone is the client's name,
// Kind corporate; "ИП Иванов И. И." is a company and a name, Kind business. Things that were meant but not
// understood (a birthday on 31.02, a phone with letters) stay in the note, and each has its *Error.
func ParseLine(text, region string, today civil.Date) (Draft, []error) {
	p := newLine(text, region, today)
	p.quoted()
	p.emails()
	p.messengers()
	p.birthday()
	p.dates()
	p.phones()
	p.tags()
	p.fields()
	p.company()
	p.city()
	p.position()
	p.name()
	p.bigCity()
	p.complaints()
	p.note()
	return p.d, p.errs
}

// line is a text from which pieces are taken; what is taken is overwritten, so offsets stay.
type line struct {
	rest   []byte
	region string
	today  civil.Date
	d      Draft
	errs   []error
	trader string // the name behind ИП
}

func newLine(text, region string, today civil.Date) *line {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\u2028' || r == '\u2029':
			return '\n'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, stripHidden(strings.ReplaceAll(text, "\r\n", "\n")))
	return &line{rest: []byte(text), region: region, today: today}
}

func (p *line) text() string { return string(p.rest) }

func (p *line) take(start, end int) string {
	s := string(p.rest[start:end])
	blank(p.rest, start, end)
	return s
}

// quoted takes a company in quotes with its form or with a word such as магазин.
func (p *line) quoted() {
	for _, m := range quotedCompany.FindAllStringIndex(p.text(), -1) {
		if p.d.Profile.Company == "" && wordStarts(p.text(), m[0]) && fits(p.rest[m[0]:m[1]]) {
			p.setCompany(p.take(m[0], m[1]))
		}
	}
}

func (p *line) setCompany(s string) {
	p.d.Profile.Company = cleanLine(s)
	if isForm(firstWord(s), soleTrader) {
		p.d.Profile.Kind = KindBusiness
	}
}

// fits reports whether a field holds so much; what is longer stays in the note.
func fits(b []byte) bool { return utf8.RuneCount(b) <= maxName }

func firstWord(s string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	return word
}

func isForm(word, form string) bool { return word == form || word == strings.ToUpper(form) }

func (p *line) emails() {
	for _, f := range FindEmails(p.text()) {
		if !slices.Contains(p.d.Profile.Emails, f.Value) {
			p.d.Profile.Emails = append(p.d.Profile.Emails, f.Value)
		}
		p.take(f.Start, f.End)
		if m := emailWord.FindStringSubmatchIndex(lastBytes(p.text()[:f.Start], 60)); m != nil {
			p.take(f.Start-(m[3]-m[2]), f.Start)
		}
	}
}

func (p *line) messengers() {
	for _, m := range kindInLine.FindAllStringSubmatchIndex(p.text(), -1) {
		if got, err := ParseMessenger(p.text()[m[2]:m[3]]); err == nil {
			p.d.Profile.Messengers = addMessenger(p.d.Profile.Messengers, got)
			p.take(m[2], m[3])
		}
	}
	for _, f := range FindMessengers(p.text()) {
		p.d.Profile.Messengers = addMessenger(p.d.Profile.Messengers, f.Value)
		p.take(f.Start, f.End)
		if m := messengerWord.FindStringSubmatchIndex(lastBytes(p.text()[:f.Start], 60)); m != nil {
			p.take(f.Start-(m[3]-m[2]), f.Start)
		}
	}
}

// birthday takes the first date that is called a birthday, else a segment that is a date in the past with its
// year: nobody else's date is written with nothing beside it.
func (p *line) birthday() {
	for _, m := range birthdayInText.FindAllStringIndex(p.text(), -1) {
		if !wordStarts(p.text(), m[0]) || startsDigit(p.text()[m[1]:]) {
			continue
		}
		d, err := ParseBirthday(p.text()[m[0]:m[1]], p.today)
		if err != nil {
			p.errs = append(p.errs, err)
		} else if p.d.Profile.Birthday.IsZero() {
			p.d.Profile.Birthday = d
			p.take(m[0], m[1])
		}
	}
	for _, s := range p.segments() {
		part := strings.TrimSpace(p.text()[s.start:s.end])
		if p.d.Profile.Birthday.IsZero() && bareDate.MatchString(part) {
			d, err := ParseBirthday(part, p.today)
			if err == nil && d.Year != 0 && p.today.Year-d.Year >= 5 {
				p.d.Profile.Birthday = d
				p.take(s.start, s.end)
			}
		}
	}
}

// phones takes the phones with the words before them; a word that says more than "phone" is kept in Raw.
func (p *line) phones() {
	for _, f := range FindPhones(p.text(), p.region) {
		start := f.Start
		if m := phoneWord.FindStringSubmatchIndex(lastBytes(p.text()[:start], 60)); m != nil {
			start -= m[3] - m[2]
		}
		label := p.text()[start:f.Start]
		written := p.take(start, f.End)
		if label != "" && !phonePlainWord.MatchString(label) && f.Value.Raw == "" {
			f.Value.Raw = cleanLine(written)
		}
		p.addPhone(f.Value)
	}
}

// addPhone keeps each number once; of a number written twice nothing may be lost.
func (p *line) addPhone(ph Phone) {
	for i, have := range p.d.Profile.Phones {
		if have.E164 != ph.E164 || have.Ext != "" && ph.Ext != "" && have.Ext != ph.Ext {
			continue
		}
		if have.Ext == "" {
			p.d.Profile.Phones[i].Ext = ph.Ext
		}
		p.d.Profile.Phones[i].Raw = strings.Trim(have.Raw+", "+ph.Raw, ", ")
		return
	}
	p.d.Profile.Phones = append(p.d.Profile.Phones, ph)
}

func (p *line) tags() {
	for _, m := range tagShape.FindAllStringIndex(p.text(), -1) {
		tag := p.text()[m[0]+1 : m[1]]
		if !wordStarts(p.text(), m[0]) || !hasLetter(tag) || utf8.RuneCountInString(tag) > maxTag {
			continue
		}
		p.take(m[0], m[1])
		p.d.Profile.Tags = unite(p.d.Profile.Tags, []string{tag})
	}
}

// name takes the first segment that looks like a name. Without one a company is the client itself.
func (p *line) name() {
	pr := &p.d.Profile
	first := true        // nothing was written before
	tried := len(p.errs) // a name that is too long is no reason to look for another
	for _, s := range p.segments() {
		if pr.Name != "" {
			break
		}
		if n := leadingName(p.words(s), first && s.start == firstVisible(p.rest)); n > 0 {
			p.takeName(s, n)
		}
		first = false
	}
	if pr.Name == "" && p.trader != "" {
		pr.Name = p.trader
	}
	if pr.Name == "" && pr.Company == "" && len(p.errs) == tried {
		for _, s := range p.segments() {
			if w := p.words(s); pr.Name == "" && plainName(w) {
				p.takeName(s, len(w))
			}
		}
	}
	if pr.Name == "" && pr.Company != "" && pr.Kind != KindBusiness && utf8.RuneCountInString(pr.Company) <= maxName {
		pr.Name, pr.Company, pr.Kind = pr.Company, "", KindCorporate
	}
	if pr.Name != "" {
		p.d.Named = NamedByMember
	}
}

// firstVisible is where the first segment of the line begins if nothing was taken before it.
func firstVisible(rest []byte) int {
	if len(rest) > 0 && rest[0] == '\x1f' {
		return -1
	}
	return 0
}

func (p *line) takeName(s segment, words int) {
	w := p.words(s)
	start, end := w[0].start, w[words-1].end
	name, err := CleanName(strings.Trim(string(p.rest[start:end]), " -–—:"))
	if err != nil {
		p.errs = append(p.errs, err)
		return
	}
	p.d.Profile.Name = name
	p.take(start, end)
}

// note puts together what is left.
func (p *line) note() {
	var left []string
	for _, s := range p.segments() {
		if part := cleanLine(string(p.rest[s.start:s.end])); visible(part) {
			left = append(left, part)
		}
	}
	if len(left) > 0 {
		p.d.Notes = append(p.d.Notes, DraftNote{Kind: TouchNote, Text: strings.Join(left, ", ")})
	}
}

// complaints reports what was meant for a field and not understood.
func (p *line) complaints() {
	text := p.text()
	for _, s := range p.segments() {
		part := strings.TrimSpace(text[s.start:s.end])
		if err := p.complaint(part); err != nil {
			p.errs = append(p.errs, err)
		}
	}
}

func (p *line) complaint(part string) error {
	for _, w := range strings.Fields(part) {
		if before, after, ok := strings.Cut(w, "@"); ok && visible(before+after) {
			if before == "" {
				return invalid("username")
			}
			return invalid("email")
		}
	}
	if m := birthdayStart.FindStringIndex(part); m != nil && wordStarts(part, m[0]) && !birthdayInText.MatchString(part) {
		return invalid("birthday")
	}
	number := strings.TrimLeft(phonePrefix.ReplaceAllString(part, ""), " ")
	labelled := number != part
	switch digits := len(onlyDigits(number)); {
	case moneyWords.MatchString(part) || thousands.MatchString(part) || bareDate.MatchString(part):
		return nil
	case labelled && startsDigit(strings.TrimLeft(number, "+(")) && digits >= 5, phoneTry.MatchString(number) && (digits >= 7 || digits >= 4 && number[0] == '+'), localPhone.MatchString(number):
		_, err := ParsePhone(number, p.region)
		return err
	}
	return nil
}
