package crm

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"kartoteka/crm/spell"
)

// A card has at most so many terms, of so many runes: every term is an entry of the engine's index. A usual
// card has about ten.
const (
	maxTerms     = 40
	maxTermRunes = 64
)

// The first letter of a term says what it is; a word and a whole e-mail address have no mark.
const (
	markPhrase = "=" // the name's or the company's words in one of the orders people say them: "=иванов иван петрович"
	markNumber = "+" // a phone without its country code: "+9001234567"
	markTail   = "~" // all digits of a phone, reversed, so that its end is a prefix: "~76543210097"
	markHandle = "@" // a username or a company's mail domain: "@bvolkov", "@romashka.ru"
	markTag    = "#" // a tag, and each later word of it: "#постоянный клиент", "#клиент"
)

// index makes what the engines find the card by. It must run at each write.
func (c *Client) index(fields []CustomField) {
	c.SortName = spell.Fold(c.Name)
	c.Keys = allKeys(c.Profile)
	c.TagKeys = tagKeys(c.Tags)
	c.DateKeys = dateKeys(*c)
	c.Gaps = gapKeys(*c)

	var x indexer
	x.name(c.Profile)
	for _, p := range c.Phones {
		x.phone(p)
	}
	for _, e := range c.Emails {
		x.email(e)
	}
	for _, m := range c.Messengers {
		x.messenger(m)
	}
	x.company(c.Company)
	x.tags(c.TagKeys)
	x.words(spell.Words(spell.Fold(c.City)), 3)
	x.words(spell.Words(spell.Fold(c.Position)), 3)
	x.custom(c.Custom, fields)
	for _, o := range c.Dates {
		x.words(spell.Words(spell.Fold(o.Label)), 4)
	}
	c.Terms, c.Words = x.terms, x.vocabulary
}

// Vocabulary lists the words that the card brings into its team's vocabulary. fields are the team's own.
func (c Client) Vocabulary(fields []CustomField) []string {
	c.index(fields)
	return c.Words
}

// Keys lists what must not be held by two cards of a team: phones, e-mail addresses, the Telegram id and
// Telegram usernames, as in Client.Keys. A phone with an extension is another than its switchboard and than all others behind it.
func Keys(p Profile) []string {
	var out []string
	add := func(mark, value string) {
		if value != "" && !slices.Contains(out, mark+value) {
			out = append(out, mark+value)
		}
	}
	for _, ph := range p.Phones {
		if ph.Ext == "" || ph.E164 == "" {
			add("p", ph.E164)
		} else {
			add("p", ph.E164+"#"+ph.Ext)
		}
	}
	for _, e := range p.Emails {
		add("e", strings.ToLower(strings.TrimSpace(e)))
	}
	if p.TelegramID != 0 {
		add("t", strconv.FormatInt(p.TelegramID, 10))
	}
	for _, m := range p.Messengers {
		if m.Kind == "telegram" {
			add("@", handle(m.Handle))
		}
	}
	return out
}

// Sought are the keys of the cards that somebody who is being added may have already: Keys, of a bare number also those who are
// behind it, of an extension also whoever has the bare number.
func Sought(p Profile) []string {
	out := Keys(p)
	for _, ph := range p.Phones {
		switch {
		case ph.E164 == "":
		case ph.Ext == "":
			out = append(out, switchboardKey(ph))
		default:
			out = append(out, "p"+ph.E164)
		}
	}
	return out
}

