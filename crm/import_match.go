package crm

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kartoteka/crm/spell"
)

// holdingMost is how many cards one question for those that a batch may be about brings at the most.
const holdingMost = 4000

// verdict is which card a line is about.
type verdict struct {
	card    *Client   // nil: a new one
	certain bool      // else it is likely, and somebody should look
	byName  bool      // nothing but name and company says so
	says    []*Client // of those of the name: which say what the line says; its notes are still to be looked for, see settle
	several bool      // more than one card has the line's phones and addresses
	fit     []*Client // where it is not certain which card it is: all that it may be, the likeliest first
}

// tokens are what says that two lines of a file are about one client: what must not be twice, or else name and company.
func (l importLine) tokens() []string {
	keys := Keys(l.draft.Profile)
	if name := nameToken(l.draft.Profile); len(keys) == 0 || companyKey(l.draft.Profile) != "" {
		keys = append(keys, name)
	}
	return keys
}

func nameToken(p Profile) string { return "n" + nameKey(p) + "|" + companyKey(p) }

// nameKey is the same for the orders in which a name is written, with and without the patronymic.
func nameKey(p Profile) string {
	words := nameWords(spell.Fold(p.Name), p.Kind == KindCorporate)
	if len(words) > 2 {
		words = slices.DeleteFunc(slices.Clone(words), isMiddle)
	}
	words = slices.Sorted(slices.Values(words))
	return strings.Join(words, " ")
}

// companyKey is a company without its legal form: ООО «Ромашка» and Ромашка, ООО are one.
func companyKey(p Profile) string {
	company := p.Company
	if company == "" && p.Kind == KindCorporate {
		company = p.Name
	}
	return strings.Join(nameWords(spell.Fold(company), true), " ")
}

// nameTerms are the search terms that cards of the line's name have.
func (l importLine) nameTerms() []string {
	p := l.draft.Profile
	if p.Name == "" {
		p.Name = l.draft.standIn()
	}
	words := nameWords(spell.Fold(p.Name), p.Kind == KindCorporate)
	if len(words) == 1 {
		return words
	}
	var terms []string
	for _, order := range nameOrders(words, p.Kind != KindCorporate && isPerson(words)) {
		terms = append(terms, clip(markPhrase+strings.Join(order, " "), maxTermRunes))
	}
	return terms
}

// isPerson reports words that are a person's: three with a patronymic last.
func isPerson(words []string) bool { return len(words) == 3 && isPatronymic(words[2]) }

// candidates are the cards that some lines may be about.
type candidates struct {
	byKey  map[string][]*Client
	byName map[string][]*Client // nameKey → cards
}

// findCandidates asks for them all at once.
func (d *Desk) findCandidates(ctx context.Context, team Team, lines []importLine) (candidates, error) {
	q := HoldingQuery{Team: team.ID, Limit: holdingMost}
	for _, l := range lines {
		keys := Keys(l.draft.Profile)
		q.Keys = append(q.Keys, keys...)
		if len(keys) == 0 || companyKey(l.draft.Profile) != "" {
			q.Terms = append(q.Terms, l.nameTerms()...)
		}
	}
	out := candidates{map[string][]*Client{}, map[string][]*Client{}}
	cards, err := d.holding(ctx, q)
	if err != nil {
		return out, err
	}
	if cards, err = d.withMade(ctx, team, lines, cards); err != nil {
		return out, err
	}
	for i := range cards {
		c := &cards[i]
		for _, key := range Keys(c.Profile) {
			out.byKey[key] = append(out.byKey[key], c)
		}
		out.byName[nameKey(c.Profile)] = append(out.byName[nameKey(c.Profile)], c)
	}
	return out, nil
}

// withMade adds the cards that these very rows have made before: where more people bear a name than one answer holds they may not be
// among those of the name.
func (d *Desk) withMade(ctx context.Context, team Team, lines []importLine, cards []Client) ([]Client, error) {
	var ids []ClientID
	for _, l := range lines {
		ids = append(ids, l.before...)
		if l.record != nil {
			ids = append(ids, l.record.ID)
		}
	}
	if len(ids) == 0 || len(cards) < holdingMost {
		return cards, nil
	}
	made, err := d.store.ClientsByID(ctx, team.ID, ids)
	if err != nil {
		return nil, fmt.Errorf("clients that the rows have made: %w", err)
	}
	there := make(map[ClientID]bool, len(cards))
	for _, c := range cards {
		there[c.ID] = true
	}
	return append(cards, slices.DeleteFunc(made, func(c Client) bool { return there[c.ID] || !c.Deleted.IsZero() })...), nil
}

