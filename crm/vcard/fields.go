package vcard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
)

// readers know what each property means.
var readers = map[string]func(*builder, property){
	"FN":       func(b *builder, p property) { b.put(p, &b.fn, unescape(p.text()), maxCardBytes) },
	"N":        (*builder).parts,
	"TEL":      (*builder).phone,
	"EMAIL":    (*builder).email,
	"ORG":      (*builder).company,
	"TITLE":    func(b *builder, p property) { b.put(p, &b.d.Profile.Position, unescape(p.text()), maxValue) },
	"ROLE":     func(b *builder, p property) { b.put(p, &b.d.Profile.Position, unescape(p.text()), maxValue) },
	"BDAY":     (*builder).birthday,
	"ADR":      (*builder).address,
	"LABEL":    (*builder).addressLabel,
	"NOTE":     (*builder).remark,
	"URL":      (*builder).link,
	"IMPP":     (*builder).link,
	"PRODID":   func(b *builder, p property) { b.ours = b.ours || p.text() == Ours },
	"NICKNAME": func(b *builder, p property) { b.leave(p, unescape(p.text())) },

	"CATEGORIES":       (*builder).tags,
	"X-SOCIALPROFILE":  (*builder).social,
	"X-TELEGRAM":       account("telegram"),
	"X-SKYPE":          account("skype"),
	"X-SKYPE-USERNAME": account("skype"),
	"X-VK":             account("vk"),
	"X-VIBER":          account("viber"),
	"X-WHATSAPP":       (*builder).phone,

	"AGENT":            (*builder).agent,
	"ANNIVERSARY":      (*builder).otherDate,
	"X-ANNIVERSARY":    (*builder).otherDate,
	"X-ABDATE":         (*builder).otherDate,
	"RELATED":          (*builder).remainder,
	"X-ABRELATEDNAMES": (*builder).remainder,
	"X-SPOUSE":         (*builder).remainder,
	"X-MANAGER":        (*builder).remainder,
	"X-ASSISTANT":      (*builder).remainder,
	"X-ICQ":            (*builder).remainder,
	"X-JABBER":         (*builder).remainder,
	"HOBBY":            (*builder).remainder,
	"INTEREST":         (*builder).remainder,
	"EXPERTISE":        (*builder).remainder,
	"X-ANDROID-CUSTOM": (*builder).android,
	"KIND":             (*builder).kind,
	"X-ABSHOWAS":       (*builder).kind,
}

func (b *builder) remainder(p property) { b.leave(p, unescape(p.text())) }

func (b *builder) parts(p property) {
	parts := split(p.text(), ';')
	if b.n == nil && strings.TrimSpace(strings.Join(parts, "")) != "" {
		b.n = parts
	}
}

func (b *builder) kind(p property) {
	v := strings.ToLower(line(p))
	b.org = b.org || v == "org" || v == "company"
}

// phone reads one phone or several; what is none (a short number, one without its city code) is noted.
func (b *builder) phone(p property) {
	value := line(p)
	phones := parsePhones(value, b.opts.Region)
	if len(phones) == 0 {
		b.leave(p, value)
		return
	}
	for _, ph := range phones {
		switch {
		case b.labels[p.group] != "" && p.group != "":
			ph.Raw = b.labels[p.group] + ": " + value
		case p.has("TYPE", "FAX"):
			ph.Raw = "fax: " + value
		}
		ph.Raw = first(ph.Raw, maxValue)
		b.addPhone(p, ph, value)
	}
}

func parsePhones(value, region string) []crm.Phone {
	if ph, err := crm.ParsePhone(value, region); err == nil {
		return []crm.Phone{ph}
	}
	var phones []crm.Phone
	for _, f := range crm.FindPhones(value, region) {
		phones = append(phones, f.Value)
	}
	return phones
}

func (b *builder) addPhone(p property, ph crm.Phone, value string) {
	pr := &b.d.Profile
	for i, have := range pr.Phones {
		if have.E164 == ph.E164 && (have.Ext == ph.Ext || have.Ext == "" || ph.Ext == "") {
			pr.Phones[i].Ext = cmp.Or(have.Ext, ph.Ext)
			return
		}
	}
	if len(pr.Phones) >= maxPhones {
		b.leave(p, value)
		return
	}
	pr.Phones = append(pr.Phones, ph)
}

