package crm

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"kartoteka/crm/spell"
)

// closeness is how near a term is to what was typed; less is nearer.
type closeness int

const (
	closeKey  closeness = iota // the whole of what belongs to one card: phone, address, username; an exact tag
	closeWord                  // a whole word
	closeHead                  // the beginning of a word, an end of a phone
	closeRead                  // in the other layout or alphabet
	closeTypo                  // one edit away, or spelled otherwise but sounding the same
	closeFar                   // two edits away
)

// judged is a candidate that a plan accepted.
type judged struct {
	card  *Candidate
	plan  *plan
	looks []look   // for each part of the plan, what matched
	terms []string // … and the card's term that it matched
	worst closeness
	sum   int // of all parts
	named int // parts that the name answers
	below int // … of them by the given name or the patronymic
}

// judge finds for each part of the plan the card's nearest term; false if a part has none.
func judge(p *plan, c *Candidate) (*judged, bool) {
	j := &judged{card: c, plan: p, looks: make([]look, 0, len(p.parts)), terms: make([]string, 0, len(p.parts))}
	name := spell.Words(c.SortName)
	for _, part := range p.parts {
		l, term, ok := part.nearest(c.Terms)
		if !ok {
			return nil, false
		}
		j.looks, j.terms = append(j.looks, l), append(j.terms, term)
		j.worst = max(j.worst, l.close)
		j.sum += int(l.close)
		if slices.Contains(name, term) {
			j.named++
		}
	}
	if j.named == 0 {
		return j, true
	}
	given, patronymic := belowSurname(name)
	for _, term := range j.terms {
		if term == given || term == patronymic {
			j.below++
		}
	}
	return j, true
}

// nearest is the term that a look of the part matches most closely; the first of equals, so that the name wins.
func (p *part) nearest(terms []string) (best look, term string, ok bool) {
	for _, t := range terms {
		for _, l := range p.looks {
			if (!ok || l.close < best.close) && l.matches(t) {
				best, term, ok = l, t, true
			}
		}
	}
	return best, term, ok
}

// rank orders the candidates: near matches first; within equals the archived last, then surnames before given names and
// patronymics, then own cards, then names before other fields, then the recently touched. The order is total.
func rank(list []*judged, me MemberID) {
	slices.SortFunc(list, func(a, b *judged) int {
		return cmp.Or(
			cmp.Compare(a.worst, b.worst),
			cmp.Compare(a.sum, b.sum),
			last(a.card.Stage == StageArchive, b.card.Stage == StageArchive),
			cmp.Compare(a.below, b.below),
			last(a.card.Owner != me, b.card.Owner != me),
			cmp.Compare(b.named, a.named),
			b.card.LastTouch.Compare(a.card.LastTouch),
			cmp.Compare(a.card.SortName, b.card.SortName),
			cmp.Compare(a.card.ID, b.card.ID),
		)
	})
}