// heldKeys are Keys, and the numbers behind which a card's extensions are.
func heldKeys(p Profile) []string {
	out := Keys(p)
	for _, ph := range p.Phones {
		if key := switchboardKey(ph); ph.Ext != "" && ph.E164 != "" && !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	return out
}

func switchboardKey(ph Phone) string { return markTwin + twinBoard + ph.E164 }

func tagKeys(tags []string) []string {
	var out []string
	for _, t := range tags {
		if k := spell.Fold(t); k != "" && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// handle brings a username to the form that is compared.
func handle(s string) string {
	return strings.ToLower(strings.TrimLeft(strings.TrimSpace(s), "@"))
}

// indexer collects the terms and the vocabulary words of one card.
type indexer struct {
	terms, vocabulary []string
}

func (x *indexer) add(mark, text string) {
	if text == "" || len(x.terms) == maxTerms {
		return
	}
	if t := clip(mark+text, maxTermRunes); !slices.Contains(x.terms, t) {
		x.terms = append(x.terms, t)
	}
}

// word adds a term that is also worth a search for typos.
func (x *indexer) word(mark, w string) {
	x.add(mark, w)
	if n := utf8.RuneCountInString(w); n < spell.MinSound || n > spell.MaxVariant || slices.Contains(x.vocabulary, w) || len(x.terms) == maxTerms {
		return
	}
	if strings.IndexFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) < 0 {
		x.vocabulary = append(x.vocabulary, w)
	}
}

func (x *indexer) words(ws []string, most int) {
	for _, w := range ws[:min(len(ws), most)] {
		x.word("", w)
	}
}

// name adds the words of the name and the orders in which people say them, so that a query of two or three
// words is one look-up: Фамилия Имя Отчество, Имя Отчество Фамилия, Имя Фамилия; for a company as it is.
func (x *indexer) name(p Profile) {
	person := p.Kind != KindBusiness && p.Kind != KindCorporate
	ws := nameWords(spell.Fold(p.Name), !person)
	x.words(ws, maxTerms)
	x.phrases(nameOrders(ws, person))
}

func (x *indexer) phrases(orders [][]string) {
	for _, order := range orders {
		x.add(markPhrase, strings.Join(order, " "))
	}
}

// company adds the words of where somebody works, and these as they are said: each of them alone may be on thousands of cards.
func (x *indexer) company(name string) {
	ws := nameWords(spell.Fold(name), true)
	x.words(ws, maxTerms)
	x.phrases(nameOrders(ws, false))
}

// UpgradedTerms are the terms of a card that an older version wrote, as this version has them.
func (c Client) UpgradedTerms(terms []string) []string {
	x := indexer{terms: slices.Clone(terms)}
	x.phrases(nameOrders(nameWords(spell.Fold(c.Company), true), false)) // with 7 came those of companies
	return x.terms
}

func nameOrders(ws []string, person bool) [][]string {
	switch {
	case len(ws) < 2:
		return nil
	case len(ws) == 2:
		return [][]string{ws, {ws[1], ws[0]}}
	case len(ws) == 3 && person:
		return [][]string{ws, {ws[1], ws[2], ws[0]}, {ws[1], ws[0]}}
	}
	return [][]string{ws}
}

// phone adds a number as it begins within its country, and as it ends.
func (x *indexer) phone(p Phone) {
	d := onlyDigits(p.E164)
	if d == "" {
		d = onlyDigits(p.Raw)
	}
	if len(d) < minNumber {
		return
	}
	x.add(markNumber, national(d))
	x.add(markTail, reverse(d))
}

// email adds the address, which begins with its local part, the local part's other words, and the domain
// unless anyone may have an address there.
func (x *indexer) email(e string) {
	e = strings.ToLower(strings.TrimSpace(e))
	x.add("", e)
	local, domain, ok := strings.Cut(e, "@")
	if !ok {
		return
	}
	if ws := spell.Words(spell.Fold(local)); len(ws) > 1 {
		for _, w := range ws[1:min(len(ws), 3)] {
			x.add("", w)
		}
	}
	if !publicMail[domain] {
		x.add(markHandle, domain)
	}
}

func (x *indexer) messenger(m Messenger) {
	h := handle(m.Handle)
	if d := onlyDigits(h); len(d) >= minNumber && len(d) >= len(h)-1 {
		x.phone(Phone{Raw: d})
		return
	}
	for _, scheme := range []string{"https://", "http://", "www."} {
		h = strings.TrimPrefix(h, scheme)
	}
	x.add(markHandle, strings.TrimRight(h, "/"))
}

func (x *indexer) tags(keys []string) {
	for _, k := range keys {
		x.add(markTag, k)
		for i, w := range spell.Words(k) {
			if i == 0 {
				x.word(markTag, k[:len(w)])
				continue
			}
			x.word(markTag, w)
		}
	}
}

// custom adds the values of the team's own fields; a date as a whole.
func (x *indexer) custom(values map[FieldID]string, fields []CustomField) {
	for _, f := range fields {
		switch v := values[f.ID]; {
		case v == "" || f.Removed || f.Restricted:
		case f.Kind == FieldDate:
			x.add("", v)
		default:
			x.words(spell.Words(spell.Fold(v)), 4)
		}
	}
}

// legalForms are words that say how a company is registered; nobody looks for those.
var legalForms = map[string]bool{
	"ооо": true, "оао": true, "зао": true, "пао": true, "ао": true, "нао": true, "ип": true, "нко": true, "ано": true,
	"тоо": true, "чп": true, "фгуп": true, "гуп": true, "муп": true, "фгбу": true, "мбоу": true, "тов": true, "пк": true, "снт": true,
	"тсж": true, "llc": true, "ltd": true, "inc": true, "corp": true, "gmbh": true, "ag": true, "sa": true, "srl": true, "plc": true,
	"jsc": true, "pjsc": true, "ooo": true, "oao": true, "zao": true, "pao": true, "ao": true, "ip": true, "co": true, "kg": true,
}

// nameWords are the words of a folded name. The legal form is left out if there is anything else and, in a
// person's name, if it is written in Cyrillic: Ag and Sa are names.
func nameWords(folded string, company bool) []string {
	ws := spell.Words(folded)
	out := slices.DeleteFunc(slices.Clone(ws), func(w string) bool {
		return legalForms[w] && (company || w[0] >= utf8.RuneSelf)
	})
	if len(out) == 0 {
		return ws
	}
	return out
}

// publicMail are mail domains that say nothing of their users.
var publicMail = map[string]bool{
	"gmail.com": true, "googlemail.com": true, "mail.ru": true, "bk.ru": true, "inbox.ru": true, "list.ru": true, "internet.ru": true,
	"yandex.ru": true, "ya.ru": true, "yandex.com": true, "yandex.by": true, "yandex.kz": true, "rambler.ru": true, "lenta.ru": true,
	"outlook.com": true, "hotmail.com": true, "live.com": true, "msn.com": true, "yahoo.com": true, "icloud.com": true, "me.com": true,
	"mac.com": true, "proton.me": true, "protonmail.com": true, "aol.com": true, "gmx.de": true, "gmx.net": true, "ukr.net": true, "tut.by": true,
	"vk.com": true, "t-online.de": true, "web.de": true, "i.ua": true, "qq.com": true, "163.com": true,
}

// minNumber is the least number of digits that is looked up as a phone.
const minNumber = 3

// national cuts the country code off the digits of an international number.
func national(d string) string {
	return d[min(countryCode(d), len(d)):]
}

// countryCode is the length of the code that the digits begin with. No code begins another (ITU-T E.164,
// list of assigned codes): 1 and 7 alone, some of two digits, all others of three.
func countryCode(d string) int {
	if d == "" {
		return 0
	}
	if d[0] == '1' || d[0] == '7' {
		return 1
	}
	if len(d) < 2 {
		return 2
	}
	switch d[:2] {
	case "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
		"51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66",
		"81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98":
		return 2
	}
	return 3
}

// onlyDigits keeps the ASCII digits of a text.
func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// reverse turns ASCII around.
func reverse(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

// clip cuts a text to so many runes.
func clip(s string, most int) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:i]
		}
		n++
	}
	return s
}