func (b *builder) email(p property) {
	value := line(p)
	mail, err := crm.ParseEmail(value)
	emails := &b.d.Profile.Emails
	switch {
	case err != nil || len(*emails) >= maxEmails:
		b.leave(p, value)
	case !slices.Contains(*emails, mail):
		*emails = append(*emails, mail)
		if l := b.labels[p.group]; l != "" && p.group != "" {
			b.leave(p, value)
		}
	}
}

// company takes the organisation; its departments go to the note.
func (b *builder) company(p property) {
	parts := split(p.text(), ';')
	b.put(p, &b.d.Profile.Company, parts[0], maxValue)
	for _, department := range parts[1:] {
		b.leave(p, department)
	}
}

// otherDate reads the date of an anniversary, or of what its label says.
func (b *builder) otherDate(p property) {
	d, ok := day(p)
	name := cmp.Or(b.labels[p.group], b.opts.Names.Anniversary)
	if p.name == "X-ABDATE" && b.others[p.group] {
		name = b.opts.Names.Other
	}
	written := d.String()
	if d.Year == 0 {
		written = fmt.Sprintf("%02d.%02d", d.Day, d.Month)
	}
	dates := &b.d.Profile.Dates
	o, _, err := crm.ReadOtherDate(name+" "+written, time.Date(b.opts.Today.Year, b.opts.Today.Month, b.opts.Today.Day, 0, 0, 0, 0, time.UTC))
	same := func(have crm.OtherDate) bool { return have.Key() == o.Key() }
	switch {
	case !ok || name == "" || err != nil || o.Day != d || len(*dates) >= maxDates:
		b.leave(p, line(p))
	case !slices.ContainsFunc(*dates, same):
		*dates = append(*dates, o)
	}
}

// birthday takes a day that can be one.
func (b *builder) birthday(p property) {
	value := line(p)
	d, ok := day(p)
	if !ok {
		got, err := crm.ParseBirthday(value, b.opts.Today)
		d, ok = got, err == nil
	}
	if !ok || crm.CheckBirthday(d, b.opts.Today) != nil || !b.d.Profile.Birthday.IsZero() && b.d.Profile.Birthday != d {
		b.leave(p, value)
		return
	}
	b.d.Profile.Birthday = d
}

// day reads 1985-05-12, 19850512, 1985-05-12T00:00:00Z, --0512, --05-12. Apple writes the year 1604 where it is not known,
// and names the year left out in X-APPLE-OMIT-YEAR.
func day(p property) (civil.Date, bool) {
	value := line(p)
	d, ok := date(value)
	if d.Year == 1604 || d.Year != 0 && p.param("X-APPLE-OMIT-YEAR") == value[:min(4, len(value))] {
		d.Year = 0
	}
	return d, ok
}

func date(s string) (civil.Date, bool) {
	s, _, _ = strings.Cut(s, "T")
	yearless := strings.HasPrefix(s, "--")
	digits := strings.ReplaceAll(s, "-", "")
	if yearless && len(digits) == 4 {
		digits = "0000" + digits
	}
	if len(digits) != 8 || strings.Trim(digits, "0123456789") != "" {
		return civil.Date{}, false
	}
	n := func(s string) (n int) {
		for _, c := range s {
			n = n*10 + int(c-'0')
		}
		return n
	}
	return civil.Date{Year: n(digits[:4]), Month: time.Month(n(digits[4:6])), Day: n(digits[6:])}, true
}

// address takes the parts of ADR: box;extension;street;city;region;code;country.
func (b *builder) address(p property) {
	parts := split(p.text(), ';')
	part := func(i int) string {
		if i >= len(parts) {
			return ""
		}
		return crm.CleanLine(parts[i])
	}
	pr := &b.d.Profile
	city := part(3)
	address := joinParts(part(5), part(6), part(4), part(2), part(1), part(0))
	if pr.Address != "" || pr.City != "" {
		if city != pr.City || address != pr.Address {
			b.leave(p, joinParts(part(5), part(6), part(4), city, part(2), part(1), part(0)))
		}
		return
	}
	b.put(p, &pr.City, city, maxValue)
	b.put(p, &pr.Address, address, maxValue)
}

