package vcard

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kartoteka/crm"
	"kartoteka/crm/spell"
)

// What one field may hold, in characters, and how many of a kind a client may have: the limits of crm. What is
// longer or more goes to the note.
const (
	maxName    = 200
	maxValue   = 300
	maxTag     = 60
	maxHandle  = 500
	maxPhones  = 20
	maxEmails  = 20
	maxAccount = 20
	maxTags    = 50
	maxDates   = 20
	maxNote    = 8000
)

// card is the properties of one vCard.
type card struct {
	props []property
	agent []string // names, phones, e-mails of a nested card
	size  int
	full  bool // something was left out
}

func (c *card) add(p property) {
	if p.name == "" || p.binary() {
		return
	}
	c.full = c.full || p.cut
	if len(c.props) >= maxProperties || c.size+len(p.raw) > maxCardBytes {
		c.full = true
		return
	}
	c.size += len(p.raw)
	c.props = append(c.props, p)
}

// addAgent keeps who the nested card is of: it goes to the note.
func (c *card) addAgent(p property) {
	switch p.name {
	case "FN", "TEL", "EMAIL":
		if len(c.agent) < maxPhones {
			c.agent = append(c.agent, crm.CleanLine(unescape(p.text())))
		}
	}
}

func (c *card) left() error {
	if c.full {
		return tooLarge("vcard.card")
	}
	return nil
}

// builder turns a card into a draft.
type builder struct {
	opts   Options
	d      crm.Draft
	labels map[string]string // group → X-ABLabel
	others map[string]bool   // groups whose label says "other"
	fn     string
	n      []string // the parts of N
	notes  []string // NOTE
	rest   []string // what has no field
	org    bool     // it says that it is a company's card
	ours   bool     // an export of ours has made it
}

// Ours is the program that the cards of an export of ours name.
const Ours = "-//Kartoteka//Export//EN"

func (c *card) draft(opts Options) crm.Draft {
	b := &builder{opts: opts, labels: map[string]string{}, others: map[string]bool{}}
	for _, p := range c.props {
		if p.name == "X-ABLABEL" && p.group != "" {
			written := unescape(p.text())
			b.labels[p.group], b.others[p.group] = label(written), strings.Contains(written, "<Other>")
		}
	}
	for _, p := range c.props {
		if isGroup(p) {
			return crm.Draft{}
		}
		if read := readers[p.name]; read != nil {
			read(b, p)
		}
	}
	b.name()
	b.rest = append(b.rest, strings.Join(c.agent, ", "))
	b.note()
	return b.d
}

// isGroup is true of a list of people, which is no client.
func isGroup(p property) bool {
	return (p.name == "KIND" || p.name == "X-ADDRESSBOOKSERVER-KIND") && strings.EqualFold(strings.TrimSpace(p.text()), "group")
}

// label is a label that somebody wrote; the ones of the system (_$!<Mobile>!$_) say nothing.
func label(s string) string {
	if s = crm.CleanLine(s); strings.HasPrefix(s, "_$!<") {
		return ""
	}
	return first(s, maxTag)
}

func first(s string, runes int) string {
	if utf8.RuneCountInString(s) <= runes {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:runes]))
}

// line is a property's value as one clean line.
func line(p property) string { return crm.CleanLine(unescape(p.text())) }

// leave puts something without a field into the note, with its label.
func (b *builder) leave(p property, value string) {
	if value = crm.CleanLine(value); value == "" {
		return
	}
	if l := b.labels[p.group]; l != "" && p.group != "" {
		value = l + ": " + value
	}
	if !slices.Contains(b.rest, value) {
		b.rest = append(b.rest, value)
	}
}

// put fills a field; a second value, or all of one that is too long, goes to the note.
func (b *builder) put(p property, field *string, value string, limit int) {
	value = crm.CleanLine(value)
	switch {
	case value == "" || value == *field:
	case *field != "":
		b.leave(p, value)
	default:
		if *field = first(value, limit); *field != value {
			b.leave(p, value)
		}
	}
}

// name decides between N (Фамилия;Имя;Отчество), FN and the company.
func (b *builder) name() {
	pr := &b.d.Profile
	byParts := b.fromParts()
	name := cmp.Or(byParts, b.fn)
	switch {
	case b.fn != "" && (b.ours || said(b.fn) && sameWords(b.fn, byParts)):
		name = b.fn
	case byParts == "" || holds(strings.Join(b.n, " "), b.fn):
	case holds(b.fn, byParts): // N was filled in half
		name = b.fn
	default:
		b.rest = append(b.rest, b.fn)
	}
	company := b.org || sameWords(name, pr.Company)
	if name == "" || company && pr.Company != "" {
		if name != "" && !sameWords(name, pr.Company) {
			b.rest = append(b.rest, name)
		}
		if name, pr.Company = pr.Company, ""; name != "" {
			pr.Kind = crm.KindCorporate
		}
	} else if company {
		pr.Kind = crm.KindCorporate
	}
	b.put(property{}, &pr.Name, name, maxName)
	if got, err := crm.CleanName(pr.Name); err == nil {
		if pr.Name, b.d.Named = got, crm.NamedByContact; !b.ours && !company {
			pr.Name = crm.NameCase(got)
		}
		return
	}
	b.leave(property{}, pr.Name)
	pr.Name = ""
}

// fromParts is the name in Russian order; a form of address goes to the note.
func (b *builder) fromParts() string {
	part := func(i int) string {
		if i >= len(b.n) {
			return ""
		}
		return crm.CleanLine(strings.ReplaceAll(b.n[i], ",", " "))
	}
	name := crm.CleanLine(strings.Join([]string{part(0), part(1), part(2), part(4)}, " "))
	b.rest = append(b.rest, part(3))
	return name
}

// said reports a name as people say it whose order is not ours to change: there is no Russian one in Latin letters.
func said(fn string) bool {
	return !strings.Contains(fn, ",") && strings.IndexFunc(fn, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) < 0
}

func sameWords(a, b string) bool { return a != "" && holds(a, b) && holds(b, a) }

// holds reports whether every word of part is in whole.
func holds(whole, part string) bool {
	words := spell.Words(spell.Fold(whole))
	return !slices.ContainsFunc(spell.Words(spell.Fold(part)), func(w string) bool { return !slices.Contains(words, w) })
}

// note makes notes of NOTE and of what has no field, each as long as a note may be.
func (b *builder) note() {
	rest := slices.DeleteFunc(b.rest, func(s string) bool { return s == "" })
	text := strings.TrimSpace(strings.Join(append(b.notes, strings.Join(rest, "\n")), "\n"))
	for text != "" {
		part := first(text, maxNote)
		b.d.Notes = append(b.d.Notes, crm.DraftNote{Kind: crm.TouchNote, Text: part})
		text = strings.TrimSpace(strings.TrimPrefix(text, part))
	}
}