// holding asks in parts where there are more cards than one answer holds.
func (d *Desk) holding(ctx context.Context, q HoldingQuery) ([]Client, error) {
	if len(q.Keys)+len(q.Terms) == 0 {
		return nil, nil
	}
	cards, err := d.store.ClientsHolding(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("clients that may be the same: %w", err)
	}
	if len(cards) < q.Limit || len(q.Keys)+len(q.Terms) == 1 {
		return cards, nil
	}
	first, second := q, q
	first.Keys, second.Keys = q.Keys[:len(q.Keys)/2], q.Keys[len(q.Keys)/2:]
	first.Terms, second.Terms = q.Terms[:len(q.Terms)/2], q.Terms[len(q.Terms)/2:]
	if len(q.Keys) < 2 && len(q.Terms) < 2 {
		first.Keys, first.Terms, second.Keys, second.Terms = q.Keys, nil, nil, q.Terms
	}
	cards, err = d.holding(ctx, first)
	if err != nil {
		return nil, err
	}
	more, err := d.holding(ctx, second)
	seen := map[ClientID]bool{}
	for _, c := range cards {
		seen[c.ID] = true
	}
	return append(cards, slices.DeleteFunc(more, func(c Client) bool { return seen[c.ID] })...), err
}

// judge says which card a line is about.
func (c candidates) judge(l importLine) verdict {
	p := l.draft.Profile
	keys := Keys(p)
	var hits []*Client
	for _, key := range keys {
		for _, card := range c.byKey[key] {
			if !slices.Contains(hits, card) {
				hits = append(hits, card)
			}
		}
	}
	if len(hits) > 1 { // a phone that two people share: whose name is it
		if same := slices.DeleteFunc(slices.Clone(hits), func(card *Client) bool { return nameKey(card.Profile) != nameKey(p) }); len(same) == 1 {
			hits = same
		}
	}
	switch {
	case len(hits) == 1:
		return verdict{card: hits[0], certain: true}
	case len(hits) > 1:
		return verdict{several: true, fit: hits}
	}
	return c.byNameAndCompany(l, len(keys) == 0)
}

// byNameAndCompany finds a card that has nothing to tell it from the line's client. That it is the same is certain only of what this very
// row has made before, and of a card that says what the line says, word for word: two of a name may well work in one company.
func (c candidates) byNameAndCompany(l importLine, bare bool) verdict {
	p := l.draft.Profile
	p.Name = cmp.Or(p.Name, l.draft.standIn())
	company := companyKey(p)
	if !bare && company == "" {
		return verdict{}
	}
	var same []*Client
	for _, card := range c.byName[nameKey(p)] {
		if companyKey(card.Profile) == company && (holdsWords(card.Name, p.Name) || holdsWords(p.Name, card.Name)) {
			same = append(same, card)
		}
	}
	if len(same) == 0 {
		return verdict{}
	}
	slices.SortFunc(same, func(a, b *Client) int { return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID)) })
	if at := slices.IndexFunc(same, l.made); at >= 0 {
		return verdict{card: same[at], certain: true, byName: true}
	}
	return verdict{card: same[0], byName: true, fit: same, says: slices.DeleteFunc(slices.Clone(same), func(c *Client) bool { return !l.says(c) })}
}

// settle looks which of the cards that say what the line says has its notes too: that is the same client. Of a line without notes it is any
// but one that this file has brought with a note.
func (w *importWorker) settle(ctx context.Context, l importLine, v verdict) (verdict, error) {
	for _, card := range v.says {
		c := card.clone()
		fresh, err := w.freshNotes(ctx, &c, l.draft.Notes)
		if err != nil {
			return v, err
		}
		brought := len(l.draft.Notes) == 0 && card.LastNote != "" && !w.i.Begun.IsZero() && !card.Created.Before(w.i.Begun)
		if len(fresh) == 0 && !brought {
			v.card, v.certain = card, true
			break
		}
	}
	return v, nil
}

// made reports a card that this very row has made, when the same file was imported before or where it was written by ours.
func (l importLine) made(c *Client) bool {
	return slices.Contains(l.before, c.ID) || l.record != nil && l.record.ID == c.ID
}

// says reports a card without phone and address that says the same as the line.
func (l importLine) says(c *Client) bool {
	return len(Keys(l.draft.Profile)) == 0 && len(Keys(c.Profile)) == 0 && (l.stage == "" || l.stage == c.Stage) &&
		(l.status == "" || l.status == c.Status) && (l.owner == "" || l.owner == c.Owner) && l.words() == (importLine{draft: Draft{Profile: c.Profile}}).words()
}

// words are all that a line says of a client whom only the name tells, in any order of the name.
func (l importLine) words() string {
	p := l.draft.Profile
	name := nameWords(spell.Fold(cmp.Or(p.Name, l.draft.standIn())), p.Kind == KindCorporate)
	parts := []string{strings.Join(slices.Sorted(slices.Values(name)), " "), companyKey(p)}
	for _, f := range []Field{FieldPosition, FieldMessengers, FieldCity, FieldAddress, FieldBirthday, FieldDates, FieldSource, FieldTags, FieldInterests} {
		parts = append(parts, spell.Fold(Client{Profile: p}.Value(f)))
	}
	for _, id := range slices.Sorted(maps.Keys(p.Custom)) {
		parts = append(parts, string(id), spell.Fold(p.Custom[id]))
	}
	return strings.Join(parts, "\n")
}