func joinParts(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// addressLabel is an address as it is printed; it says something only if there is no ADR with the same words.
func (b *builder) addressLabel(p property) {
	value, pr := line(p), &b.d.Profile
	switch {
	case pr.Address == "" && pr.City == "":
		b.put(p, &pr.Address, value, maxValue)
	case !holds(pr.Address+" "+pr.City, value):
		b.leave(p, value)
	}
}

func (b *builder) remark(p property) {
	var lines []string
	for s := range strings.Lines(strings.ReplaceAll(unescape(p.text()), "\r", "\n")) {
		if s = crm.CleanLine(s); s != "" {
			lines = append(lines, s)
		}
	}
	if len(lines) > 0 {
		b.notes = append(b.notes, strings.Join(lines, "\n"))
	}
}

// link reads a link: an account, a phone (wa.me/…) or a site.
func (b *builder) link(p property) {
	value := line(p)
	if phones := crm.FindPhones(value, b.opts.Region); len(phones) == 1 && strings.Contains(value, "/") {
		b.addPhone(p, phones[0].Value, value)
		return
	}
	if strings.HasPrefix(value, "x-apple:") {
		b.social(p)
		return
	}
	b.account(p, value)
}

// account keeps an account that crm.ParseMessenger knows, and notes any other.
func (b *builder) account(p property, value string) {
	accounts := &b.d.Profile.Messengers
	m, err := crm.ParseMessenger(value)
	if err != nil || len(*accounts) >= maxAccount || len([]rune(m.Handle)) > maxHandle {
		b.leave(p, value)
		return
	}
	if !slices.Contains(*accounts, m) {
		*accounts = append(*accounts, m)
	}
}

func account(kind string) func(*builder, property) {
	return func(b *builder, p property) {
		if value := line(p); value != "" {
			b.account(p, kind+": "+value)
		}
	}
}

// social reads X-SOCIALPROFILE;TYPE=telegram:https://… and IMPP;X-SERVICE-TYPE=…; Apple writes x-apple:name for
// a name alone.
func (b *builder) social(p property) {
	value := line(p)
	if name, ok := strings.CutPrefix(value, "x-apple:"); ok {
		value = name
	}
	if m, err := crm.ParseMessenger(value); err == nil && (m.Kind != "site" && m.Kind != "telegram" || strings.Contains(value, "/")) {
		b.account(p, value)
		return
	}
	for _, kind := range slices.Concat(p.params["TYPE"], p.params["X-SERVICE-TYPE"]) {
		if m, err := crm.ParseMessenger(kind + ": " + value); err == nil && m.Kind != "site" {
			b.account(p, kind+": "+value)
			return
		}
	}
	b.leave(p, strings.TrimLeft(p.param("TYPE")+": "+value, ": "))
}

// tags takes categories; those that every card of Google has are none.
func (b *builder) tags(p property) {
	for _, tag := range split(p.text(), ',') {
		tag = strings.TrimSpace(strings.TrimLeft(crm.CleanLine(tag), "#* "))
		key := spell.Fold(tag)
		tags := &b.d.Profile.Tags
		switch {
		case key == "" || key == "mycontacts" || key == "starred" || slices.ContainsFunc(*tags, func(t string) bool { return spell.Fold(t) == key }):
		case len(*tags) >= maxTags || len([]rune(tag)) > maxTag || strings.Contains(tag, ";"):
			b.leave(p, tag)
		default:
			*tags = append(*tags, tag)
		}
	}
}

// agent is a card inside a value (vCard 3.0), or a link.
func (b *builder) agent(p property) {
	value := unescape(p.text())
	if !strings.Contains(strings.ToUpper(value), "BEGIN:VCARD") {
		b.leave(p, value)
		return
	}
	c := &card{}
	for s := range strings.Lines(strings.ReplaceAll(value, "\r", "\n")) {
		if inner, ok := parseProperty([]byte(strings.TrimSpace(s))); ok {
			c.addAgent(inner)
		}
	}
	b.leave(p, strings.Join(c.agent, ", "))
}

// android reads X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Ваня;1;;;
func (b *builder) android(p property) {
	parts := split(p.text(), ';')
	if len(parts) > 1 && !strings.HasSuffix(parts[0], "/group_membership") {
		b.leave(p, parts[1])
	}
}
