package crm

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// holdingMost is how many cards one question for those that a batch may be about brings at the most.
const holdingMost = 4000

// verdict is which card a line is about.
type verdict struct {
	card    *Client // nil: a new one
	certain bool    // else it is likely, and somebody should look
	several bool    // more than one card has the line's phones and addresses
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
	words := nameWords(Fold(p.Name), p.Kind == KindCorporate)
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
	return strings.Join(nameWords(Fold(company), true), " ")
}

// nameTerms are the search terms that cards of the line's name have.
func (l importLine) nameTerms() []string {
	p := l.draft.Profile
	if p.Name == "" {
		p.Name = l.draft.standIn()
	}
	words := nameWords(Fold(p.Name), p.Kind == KindCorporate)
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
	for i := range cards {
		c := &cards[i]
		for _, key := range Keys(c.Profile) {
			out.byKey[key] = append(out.byKey[key], c)
		}
		out.byName[nameKey(c.Profile)] = append(out.byName[nameKey(c.Profile)], c)
	}
	return out, nil
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
		return verdict{several: true}
	}
	return c.byNameAndCompany(l, len(keys) == 0)
}

// byNameAndCompany finds a card that has nothing to tell it from the line's client: certainly the same if one of them has no
// phone and no address that could differ.
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
	card := same[0]
	bareCard := len(Keys(card.Profile)) == 0
	certain := len(same) == 1 && (company != "" && (bare || bareCard) || bare && bareCard)
	return verdict{card: card, certain: certain}
}