// last puts what is true behind what is not.
func last(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// understood says how the query was read to find this card.
func (j *judged) understood() (fuzzy bool, reading string) {
	if j.worst < closeRead {
		return false, ""
	}
	words := make([]string, 0, len(j.looks))
	for _, l := range j.looks {
		words = append(words, l.shown())
	}
	return j.worst >= closeTypo, strings.Join(words, " ")
}

// shown is the look's text for people.
func (l look) shown() string {
	switch l.text[:1] {
	case markTail:
		return reverse(l.text[1:])
	case markNumber, markHandle, markTag:
		return l.text[1:]
	}
	return l.text
}

// why explains the card by the first part that the name does not answer; by the words of the name if it answers all.
func (j *judged) why(c Client) Why {
	name := spell.Words(j.card.SortName)
	for i, t := range j.terms {
		if !slices.Contains(name, t) {
			return whyTerm(c, t, j.looks[i])
		}
	}
	words := slices.DeleteFunc(strings.Fields(c.Name), func(w string) bool {
		return !slices.ContainsFunc(spell.Words(spell.Fold(w)), func(t string) bool { return slices.Contains(j.terms, t) })
	})
	return Why{Field: WhyName, Value: cmp.Or(strings.Join(words, " "), c.Name)}
}

// listed is the hit as a list shows it, with what is known of the card without reading it: false where that does not tell why it
// matched.
func (j *judged) listed() (Hit, bool) {
	f := j.card.Face
	if f.Name == "" {
		return Hit{}, false
	}
	c := Client{ID: j.card.ID, Owner: j.card.Owner, Stage: j.card.Stage}
	c.Name, c.Company, c.Position, c.City = f.Name, f.Company, f.Position, f.City
	reach := c
	for _, t := range j.card.Terms {
		switch mark, rest := t[:1], t[1:]; {
		case mark == markTail:
			reach.Phones = append(reach.Phones, Phone{E164: "+" + reverse(rest)})
		case mark != markHandle && strings.Contains(rest, "@") && utf8.RuneCountInString(t) < maxTermRunes:
			reach.Emails = append(reach.Emails, t)
		}
	}
	why, name := j.why(reach), spell.Words(j.card.SortName)
	beyond := slices.IndexFunc(j.terms, func(t string) bool { return !slices.Contains(name, t) })
	told := beyond < 0
	if !told && j.terms[beyond][:1] != markHandle && why.Value != "" {
		told = slices.Contains([]WhyField{WhyCompany, WhyCity, WhyPosition, WhyPhone, WhyEmail}, why.Field)
	}
	return Hit{Client: c, Why: why}, told
}

// whyTerm finds the value of the card that a term was made of.
func whyTerm(c Client, term string, l look) Why {
	switch term[:1] {
	case markNumber, markTail:
		return Why{Field: WhyPhone, Value: phoneOf(c, term)}
	case markTag:
		return Why{Field: WhyTag, Value: tagOf(c, term[1:])}
	case markHandle:
		for _, m := range c.Messengers {
			if strings.HasSuffix(handle(m.Handle), term[1:]) || strings.Contains(handle(m.Handle), term[1:]) {
				return Why{Field: WhyUsername, Value: m.Handle}
			}
		}
		return Why{Field: WhyEmail, Value: first(c.Emails, func(e string) bool { return strings.HasSuffix(strings.ToLower(e), term) })}
	}
	has := func(s string) bool { return slices.Contains(spell.Words(spell.Fold(s)), term) }
	switch {
	case has(c.Company):
		return Why{Field: WhyCompany, Value: c.Company}
	case has(c.City):
		return Why{Field: WhyCity, Value: c.City}
	case has(c.Position):
		return Why{Field: WhyPosition, Value: c.Position}
	}
	if e := first(c.Emails, func(e string) bool {
		return clip(strings.ToLower(strings.TrimSpace(e)), maxTermRunes) == term || has(e)
	}); e != "" {
		return Why{Field: WhyEmail, Value: e}
	}
	return whyCustom(c, term, has)
}

func whyCustom(c Client, term string, has func(string) bool) Why {
	var ids []FieldID
	for id, v := range c.Custom {
		if v == term || has(v) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return Why{Field: WhyName, Value: c.Name}
	}
	id := slices.Min(ids)
	return Why{Field: WhyCustom, Value: c.Custom[id], Custom: id}
}

// phoneOf is the number that a phone term was made of, as the card shows it.
func phoneOf(c Client, term string) string {
	for _, p := range c.Phones {
		var x indexer
		if x.phone(p); slices.Contains(x.terms, term) {
			if p.E164 != "" {
				return p.E164
			}
			return p.Raw
		}
	}
	for _, m := range c.Messengers { // WhatsApp's handle is a number
		var x indexer
		if x.messenger(m); slices.Contains(x.terms, term) {
			return m.Handle
		}
	}
	return ""
}

func tagOf(c Client, key string) string {
	if t := first(c.Tags, func(t string) bool { return clip(spell.Fold(t), maxTermRunes-1) == key }); t != "" {
		return t
	}
	return first(c.Tags, func(t string) bool { return slices.Contains(spell.Words(spell.Fold(t)), key) })
}

func first(list []string, ok func(string) bool) string {
	if i := slices.IndexFunc(list, ok); i >= 0 {
		return list[i]
	}
	return ""
}
